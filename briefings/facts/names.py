"""The names in a sentence: people, places, parties, events, as the text writes them.

Rule: a name is a run of capitalised words; one word that opens a sentence is none unless the caller knows it.
"""

import re
from collections.abc import Iterator

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold

_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'](?!s\b)[^\W\d_][\w]*)*"
_NAME = re.compile(rf"\b{_CAPITALISED}(?: {_CAPITALISED})*")
_WORD = re.compile(r"\S+")
#: words of a name; a longer run is a headline in capitals
_LONGEST = 6


def names(text: str, within: Span) -> Iterator[Span]:
    """The names in the part `within` of `text`, in order, without the stop words and titles they open with."""
    for match in _NAME.finditer(text, within.start, within.end):
        words = list(_WORD.finditer(match.group()))
        dropped = 0
        while dropped < len(words) and _is_no_name(words[dropped].group()):
            dropped += 1
        opens = match.start() == within.start and dropped == 0 and len(words) == 1
        if dropped < len(words) <= _LONGEST + dropped and not opens:
            yield Span(match.start() + words[dropped].start(), match.end())


def _is_no_name(word: str) -> bool:
    return fold(word) in lexicon.words("stop_words") | lexicon.words("titles") | lexicon.words("openers")
