"""Features of (anchor, mention) pairs: how well a mention fits as the source of a quoted passage or a cue.

Rule: all pairs of an article are computed at once, from running totals over its tokens, without a loop over words.
Each anchor has one more row for "no speaker", whose mention columns are -1.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import AnyArray, FloatArray, IntArray
from briefings.text.pos_tagger import TAG, VERBS, mark_tags
from briefings.text.tokenizer import FIRST_UPPER, WORD, hash_word

#: number of mentions considered on each side of an anchor
MENTION_WINDOW = 22
#: the fewest, for passages much denser than in any article; tokens that a short text may have besides its own then
_MIN_WINDOW, _SPARE_TOKENS = 6, 1_000
#: maximum words in a line with only a name and a place
MAX_SIGNATURE_TOKENS = 10
_PUNCTUATION_TAGS = [TAG[sign] for sign in ("''", ",", ".", ":", "(")]


@dataclass(frozen=True, slots=True)
class Anchors:
    """The passages or cues to attribute, as half-open token ranges."""

    first: IntArray
    last: IntArray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows sorted by anchor. `mention` is -1 in the "no speaker" row, which is the last row of each anchor."""

    anchor: IntArray
    mention: IntArray
    features: FloatArray


class Signals:
    """Per-token values and their running totals, shared by all anchors of an article."""

    def __init__(self, document: Document, cue: FloatArray, source: FloatArray) -> None:
        tags, word = document.tags, document.shapes[:, WORD]
        self.document, self.cue, self.source = document, cue, source
        self.size = len(tags)
        self.verb_totals = _sum_running(mark_tags(tags, VERBS))
        self.comma_totals = _sum_running(tags == TAG[","])
        self.link_totals = _sum_running(mark_tags(tags, (TAG["IN"], TAG["CC"], TAG["WH"], TAG[":"])))
        self.quoted_totals = _sum_running(document.passage_ids > 0)
        self.log_no_cue = np.r_[0.0, np.cumsum(np.log1p(-np.minimum(cue, 0.999)))].astype(np.float32)
        pad = np.r_[cue, np.zeros(4, dtype=np.float32)]
        self.next3 = np.maximum(np.maximum(pad[:-4], pad[1:-3]), pad[2:-2])
        self.last3 = np.r_[0, 0, 0, self.next3[: self.size]].astype(np.float32)  # over i-3 .. i-1
        self.tags = np.r_[tags, -1, -1, -1]
        self.words = np.r_[word, 0, 0, 0]
        self.sentence, self.paragraph = document.sentence, document.tokens.paragraph
        self.is_capitalised = document.shapes[:, FIRST_UPPER]
        self.lines = LineKinds(self)

    def sum_between(self, total: AnyArray, low: AnyArray, high: AnyArray) -> AnyArray:
        """Return the sum over tokens low .. high-1, for a running total."""
        return np.where(high > low, total[np.maximum(high, low)] - total[low], 0)


class LineKinds:
    """Kind of line of each paragraph: a quotation without other words, a signature, or anything else."""

    def __init__(self, signals: Signals) -> None:
        document = signals.document
        count = int(signals.paragraph[-1]) + 1
        is_plain = (document.passage_ids == 0) & ~mark_tags(document.tags, _PUNCTUATION_TAGS)
        self.plain_counts = np.bincount(signals.paragraph, weights=is_plain, minlength=count)
        is_verb = mark_tags(document.tags, VERBS) & is_plain
        self.verb_counts = np.bincount(signals.paragraph, weights=is_verb, minlength=count)
        is_quoted = np.bincount(signals.paragraph, weights=document.passage_ids > 0, minlength=count) > 0
        self.is_quotation = is_quoted & (self.plain_counts == 0)
        self.is_signature = (
            (self.plain_counts > 0) & (self.plain_counts <= MAX_SIGNATURE_TOKENS) & (self.verb_counts == 0) & ~is_quoted
        )
        signature_lines = np.r_[False, self.is_signature, False]
        quotation_lines = np.flatnonzero(self.is_quotation)
        #: whether a signature precedes the first quotation line (1), follows the last one (2), or both (3)
        self.signature_style = (
            int(signature_lines[quotation_lines[0]]) + 2 * int(signature_lines[quotation_lines[-1] + 2])
            if len(quotation_lines)
            else 0
        )
        self.neighbour_signatures = signature_lines[:-2].astype(np.int64) + 2 * signature_lines[2:]


def build_pairs(signals: Signals, anchors: Anchors, *, nearby_only: bool = False) -> Pairs:
    """Pair every anchor with the mentions near it and with "no speaker".

    `nearby_only` limits the mentions to fewer, from the anchor's own paragraph.
    """
    anchor, mention = _combine_with_mentions(signals.document, anchors, nearby_only=nearby_only)
    is_mention = mention >= 0
    mention_ids = np.maximum(mention, 0)
    pair_columns = _compute_pair_features(signals, anchors, anchor, mention_ids)
    anchor_columns = _compute_anchor_features(signals, anchors, anchor)
    features = np.empty((len(anchor), len(pair_columns) + len(anchor_columns)), dtype=np.float32)
    for number, column in enumerate(pair_columns):
        features[:, number] = np.where(is_mention, column, -1)
    for number, column in enumerate(anchor_columns, len(pair_columns)):
        features[:, number] = column
    return Pairs(anchor, mention, features)


def _combine_with_mentions(document: Document, anchors: Anchors, *, nearby_only: bool) -> tuple[IntArray, IntArray]:
    mentions = document.mentions
    count = len(mentions)
    middle = np.searchsorted(mentions.first, anchors.first)
    after = np.searchsorted(mentions.first, anchors.last)
    dense_window = max(_MIN_WINDOW, (len(document.tokens) + _SPARE_TOKENS) // max(len(anchors), 1))
    reach = np.arange(MENTION_WINDOW // 2 if nearby_only else min(MENTION_WINDOW, dense_window))
    ids_before = middle[:, None] - len(reach) + reach
    ids_after = after[:, None] + reach
    mention_grid = np.concatenate(
        [np.where(ids_before >= 0, ids_before, -2), np.where(ids_after < count, ids_after, -2)], axis=1
    )
    if count:
        lines = document.tokens.paragraph[mentions.first[np.clip(mention_grid, 0, count - 1)]]
        anchor_lines = document.tokens.paragraph[anchors.first][:, None]
        mention_grid = np.where(
            (lines >= anchor_lines - 2 * (not nearby_only)) & (lines <= anchor_lines + (not nearby_only)),
            mention_grid,
            -2,
        )
    mention_grid = np.concatenate([mention_grid, np.full((len(anchors), 1), -1)], axis=1)
    anchor = np.repeat(np.arange(len(anchors)), mention_grid.shape[1])
    flat_mentions = mention_grid.ravel()
    return anchor[flat_mentions > -2], flat_mentions[flat_mentions > -2]


def _compute_pair_features(signals: Signals, anchors: Anchors, anchor: IntArray, mention: IntArray) -> list[AnyArray]:
    document, mentions = signals.document, signals.document.mentions
    if not len(mentions):
        return [np.full(len(anchor), -1.0)] * 40
    first, last = anchors.first[anchor], anchors.last[anchor]
    start, end, head = mentions.first[mention], mentions.last[mention], mentions.head[mention]
    is_ahead = start >= last
    low, high = np.where(is_ahead, last, end), np.where(is_ahead, start, first)
    line, own_line = signals.paragraph[start], signals.paragraph[first]
    sentence = signals.sentence[start]
    nearest = np.where(
        is_ahead, mention - np.searchsorted(mentions.first, last), np.searchsorted(mentions.first, first) - mention - 1
    )
    edge = np.where(is_ahead, last - 1, first)
    commas = signals.sum_between(signals.comma_totals, low, high)
    rank_in_sentence = _rank_in_sentence(signals)[mention]
    return [
        mentions.form[mention],
        np.where(is_ahead, 1, 0),
        np.where(is_ahead, start - last, first - end),
        nearest,
        sentence - signals.sentence[edge],
        line - own_line,
        signals.sum_between(signals.verb_totals, low, high),
        commas,
        signals.sum_between(signals.link_totals, low, high),
        signals.sum_between(signals.quoted_totals, low, high),
        1 - np.exp(signals.sum_between(signals.log_no_cue, low, high)),
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
        signals.is_capitalised[head],
        document.passage_ids[start] > 0,
        document.passage_ids[start] - document.passage_ids[first],
        rank_in_sentence,
        _matches_word(signals.words[start - 1], "by")
        + 2 * _matches_word(signals.words[start - 1], "to")
        + 4 * _matches_word(signals.words[start - 1], "of"),
        _matches_word(signals.words[end], ",")
        + 2 * _matches_word(signals.words[end], "’s")
        + 2 * _matches_word(signals.words[end], "'s"),
        signals.sum_between(signals.verb_totals, end, np.minimum(end + 2, signals.size)),
        _compare_with_sentence_best(signals)[mention],
        _encode_subject(signals, mention),
        np.minimum(signals.lines.plain_counts[line], 30),
        np.minimum(signals.lines.verb_counts[line], 5),
        signals.lines.is_signature[line],
    ]


def _compute_anchor_features(signals: Signals, anchors: Anchors, anchor: IntArray) -> list[AnyArray]:
    first, last = anchors.first, anchors.last
    after = np.minimum(last, signals.size - 1)
    starts = np.searchsorted(signals.sentence, signals.sentence[first])
    ends = np.searchsorted(signals.sentence, signals.sentence[np.maximum(last - 1, first)], side="right")
    line = signals.paragraph[first]
    line_start = np.searchsorted(signals.paragraph, line)
    line_end = np.searchsorted(signals.paragraph, signals.paragraph[first], side="right")
    columns = [
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
        1 - np.exp(signals.sum_between(signals.log_no_cue, starts, first)),
        1 - np.exp(signals.sum_between(signals.log_no_cue, last, ends)),
        _matches_word(signals.words[last - 1], ",")
        + 2 * _matches_word(signals.words[last - 1], ".")
        + 4 * _matches_word(signals.words[last - 1], "?"),
        _matches_word(signals.words[first - 1], ":")
        + 2 * _matches_word(signals.words[first - 2], ":")
        + 4 * _matches_word(signals.words[first - 2], ",")
        + 8 * _matches_word(signals.words[first - 2], "that"),
        signals.is_capitalised[first],
        signals.sum_between(signals.quoted_totals, line_start, first),
        signals.sum_between(signals.quoted_totals, last, line_end),
        signals.sum_between(signals.verb_totals, first, last),
        signals.tags[np.minimum(first + 1, signals.size)],
        signals.lines.is_quotation[line] + 2 * signals.lines.neighbour_signatures[line],
        np.full(len(first), signals.lines.signature_style),
        np.minimum(signals.lines.plain_counts[line], 30),
    ]
    return [column[anchor] for column in columns]


def _rank_in_sentence(signals: Signals) -> IntArray:
    group = signals.sentence[signals.document.mentions.first]
    starts = np.searchsorted(group, group)
    return np.arange(len(group)) - starts


def _compare_with_sentence_best(signals: Signals) -> FloatArray:
    """Return each mention's source probability minus the best one in its sentence."""
    group = signals.sentence[signals.document.mentions.first]
    group = np.unique(group, return_inverse=True)[1]
    best = np.zeros(group.max() + 1, dtype=np.float32)
    np.maximum.at(best, group, signals.source)
    return signals.source - best[group]


def _encode_subject(signals: Signals, mention: IntArray) -> AnyArray:
    end = signals.document.mentions.last[mention]
    is_verb = mark_tags(signals.tags, (*VERBS, TAG["MD"]))
    return 2 * is_verb[end] + is_verb[end + 1]


def _matches_word(hashes: AnyArray, word: str) -> IntArray:
    matches: IntArray = (hashes == hash_word(word)).astype(np.int64)
    return matches


def _sum_running(flags: AnyArray) -> IntArray:
    total = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=total[1:])
    return total
