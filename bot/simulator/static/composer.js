// Message field: sends a line, and recalls earlier lines with the arrow keys.

import { commandMenu } from "./commands.js";
import { send } from "./server.js";

const line = document.getElementById("line");

export function composer() {
  const menu = commandMenu(line);
  const sentLines = [];
  let stepsBack = 0;

  function setText(text) {
    line.value = text;
    menu.filter();
  }

  document.getElementById("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = line.value;
    if (!text.trim()) return;
    sentLines.push(text);
    stepsBack = 0;
    setText("");
    send({ do: "type", text });
  });

  line.addEventListener("keydown", (event) => {
    if (event.isComposing || menu.handleKey(event)) return;
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    stepsBack = Math.max(0, Math.min(sentLines.length, stepsBack + step));
    setText(stepsBack ? sentLines[sentLines.length - stepsBack] : "");
  });

  // the field is enabled only now that its listeners exist
  line.closest("fieldset").disabled = false;
  if (document.activeElement === document.body) line.focus();
}

// show the suggestions and the status of the Assistant
export function showPanel({ prompts, status }) {
  const list = document.getElementById("prompts");
  if (!list) return;
  list.replaceChildren(...prompts.map(createSuggestion));
  document.getElementById("doing").textContent = status;
}

function createSuggestion({ title, message }) {
  const button = document.createElement("button");
  Object.assign(button, { className: "hint", type: "button", textContent: title });
  button.dataset.prompt = message;
  const item = document.createElement("li");
  item.append(button);
  return item;
}
