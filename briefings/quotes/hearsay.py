"""Tells through whom a passage came: in “...,” Doe said, according to the Herald, the words are Doe's, from the Herald.

Rule: "according to" outside marks, behind a passage in its sentence or opening that sentence, names who passes it on.
(So do the annotators of PolNeAR: it is the source in 40 of 44 such sentences, whoever else is said to speak.)
"""

import numpy as np

from briefings.quotes.engine import Analysis
from briefings.quotes.found import Found
from briefings.quotes.parse import Parsed
from briefings.text.shapes import WORD, word_hash

#: a word is taken for the verb of saying of whoever spoke first when it is this likely to head a cue
LEAST_CUE = 0.5
#: tokens behind the passage that such a verb stands within
CLOSE = 8
_ACCORDING, _TO = word_hash("according"), word_hash("to")


def relayed(parsed: Parsed) -> dict[int, int]:
    """For each passage (by number) that came through somebody, the mention behind "according to"."""
    word = parsed.shapes[:, WORD]
    according = (word[:-1] == _ACCORDING) & (word[1:] == _TO) & (parsed.inside[:-1] == 0)
    out: dict[int, int] = {}
    for at in np.flatnonzero(according).tolist():
        mention = _behind(parsed, at + 2)
        start, end = np.searchsorted(parsed.sentence, [parsed.sentence[at], parsed.sentence[at] + 1])
        before = parsed.inside[start : end if at == start else at]
        if mention >= 0:
            out |= {number - 1: mention for number in np.unique(before[before > 0]).tolist()}
    return out


def first_told(analysis: Analysis, one: Found, through: int) -> tuple[int, int]:
    """Who speaks and the head of the cue: those of `one`, or of a verb of saying before the paper if that is all."""
    parsed, found = analysis.parsed, analysis.found
    first, last = parsed.mentions.first, parsed.mentions.last
    if not first[through] <= first[one.source] < last[through]:
        return one.source, one.cue
    ends = [int(np.searchsorted(parsed.tokens.starts, parsed.passages[number].outer.end)) for number in one.passages]
    behind = max((end for end in ends if end <= first[through]), default=first[through])
    between = (found.heads >= behind) & (found.heads < min(behind + CLOSE, first[through] - 2))
    between &= (found.sources >= 0) & (found.sources != through) & (parsed.inside[found.heads] == 0)
    likely = np.where(between, analysis.signals.cue[found.heads], 0)
    if not len(likely) or likely.max() < LEAST_CUE:
        return one.source, one.cue
    best = int(likely.argmax())
    return int(found.sources[best]), int(found.heads[best])


def _behind(parsed: Parsed, at: int) -> int:
    """The longest mention that begins at token `at`; -1 without one."""
    low, high = np.searchsorted(parsed.mentions.first, [at, at + 1]).tolist()
    return max(range(low, high), key=lambda number: int(parsed.mentions.last[number]), default=-1)
