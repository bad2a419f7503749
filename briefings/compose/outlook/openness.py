"""Judge how open a sentence is: whether it tells what is still to come or not known, in the article's own words.

Rule: only words outside quotation marks count, because a quoted promise is not news of what is open. A bare "will" is
right one time in three, so several cues together decide, and what "was expected" counts against.

The weights are set by hand from how often each cue was right on annotated stories; learnt ones were no better there.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

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
    "unknown": 1.2,
    "obliged": 1.2,
    "undisclosed": 0.8,
    "undone": 0.5,
    "remaining": 0.5,
    "soon": 0.6,
    "wish": 0.4,
    "penalty": 0.3,
    "past": -1.5,
}
_UNKNOWN_KINDS = frozenset({"unknown", "undisclosed"})
_STATE_WEIGHT, _STEP_WEIGHT, _WILL_WEIGHT, _WOULD_WEIGHT = 1.2, 1.5, 0.5, 0.1
_ADVERBS = r"(?:(?:also|already|first|later|likely|next|now|soon|still|then|widely)\s+)?"
_STATE = re.compile(rf"\b(?:is|are|remains?)\s+{_ADVERBS}(?:{lexicon.build_alternation('ahead_states')})\b")
_STEP = re.compile(rf"\bwill\s+{_ADVERBS}(?:{lexicon.build_alternation('steps')})\b")
_WILL, _WOULD = re.compile(r"\bwill\b"), re.compile(r"\bwould\b")
#: "Roe, who will retire in May, said": a relative clause inside the main clause
_ASIDE = re.compile(r",\s+(?:who|whom|whose|which|where)\b[^,;]*,")
#: "whether that is true": what "that" means is in another sentence
_POINTING_QUESTION = re.compile(
    r"\b(?:how|if|what|when|whether|where|why)\s+(?:that|this|it|he|she|they|those|these)\b"
)
#: "It is not clear whether": this "it" points to nothing before
_EXPLETIVE = re.compile(
    r"it\s+(?:is|was|remains|isn't|wasn't)\s+(?:\w+\s+){0,2}(?:clear|known|unclear|unknown|uncertain)\b"
)


def judge_openness(unquoted_words: str) -> Openness:
    """Return how open a sentence is; quoted words are blank in `unquoted_words`."""
    folded_words = _ASIDE.sub(" ", fold(unquoted_words))
    kinds = {load_table("openness")[" ".join(cue.split())] for cue in _compile_cues().findall(folded_words)}
    score = sum(_WEIGHTS[kind] for kind in sorted(kinds))
    score += _STATE_WEIGHT * (_STATE.search(folded_words) is not None)
    score += _STEP_WEIGHT * (_STEP.search(folded_words) is not None)
    score += _WILL_WEIGHT * (_WILL.search(folded_words) is not None)
    score += _WOULD_WEIGHT * (_WOULD.search(folded_words) is not None)
    return Openness(score, OpenKind.UNKNOWN if kinds & _UNKNOWN_KINDS else OpenKind.AHEAD)


def opens_with_expletive(words: str) -> bool:
    """Tell whether a sentence opens like "It is not clear whether", which needs no sentence before it."""
    folded_words = fold(words)
    return _EXPLETIVE.match(folded_words) is not None and _POINTING_QUESTION.search(folded_words) is None


@cache
def _compile_cues() -> re.Pattern[str]:
    longest_first = sorted(load_table("openness"), key=lambda cue: (-len(cue), cue))
    alternation = "|".join(r"\s+".join(map(re.escape, cue.split())) for cue in longest_first)
    return re.compile(rf"\b(?:{alternation})\b")
