// Entry point: shows changes from the server and sends clicks. Each part of the page has its own module.

import { composer, showPanel } from "./composer.js";
import { controls, showClock } from "./controls.js";
import { findSelector, parseEntry, putEntry, removeEntry } from "./entries.js";
import { askForConfirmation, modals, showModal } from "./modal.js";
import { fetchLocal, follow, send } from "./server.js";
import { openThread, showReply, showRoot, threads } from "./thread.js";

const log = document.getElementById("log");
const home = document.getElementById("home");
const news = document.getElementById("news");

function showMessage({ id, thread, html, spoken }) {
  if (thread) {
    showReply({ id, thread, html });
    if (html !== null) news.textContent = `In a thread, ${spoken}`;
  } else if (html === null) {
    removeEntry(log, `m-${id}`, document.getElementById("line"));
  } else {
    const entry = parseEntry(html);
    if (putEntry(log, entry)) news.textContent = spoken;
    showRoot(id, entry);
  }
}

function showReplies({ id, html }) {
  const replies = document.getElementById(`r-${id}`);
  if (!replies) return;
  const hadFocus = replies.contains(document.activeElement);
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 64;
  replies.innerHTML = html;
  if (atEnd) log.scrollTop = log.scrollHeight;
  if (hadFocus) replies.querySelector("button")?.focus();
}

function showChanges(changes) {
  if (log) {
    changes.messages.forEach(showMessage);
    changes.threads.forEach(showReplies);
  }
  if ("modal" in changes) showModal(changes.modal);
  if ("home" in changes && home) showHome(changes.home);
  if ("panel" in changes) showPanel(changes.panel);
  if ("clock" in changes) showClock(changes.clock);
}

function showHome(html) {
  const selector = home.contains(document.activeElement) ? findSelector(document.activeElement, home) : null;
  home.innerHTML = html;
  if (selector !== null) ((selector && home.querySelector(selector)) || home).focus();
}

async function click(target, chosen = null) {
  if (!(await askForConfirmation(target.dataset))) return;
  const { ts, view, block, action } = target.dataset;
  send({ do: "act", ts, view, block, action, chosen });
}

const CLICKS = {
  prompt: (target) => send({ do: "type", text: target.dataset.prompt }),
  thread: (target) => {
    target.closest("details")?.removeAttribute("open");
    openThread(target.dataset.thread);
  },
  shortcut: (target) => {
    target.closest("details").open = false;
    send({ do: "shortcut", ts: target.dataset.ts, shortcut: target.dataset.shortcut });
  },
  dismiss: (target) => send({ do: "dismiss", ts: target.dataset.dismiss }),
  close: (target) => send({ do: "close", view: target.form.dataset.view }),
  action: (target) => click(target),
};

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const target = event.target.closest("button, a[data-action]");
  const kind = target && Object.keys(CLICKS).find((name) => name in target.dataset);
  if (kind) CLICKS[kind](target);
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".menu[open]");
  if (!menu) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
}, { capture: true });

document.addEventListener("change", async ({ target }) => {
  if (!target.matches("select[data-block]") || !target.value) return;
  const chosen = target.value;
  // a menu of actions shows no choice afterwards, so that the same action can be chosen again
  if (target.matches(".overflow")) target.value = "";
  await click(target, chosen);
});

// scroll an opened menu into view; load a payload only when it is opened, because payloads are long
document.addEventListener("toggle", async ({ target }) => {
  if (target.open && target.matches(".menu")) target.lastElementChild.scrollIntoView({ block: "nearest" });
  if (!target.open || !target.dataset.inspect) return;
  const answer = await fetchLocal("inspect", Object.fromEntries(new URLSearchParams(target.dataset.inspect)));
  target.lastElementChild.innerHTML = answer.ok ? await answer.text() : "";
  target.scrollIntoView({ block: "nearest" });
}, { capture: true });

controls();
modals();
if (home) {
  send({ do: "home" });
} else {
  composer();
  threads();
  if (document.getElementById("prompts")) send({ do: "panel" });
  log.lastElementChild.scrollIntoView({ block: "end" });
}
follow(Number(document.body.dataset.version), showChanges);
