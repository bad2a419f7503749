"""Judge how open a sentence is: whether it tells what is still to come or not known, in the article's own words.

Rule: only words outside quotation marks count, because a quoted promise is not news of what is open. A bare "will" is
right one time in three, so several cues together decide, and what "was expected" counts against.

The weights are set by hand from how often each cue was right on annotated stories; learnt ones were no better there.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from briefings.compose.outlook.clauses import split_clauses
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import load_table


class OpenKind(StrEnum):
    """What is open: a step still to come, or something that the articles call unknown."""

    AHEAD = "ahead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Openness:
    """How open a sentence is: its score (about -2 to 4) and the kind of its strongest cue."""

    score: float
    kind: OpenKind


#: weight of each kind of cue in `openness.txt`
_WEIGHTS = {
    "pending": 1.2,
    "unknown": 1.4,
    "undisclosed": 0.8,
    "obliged": 1.2,
    "undone": 0.5,
    "remaining": 0.5,
    "soon": 0.6,
    "wish": 0.4,
    "penalty": 0.3,
    "guess": -1.0,
    "past": -1.5,
}
_UNKNOWN_KINDS = frozenset({"unknown", "undisclosed"})
#: kinds that are not enough to make a sentence open
_MINOR_KINDS = frozenset({"soon", "guess", "past"})
_STATE_WEIGHT, _STEP_WEIGHT, _WILL_WEIGHT, _WOULD_WEIGHT, _COULD_WEIGHT = 1.2, 1.5, 0.5, 0.1, 0.4
#: share of the weight of a cue in a side clause, and least weight of the cues in the main one
_SIDE_SHARE, _MIN_MAIN_SCORE = 0.25, 0.3
_ADVERBS = r"(?:(?:also|already|first|later|likely|next|now|soon|still|then|widely|currently|tentatively)\s+)?"
_STATE = re.compile(rf"\b(?:is|are|remains?)\s+{_ADVERBS}(?:{lexicon.build_alternation('ahead_states')})\b")
_STEPS = lexicon.build_alternation("steps")
_STEP = re.compile(rf"\bwill\s+{_ADVERBS}(?:{_STEPS})\b")
_MUST_STEP = re.compile(rf"\b(?:must|has\s+to|have\s+to)\s+{_ADVERBS}(?:{_STEPS})\b")
_COULD_STEP = re.compile(rf"\bcould\s+{_ADVERBS}(?:{_STEPS})\b")
_WILL, _WOULD = (
    re.compile(r"\bwill\b(?!\s+(?:not|never|always|often|typically)\b|(?:\s+be)?\s{3})"),
    re.compile(r"\bwould\b"),
)
#: "If he dies, ...": what follows is open only if the condition is a step of procedure
_CONDITION = re.compile(r"\W*(?:but |and |even )?(?:if|had|were|unless)\b[^,]*")
_PROCEDURE = re.compile(r"\bif\b.*\b(?:approved|confirmed|convicted|elected|found guilty|passed|ratified|signed)\b")
_CONDITION_WEIGHT = -1.5
_PATTERN_WEIGHTS = (
    (_STATE, _STATE_WEIGHT),
    (_STEP, _STEP_WEIGHT),
    (_MUST_STEP, _STATE_WEIGHT),
    (_WILL, _WILL_WEIGHT),
    (_WOULD, _WOULD_WEIGHT),
    (_COULD_STEP, _COULD_WEIGHT),
)
#: "Much remains unclear", which does not say what; "Whether it did remains unclear", which does not say of what
_EMPTY = re.compile(
    r"\b(?:much|lot|questions?|details?|little|things?)\b(?:\s+\w+){0,4}\s+(?:remains?|(?:is|are)\b)|"
    r"^\W*(?:but\s+)?(?:how|what|when|whether|where|why)\s+(?:he|it|she|that|they|this)\b"
)
_EMPTY_WEIGHT = -1.0
#: "whether that is true": what "that" means is in another sentence
_POINTING_QUESTION = re.compile(
    r"\b(?:how|if|what|when|whether|where|why)\s+(?:that|this|it|he|she|they|those|these)\b"
)
#: "It is not clear whether": this "it" points to nothing before
_EXPLETIVE = re.compile(
    r"it\s+(?:is|was|remains|isn't|wasn't)\s+(?:\w+\s+){0,2}(?:clear|known|unclear|unknown|uncertain)\b"
)


@lru_cache(maxsize=4_096)
def judge_openness(unquoted_words: str) -> Openness:
    """Return how open a sentence is; quoted words are blank in `unquoted_words`."""
    folded_words = fold(unquoted_words)
    clauses = split_clauses(folded_words)
    main_score, main_kinds = _weigh_cues(clauses.main)
    if main_score < _MIN_MAIN_SCORE:
        return Openness(0.0, OpenKind.AHEAD)
    score = main_score + _SIDE_SHARE * _weigh_cues(clauses.side)[0]
    if _CONDITION.match(folded_words) and not _PROCEDURE.search(folded_words):
        score += _CONDITION_WEIGHT
    if _EMPTY.search(clauses.main):
        score += _EMPTY_WEIGHT
    return Openness(score, OpenKind.UNKNOWN if main_kinds & _UNKNOWN_KINDS else OpenKind.AHEAD)


def _weigh_cues(folded_clauses: str) -> tuple[float, frozenset[str]]:
    """Return the sum of the weights of the cues, 0 if there are only minor ones, and their kinds."""
    kinds = {load_table("openness")[" ".join(cue.split())] for cue in _compile_cues().findall(folded_clauses)}
    weights = [weight for pattern, weight in _PATTERN_WEIGHTS if pattern.search(folded_clauses) is not None]
    if not weights and kinds <= _MINOR_KINDS:
        return 0.0, frozenset()
    return sum(weights) + sum(_WEIGHTS[kind] for kind in sorted(kinds)), frozenset(kinds)


@lru_cache(maxsize=4_096)
def opens_with_expletive(words: str) -> bool:
    """Tell whether a sentence opens like "It is not clear whether", which needs no sentence before it."""
    folded_words = fold(words)
    return _EXPLETIVE.match(folded_words) is not None and _POINTING_QUESTION.search(folded_words) is None


@cache
def _compile_cues() -> re.Pattern[str]:
    longest_first = sorted(load_table("openness"), key=lambda cue: (-len(cue), cue))
    alternation = "|".join(r"\s+".join(map(re.escape, cue.split())) for cue in longest_first)
    return re.compile(rf"\b(?:{alternation})\b")
