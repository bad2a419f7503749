// The top modal: show, submit and close it; and the confirmation dialog.
// Rule: an opened modal gets the focus. An update keeps it in place, and closing returns it to where it was.

import { findSelector } from "./entries.js";
import { send } from "./server.js";

const modal = document.getElementById("modal");
const confirmation = document.getElementById("confirm");
let opener = null;

export function showModal(html) {
  const wasOpen = modal.open;
  const selector = wasOpen && modal.contains(document.activeElement) ? findSelector(document.activeElement, modal) : "";
  if (html && !wasOpen) opener = rememberFocus(document.activeElement);
  modal.innerHTML = html;
  if (html && !wasOpen) modal.showModal();
  if (html) focusInside(selector);
  if (!html && wasOpen) {
    modal.close();
    restoreFocus();
  }
}

function focusInside(selector) {
  const previous = selector && modal.querySelector(selector);
  const first = modal.querySelector("input, select, textarea");
  const title = modal.querySelector("#modal-title");
  (previous || first || title).focus();
}

// remember the focused element, and a selector to find it after a new render of its message
function rememberFocus(element) {
  const holder = element?.closest("[id^='m-'], [id^='t-m-'], #home");
  return { element, holder: holder?.id, selector: holder ? findSelector(element, holder) : "" };
}

function restoreFocus() {
  const { element, holder, selector } = opener ?? {};
  const container = holder && document.getElementById(holder);
  const match = element?.isConnected ? element : (selector && container?.querySelector(selector)) || container;
  const target = match && match !== document.body ? match : document.getElementById("line");
  if (target?.matches("article")) target.tabIndex = -1;
  target?.focus();
}

// ask the app for the options of a select that the user types into
async function suggest(input) {
  const view = modal.querySelector("form").dataset.view;
  const { input: block, action } = input.dataset;
  const { options } = await send({ do: "suggest", view, block, action, text: input.value });
  input.list?.replaceChildren(
    ...(options ?? []).map(({ text, value }) => {
      const option = document.createElement("option");
      option.value = text.text;
      option.dataset.key = value;
      return option;
    }),
  );
}

// the value of the option whose text is in the field; undefined if no option has this text
function readSuggestion(input) {
  return [...(input.list?.options ?? [])].find((option) => option.value === input.value)?.dataset.key;
}

function readValues() {
  const values = {};
  for (const input of modal.querySelectorAll("[data-input]")) {
    const name = `${input.dataset.input} ${input.dataset.action}`;
    if (input.type === "checkbox") values[name] = [...(values[name] ?? []), ...(input.checked ? [input.value] : [])];
    else if (input.type === "radio") values[name] = input.checked ? input.value : values[name] ?? "";
    else if (input.multiple) values[name] = [...input.selectedOptions].map((option) => option.value);
    else if ("external" in input.dataset) values[name] = readSuggestion(input) ?? "";
    else values[name] = input.value;
  }
  return values;
}

// find empty required fields, with the message of Slack's clients
function findMissingValues() {
  const errors = {};
  for (const input of modal.querySelectorAll("[data-input][required]")) {
    if (!input.value.trim()) errors[input.dataset.input] = "Please complete this required field.";
  }
  for (const input of modal.querySelectorAll("[data-external]")) {
    if (input.value.trim() && !readSuggestion(input)) errors[input.dataset.input] = "Choose one of the options.";
  }
  for (const group of modal.querySelectorAll("[data-required]")) {
    if (!group.querySelector(":checked")) {
      errors[group.querySelector("input").dataset.input] = "Please complete this required field.";
    }
  }
  return errors;
}

function showErrors(errors) {
  for (const label of modal.querySelectorAll("[data-error]")) label.textContent = errors[label.dataset.error] ?? "";
  let first = null;
  for (const input of modal.querySelectorAll("[data-input]")) {
    const hasError = Boolean(errors[input.dataset.input]);
    if (hasError) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (hasError) first ??= input;
  }
  first?.focus();
}

// show the app's confirmation dialog if it has one; resolve to whether the user agreed
export function askForConfirmation({ confirm: title, confirmText, confirmYes, confirmNo }) {
  if (!title) return Promise.resolve(true);
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = confirmText;
  const [no, yes] = confirmation.querySelectorAll("button");
  no.textContent = confirmNo;
  yes.textContent = confirmYes;
  confirmation.returnValue = "no";
  confirmation.showModal();
  return new Promise((resolve) => {
    confirmation.addEventListener("close", () => resolve(confirmation.returnValue === "yes"), { once: true });
  });
}

export function modals() {
  modal.addEventListener("cancel", (event) => {
    if (event.target !== modal) return;
    event.preventDefault();
    send({ do: "close", view: modal.querySelector("form").dataset.view });
  });
  // browsers close a dialog on a second Escape, even if the first one was cancelled
  modal.addEventListener("close", () => {
    const form = modal.querySelector("form");
    if (form) send({ do: "close", view: form.dataset.view });
  });
  for (const name of ["input", "focusin"]) {
    modal.addEventListener(name, (event) => {
      const isFirst = name === "input" || !event.target.value;
      if (event.target.dataset?.external !== undefined && isFirst) suggest(event.target);
    });
  }
  modal.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missingErrors = findMissingValues();
    if (Object.keys(missingErrors).length) return showErrors(missingErrors);
    const { errors, why } = await send({ do: "submit", view: event.target.dataset.view, values: readValues() });
    showErrors(errors ?? { "": why });
  });
  if (modal.firstElementChild) {
    modal.showModal();
    focusInside("");
  }
}
