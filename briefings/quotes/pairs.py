"""Features of (anchor, mention) pairs: how well a mention would do as the source of a quoted passage or of a cue.

Rule: all pairs of an article at once, from running totals over its tokens; nothing here loops over words. Each anchor
has one more row, "nobody", whose mention columns are -1.
"""

from dataclasses import dataclass

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.arrays import Anything, Floats, Ints
from briefings.text.shapes import FIRST_UPPER, WORD, word_hash
from briefings.text.tagger import TAG, VERBS

#: mentions looked at on either side of an anchor
REACH = 22
#: words that a line may have which is nothing but a name and a place
SIGNATURE = 10
_SIGNS = [TAG[sign] for sign in ("''", ",", ".", ":", "(")]


@dataclass(frozen=True, slots=True)
class Anchors:
    """What is to be attributed: half-open token ranges; `lead` is the token that its sentence is told by."""

    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows sorted by anchor; `mention` is -1 in the row "nobody", which comes last for each anchor."""

    anchor: Ints
    mention: Ints
    features: Floats


class Signals:
    """Per-token quantities and their running totals, shared by all anchors of an article."""

    def __init__(self, parsed: Parsed, cue: Floats, source: Floats) -> None:
        tags, word = parsed.tags, parsed.shapes[:, WORD]
        self.parsed, self.cue, self.source = parsed, cue, source
        self.size = len(tags)
        self.verbs = _running(np.isin(tags, list(VERBS)))
        self.commas = _running(tags == TAG[","])
        self.links = _running(np.isin(tags, [TAG["IN"], TAG["CC"], TAG["WH"], TAG[":"]]))
        self.quoted = _running(parsed.inside > 0)
        self.doubt = np.r_[0.0, np.cumsum(np.log1p(-np.minimum(cue, 0.999)))].astype(np.float32)
        pad = np.r_[cue, np.zeros(4, dtype=np.float32)]
        self.next3 = np.maximum(np.maximum(pad[:-4], pad[1:-3]), pad[2:-2])
        self.last3 = np.r_[0, 0, 0, self.next3[: self.size]].astype(np.float32)  # over i-3 .. i-1
        self.tags = np.r_[tags, -1, -1, -1]
        self.words = np.r_[word, 0, 0, 0]
        self.sentence, self.paragraph = parsed.sentence, parsed.tokens.paragraph
        self.upper = parsed.shapes[:, FIRST_UPPER]
        self.lines = Lines(self)

    def between(self, total: Anything, low: Anything, high: Anything) -> Anything:
        """The sum over tokens low .. high-1."""
        return np.where(high > low, total[np.maximum(high, low)] - total[low], 0)


class Lines:
    """What kind of line each paragraph is: a quotation standing alone, a name that signs one, anything else."""

    def __init__(self, signals: Signals) -> None:
        parsed = signals.parsed
        count = int(signals.paragraph[-1]) + 1
        plain = (parsed.inside == 0) & ~np.isin(parsed.tags, _SIGNS)
        self.plain = np.bincount(signals.paragraph, weights=plain, minlength=count)
        verbs = np.isin(parsed.tags, list(VERBS)) & plain
        self.verbs = np.bincount(signals.paragraph, weights=verbs, minlength=count)
        quoted = np.bincount(signals.paragraph, weights=parsed.inside > 0, minlength=count) > 0
        self.alone = quoted & (self.plain == 0)
        self.signs = (self.plain > 0) & (self.plain <= SIGNATURE) & (self.verbs == 0) & ~quoted
        signed = np.r_[False, self.signs, False]
        where = np.flatnonzero(self.alone)
        #: does a name stand before the first quotation that stands alone (1), after the last one (2), or both (3)?
        self.custom = int(signed[where[0]]) + 2 * int(signed[where[-1] + 2]) if len(where) else 0
        self.around = signed[:-2].astype(np.int64) + 2 * signed[2:]


def pairs(signals: Signals, anchors: Anchors, *, near: bool = False) -> Pairs:
    """Every anchor with the mentions around it (`near`: those of its paragraph alone, fewer) and with nobody."""
    anchor, mention = _combine(signals.parsed, anchors, near=near)
    some = mention >= 0
    real = np.maximum(mention, 0)
    columns = _of_pair(signals, anchors, anchor, real)
    shared = _of_anchor(signals, anchors, anchor)
    features = np.empty((len(anchor), len(columns) + len(shared)), dtype=np.float32)
    for number, column in enumerate(columns):
        features[:, number] = np.where(some, column, -1)
    for number, column in enumerate(shared, len(columns)):
        features[:, number] = column
    return Pairs(anchor, mention, features)


def _combine(parsed: Parsed, anchors: Anchors, *, near: bool) -> tuple[Ints, Ints]:
    mentions = parsed.mentions
    count = len(mentions)
    middle = np.searchsorted(mentions.first, anchors.first)
    after = np.searchsorted(mentions.first, anchors.last)
    reach = np.arange(REACH // 2 if near else REACH)
    before = middle[:, None] - len(reach) + reach
    behind = after[:, None] + reach
    both = np.concatenate([np.where(before >= 0, before, -2), np.where(behind < count, behind, -2)], axis=1)
    if count:
        lines = parsed.tokens.paragraph[mentions.first[np.clip(both, 0, count - 1)]]
        own = parsed.tokens.paragraph[anchors.first][:, None]
        both = np.where((lines >= own - 2 * (not near)) & (lines <= own + (not near)), both, -2)
    both = np.concatenate([both, np.full((len(anchors), 1), -1)], axis=1)
    anchor = np.repeat(np.arange(len(anchors)), both.shape[1])
    flat = both.ravel()
    return anchor[flat > -2], flat[flat > -2]


def _of_pair(signals: Signals, anchors: Anchors, anchor: Ints, mention: Ints) -> list[Anything]:
    parsed, mentions = signals.parsed, signals.parsed.mentions
    if not len(mentions):
        return [np.full(len(anchor), -1.0)] * 40
    first, last = anchors.first[anchor], anchors.last[anchor]
    start, end, head = mentions.first[mention], mentions.last[mention], mentions.head[mention]
    ahead = start >= last
    low, high = np.where(ahead, last, end), np.where(ahead, start, first)
    line, own_line = signals.paragraph[start], signals.paragraph[first]
    sentence = signals.sentence[start]
    nearest = np.where(
        ahead, mention - np.searchsorted(mentions.first, last), np.searchsorted(mentions.first, first) - mention - 1
    )
    edge = np.where(ahead, last - 1, first)
    commas = signals.between(signals.commas, low, high)
    rank_in_sentence = _rank_in_sentence(signals)[mention]
    return [
        mentions.form[mention],
        np.where(ahead, 1, 0),
        np.where(ahead, start - last, first - end),
        nearest,
        sentence - signals.sentence[edge],
        line - own_line,
        signals.between(signals.verbs, low, high),
        commas,
        signals.between(signals.links, low, high),
        signals.between(signals.quoted, low, high),
        1 - np.exp(signals.between(signals.doubt, low, high)),
        signals.cue[np.minimum(end, signals.size - 1)] * (end < signals.size),
        np.r_[signals.next3, 0][end],
        signals.last3[start],
        signals.cue[np.maximum(start - 1, 0)],
        signals.source[mention],
        signals.tags[start - 1],
        signals.tags[end],
        signals.tags[end + 1],
        signals.tags[np.maximum(start - 2, -1)],
        signals.tags[head],
        end - start,
        signals.upper[head],
        parsed.inside[start] > 0,
        parsed.inside[start] - parsed.inside[first],
        rank_in_sentence,
        _is(signals.words[start - 1], "by")
        + 2 * _is(signals.words[start - 1], "to")
        + 4 * _is(signals.words[start - 1], "of"),
        _is(signals.words[end], ",") + 2 * _is(signals.words[end], "’s") + 2 * _is(signals.words[end], "'s"),
        signals.between(signals.verbs, end, np.minimum(end + 2, signals.size)),
        _best_in_sentence(signals)[mention],
        _subject(signals, mention),
        np.minimum(signals.lines.plain[line], 30),
        np.minimum(signals.lines.verbs[line], 5),
        signals.lines.signs[line],
    ]


def _of_anchor(signals: Signals, anchors: Anchors, anchor: Ints) -> list[Anything]:
    first, last = anchors.first, anchors.last
    after = np.minimum(last, signals.size - 1)
    starts = np.searchsorted(signals.sentence, signals.sentence[first])
    ends = np.searchsorted(signals.sentence, signals.sentence[np.maximum(last - 1, first)], side="right")
    line = signals.paragraph[first]
    line_start = np.searchsorted(signals.paragraph, line)
    line_end = np.searchsorted(signals.paragraph, signals.paragraph[first], side="right")
    near = [
        np.minimum(last - first, 60),
        first - starts,
        ends - last,
        first - line_start,
        line_end - last,
        signals.tags[first - 1],
        signals.tags[first - 2],
        signals.tags[last - 1],
        signals.tags[last],
        signals.tags[last + 1],
        signals.tags[first],
        signals.tags[last + 2],
        signals.cue[first],
        signals.last3[first],
        signals.next3[after],
        np.r_[signals.next3, 0, 0, 0][np.minimum(last + 1, signals.size)],
        1 - np.exp(signals.between(signals.doubt, starts, first)),
        1 - np.exp(signals.between(signals.doubt, last, ends)),
        _is(signals.words[last - 1], ",")
        + 2 * _is(signals.words[last - 1], ".")
        + 4 * _is(signals.words[last - 1], "?"),
        _is(signals.words[first - 1], ":")
        + 2 * _is(signals.words[first - 2], ":")
        + 4 * _is(signals.words[first - 2], ",")
        + 8 * _is(signals.words[first - 2], "that"),
        signals.upper[first],
        signals.between(signals.quoted, line_start, first),
        signals.between(signals.quoted, last, line_end),
        signals.between(signals.verbs, first, last),
        signals.tags[np.minimum(first + 1, signals.size)],
        signals.lines.alone[line] + 2 * signals.lines.around[line],
        np.full(len(first), signals.lines.custom),
        np.minimum(signals.lines.plain[line], 30),
    ]
    return [column[anchor] for column in near]


def _rank_in_sentence(signals: Signals) -> Ints:
    group = signals.sentence[signals.parsed.mentions.first]
    starts = np.searchsorted(group, group)
    return np.arange(len(group)) - starts


def _best_in_sentence(signals: Signals) -> Floats:
    """Each mention's likelihood of being a source, less the best of the others in its sentence."""
    group = signals.sentence[signals.parsed.mentions.first]
    group = np.unique(group, return_inverse=True)[1]
    best = np.zeros(group.max() + 1, dtype=np.float32)
    np.maximum.at(best, group, signals.source)
    return signals.source - best[group]


def _subject(signals: Signals, mention: Ints) -> Anything:
    end = signals.parsed.mentions.last[mention]
    verb = np.isin(signals.tags, [*VERBS, TAG["MD"]])
    return 2 * verb[end] + verb[end + 1]


def _is(hashes: Anything, word: str) -> Ints:
    same: Ints = (hashes == word_hash(word)).astype(np.int64)
    return same


def _running(flags: Anything) -> Ints:
    total: Ints = np.r_[0, np.cumsum(flags.astype(np.int64))]
    return total
