"""Read the packages of a hashed lock file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.install_lock import parse_lock

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_MARKER = re.compile(r"^[^\\\n]*;([^\\\n]+)")


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """A package of a lock file: name, version, hashes of its files, and where it is installed ("": everywhere)."""

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: str = ""


def read_packages(text: str) -> Iterator[LockedPackage]:
    """Yield the packages of a lock file, in order. A package can have several versions, each with a marker."""
    for entry in parse_lock(text):
        marker = _MARKER.match(entry.lines)
        yield LockedPackage(
            entry.name, entry.version, tuple(_HASH.findall(entry.lines)), marker[1].strip() if marker else ""
        )


def join_packages(texts: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """Return the lock files that have each package, by its name and version."""
    files: dict[tuple[str, str], list[str]] = {}
    for file_name, text in texts.items():
        for package in read_packages(text):
            files.setdefault((package.name, package.version), []).append(file_name)
    return dict(sorted(files.items()))
