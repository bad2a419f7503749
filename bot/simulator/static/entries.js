// Messages in a log: add, replace and remove them, keeping opened details and the keyboard focus.

export function parseEntry(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// replace the entry with the same id, or append it; return whether it is new
export function putEntry(log, entry) {
  const old = log.querySelector(`#${CSS.escape(entry.id)}`);
  if (!old) {
    log.append(entry);
    // keep the start of a long answer visible
    entry.scrollIntoView({ block: entry.offsetHeight > log.clientHeight * 0.8 ? "start" : "end" });
    return true;
  }
  keepOpen(old, entry);
  const selector = old.contains(document.activeElement) ? findSelector(document.activeElement, old) : null;
  old.replaceWith(entry);
  // keyboard users continue at the same button or at the answer, not at the top of the page
  if (selector !== null) focusOn((selector && entry.querySelector(selector)) || entry);
  return false;
}

export function removeEntry(log, id, focusNext) {
  const old = log.querySelector(`#${CSS.escape(id)}`);
  if (!old) return;
  const hadFocus = old.contains(document.activeElement);
  old.remove();
  if (hadFocus) focusNext.focus();
}

export function focusOn(entry) {
  if (entry.matches("article")) entry.tabIndex = -1;
  entry.focus();
}

// return a selector that finds the element again after a new render of its message or view, or ""
export function findSelector(element, within) {
  const names = ["block", "action", "shortcut", "thread", "input"].filter((name) => element.dataset[name] !== undefined);
  if (names.length) return names.map((name) => `[data-${name}="${CSS.escape(element.dataset[name])}"]`).join("");
  const summary = element.closest("summary");
  return summary && within.contains(summary) ? `.${summary.parentElement.classList[0]} > summary` : "";
}

function keepOpen(old, entry) {
  for (const details of old.querySelectorAll("details[open]")) {
    const match = entry.querySelector(`details.${details.classList[0]}`);
    if (match) match.open = true;
  }
}
