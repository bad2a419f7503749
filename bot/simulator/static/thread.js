// The panel with a message's thread: opened, filled, answered, closed. Its address ends in #thread-…, so it outlives a
// reload. On a narrow page it covers the rest, which is then out of reach of the keyboard too.

import { drawn, put, takeAway } from "./entries.js";
import { ask, channel, send } from "./server.js";

const panel = document.getElementById("thread");
const log = document.getElementById("thread-log");
const line = document.getElementById("reply-line");
const main = document.getElementById("main");
const narrow = matchMedia("(max-width: 64rem)");
let open = "";

export async function openThread(ts, { focus = true } = {}) {
  const root = document.getElementById(`m-${ts}`);
  if (!root) return;
  open = ts;
  log.replaceChildren(copied(root));
  panel.hidden = false;
  cover();
  history.replaceState(null, "", `#thread-${ts}`);
  if (focus) line.focus();
  const { messages } = await (await ask("thread", { channel, ts })).json();
  if (open === ts) messages.forEach(showAnswer);
}

// a message of the channel's log was drawn anew: so is its copy at the head of the thread
export function showRoot(id, root) {
  if (id === open && root) put(log, copied(root));
}

export function showAnswer({ id, thread, html }) {
  if (thread !== open) return;
  if (html === null) takeAway(log, `m-${id}`, line);
  else put(log, drawn(html));
}

function closeThread() {
  const was = open;
  open = "";
  panel.hidden = true;
  log.replaceChildren();
  cover();
  history.replaceState(null, "", location.pathname + location.search);
  const root = document.getElementById(`m-${was}`);
  (root?.querySelector(".replies button, .menu > summary") ?? document.getElementById("line")).focus();
}

function copied(root) {
  const copy = root.cloneNode(true);
  copy.id = `t-${root.id}`;
  copy.querySelector(".replies")?.remove();
  copy.querySelector("[data-thread]")?.remove();
  copy.querySelectorAll("details").forEach((one) => (one.open = false));
  return copy;
}

function cover() {
  for (const other of [main, document.querySelector(".rail")]) other.inert = !panel.hidden && narrow.matches;
}

export function threads() {
  narrow.addEventListener("change", cover);
  panel.querySelector("[data-leave]").addEventListener("click", closeThread);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.querySelector(".menu[open]")) closeThread();
  });
  document.getElementById("reply").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = line.value;
    if (!text.trim()) return;
    line.value = "";
    send({ do: "type", text, thread: open });
  });
  const asked = location.hash.match(/^#thread-([\d.]+)$/);
  if (asked) openThread(asked[1], { focus: false });
}
