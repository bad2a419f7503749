"""One cue within its sentence, as the rules for the ends of contents look at it.

Rule: parts of speech, commas and the likelihood of other cues; never which words are said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.arrays import Floats, Ints
from briefings.text.tagger import TAG

#: a token this likely to head a cue reports something of its own
RIVAL = 0.5
FINITE = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD"))
COMMA, CC, WH, IN, TO, RB, PRP = (TAG[tag] for tag in (",", "CC", "WH", "IN", "TO", "RB", "PRP"))
MD, VB, VBD, VBG = (TAG[tag] for tag in ("MD", "VB", "VBD", "VBG"))
STOPS = frozenset(TAG[tag] for tag in (",", ".", ":", "''"))


@dataclass(frozen=True, slots=True)
class Clause:
    """A cue's head and the sentence it stands in, `start` to `end`; the lists hold the whole article's tokens."""

    words: Sequence[str]
    tags: Sequence[int]
    inside: Sequence[int]
    cue: Sequence[float]
    #: how many places where a verb may be joined on stand before each token
    joints: Sequence[int]
    head: int
    start: int
    end: int

    def finite(self, tokens: Sequence[int] | range) -> bool:
        """Whether any of the tokens is a finite verb."""
        return any(self.tags[at] in FINITE for at in tokens)

    def rival(self, tokens: Sequence[int] | range) -> bool:
        """Whether any of the tokens reports something of its own."""
        return any(self.cue[at] > RIVAL and at != self.head for at in tokens)

    def joined_verb(self, at: int) -> int:
        """The verb that the conjunction at `at` joins without a subject of its own ("and also said"); -1 for none."""
        verb = at + 1
        while verb < self.end and self.tags[verb] == RB:
            verb += 1
        return verb if verb < self.end and (self.tags[verb] in FINITE or self.tags[verb] == VBG) else -1


def clauses(parsed: Parsed, heads: Ints, cue: Floats) -> Iterator[Clause]:
    """The clause of each head, in order. `cue`: each token's likelihood of heading a cue."""
    starts = np.searchsorted(parsed.sentence, parsed.sentence[heads]).tolist()
    ends = np.searchsorted(parsed.sentence, parsed.sentence[heads], side="right").tolist()
    participle = (parsed.tags[1:] == VBG) & (parsed.tags[:-1] == COMMA)
    joints = np.cumsum(np.r_[0, (parsed.tags == CC) | np.r_[False, participle]]).tolist()
    tags, inside, likely = parsed.tags.tolist(), parsed.inside.tolist(), cue.tolist()
    for head, start, end in zip(heads.tolist(), starts, ends, strict=True):
        yield Clause(parsed.tokens.words, tags, inside, likely, joints, head, start, end)


def gaps(tokens: Sequence[int]) -> list[tuple[int, int]]:
    """The last token before each gap in a content, and the first behind it."""
    if tokens[-1] - tokens[0] == len(tokens) - 1:
        return []
    return [(one, other) for one, other in pairwise(tokens) if other - one > 1]
