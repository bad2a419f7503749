"""Scores every mention as the source of something, whatever it may be: the first guess that the rankers build on.

Rule: one linear model over hashed features of the mention and its neighbours, all mentions of an article at once.
"""

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.arrays import Anything, Floats
from briefings.text.linear import Linear, mix
from briefings.text.shapes import STEM, WORD


def source_probabilities(parsed: Parsed, cue: Floats, model: Linear) -> Floats:
    """For each mention, the probability that it is the source of an attribution."""
    if not len(parsed.mentions):
        return np.zeros(0, dtype=np.float32)
    return model.probability(mix(templates(parsed, cue), model.bits))


def templates(parsed: Parsed, cue: Floats) -> list[list[Anything]]:
    """The features of every mention."""
    first, last, head, form = (getattr(parsed.mentions, name) for name in ("first", "last", "head", "form"))
    edge = np.zeros(4, dtype=np.int64)
    word = np.r_[edge, parsed.shapes[:, WORD], edge]
    stem = np.r_[edge, parsed.shapes[:, STEM], edge]
    tag = np.r_[edge, parsed.tags + 1, edge]
    level = np.r_[edge, 1 + np.digitize(cue, (0.03, 0.15, 0.4, 0.7, 0.93)), edge]
    first, last, head = first + 4, last + 4, head + 4
    inside = np.r_[edge, (parsed.inside > 0).astype(np.int64), edge]
    here = inside[head] * 8 + form
    side = inside[first - 1] * 2 + inside[last]
    return [
        [here],
        [word[head], form],
        [stem[head]],
        [here, level[last]],
        [here, level[first - 1]],
        [here, level[last], level[last + 1]],
        [here, level[first - 1], level[first - 2]],
        [here, level[last], level[last + 1], level[last + 2]],
        [word[head], level[last]],
        [word[head], level[first - 1]],
        [here, word[last]],
        [here, word[first - 1]],
        [here, tag[last]],
        [here, tag[first - 1]],
        [here, tag[last], tag[last + 1]],
        [here, tag[first - 1], tag[first - 2]],
        [here, stem[last], level[last]],
        [here, stem[first - 1], level[first - 1]],
        [here, word[first - 1], word[first - 2]],
        [here, word[last], word[last + 1]],
        [word[first], form],
        [here, stem[last + 1], level[last + 1]],
        [here, tag[first - 1], level[last]],
        [here, tag[last], level[last + 1], tag[first - 1]],
        [here, side, level[last], level[first - 1]],
        [here, stem[last + 2], level[last + 2]],
    ]
