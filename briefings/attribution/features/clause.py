"""One cue in its sentence, as the boundary rules for contents see it, and the links that join parts of a description.

Rule: the boundary rules use parts of speech, commas and the probability of other cues, never particular words. Rule:
a link is a preposition, or an adjective or participle with a preposition, with nothing else between two mentions:
"allies of the leader", "a man close to the talks".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG

#: a token with a higher cue probability reports something itself
MIN_RIVAL_PROBABILITY = 0.5
FINITE_TAGS = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD"))
COMMA, CC, WH, IN, TO, RB, PRP = (TAG[tag] for tag in (",", "CC", "WH", "IN", "TO", "RB", "PRP"))
MD, VB, VBD, VBG = (TAG[tag] for tag in ("MD", "VB", "VBD", "VBG"))
STOP_TAGS = frozenset(TAG[tag] for tag in (",", ".", ":", "''"))
#: prepositions that make the mention before them the head
HEAD_PREPOSITIONS = frozenset(["of", "for", "within", "from", "inside"])
#: prepositions that can continue a description
_LINK_PREPOSITIONS = HEAD_PREPOSITIONS | {"in", "at", "with"}
_PREPOSITION_TAGS = frozenset([TAG["IN"], TAG["TO"]])
_POSTPOSED_TAGS = frozenset([TAG["JJ"], TAG["VBN"]])


@dataclass(frozen=True, slots=True)
class Clause:
    """A cue's head and its sentence, from token `start` to `end` (exclusive). The lists cover the whole article."""

    words: Sequence[str]
    tags: Sequence[int]
    passage_ids: Sequence[int]
    cue: Sequence[float]
    #: number of places before each token where another verb can be joined
    joint_counts: Sequence[int]
    head: int
    start: int
    end: int

    def has_finite_verb(self, tokens: Sequence[int] | range) -> bool:
        """Whether any of the tokens is a finite verb."""
        return any(self.tags[index] in FINITE_TAGS for index in tokens)

    def has_rival_cue(self, tokens: Sequence[int] | range) -> bool:
        """Whether any of the tokens is the head of another cue."""
        return any(self.cue[index] > MIN_RIVAL_PROBABILITY and index != self.head for index in tokens)

    def find_joined_verb(self, index: int) -> int:
        """Return the verb without a subject that the conjunction at `index` joins ("and also said"), or -1."""
        verb = index + 1
        while verb < self.end and self.tags[verb] == RB:
            verb += 1
        return verb if verb < self.end and (self.tags[verb] in FINITE_TAGS or self.tags[verb] == VBG) else -1


def find_clauses(document: Document, heads: IntArray, cue: FloatArray) -> Iterator[Clause]:
    """Yield the clause of each head, in order. `cue` is each token's probability of being a cue head."""
    starts = np.searchsorted(document.sentence, document.sentence[heads]).tolist()
    ends = np.searchsorted(document.sentence, document.sentence[heads], side="right").tolist()
    is_participle = (document.tags[1:] == VBG) & (document.tags[:-1] == COMMA)
    joint_counts = np.cumsum(np.r_[0, (document.tags == CC) | np.r_[False, is_participle]]).tolist()
    tags, passage_ids, cue_values = document.tags.tolist(), document.passage_ids.tolist(), cue.tolist()
    for head, start, end in zip(heads.tolist(), starts, ends, strict=True):
        yield Clause(document.tokens.words, tags, passage_ids, cue_values, joint_counts, head, start, end)


def find_gaps(tokens: Sequence[int]) -> list[tuple[int, int]]:
    """Return the last token before each gap in a content, and the first token after it."""
    if tokens[-1] - tokens[0] == len(tokens) - 1:
        return []
    return [(token, next_token) for token, next_token in pairwise(tokens) if next_token - token > 1]


def find_link_before(document: Document, first: int) -> int:
    """Return the first token of the link before the mention at token `first`, or -1."""
    if first > 1 and document.tokens.words[first - 1].lower() in HEAD_PREPOSITIONS:
        return first - 1
    return first - 2 if first > 2 and _is_postposed_modifier(document, first - 2) else -1


def find_link_after(document: Document, end: int) -> int:
    """Return the token after the link that begins at token `end`, or -1."""
    if end + 1 < len(document.tokens) and document.tokens.words[end].lower() in _LINK_PREPOSITIONS:
        return end + 1
    return end + 2 if end + 2 < len(document.tokens) and _is_postposed_modifier(document, end) else -1


def _is_postposed_modifier(document: Document, index: int) -> bool:
    """Whether "familiar with", "seen by" or "close to" begins at a token. "Such as" introduces an example instead."""
    words = document.tokens.words
    is_modifier = document.tags[index] in _POSTPOSED_TAGS or words[index] == "close"
    return bool(is_modifier and document.tags[index + 1] in _PREPOSITION_TAGS and words[index + 1].lower() != "as")
