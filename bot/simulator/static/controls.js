// The workspace's time, which runs, and the dialogue in which it is turned and trouble is made.

import { ask, send } from "./server.js";

const dialog = document.getElementById("controls");
const told = document.getElementById("turn-status");
const trouble = document.getElementById("trouble");
const words = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
let now = Number(document.querySelector("[data-clock]").dataset.now);
let since = performance.now();
let agendaShown = "";

const moment = () => new Date(now + performance.now() - since);

function tick() {
  const part = Object.fromEntries(words.formatToParts(moment()).map(({ type, value }) => [type, value]));
  const shown = `${part.weekday} ${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute}`;
  for (const time of document.querySelectorAll("[data-clock]")) {
    if (time.textContent !== shown) time.textContent = shown;
    time.dateTime = moment().toISOString();
  }
}

export function showClock(clock) {
  now = clock.now;
  since = performance.now();
  for (const place of document.querySelectorAll("[data-turned]")) place.textContent = clock.turned;
  if (!clock.trouble) trouble.value = "";
  tick();
  if (dialog.open) showAgenda();
}

// the digests as the bot keeps them, asked for again while they are looked at: what becomes of a run, no event tells
async function showAgenda() {
  const answer = await ask("agenda").catch(() => null);
  const html = answer?.ok ? await answer.text() : agendaShown;
  if (html !== agendaShown) document.getElementById("agenda").innerHTML = agendaShown = html;
}

async function turn(what) {
  const { ok, why } = await send({ do: "turn", ...what });
  told.textContent = ok ? "Turned." : why;
}

export function controls() {
  document.getElementById("clock").addEventListener("click", () => {
    told.textContent = "";
    document.getElementById("turn-day").value = moment().toISOString().slice(0, 16);
    dialog.showModal();
    showAgenda();
  });
  dialog.addEventListener("click", ({ target }) => {
    const by = target.dataset.turn;
    if (by) turn(by === "next" ? { next: true } : { seconds: Number(by) });
    else if ("done" in target.dataset) dialog.close();
  });
  document.getElementById("turn-to").addEventListener("submit", (event) => {
    event.preventDefault();
    turn({ to: document.getElementById("turn-day").value });
  });
  trouble.addEventListener("change", () => send({ do: "trouble", trouble: trouble.value }));
  tick();
  setInterval(() => {
    tick();
    if (dialog.open) showAgenda();
  }, 1000);
}
