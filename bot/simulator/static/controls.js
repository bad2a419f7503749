// The running clock, and the dialog to change it and to inject an error.

import { fetchLocal, send } from "./server.js";

const dialog = document.getElementById("controls");
const statusLine = document.getElementById("turn-status");
const faultSelect = document.getElementById("trouble");
const timeFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
let now = Number(document.querySelector("[data-clock]").dataset.now);
let since = performance.now();
let agendaHtml = "";

const currentTime = () => new Date(now + performance.now() - since);

function tick() {
  const part = Object.fromEntries(timeFormat.formatToParts(currentTime()).map(({ type, value }) => [type, value]));
  const text = `${part.weekday} ${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute}`;
  for (const time of document.querySelectorAll("[data-clock]")) {
    if (time.textContent !== text) time.textContent = text;
    time.dateTime = currentTime().toISOString();
  }
}

export function showClock(clock) {
  now = clock.now;
  since = performance.now();
  for (const label of document.querySelectorAll("[data-turned]")) label.textContent = clock.turned;
  if (!clock.trouble) faultSelect.value = "";
  tick();
  if (dialog.open) showAgenda();
}

// show the digests; poll while the dialog is open, because no event reports changes of runs
async function showAgenda() {
  const answer = await fetchLocal("agenda").catch(() => null);
  const html = answer?.ok ? await answer.text() : agendaHtml;
  if (html !== agendaHtml) document.getElementById("agenda").innerHTML = agendaHtml = html;
}

async function changeClock(change) {
  const { ok, why } = await send({ do: "turn", ...change });
  statusLine.textContent = ok ? "Clock changed." : why;
}

export function controls() {
  document.getElementById("clock").addEventListener("click", () => {
    statusLine.textContent = "";
    document.getElementById("turn-day").value = currentTime().toISOString().slice(0, 16);
    dialog.showModal();
    showAgenda();
  });
  dialog.addEventListener("click", ({ target }) => {
    const by = target.dataset.turn;
    if (by) changeClock(by === "next" ? { next: true } : { seconds: Number(by) });
    else if ("done" in target.dataset) dialog.close();
  });
  document.getElementById("turn-to").addEventListener("submit", (event) => {
    event.preventDefault();
    changeClock({ to: document.getElementById("turn-day").value });
  });
  faultSelect.addEventListener("change", () => send({ do: "trouble", trouble: faultSelect.value }));
  tick();
  setInterval(() => {
    tick();
    if (dialog.open) showAgenda();
  }, 1000);
}
