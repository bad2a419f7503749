// Copies a quotation when its "Copy as quote" opens. Without this script, the text is shown and can be selected.
"use strict";

document.addEventListener("click", async (event) => {
  const summary = event.target instanceof Element ? event.target.closest("details.copy > summary") : null;
  if (!summary || summary.parentElement.open) return;
  const text = summary.parentElement.querySelector(".copyable");
  const status = summary.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(text.textContent);
    status.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(text);
    status.textContent = "Selected. Press Ctrl+C or ⌘C to copy.";
  }
});
