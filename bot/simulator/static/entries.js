// Messages in a log: added, replaced, taken away, without losing what the reader had unfolded or stood on.

export function drawn(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// puts an entry into `log`: in the place of the one with its id, or at the end; whether it is new there
export function put(log, entry) {
  const old = log.querySelector(`#${CSS.escape(entry.id)}`);
  if (!old) {
    log.append(entry);
    // the start of a long answer stays in sight
    entry.scrollIntoView({ block: entry.offsetHeight > log.clientHeight * 0.8 ? "start" : "end" });
    return true;
  }
  keepOpen(old, entry);
  const stood = old.contains(document.activeElement) ? place(document.activeElement, old) : null;
  old.replaceWith(entry);
  // whoever pressed a button with the keyboard goes on from there or from the answer, not from the top of the page
  if (stood !== null) focusOn((stood && entry.querySelector(stood)) || entry);
  return false;
}

export function takeAway(log, id, focusNext) {
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

// where an element stands in its message or view, as a selector that still holds when it is drawn anew; "" for nowhere
export function place(element, within) {
  const named = ["block", "action", "shortcut", "thread", "input"].filter((name) => element.dataset[name] !== undefined);
  if (named.length) return named.map((name) => `[data-${name}="${CSS.escape(element.dataset[name])}"]`).join("");
  const summary = element.closest("summary");
  return summary && within.contains(summary) ? `.${summary.parentElement.classList[0]} > summary` : "";
}

function keepOpen(old, entry) {
  for (const open of old.querySelectorAll("details[open]")) {
    const same = entry.querySelector(`details.${open.classList[0]}`);
    if (same) same.open = true;
  }
}
