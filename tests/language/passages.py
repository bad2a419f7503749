"""Passages of prose: mask what is not prose, count words, find marker words with their lines."""

import re
from dataclasses import dataclass

from tests.language.wordlists import load_marker_pattern

#: replaces masked text: not a word and not a blank, so no phrase matches across it
BARRIER = "\x00"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_QUOTATION = re.compile(r'“(?:[^“”\n]|\n(?!\s*\n)){1,200}”|(?<!\w)"(?:[^"\n]|\n(?!\s*\n)){1,200}"(?!\w)')
_URL = re.compile(r"https?://[^\s)>\]]+")


@dataclass(frozen=True)
class Passage:
    """A stretch of text whose lines are the lines of a file, beginning at `line`."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Marker:
    """A marker word in a passage: the line it begins on, counted from zero, and the word in lower case."""

    row: int
    phrase: str


def mask(text: str) -> str:
    """Replace every character except line breaks, so that lines keep their numbers."""
    return re.sub(r"[^\n]", BARRIER, text)


def mask_matches(pattern: re.Pattern[str], text: str) -> str:
    """Mask every match of a pattern."""
    return pattern.sub(_mask_match, text)


def mask_citations(text: str) -> str:
    """Mask inline code, quotations and URLs: they are not the author's own words."""
    for pattern in (_CODE, _URL, _QUOTATION):
        text = mask_matches(pattern, text)
    return text


def count_words(text: str) -> int:
    """Count the words of a text."""
    return sum(1 for _ in _WORD.finditer(text))


def find_markers(text: str) -> list[Marker]:
    """Find the marker words of a text."""
    return [
        Marker(text.count("\n", 0, match.start()), " ".join(match[0].lower().split()))
        for match in load_marker_pattern().finditer(text)
    ]


def report_markers(passage: Passage, where: str) -> list[Finding]:
    """Return a finding for each marker word of a passage; `where` names the kind of text."""
    return [
        Finding(passage.path, passage.line + marker.row, f'stilted "{marker.phrase}" in {where}')
        for marker in find_markers(passage.text)
    ]


def _mask_match(match: re.Match[str]) -> str:
    return mask(match[0])
