// The menu of slash commands above the message field: a combobox with a listbox, as the ARIA practices have it.
// The focus stays in the field; the option that Enter would take is named by aria-activedescendant.

export function commandMenu(line) {
  const list = document.getElementById("commands");
  const usage = document.getElementById("usage");
  const options = [...list.children];
  let active = null;
  let dismissed = "";

  const shown = () => options.filter((option) => !option.hidden);
  const isOpen = () => !list.hidden;

  function mark(option) {
    active = option;
    for (const one of options) one.setAttribute("aria-selected", String(one === option));
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
    if (!open) mark(null);
  }

  // what fits what is typed; a command that stands there whole is not completed any more
  function filter() {
    const typed = line.value;
    const name = typed.split(" ")[0];
    const exact = options.find((option) => option.dataset.command === name);
    usage.textContent = exact ? `${name} ${exact.dataset.usage}` : "";
    for (const option of options) option.hidden = !option.dataset.command.startsWith(typed);
    const open = typed.startsWith("/") && !typed.includes(" ") && typed !== dismissed && shown().length > 0;
    if (typed !== dismissed) dismissed = "";
    toggle(open);
    if (open) mark(exact ? null : shown()[0]);
  }

  function take(option) {
    line.value = `${option.dataset.command} `;
    filter();
    line.focus();
  }

  function step(by) {
    const all = shown();
    const at = active ? all.indexOf(active) : by > 0 ? -1 : 0;
    mark(all[(at + by + all.length) % all.length]);
  }

  // whether a key was the menu's
  function key(event) {
    if (!isOpen()) return false;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape") {
      dismissed = line.value;
      toggle(false);
    } else if ((event.key === "Enter" || event.key === "Tab") && active && !event.shiftKey) take(active);
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
    if (option) take(option);
  });
  document.getElementById("slash").addEventListener("click", () => {
    if (!line.value.startsWith("/")) line.value = "/";
    dismissed = "";
    line.focus();
    filter();
  });
  return { key, filter };
}
