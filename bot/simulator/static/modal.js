// The modal on top of the stack: shown, filled in, submitted, closed; and the dialogue that asks first.
// Rule: the focus goes in with the modal, stays in its place when the bot changes it, and back to what opened it.

import { place } from "./entries.js";
import { send } from "./server.js";

const modal = document.getElementById("modal");
const confirm = document.getElementById("confirm");
let opener = null;

export function showModal(html) {
  const was = modal.open;
  const stood = was && modal.contains(document.activeElement) ? place(document.activeElement, modal) : "";
  if (html && !was) opener = remembered(document.activeElement);
  modal.innerHTML = html;
  if (html && !was) modal.showModal();
  if (html) focusInside(stood);
  if (!html && was) {
    modal.close();
    goBack();
  }
}

function focusInside(stood) {
  const before = stood && modal.querySelector(stood);
  const first = modal.querySelector("input, select, textarea");
  const title = modal.querySelector("#modal-title");
  (before || first || title).focus();
}

// what had the focus, and how it is found again when its message was drawn anew meanwhile
function remembered(element) {
  const holder = element?.closest("[id^='m-'], [id^='t-m-'], #home");
  return { element, holder: holder?.id, place: holder ? place(element, holder) : "" };
}

function goBack() {
  const { element, holder, place: where } = opener ?? {};
  const again = holder && document.getElementById(holder);
  const found = element?.isConnected ? element : (where && again?.querySelector(where)) || again;
  const target = found && found !== document.body ? found : document.getElementById("line");
  if (target?.matches("article")) target.tabIndex = -1;
  target?.focus();
}

function values() {
  const filled = {};
  for (const input of modal.querySelectorAll("[data-input]")) {
    const name = `${input.dataset.input} ${input.dataset.action}`;
    if (input.type === "checkbox") filled[name] = [...(filled[name] ?? []), ...(input.checked ? [input.value] : [])];
    else if (input.type === "radio") filled[name] = input.checked ? input.value : filled[name] ?? "";
    else if (input.multiple) filled[name] = [...input.selectedOptions].map((option) => option.value);
    else filled[name] = input.value;
  }
  return filled;
}

// what Slack's own clients say before anything is sent
function missing() {
  const errors = {};
  for (const input of modal.querySelectorAll("[data-input][required]")) {
    if (!input.value.trim()) errors[input.dataset.input] = "Please complete this required field.";
  }
  for (const group of modal.querySelectorAll("[data-required]")) {
    if (!group.querySelector(":checked")) {
      errors[group.querySelector("input").dataset.input] = "Please complete this required field.";
    }
  }
  return errors;
}

function showErrors(errors) {
  for (const shown of modal.querySelectorAll("[data-error]")) shown.textContent = errors[shown.dataset.error] ?? "";
  let first = null;
  for (const input of modal.querySelectorAll("[data-input]")) {
    const wrong = Boolean(errors[input.dataset.input]);
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (wrong) first ??= input;
  }
  first?.focus();
}

// asks first, in the words of the app; whether the person says yes
export function confirmed({ confirm: title, confirmText, confirmYes, confirmNo }) {
  if (!title) return Promise.resolve(true);
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = confirmText;
  const [no, yes] = confirm.querySelectorAll("button");
  no.textContent = confirmNo;
  yes.textContent = confirmYes;
  confirm.returnValue = "no";
  confirm.showModal();
  return new Promise((resolve) => {
    confirm.addEventListener("close", () => resolve(confirm.returnValue === "yes"), { once: true });
  });
}

export function modals() {
  modal.addEventListener("cancel", (event) => {
    if (event.target !== modal) return;
    event.preventDefault();
    send({ do: "close", view: modal.querySelector("form").dataset.view });
  });
  // a browser closes on a second Escape whatever it is told
  modal.addEventListener("close", () => {
    const form = modal.querySelector("form");
    if (form) send({ do: "close", view: form.dataset.view });
  });
  modal.addEventListener("submit", async (event) => {
    event.preventDefault();
    const lacking = missing();
    if (Object.keys(lacking).length) return showErrors(lacking);
    const { errors, why } = await send({ do: "submit", view: event.target.dataset.view, values: values() });
    showErrors(errors ?? { "": why });
  });
  if (modal.firstElementChild) {
    modal.showModal();
    focusInside("");
  }
}
