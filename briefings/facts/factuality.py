"""Classify a sentence: something happened, is expected, is alleged or is denied.

Rule: only the paper's own words count. The input is a view in which everything inside quotation marks is blank, so
that a quoted promise or accusation is not taken for the paper's claim.

Rule: a sentence is expected when its main clause is: its first finite verb looks ahead ("is due to meet", "will"). A
plan inside a report ("said Wednesday that he will run"), in a clause with "who" or "because", in the past ("was to") or
denied ("has no plans to") leaves the sentence as it is.
"""

import re
from enum import StrEnum
from functools import lru_cache

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold


class Factuality(StrEnum):
    """How certain an event is."""

    HAPPENED = "happened"
    EXPECTED = "expected"
    ALLEGED = "alleged"
    DENIED = "denied"


#: an event that is both denied and alleged is denied
_PATTERNS = {
    factuality: re.compile(rf"\b(?:{lexicon.build_alternation(name)})\b")
    for factuality, name in ((Factuality.DENIED, "denied"), (Factuality.ALLEGED, "alleged"))
}
_OPEN_CUE = re.compile(
    rf"(?<!\w)(?P<verb>{lexicon.build_alternation('open_cues')})(?!\w)(?P<next> (?:not|no|never)\b)?"
)
_AHEAD = re.compile(
    rf"(?<!\w)(?:{lexicon.build_alternation('open_cues')}|{lexicon.build_alternation('to_come')})(?!\w)"
    r"(?! (?:not|no)\b)"
)
#: a clause that opens the sentence and is not the main one: "After the vote, ...", "If it passes, ..."
_OPENING_CLAUSE = re.compile(
    r"(?:after|although|as|because|before|but|despite|during|even|following|given|if|in|on|once|since|though|under|"
    r"unless|until|when|while|with|at|by|for|from|amid|also|meanwhile)\b[^,;:]*,\s+"
)
#: a clause that describes the subject: ", who won in May,", "(the party)", " - the largest -"
_ASIDE = re.compile(r",[^,;:]{2,120},|\([^()]*\)| - [^-]{2,120} - ")
#: words that open a clause which is not the main one
_SUBORDINATE = re.compile(
    r"(?<!\w)(?:that|which|who|whom|whose|where|when|while|because|although|though|if|whether|after|before|until|"
    r"unless|as|how|why|what|than)(?!\w)"
)
#: a finite verb before the cue makes the cue part of another clause
_FINITE = re.compile(
    rf"(?<![-\w])(?:{lexicon.build_alternation('past')}|is|are|was|were|has|have|had|does|do|did|can|could|would|may|"
    rf"might|should|{lexicon.build_alternation('cues')}|"
    r"(?<!the )(?<!a )(?<!an )(?<!his )(?<!her )(?<!its )(?<!of )(?<!newly )"
    r"\w{2,}[^\W_e]ed)(?!\w)"
)


def classify_factuality(view: str, part: Span) -> Factuality:
    """Return the factuality of `part` of `view`."""
    return _classify(part.of(view))


@lru_cache(maxsize=4_096)
def _classify(words: str) -> Factuality:
    folded_text = fold(words)
    if _is_main_clause_open(folded_text):
        return Factuality.EXPECTED
    return next(
        (factuality for factuality, pattern in _PATTERNS.items() if pattern.search(folded_text)), Factuality.HAPPENED
    )


def is_expected(view: str, part: Span) -> bool:
    """Tell whether the main clause of `part` of `view` is about something still to come."""
    return _is_main_clause_open(fold(part.of(view)))


def looks_ahead(view: str, part: Span) -> bool:
    """Tell whether `part` of `view` looks ahead anywhere, as the clause around a day does: "that it will vote on"."""
    return _AHEAD.search(fold(part.of(view))) is not None


def _is_main_clause_open(folded_text: str) -> bool:
    opening = _OPENING_CLAUSE.match(folded_text)
    clause = folded_text[opening.end() :] if opening else folded_text
    clause = _ASIDE.sub(" ", clause)
    cue = _OPEN_CUE.search(clause)
    if cue is None or cue["next"] or cue["verb"] == "won't":
        return False
    before = clause[: cue.start()]
    return _SUBORDINATE.search(before) is None and _FINITE.search(before) is None
