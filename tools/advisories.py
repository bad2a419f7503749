"""Read a stored database of advisories: OSV's export of PyPI (`all.zip`), or a folder with its JSON files."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


class UnusableDatabase(Exception):
    """The database cannot be read, or has no advisories for Python packages."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """An advisory: its id, what it says, and when it was last changed."""

    id: str
    summary: str
    modified: datetime
    #: the entries "affected" of each package, by its name
    affected: Mapping[str, tuple[Mapping[str, Any], ...]]

    def affects(self, name: str, version: str) -> bool:
        """Tell whether a version of a package is affected."""
        return any(_is_affected(entry, version) for entry in self.affected.get(canonicalize_name(name), ()))


def read_advisories(path: Path) -> list[Advisory]:
    """Return the advisories that are not withdrawn. Raises UnusableDatabase."""
    try:
        advisories = [advisory for text in _read_texts(path) if (advisory := _parse(text))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise UnusableDatabase(f"{path} cannot be read as advisories: {type(error).__name__}") from error
    if not advisories:
        raise UnusableDatabase(f"{path} has no advisories for packages of PyPI")
    return advisories


def _read_texts(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from (file.read_bytes() for file in sorted(path.rglob("*.json")))
        return
    with zipfile.ZipFile(path) as package:
        yield from (package.read(name) for name in sorted(package.namelist()) if name.endswith(".json"))


def _parse(text: bytes) -> Advisory | None:
    """Parse one file in the OSV format; None if it is withdrawn or about other packages."""
    fields = json.loads(text)
    affected: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for entry in fields.get("affected", ()):
        package = entry.get("package", {})
        if package.get("ecosystem") == "PyPI":
            name = canonicalize_name(package["name"])
            affected[name] = (*affected.get(name, ()), entry)
    if fields.get("withdrawn") or not affected:
        return None
    modified = datetime.fromisoformat(fields["modified"]).astimezone(UTC)
    return Advisory(fields["id"], fields.get("summary") or fields.get("details", "")[:200], modified, affected)


def _is_affected(entry: Mapping[str, Any], version_text: str) -> bool:
    if version_text in entry.get("versions", ()):
        return True
    version = Version(version_text)
    ranges = (found_range for found_range in entry.get("ranges", ()) if found_range.get("type") == "ECOSYSTEM")
    return any(_is_in_range(found_range.get("events", ()), version) for found_range in ranges)


def _is_in_range(events: Any, version: Version) -> bool:  # noqa: ANN401 - JSON
    """Follow the events up to a version. A limit that is not a version counts as affected: nothing is passed unseen."""
    is_affected = False
    for event in events:
        for kind, text in event.items():
            try:
                limit = Version("0" if text == "0" else text)
            except InvalidVersion:
                return True
            if kind == "introduced" and version >= limit:
                is_affected = True
            elif (kind == "fixed" and version >= limit) or (kind == "last_affected" and version > limit):
                is_affected = False
    return is_affected
