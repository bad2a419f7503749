"""The names in a sentence: people, places, parties, events, as the text writes them.

Rule: a name is a run of capitalised words; one word that opens a sentence is none unless the caller knows it.
"""

import re
from collections.abc import Iterator

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold

_CAPITALISED_WORD = r"[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'](?!s\b)[^\W\d_][\w]*)*"
_NAME = re.compile(rf"\b{_CAPITALISED_WORD}(?: {_CAPITALISED_WORD})*")
_WORD = re.compile(r"\S+")
#: words of a name; a longer run is a headline in capitals
_MAX_NAME_WORDS = 6


def find_names(text: str, span: Span) -> Iterator[Span]:
    """The names in the part `within` of `text`, in order, without the stop words and titles they open with."""
    for match in _NAME.finditer(text, span.start, span.end):
        words = list(_WORD.finditer(match.group()))
        skip_count = 0
        while skip_count < len(words) and _is_not_name(words[skip_count].group()):
            skip_count += 1
        is_first_word = match.start() == span.start and skip_count == 0 and len(words) == 1
        if skip_count < len(words) <= _MAX_NAME_WORDS + skip_count and not is_first_word:
            yield Span(match.start() + words[skip_count].start(), match.end())


def _is_not_name(word: str) -> bool:
    return fold(word) in lexicon.load_words("stop_words") | lexicon.load_words("titles") | lexicon.load_words("openers")
