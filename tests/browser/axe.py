"""What axe-core, the accessibility checker, finds wrong with a page as it stands in the browser."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page


async def find_violations(page: Page) -> list[str]:
    """A line a violation: axe's rule, what it asks for, the first elements that break it. Empty when all is well."""
    violations = (await Axe().run(page)).response["violations"]
    return [f"{violation['id']}: {violation['help']}: {_list_elements(violation)}" for violation in violations]


def _list_elements(violation: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(node["html"][:200] for node in violation["nodes"][:3])
