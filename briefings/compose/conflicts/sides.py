"""One difference with its two sides, and the part of a sentence that a side shows.

Rule: a side is a span of an article: the whole sentence if it is short, else the words around what differs.
"""

import re
from dataclasses import dataclass

from briefings.model import Article, Span

#: longest sentence that is shown whole, and the words that are shown on either side in a longer one
_MAX_WHOLE_WORDS, _CONTEXT_WORDS = 20, 7
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides of one difference, a note on its kind, and its sharpness (sharpest first)."""

    first: tuple[Article, Span]
    second: tuple[Article, Span]
    note: str
    sharpness: float
    #: one side is about something still expected
    is_expected: bool = False
    #: what it is about; "" if nothing else can be about it. The slot shows one difference about a thing
    topic: str = ""


def clip_sentence(text: str, sentence: Span, focus: Span, max_whole_words: int = _MAX_WHOLE_WORDS) -> Span:
    """Return the sentence if it is short, else the words around `focus`."""
    words = [Span(*match.span()) for match in _WORD.finditer(text, sentence.start, sentence.end)]
    if len(words) <= max_whole_words:
        return sentence
    inside = [index for index, word in enumerate(words) if word.overlaps(focus)]
    if not inside:
        return sentence
    first_index, last_index = max(0, inside[0] - _CONTEXT_WORDS), min(len(words) - 1, inside[-1] + _CONTEXT_WORDS)
    return Span(words[first_index].start, words[last_index].end)
