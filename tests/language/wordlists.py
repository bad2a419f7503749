"""Load the word lists and the allow-lists of this package."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Exemption:
    """One entry of an allow-list: what it exempts and why."""

    key: str
    reason: str
    line: int


def read_lines(text: str) -> list[tuple[int, str]]:
    """Return the numbered lines of a data file without comments and blank lines."""
    numbered_lines = ((number, line.partition("#")[0].strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in numbered_lines if line]


def parse_exemptions(text: str) -> tuple[Exemption, ...]:
    """Parse `key = reason` lines; raise ValueError for an entry without a reason."""
    exemptions = []
    for number, line in read_lines(text):
        key, separator, reason = (part.strip() for part in line.partition(" = "))
        if not separator or not reason:
            raise ValueError(f"line {number}: write it as `key = reason`: {line}")
        exemptions.append(Exemption(" ".join(key.split()), reason, number))
    return tuple(exemptions)


def build_marker_pattern(phrases: list[str]) -> re.Pattern[str]:
    """Compile one pattern that finds each phrase as whole words, the longest first."""
    by_length = sorted(phrases, key=len, reverse=True)
    alternatives = (r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in by_length)
    return re.compile(rf"(?<![\w'’-])(?:{'|'.join(alternatives)})(?![\w-])", re.IGNORECASE)


@cache
def load_participles() -> frozenset[str]:
    """Return the participles that names must avoid."""
    return frozenset(line for _, line in read_lines(_read("participles.txt")))


@cache
def load_marker_pattern() -> re.Pattern[str]:
    """Return the pattern that finds marker words."""
    return build_marker_pattern([line for _, line in read_lines(_read("markers.txt"))])


@cache
def load_allowed_names() -> tuple[Exemption, ...]:
    """Return the names that outside libraries prescribe, with keys `path name`."""
    return parse_exemptions(_read("allowed_names.txt"))


@cache
def load_exempt_paths() -> tuple[Exemption, ...]:
    """Return the modules and folders whose strings are data, with keys `path` or `path phrase`."""
    return parse_exemptions(_read("exempt_strings.txt"))


def matches_path(entry: str, path: str) -> bool:
    """Tell whether an entry of an allow-list covers a path: the file itself, or a folder that ends in a slash."""
    return path.startswith(entry) if entry.endswith("/") else path == entry


def _read(name: str) -> str:
    return (_DATA_FOLDER / name).read_text(encoding="utf-8")
