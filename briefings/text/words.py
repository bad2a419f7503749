"""Words as spans: letters and digits with inner apostrophes, hyphens, points and commas ("half-hearted", "150,000").

Word lists that give each entry a value: lines `entry<TAB>value` in `briefings/text/lexicon`; `#` opens a comment.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from briefings.model import Span

_WORD = re.compile(r"[^\W_]+(?:[’'.,‐‑-][^\W_]+)*")


def find_words(text: str, within: Span | None = None) -> Iterator[Span]:
    """The words of `text`, or of its part `within`, in order; offsets are into `text`."""
    region = Span(0, len(text)) if within is None else within  # an empty span is false
    for match in _WORD.finditer(text, region.start, region.end):
        yield Span(*match.span())


def count_words(text: str) -> int:
    """How many whitespace-separated words `text` has: the unit in which briefings are measured."""
    return len(text.split())


@cache
def load_table(name: str) -> dict[str, str]:
    """The list `name` as a mapping, lower case as it stands there."""
    lines = (files("briefings.text.lexicon") / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("#", 1)[0].strip() for line in lines)
    pairs = (entry.split("\t", 1) for entry in entries if entry)
    return {entry: value.strip() for entry, value in pairs}
