// What the theme leaves to do for people who use a keyboard or a screen reader.
const mend = () => {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  // the table of contents and the menu around it have one name in the theme
  document.querySelectorAll(".md-nav[aria-labelledby]").forEach((nav, number) => {
    const label = document.getElementById(nav.getAttribute("aria-labelledby"));
    nav.removeAttribute("aria-labelledby");
    nav.setAttribute("aria-label", `${label?.textContent.trim() || "Menu"}, menu ${number + 1}`);
  });
  document.querySelectorAll(".md-code__nav").forEach((nav, number) => {
    nav.setAttribute("aria-label", `Code block ${number + 1}`);
  });
  // boxes that scroll can be reached and scrolled with the keyboard
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
};

document.addEventListener("DOMContentLoaded", () => {
  mend();
  // the theme adds the buttons of code blocks later
  const watcher = new MutationObserver(mend);
  document.querySelectorAll(".md-content").forEach((part) => watcher.observe(part, { childList: true, subtree: true }));
});
