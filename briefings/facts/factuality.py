"""Classify a sentence: something happened, is expected, is alleged or is denied.

Rule: only the paper's own words count. The input is a view in which everything inside quotation marks is blank, so
that a quoted promise or accusation is not taken for the paper's claim.
"""

import re
from enum import StrEnum

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold


class Factuality(StrEnum):
    """How certain an event is."""

    HAPPENED = "happened"
    EXPECTED = "expected"
    ALLEGED = "alleged"
    DENIED = "denied"


#: strongest first: an event that is both expected and denied has not happened
_PATTERNS = {
    factuality: re.compile(rf"\b(?:{lexicon.build_alternation(name)})\b")
    for factuality, name in (
        (Factuality.EXPECTED, "to_come"),
        (Factuality.DENIED, "denied"),
        (Factuality.ALLEGED, "alleged"),
    )
}


def classify_factuality(view: str, part: Span) -> Factuality:
    """Return the factuality of `part` of `view`."""
    folded_text = fold(part.of(view))
    return next(
        (factuality for factuality, pattern in _PATTERNS.items() if pattern.search(folded_text)), Factuality.HAPPENED
    )


def is_expected(view: str, part: Span) -> bool:
    """Whether `part` of `view` is about something still to come."""
    return _PATTERNS[Factuality.EXPECTED].search(fold(part.of(view))) is not None
