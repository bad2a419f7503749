"""Find and count words, and load word lists that give each entry a value.

A word is letters and digits with inner apostrophes, hyphens, points and commas ("half-hearted", "150,000"). Word
lists are in `briefings/text/lexicon`, one `entry<TAB>value` per line; `#` opens a comment.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from briefings.model import Span

_WORD = re.compile(r"[^\W_]+(?:[’'.,‐‑-][^\W_]+)*")


def find_words(text: str, within: Span | None = None) -> Iterator[Span]:
    """Yield the words of `text`, or of its part `within`, in order. Offsets are into `text`."""
    region = Span(0, len(text)) if within is None else within  # an empty span is falsy
    for match in _WORD.finditer(text, region.start, region.end):
        yield Span(*match.span())


def count_words(text: str) -> int:
    """Count the words of `text`, separated by white space. The length of a briefing is measured in these words."""
    return len(text.split())


@cache
def load_table(name: str) -> dict[str, str]:
    """Return the word list `name` as a mapping from entry to value. Entries are in lower case in the file."""
    lines = (files("briefings.text.lexicon") / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("#", 1)[0].strip() for line in lines)
    pairs = (entry.split("\t", 1) for entry in entries if entry)
    return {entry: value.strip() for entry, value in pairs}
