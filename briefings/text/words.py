"""Words as spans: letters and digits with inner apostrophes, hyphens, points and commas ("half-hearted", "150,000")."""

import re
from collections.abc import Iterator

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
