"""Whether a sentence tells of what happened, what is expected, what is alleged, or what is denied.

Rule: only the paper's own words count. It is read from a view in which everything inside quotation marks is blank, so
that nobody's promise or accusation passes for the paper's claim.
"""

import re
from enum import StrEnum

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold


class Factuality(StrEnum):
    """How far a thing told is established."""

    HAPPENED = "happened"
    EXPECTED = "expected"
    ALLEGED = "alleged"
    DENIED = "denied"


#: the strongest first: what is both expected and denied has not happened, whatever else it is
_PATTERNS = {
    factuality: re.compile(rf"\b(?:{lexicon.build_alternation(name)})\b")
    for factuality, name in (
        (Factuality.EXPECTED, "to_come"),
        (Factuality.DENIED, "denied"),
        (Factuality.ALLEGED, "alleged"),
    )
}


def classify_factuality(view: str, part: Span) -> Factuality:
    """The state of what a part of `view` tells."""
    folded_text = fold(part.of(view))
    return next(
        (factuality for factuality, pattern in _PATTERNS.items() if pattern.search(folded_text)), Factuality.HAPPENED
    )


def is_expected(view: str, part: Span) -> bool:
    """Whether a part of `view` tells of something still to come."""
    return _PATTERNS[Factuality.EXPECTED].search(fold(part.of(view))) is not None
