"""Pages made of other files: the list of decisions, and the changelog."""

import re
from pathlib import Path
from posixpath import relpath

from docsite.markup import build_table

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)\s]+)\)")


def build_decisions() -> str:
    """Return the table of decisions as Markdown, the newest first."""
    pages = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"), reverse=True)
    return build_table(("number", "decision"), map(_build_decision, pages)) + "\n"


def build_changelog() -> str:
    """Return the changelog without its title, with its links as seen from a page in `docs`."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return _LINK.sub(lambda link: f"]({relpath(link[1], 'docs')})", text.partition("\n")[2])


def _build_decision(page: Path) -> tuple[str, str]:
    title = page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
    number, _, words = title.partition(". ")
    return number, f"[{words}]({page.name})"
