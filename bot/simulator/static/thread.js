// Thread panel: open it, show replies, reply, close it. The URL ends in #thread-…, so that a reload opens it again.
// On a narrow page the panel covers the rest, which is then inert for the keyboard too.

import { parseEntry, putEntry, removeEntry } from "./entries.js";
import { channel, fetchLocal, send } from "./server.js";

const panel = document.getElementById("thread");
const log = document.getElementById("thread-log");
const line = document.getElementById("reply-line");
const main = document.getElementById("main");
const narrow = matchMedia("(max-width: 64rem)");
let openTs = "";

export async function openThread(ts, { focus = true } = {}) {
  const root = document.getElementById(`m-${ts}`);
  if (!root) return;
  openTs = ts;
  log.replaceChildren(copyRoot(root));
  panel.hidden = false;
  coverPage();
  history.replaceState(null, "", `#thread-${ts}`);
  if (focus) line.focus();
  const { messages } = await (await fetchLocal("thread", { channel, ts })).json();
  if (openTs === ts) messages.forEach(showReply);
}

// update the copy of a changed message at the top of its thread
export function showRoot(id, root) {
  if (id === openTs && root) putEntry(log, copyRoot(root));
}

export function showReply({ id, thread, html }) {
  if (thread !== openTs) return;
  if (html === null) removeEntry(log, `m-${id}`, line);
  else putEntry(log, parseEntry(html));
}

function closeThread() {
  const closedTs = openTs;
  openTs = "";
  panel.hidden = true;
  log.replaceChildren();
  coverPage();
  history.replaceState(null, "", location.pathname + location.search);
  const root = document.getElementById(`m-${closedTs}`);
  (root?.querySelector(".replies button, .menu > summary") ?? document.getElementById("line")).focus();
}

function copyRoot(root) {
  const copy = root.cloneNode(true);
  copy.id = `t-${root.id}`;
  copy.querySelector(".replies")?.remove();
  copy.querySelector("[data-thread]")?.remove();
  copy.querySelectorAll("details").forEach((details) => (details.open = false));
  return copy;
}

function coverPage() {
  for (const part of [main, document.querySelector(".rail")]) part.inert = !panel.hidden && narrow.matches;
}

export function threads() {
  narrow.addEventListener("change", coverPage);
  panel.querySelector("[data-leave]").addEventListener("click", closeThread);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.querySelector(".menu[open]")) closeThread();
  });
  document.getElementById("reply").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = line.value;
    if (!text.trim()) return;
    line.value = "";
    send({ do: "type", text, thread: openTs });
  });
  const match = location.hash.match(/^#thread-([\d.]+)$/);
  if (match) openThread(match[1], { focus: false });
}
