// The page: shows what comes from the server, and sends what is clicked. Each part stands in a module of its own.

import { composer, showPanel } from "./composer.js";
import { controls, showClock } from "./controls.js";
import { drawn, place, put, takeAway } from "./entries.js";
import { confirmed, modals, showModal } from "./modal.js";
import { ask, follow, send } from "./server.js";
import { openThread, showAnswer, showRoot, threads } from "./thread.js";

const log = document.getElementById("log");
const home = document.getElementById("home");
const news = document.getElementById("news");

function show({ id, thread, html, spoken }) {
  if (thread) {
    showAnswer({ id, thread, html });
    if (html !== null) news.textContent = `In a thread, ${spoken}`;
  } else if (html === null) {
    takeAway(log, `m-${id}`, document.getElementById("line"));
  } else {
    const entry = drawn(html);
    if (put(log, entry)) news.textContent = spoken;
    showRoot(id, entry);
  }
}

function showReplies({ id, html }) {
  const place = document.getElementById(`r-${id}`);
  if (!place) return;
  const hadFocus = place.contains(document.activeElement);
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 64;
  place.innerHTML = html;
  if (atEnd) log.scrollTop = log.scrollHeight;
  if (hadFocus) place.querySelector("button")?.focus();
}

function showChanges(changes) {
  if (log) {
    changes.messages.forEach(show);
    changes.threads.forEach(showReplies);
  }
  if ("modal" in changes) showModal(changes.modal);
  if ("home" in changes && home) showHome(changes.home);
  if ("panel" in changes) showPanel(changes.panel);
  if ("clock" in changes) showClock(changes.clock);
}

function showHome(html) {
  const stood = home.contains(document.activeElement) ? place(document.activeElement, home) : null;
  home.innerHTML = html;
  if (stood !== null) ((stood && home.querySelector(stood)) || home).focus();
}

async function act(target, chosen = null) {
  if (!(await confirmed(target.dataset))) return;
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
  action: (target) => act(target),
};

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  const target = event.target.closest("button, a[data-action]");
  const kind = target && Object.keys(CLICKS).find((name) => name in target.dataset);
  if (kind) CLICKS[kind](target);
});

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.(".menu[open]");
  if (!open) return;
  event.stopPropagation();
  open.open = false;
  open.querySelector("summary").focus();
}, { capture: true });

document.addEventListener("change", async ({ target }) => {
  if (!target.matches("select[data-block]") || !target.value) return;
  await act(target, target.value);
});

// a menu that opens at the edge comes into sight; payloads are long, so each is asked for when it is unfolded
document.addEventListener("toggle", async ({ target }) => {
  if (target.open && target.matches(".menu")) target.lastElementChild.scrollIntoView({ block: "nearest" });
  if (!target.open || !target.dataset.inspect) return;
  const answer = await ask("inspect", Object.fromEntries(new URLSearchParams(target.dataset.inspect)));
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
