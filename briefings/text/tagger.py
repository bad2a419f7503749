"""Parts of speech, Penn Treebank style with a few tags merged.

Rule: two linear passes over all tokens at once; the second sees the tags that the first gave to the neighbours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from briefings.text.arrays import Anything, Ints
from briefings.text.linear import Linear, mix, shift
from briefings.text.shapes import DASHES, FIRST_UPPER, SHAPE, SUFFIX2, SUFFIX3, WORD

TAGS = (
    "NN", "NNS", "NNP", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD", "DT", "IN", "TO", "JJ", "RB", "CC", "CD", "PRP",
    "PRP$", "WH", "POS", "EX", ",", ".", ":", "''", "(", "X",
)  # fmt: skip
TAG = {tag: number for number, tag in enumerate(TAGS)}
MERGED = {
    "NNPS": "NNP", "JJR": "JJ", "JJS": "JJ", "RBR": "RB", "RBS": "RB", "RP": "RB", "PDT": "DT", "WDT": "WH", "WP": "WH",
    "WP$": "WH", "WRB": "WH", "``": "''", "-LRB-": "(", "-RRB-": "(",
}  # fmt: skip
VERBS = frozenset(TAG[tag] for tag in ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """`classes` numbers the sets of tags a common word is known to take; 0 stands for a word not known."""

    classes: Mapping[str, int]
    first: Linear
    second: Linear

    def tag(self, words: Sequence[str], shapes: Ints, paragraph: Ints) -> Ints:
        """The number of each token's tag in TAGS."""
        if not words:
            return np.zeros(0, dtype=np.int64)
        known = self.known(words)
        base = templates(known, shapes, paragraph)
        guess = self.first.scores(mix(base, self.first.bits)).argmax(axis=1)
        again = base + tag_templates(known, shapes, paragraph, guess)
        tags: Ints = self.second.scores(mix(again, self.second.bits)).argmax(axis=1)
        return tags

    def known(self, words: Sequence[str]) -> Ints:
        """The class of each word."""
        get = self.classes.get
        return np.array([get(word) or get(DASHES.get(word) or word.lower(), 0) for word in words], dtype=np.int64)


def templates(known: Ints, shapes: Ints, paragraph: Ints) -> list[list[Anything]]:
    """What the first pass sees: the word, its ending and shape, its neighbours and their classes."""
    word, suffix, short, form = (shapes[:, column] for column in (WORD, SUFFIX3, SUFFIX2, SHAPE))
    k = {by: shift(known + 1, by, paragraph) for by in (-2, -1, 0, 1, 2)}
    w = {by: shift(word, by, paragraph) for by in (-1, 1)}
    s = {by: shift(suffix, by, paragraph) for by in (-1, 1)}
    opens = shift(shapes[:, FIRST_UPPER] + 1, -1, paragraph)
    return [
        [word],
        [suffix, form],
        [short, form],
        [form, k[-1]],
        [k[0]],
        [k[0], form, opens],
        [k[-1], k[0]],
        [k[0], k[1]],
        [k[-1], k[0], k[1]],
        [k[-2], k[-1], k[0]],
        [k[0], k[1], k[2]],
        [word, k[-1]],
        [word, k[1]],
        [w[-1], k[0]],
        [w[1], k[0]],
        [suffix, k[-1], k[1]],
        [s[-1], suffix],
        [suffix, s[1]],
        [form, shift(form, -1, paragraph), shift(form, 1, paragraph)],
    ]


def tag_templates(known: Ints, shapes: Ints, paragraph: Ints, tags: Ints) -> list[list[Anything]]:
    """What the second pass sees besides: the tags of the two neighbours on either side."""
    word, suffix = shapes[:, WORD], shapes[:, SUFFIX3]
    t = {by: shift(tags + 1, by, paragraph) for by in (-2, -1, 0, 1, 2)}
    return [
        [t[-1], t[0]],
        [t[0], t[1]],
        [t[-2], t[-1], t[0]],
        [t[-1], t[0], t[1]],
        [t[0], t[1], t[2]],
        [word, t[-1]],
        [word, t[1]],
        [suffix, t[-1], t[1]],
        [known, t[-1], t[1]],
        [t[-2], t[-1], t[0], t[1], t[2]],
    ]
