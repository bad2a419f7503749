"""Tell whether a line reports as done what an earlier line announced: "will approve the aid", then "approved the aid".

Rule: the verb of the plan comes back in the past tense, outside quotation marks, with enough of the plan's other words.
A line that looks ahead itself reports no outcome.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from briefings.compose.outlook.plans import list_past_forms
from briefings.compose.selection import stem
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold

_ADVERBS = r"(?:(?:also|finally|first|formally|immediately|later|likely|next|now|officially|soon|then)\s+)?"
_PLAN = re.compile(
    rf"\b(?:will|would|(?:is|are|was|were)\s+(?:due|expected|scheduled|set|likely|about)?\s*to|plans?\s+to|intends?\s+to|"
    rf"(?:is|are|was|were)\s+{_ADVERBS}(?:due|expected|scheduled|set|likely|about)\s+to)\s+{_ADVERBS}(?P<verb>[a-z]{{2,}})\b"
)
_QUOTATION, _WORD = re.compile('[“"][^“”"]*[”"]'), re.compile("[a-z]+")
_DENIAL = re.compile(rf"\b(?:{lexicon.build_alternation('negations')})\b")
#: words of the plan, the verb aside, that the outcome has too: at least so many and this share
_MIN_SHARED_TERMS, _MIN_SHARED_SHARE = 3, 0.4
#: verbs that say little about what is planned
_LIGHT_VERBS = frozenset({"be", "have", "do", "get", "continue", "remain", "need", "want"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a line announces: the past forms of its planned verbs, each with the stems of the line's other words."""

    steps: tuple[tuple[frozenset[str], frozenset[str]], ...]

    def is_done_in(self, text: str) -> bool:
        """Tell whether `text` reports a step of the plan as done."""
        words, stems = _read_outcome(text)
        return any(
            not words.isdisjoint(past_forms)
            and len(plan_stems & stems) >= max(_MIN_SHARED_TERMS, _MIN_SHARED_SHARE * min(len(plan_stems), len(stems)))
            for past_forms, plan_stems in self.steps
        )


def find_plan(text: str) -> Plan | None:
    """Return what a line announces, or None."""
    unquoted_text = _QUOTATION.sub(" ", text)
    stems = frozenset(map(stem, extract_terms(unquoted_text)))
    verbs = sorted({match["verb"] for match in _PLAN.finditer(fold(unquoted_text))} - _LIGHT_VERBS)
    return Plan(tuple((list_past_forms(verb), stems - {stem(verb)}) for verb in verbs)) if verbs else None


@lru_cache(maxsize=4_096)
def _read_outcome(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words and the stems of a line outside quotation marks; nothing if it looks ahead or denies."""
    unquoted_text = _QUOTATION.sub(" ", text)
    folded_text = fold(unquoted_text)
    if _PLAN.search(folded_text) or _DENIAL.search(folded_text):
        return frozenset(), frozenset()
    return frozenset(_WORD.findall(folded_text)), frozenset(map(stem, extract_terms(unquoted_text)))
