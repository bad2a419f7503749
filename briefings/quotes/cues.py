"""Scores every token as the head of a cue: "said", "according", "accused", "statement".

Rule: one linear model over hashed features of the token and its neighbourhood, all tokens of an article at once.
"""

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.arrays import Anything, Floats, Ints
from briefings.text.linear import Linear, mix, shift
from briefings.text.shapes import FIRST_UPPER, STEM, SUFFIX3, WORD, word_hash
from briefings.text.tagger import TAG

_THAT = word_hash("that")
_MARKS = [word_hash(mark) for mark in '“”"‘`']


def cue_probabilities(parsed: Parsed, model: Linear) -> Floats:
    """For each token, the probability that it is the head of a cue."""
    if not len(parsed.tokens):
        return np.zeros(0, dtype=np.float32)
    return model.probability(mix(templates(parsed), model.bits))


def templates(parsed: Parsed) -> list[list[Anything]]:
    """The features of every token."""
    word, stem, suffix = (parsed.shapes[:, column] for column in (WORD, STEM, SUFFIX3))
    tags, group = parsed.tags + 1, parsed.sentence
    inside = (parsed.inside > 0).astype(np.int64)
    w = {by: shift(word, by, group) for by in (-3, -2, -1, 1, 2, 3)}
    t = {by: shift(tags, by, group) for by in (-3, -2, -1, 0, 1, 2, 3)}
    s = {by: shift(stem, by, group) for by in (-1, 1)}
    before, behind = _mention_before(parsed), _mention_behind(parsed)
    quote = _quote_near(parsed)
    subject = before + 16 * inside
    soon = _within(word == _THAT, 4, group)
    start = np.minimum(_from_start(group), 6)
    passive = _chain(tags, t)
    upper = parsed.shapes[:, FIRST_UPPER]
    return [
        [word], [word, t[0]], [stem], [stem, t[0]], [suffix, t[0]], [t[0], inside],
        [stem, w[1]], [stem, w[-1]], [stem, t[1]], [stem, t[-1]], [stem, t[-1], t[1]],
        [stem, subject], [stem, behind], [stem, quote], [stem, soon], [stem, inside], [stem, start == 0, upper],
        [stem, passive], [w[-1], t[0], w[1]], [w[-1], t[0]], [t[0], w[1]], [w[-2], w[-1], t[0]], [t[0], w[1], w[2]],
        [stem, w[1], w[2]], [stem, w[-1], w[-2]], [t[-1], t[0], t[1]], [t[-2], t[-1], t[0]], [t[0], t[1], t[2]],
        [t[-2], t[-1], t[0], t[1], t[2]], [t[0], subject, quote], [t[0], subject, behind], [t[0], soon, subject],
        [t[0], start], [s[-1], t[0]], [s[1], t[0]], [t[0], w[-3]], [t[0], w[3]], [t[0], w[2]], [t[0], w[-2]],
        [suffix, quote, before], [suffix, behind, before], [t[0], passive, behind], [stem, behind, before, soon],
        [t[0], quote, start], [stem, t[1], t[2]],
    ]  # fmt: skip


def _mention_before(parsed: Parsed) -> Ints:
    """Form of the mention that ends just before each token, adverbs and auxiliaries aside, plus how it is reached."""
    out = np.zeros(len(parsed.tokens), dtype=np.int64)
    out[np.minimum(parsed.mentions.last, len(out) - 1)] = parsed.mentions.form
    return _carry(out, parsed, (TAG["RB"], TAG["MD"], TAG["VBZ"], TAG["VBD"], TAG["VBP"]), step=1)


def _mention_behind(parsed: Parsed) -> Ints:
    out = np.zeros(len(parsed.tokens), dtype=np.int64)
    starts = parsed.mentions.first - 1
    keep = starts >= 0
    out[starts[keep]] = parsed.mentions.form[keep]
    return out


def _carry(found: Ints, parsed: Parsed, over: tuple[int, ...], step: int) -> Ints:
    """Hands a value on over tokens of the tags `over`, at most three, marking that it was handed on (+8)."""
    passing = np.isin(parsed.tags, over)
    for _ in range(3):
        moved = np.where(
            shift(passing.astype(np.int64), -step, parsed.sentence) > 0, shift(found, -step, parsed.sentence), 0
        )
        moved = np.where((moved > 0) & (moved < 8), moved + 8, moved)
        found = np.where(found > 0, found, moved)
    return found


def _quote_near(parsed: Parsed) -> Ints:
    """Bits: a mark within two tokens before, within two after, a passage in the sentence, a colon or comma next."""
    mark = np.isin(parsed.shapes[:, WORD], _MARKS)
    group = parsed.sentence
    count = group[-1] + 1
    quoted = (np.bincount(group, weights=parsed.inside > 0, minlength=count) > 0)[group].astype(np.int64)
    colon = shift((parsed.tags == TAG[":"]).astype(np.int64), 1, group)
    comma = shift((parsed.tags == TAG[","]).astype(np.int64), 1, group)
    bits: Ints = _within(mark, -2, group) + 2 * _within(mark, 2, group) + 4 * quoted + 8 * colon + 16 * comma
    return bits


def _within(flags: Anything, reach: int, group: Ints) -> Ints:
    """1 where a flag stands within `reach` tokens after (before, if negative)."""
    step = 1 if reach > 0 else -1
    total = np.zeros(len(flags), dtype=np.int64)
    for by in range(step, reach + step, step):
        total |= shift(flags.astype(np.int64), by, group)
    return total


def _from_start(group: Ints) -> Ints:
    """How many tokens of the same group stand before each token."""
    starts = np.r_[0, np.flatnonzero(np.diff(group)) + 1]
    behind: Ints = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return behind


def _chain(tags: Ints, near: dict[int, Anything]) -> Ints:
    """Tags of the verbs just before and just behind: "is expected to", "has said", "went on to say"."""
    verbs = np.isin(tags - 1, [TAG[name] for name in ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD", "TO")])
    group = np.zeros(len(tags), dtype=np.int64)
    left = np.where(shift(verbs.astype(np.int64), -1, group) > 0, near[-1], 0)
    right = np.where(shift(verbs.astype(np.int64), 1, group) > 0, near[1], 0)
    return left * 32 + right
