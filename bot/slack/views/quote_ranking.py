"""Ranks the quotes of a person: whole sentences before fragments, and among these what most outlets report.

Rule: nothing is dropped. A few words tell little without their sentence, so they come last.
"""

from collections.abc import Sequence
from datetime import date

from briefings import Hit, Kind, SpeakerStatus, label_hit

#: fewest words of a full statement, of a sentence and of a phrase; anything shorter is a fragment
_MIN_WORDS = (12, 8, 5)


def rank_quotes(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits, best first: longest kinds first, then by outlets, newest first, then longest.

    Hits that are alike keep their order.
    """
    return tuple(sorted(hits, key=_get_rank))


def _get_rank(hit: Hit) -> tuple[int, bool, bool, int, int, int]:
    word_count = len(hit.quote.split())
    length_class = sum(word_count < min_words for min_words in _MIN_WORDS)
    day = (hit.published or date.min).toordinal()
    is_uncertain = label_hit(hit).status is not SpeakerStatus.CERTAIN
    return length_class, is_uncertain, hit.kind is Kind.INDIRECT, -hit.outlets, -day, -word_count
