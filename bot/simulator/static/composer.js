// The message field: sends a line, and goes back through the lines that were sent.

import { commandMenu } from "./commands.js";
import { send } from "./server.js";

const line = document.getElementById("line");

export function composer() {
  const menu = commandMenu(line);
  const sent = [];
  let back = 0;

  function put(text) {
    line.value = text;
    menu.filter();
  }

  document.getElementById("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = line.value;
    if (!text.trim()) return;
    sent.push(text);
    back = 0;
    put("");
    send({ do: "type", text });
  });

  line.addEventListener("keydown", (event) => {
    if (event.isComposing || menu.key(event)) return;
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    back = Math.max(0, Math.min(sent.length, back + step));
    put(back ? sent[sent.length - back] : "");
  });

  // nothing can be typed before somebody listens
  line.closest("fieldset").disabled = false;
  if (document.activeElement === document.body) line.focus();
}

// what the Assistant suggests, and says that it is doing
export function showPanel({ prompts, status }) {
  const list = document.getElementById("prompts");
  if (!list) return;
  list.replaceChildren(...prompts.map(suggestion));
  document.getElementById("doing").textContent = status;
}

function suggestion({ title, message }) {
  const button = document.createElement("button");
  Object.assign(button, { className: "hint", type: "button", textContent: title });
  button.dataset.prompt = message;
  const item = document.createElement("li");
  item.append(button);
  return item;
}
