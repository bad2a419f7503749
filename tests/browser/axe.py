"""Accessibility checks of a page in the browser, with axe-core."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page


async def find_violations(page: Page) -> list[str]:
    """Return one line per violation: axe's rule, its advice, and the first elements that break it."""
    violations = (await Axe().run(page)).response["violations"]
    return [f"{violation['id']}: {violation['help']}: {_list_elements(violation)}" for violation in violations]


def _list_elements(violation: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(node["html"][:200] for node in violation["nodes"][:3])
