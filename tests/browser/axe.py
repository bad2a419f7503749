"""Accessibility checks of a page in the browser, with axe-core.

Rule: a quick run checks three of each kind of element: with the same elements around it and the same within. A page
with a thousand like rows is as accessible as its first three, and a row unlike them is a kind of its own.
"""

from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.support.depth import choose

#: elements of each kind that are checked; None is all of them
_EACH = choose(3, None)
#: hides the elements that are like enough others, runs axe-core, and shows them again
_RUN = """async each => {
  const like = [], counts = new Map(), numbers = new Map();
  const shorten = text => numbers.get(text) ?? numbers.set(text, numbers.size).get(text);
  const describe = element => element.tagName + "|" + [...element.attributes].map(({name, value}) =>
    /^(class|style|role|type|aria-(?!label|controls|describ|owns|active).*)$/.test(name) ? name + "=" + value : name
  ).sort().join(" ");
  const kinds = new Map(), parts = new Set("ARTICLE DD DETAILS DIV DL DT LI P PRE SECTION TABLE TR UL".split(" "));
  const gather = element => {
    const within = new Set([describe(element)]);
    for (const child of element.children) for (const kind of gather(child)) within.add(kind);
    kinds.set(element, shorten([...within].sort().join("\\n")));
    return within;
  };
  const thin = (parent, path) => {
    for (const child of parent.children) {
      const kind = path + "/" + kinds.get(child), count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      const isPart = parts.has(child.tagName) && child !== parent.firstElementChild;
      if (isPart && count > each && !child.contains(document.activeElement)) like.push(child);
      else thin(child, shorten(path + "/" + describe(child)));
    }
  };
  if (each !== null) { gather(document.body); thin(document.body, "body"); }
  const scrolled = [...document.querySelectorAll("*")].filter(element => element.scrollTop)
    .map(element => [element, element.scrollTop]);
  const styles = like.map(element => element.getAttribute("style"));
  for (const element of like) element.style.setProperty("display", "none", "important");
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  like.forEach((element, at) =>
    styles[at] === null ? element.removeAttribute("style") : element.style.cssText = styles[at]);
  for (const [element, top] of scrolled) element.scrollTop = top;
  return violations;
}"""


async def find_violations(page: Page) -> list[str]:
    """Return one line per violation: axe's rule, its advice, and the first elements that break it."""
    await page.evaluate(Axe().axe_script)
    violations: list[dict[str, Any]] = await page.evaluate(_RUN, _EACH)
    return [f"{violation['id']}: {violation['help']}: {_list_elements(violation)}" for violation in violations]


def _list_elements(violation: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(node["html"][:200] for node in violation["nodes"][:3])
