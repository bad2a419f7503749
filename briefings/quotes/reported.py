"""Candidates of reported speech: each likely cue with its source and its content, and how likely the whole is right.

Rule: many candidates are made, cheaply; one classifier, which sees all parts at once, says which of them hold.
"""

from dataclasses import dataclass

import numpy as np

from briefings.quotes.bounds import mended
from briefings.quotes.contents import contents, kept
from briefings.quotes.pairs import Anchors, Signals, pairs
from briefings.quotes.parse import Parsed
from briefings.quotes.trees import Forest
from briefings.text.arrays import Anything, Bools, Floats, Ints
from briefings.text.linear import Linear
from briefings.text.shapes import FIRST_UPPER
from briefings.text.tagger import TAG, VERBS

#: tokens less likely than this to head a cue are not looked at
LEAST_CUE = 0.1
#: at most one candidate cue in so many tokens of a sentence, and three
TOKENS_PER_CUE = 5
#: how many features `features` gives
COLUMNS = 43


@dataclass(frozen=True, slots=True)
class Reported:
    """Parallel to `heads`: the source mention (-1 nobody) and its probability, the content's tokens, the features."""

    heads: Ints
    sources: Ints
    source_sure: Floats
    tokens: list[Ints]
    features: Floats


def cue_heads(parsed: Parsed, cue: Floats) -> Ints:
    """The tokens that may head a cue, in order; their number is bounded by the text's length."""
    likely = np.flatnonzero((cue > LEAST_CUE) & kept(parsed) & ~_before_nouns(parsed))
    if not len(likely):
        return likely
    order = likely[np.argsort(-cue[likely], kind="stable")]
    group = parsed.sentence[order]
    by_group = np.argsort(group, kind="stable")
    sorted_group = group[by_group]
    rank = np.arange(len(group)) - np.searchsorted(sorted_group, sorted_group)
    lengths = np.bincount(parsed.sentence)
    return np.sort(order[by_group][rank < 3 + lengths[sorted_group] // TOKENS_PER_CUE])


def _before_nouns(parsed: Parsed) -> Bools:
    """Participles that say which of several is meant ("a noted writer", "his proposed ban"): they report nothing."""
    before, behind = np.r_[-1, parsed.tags[:-1]], np.r_[parsed.tags[1:], -1]
    found: Bools = np.isin(parsed.tags, _PARTICIPLES) & np.isin(before, _DETERMINERS) & np.isin(behind, _NOMINAL)
    return found


_PARTICIPLES = [TAG[tag] for tag in ("JJ", "VBN", "VBG")]
_DETERMINERS = [TAG[tag] for tag in ("DT", "PRP$", "POS")]
_NOMINAL = [TAG[tag] for tag in ("NN", "NNS", "NNP", "JJ")]


def choose(scores: Floats, anchor: Ints, mention: Ints, count: int) -> tuple[Ints, Ints, Floats]:
    """For each anchor its best mention, that one's row, and its share of the anchor's softmax."""
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(anchor, np.arange(count))
    peak = np.maximum.reduceat(scores, starts)
    lift = np.exp(scores - peak[anchor])
    best = np.flatnonzero(scores == peak[anchor])
    row = best[np.searchsorted(anchor[best], np.arange(count))]
    return mention[row], row, (1 / np.add.reduceat(lift, starts)).astype(np.float32)


def reported(signals: Signals, heads: Ints, ranker: Forest, chain: Linear) -> Reported:
    """All candidates of an article."""
    found = pairs(signals, Anchors(heads, heads + 1), near=True)
    scores = ranker.scores(found.features)
    sources, _, sure = choose(scores, found.anchor, found.mention, len(heads))
    return described(signals, heads, sources, sure, chain)


def described(signals: Signals, heads: Ints, sources: Ints, sure: Floats, chain: Linear) -> Reported:
    """The candidates whose sources are known already."""
    found, margin = contents(signals.parsed, heads, sources, chain)
    tokens = mended(signals.parsed, heads, sources, found, signals.cue)
    return Reported(heads, sources, sure, tokens, features(signals, heads, sources, sure, tokens, margin))


def features(signals: Signals, heads: Ints, sources: Ints, sure: Floats, tokens: list[Ints], margin: Floats) -> Floats:
    """What the classifier sees of each candidate."""
    if not len(heads):
        return np.zeros((0, COLUMNS), dtype=np.float32)
    parsed = signals.parsed
    mentions = parsed.mentions
    low = np.array([t[0] if len(t) else h for t, h in zip(tokens, heads, strict=True)])
    high = np.array([t[-1] if len(t) else h for t, h in zip(tokens, heads, strict=True)])
    size = np.array([len(t) for t in tokens])
    pieces = np.array([1 + int((np.diff(t) > 1).sum()) if len(t) else 0 for t in tokens])
    some = sources >= 0
    source = np.where(some, sources, 0)
    first, last = (mentions.first[source], mentions.last[source]) if len(mentions) else (heads, heads)
    form = np.where(some, mentions.form[source], 0) if len(mentions) else np.zeros(len(heads))
    likely = np.where(some, signals.source[source], 0) if len(mentions) else np.zeros(len(heads))
    sentence = signals.sentence[heads]
    start = np.searchsorted(signals.sentence, sentence)
    end = np.searchsorted(signals.sentence, sentence, side="right")
    cue = signals.cue[heads]
    columns = [
        cue,
        sure,
        margin,
        size,
        pieces,
        form,
        likely,
        np.where(some, np.where(first > heads, 1, 0), -1),
        np.where(some, np.where(first > heads, first - heads, heads - last), -1),
        low - heads,
        high - heads,
        end - 1 - high,
        low - start,
        heads - start,
        end - heads,
        end - start,
        parsed.inside[heads] > 0,
        parsed.inside[low] > 0,
        parsed.inside[high] > 0,
        signals.between(signals.quoted, low, high + 1),
        parsed.tags[heads],
        signals.tags[heads + 1],
        signals.tags[heads - 1],
        parsed.tags[low],
        signals.tags[low - 1],
        parsed.tags[high],
        signals.tags[high + 1],
        signals.upper[low],
        signals.between(signals.verbs, low, high + 1),
        *_rivals(signals, heads, low, high, cue),
        signals.paragraph[heads],
        _overlap(tokens, first, last, some),
        np.isin(signals.tags[heads], list(VERBS)),
        signals.between(signals.commas, low, high + 1),
        signals.tags[heads + 2],
        parsed.shapes[heads, FIRST_UPPER],
        signals.tags[low + 1],
        signals.tags[heads - 2],
        signals.cue[low],
        signals.between(signals.doubt, low, high + 1),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _rivals(signals: Signals, heads: Ints, low: Ints, high: Ints, cue: Floats) -> list[Anything]:
    """The likeliest other cue of the neighbourhood: inside the content, before it, after it."""
    pad = np.r_[0, cue, 0]
    same = signals.sentence[heads]
    near = np.r_[-1, same, -1]
    left, right = np.where(near[:-2] == same, pad[:-2], 0), np.where(near[2:] == same, pad[2:], 0)
    a, b = np.searchsorted(heads, low), np.searchsorted(heads, high, side="right")
    bounds = np.stack([a, np.maximum(b, a + 1)], axis=1).ravel()
    held = np.maximum.reduceat(np.r_[cue, 0], np.minimum(bounds, len(cue)))[::2]
    return [left, right, np.where(b > a, held, 0), b - a]


def _overlap(tokens: list[Ints], first: Ints, last: Ints, some: Anything) -> Ints:
    """Whether the source stands within the content's reach."""
    held = [
        bool(s and len(t) and t[0] <= f and e - 1 <= t[-1])
        for t, f, e, s in zip(tokens, first, last, some, strict=True)
    ]
    return np.array(held, dtype=np.int64)
