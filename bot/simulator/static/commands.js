// Menu of slash commands above the message field: a combobox with a listbox, following the ARIA practices.
// The focus stays in the field; aria-activedescendant names the option that Enter selects.

export function commandMenu(line) {
  const list = document.getElementById("commands");
  const usage = document.getElementById("usage");
  const options = [...list.children];
  let active = null;
  let dismissedText = "";

  const listVisible = () => options.filter((option) => !option.hidden);
  const isOpen = () => !list.hidden;

  function activate(option) {
    active = option;
    for (const other of options) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      line.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      line.removeAttribute("aria-activedescendant");
    }
  }

  function toggle(open) {
    list.hidden = !open;
    line.setAttribute("aria-expanded", String(open));
    if (!open) activate(null);
  }

  // show the commands that match the text; a complete command is not suggested again
  function filter() {
    const text = line.value;
    const name = text.split(" ")[0];
    const exact = options.find((option) => option.dataset.command === name);
    usage.textContent = exact ? `${name} ${exact.dataset.usage}` : "";
    for (const option of options) option.hidden = !option.dataset.command.startsWith(text);
    const open = text.startsWith("/") && !text.includes(" ") && text !== dismissedText && listVisible().length > 0;
    if (text !== dismissedText) dismissedText = "";
    toggle(open);
    if (open) activate(exact ? null : listVisible()[0]);
  }

  function select(option) {
    line.value = `${option.dataset.command} `;
    filter();
    line.focus();
  }

  function move(by) {
    const visible = listVisible();
    const index = active ? visible.indexOf(active) : by > 0 ? -1 : 0;
    activate(visible[(index + by + visible.length) % visible.length]);
  }

  // handle a key if the menu uses it; return whether it did
  function handleKey(event) {
    if (!isOpen()) return false;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") {
      dismissedText = line.value;
      toggle(false);
    } else if ((event.key === "Enter" || event.key === "Tab") && active && !event.shiftKey) select(active);
    else return false;
    event.preventDefault();
    return true;
  }

  line.addEventListener("input", filter);
  line.addEventListener("blur", () => toggle(false));
  line.addEventListener("focus", filter);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) select(option);
  });
  document.getElementById("slash").addEventListener("click", () => {
    if (!line.value.startsWith("/")) line.value = "/";
    dismissedText = "";
    line.focus();
    filter();
  });
  return { handleKey, filter };
}
