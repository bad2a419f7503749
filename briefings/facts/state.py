"""Whether a sentence tells of what happened, what is expected, what is alleged, or what is denied.

Rule: only the paper's own words count. It is read from a view in which everything inside quotation marks is blank, so
that nobody's promise or accusation passes for the paper's claim.
"""

import re
from enum import StrEnum

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold


class State(StrEnum):
    """How far a thing told is established."""

    HAPPENED = "happened"
    EXPECTED = "expected"
    ALLEGED = "alleged"
    DENIED = "denied"


#: the strongest first: what is both expected and denied has not happened, whatever else it is
_WORDS = {
    state: re.compile(rf"\b(?:{lexicon.alternation(name)})\b")
    for state, name in ((State.EXPECTED, "to_come"), (State.DENIED, "denied"), (State.ALLEGED, "alleged"))
}


def state_of(view: str, part: Span) -> State:
    """The state of what a part of `view` tells."""
    folded = fold(part.of(view))
    return next((state for state, words in _WORDS.items() if words.search(folded)), State.HAPPENED)


def is_to_come(view: str, part: Span) -> bool:
    """Whether a part of `view` tells of something still to come."""
    return _WORDS[State.EXPECTED].search(fold(part.of(view))) is not None
