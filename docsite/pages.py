"""Prepares the pages of the site: copies `docs` and puts the generated parts where the pages name them.

A page names a part with a line such as `<!-- generated: commands -->`. So the pages read well in the repository too,
and the program that builds the site can be replaced.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from posixpath import relpath
from typing import Final

from docsite.commands_page import build_commands
from docsite.http_page import build_routes
from docsite.listings import build_changelog, build_decisions
from docsite.permissions_page import build_permissions
from docsite.settings_page import build_settings
from docsite.slack_page import build_slack

ROOT = Path(__file__).parents[1]
MARKER: Final = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)
PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "changelog": build_changelog,
    "commands": build_commands,
    "decisions": build_decisions,
    "http": build_routes,
    "permissions": build_permissions,
    "settings": build_settings,
    "slack": build_slack,
}
_CHANGELOG_LINK = re.compile(r"\]\((?:\.\./)+CHANGELOG\.md\)")


def prepare_pages(folder: Path, source: Path = ROOT / "docs") -> list[Path]:
    """Write all pages and files into `folder`, which is replaced, and return the pages.

    Raises ValueError if a page names an unknown part, or if a part is incomplete.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    pages = sorted(folder.rglob("*.md"))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        changelog = relpath("changelog.md", page.parent.relative_to(folder).as_posix())
        page.write_text(fill_parts(_CHANGELOG_LINK.sub(f"]({changelog})", text), page.name), encoding="utf-8")
    return pages


def fill_parts(text: str, name: str) -> str:
    """Return the text of a page with its generated parts. Raises ValueError for a part that is unknown."""

    def build_part(marker: re.Match[str]) -> str:
        if marker[1] not in PARTS:
            raise ValueError(f"{name}: the generated part {marker[1]!r} is unknown. Known: {', '.join(PARTS)}.")
        return PARTS[marker[1]]()

    return MARKER.sub(build_part, text)
