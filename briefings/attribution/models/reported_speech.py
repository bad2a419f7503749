"""Find candidates for reported speech: each likely cue with its source and content, and features of the whole.

Rule: this stage makes many candidates cheaply. One classifier that sees all parts at once decides which are right.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document
from briefings.attribution.features.pair_features import Anchors, Signals, build_pairs
from briefings.attribution.models.content_tagger import correct_boundaries, mark_visible_tokens, tag_contents
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, Forest, IntArray, LinearModel
from briefings.text.pos_tagger import TAG, VERBS, mark_tags
from briefings.text.tokenizer import FIRST_UPPER

#: tokens with a lower probability are not cue heads
MIN_CUE_PROBABILITY = 0.1
#: maximum candidate cues in a sentence: three, and one more for this many tokens
TOKENS_PER_CUE = 5
#: number of columns that `compute_features` returns
FEATURE_COUNT = 43
_PARTICIPLES = [TAG[tag] for tag in ("JJ", "VBN", "VBG")]
_DETERMINERS = [TAG[tag] for tag in ("DT", "PRP$", "POS")]
_NOMINAL = [TAG[tag] for tag in ("NN", "NNS", "NNP", "JJ")]


@dataclass(frozen=True, slots=True)
class ReportedCandidates:
    """Candidates, parallel to `heads`: source mention (-1: none), its probability, content tokens and features."""

    heads: IntArray
    sources: IntArray
    source_probabilities: FloatArray
    tokens: list[IntArray]
    features: FloatArray


def find_cue_heads(document: Document, cue: FloatArray) -> IntArray:
    """Return the tokens that can be cue heads, in order. The length of the text bounds their number."""
    candidate_tokens = np.flatnonzero(
        (cue > MIN_CUE_PROBABILITY) & mark_visible_tokens(document) & ~_mark_noun_modifiers(document)
    )
    if not len(candidate_tokens):
        return candidate_tokens
    order = candidate_tokens[np.argsort(-cue[candidate_tokens], kind="stable")]
    group = document.sentence[order]
    by_group = np.argsort(group, kind="stable")
    sorted_group = group[by_group]
    rank = np.arange(len(group)) - np.searchsorted(sorted_group, sorted_group)
    lengths = np.bincount(document.sentence)
    return np.sort(order[by_group][rank < 3 + lengths[sorted_group] // TOKENS_PER_CUE])


def choose_mentions(
    scores: FloatArray, anchor: IntArray, mention: IntArray, count: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return each anchor's best mention, the row of that mention, and its share of the anchor's softmax."""
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(anchor, np.arange(count))
    peak = np.maximum.reduceat(scores, starts)
    lift = np.exp(scores - peak[anchor])
    best = np.flatnonzero(scores == peak[anchor])
    row = best[np.searchsorted(anchor[best], np.arange(count))]
    return mention[row], row, (1 / np.add.reduceat(lift, starts)).astype(np.float32)


def find_candidates(signals: Signals, heads: IntArray, ranker: Forest, chain: LinearModel) -> ReportedCandidates:
    """Return all candidates of an article."""
    mention_pairs = build_pairs(signals, Anchors(heads, heads + 1), nearby_only=True)
    scores = ranker.compute_scores(mention_pairs.features)
    sources, _, source_probabilities = choose_mentions(scores, mention_pairs.anchor, mention_pairs.mention, len(heads))
    return build_candidates(signals, heads, sources, source_probabilities, chain)


def build_candidates(
    signals: Signals, heads: IntArray, sources: IntArray, source_probabilities: FloatArray, chain: LinearModel
) -> ReportedCandidates:
    """Build the candidates for cues with known sources."""
    token_lists, margin = tag_contents(signals.document, heads, sources, chain)
    tokens = correct_boundaries(signals.document, heads, sources, token_lists, signals.cue)
    return ReportedCandidates(
        heads,
        sources,
        source_probabilities,
        tokens,
        compute_features(signals, heads, sources, source_probabilities, tokens, margin),
    )


def compute_features(
    signals: Signals,
    heads: IntArray,
    sources: IntArray,
    source_probabilities: FloatArray,
    tokens: list[IntArray],
    margin: FloatArray,
) -> FloatArray:
    """Return the classifier's features, one row per candidate."""
    if not len(heads):
        return np.zeros((0, FEATURE_COUNT), dtype=np.float32)
    document = signals.document
    mentions = document.mentions
    low = np.array([t[0] if len(t) else h for t, h in zip(tokens, heads, strict=True)])
    high = np.array([t[-1] if len(t) else h for t, h in zip(tokens, heads, strict=True)])
    size = np.array([len(t) for t in tokens])
    pieces = np.array([1 + int(np.count_nonzero(t[1:] - t[:-1] > 1)) if len(t) else 0 for t in tokens])
    has_source = sources >= 0
    source = np.where(has_source, sources, 0)
    first, last = (mentions.first[source], mentions.last[source]) if len(mentions) else (heads, heads)
    form = np.where(has_source, mentions.form[source], 0) if len(mentions) else np.zeros(len(heads))
    source_values = np.where(has_source, signals.source[source], 0) if len(mentions) else np.zeros(len(heads))
    sentence = signals.sentence[heads]
    start = np.searchsorted(signals.sentence, sentence)
    end = np.searchsorted(signals.sentence, sentence, side="right")
    cue = signals.cue[heads]
    columns = [
        cue,
        source_probabilities,
        margin,
        size,
        pieces,
        form,
        source_values,
        np.where(has_source, np.where(first > heads, 1, 0), -1),
        np.where(has_source, np.where(first > heads, first - heads, heads - last), -1),
        low - heads,
        high - heads,
        end - 1 - high,
        low - start,
        heads - start,
        end - heads,
        end - start,
        document.passage_ids[heads] > 0,
        document.passage_ids[low] > 0,
        document.passage_ids[high] > 0,
        signals.sum_between(signals.quoted_totals, low, high + 1),
        document.tags[heads],
        signals.tags[heads + 1],
        signals.tags[heads - 1],
        document.tags[low],
        signals.tags[low - 1],
        document.tags[high],
        signals.tags[high + 1],
        signals.is_capitalised[low],
        signals.sum_between(signals.verb_totals, low, high + 1),
        *_compute_rival_cues(signals, heads, low, high, cue),
        signals.paragraph[heads],
        _is_source_inside(tokens, first, last, has_source),
        mark_tags(signals.tags[heads], VERBS),
        signals.sum_between(signals.comma_totals, low, high + 1),
        signals.tags[heads + 2],
        document.shapes[heads, FIRST_UPPER],
        signals.tags[low + 1],
        signals.tags[heads - 2],
        signals.cue[low],
        signals.sum_between(signals.log_no_cue, low, high + 1),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _mark_noun_modifiers(document: Document) -> BoolArray:
    """Mark participles that modify a noun ("a noted writer", "his proposed ban"), because they report nothing."""
    previous_tags, next_tags = np.r_[-1, document.tags[:-1]], np.r_[document.tags[1:], -1]
    is_modifier: BoolArray = (
        mark_tags(document.tags, _PARTICIPLES) & mark_tags(previous_tags, _DETERMINERS) & mark_tags(next_tags, _NOMINAL)
    )
    return is_modifier


def _compute_rival_cues(
    signals: Signals, heads: IntArray, low: IntArray, high: IntArray, cue: FloatArray
) -> list[AnyArray]:
    """Return the probability of the cue before, the cue after and the best cue inside, and the number inside."""
    pad = np.r_[0, cue, 0]
    cue_sentences = signals.sentence[heads]
    padded_sentences = np.r_[-1, cue_sentences, -1]
    cue_before, cue_after = (
        np.where(padded_sentences[:-2] == cue_sentences, pad[:-2], 0),
        np.where(padded_sentences[2:] == cue_sentences, pad[2:], 0),
    )
    a, b = np.searchsorted(heads, low), np.searchsorted(heads, high, side="right")
    bounds = np.stack([a, np.maximum(b, a + 1)], axis=1).ravel()
    cue_inside = np.maximum.reduceat(np.r_[cue, 0], np.minimum(bounds, len(cue)))[::2]
    return [cue_before, cue_after, np.where(b > a, cue_inside, 0), b - a]


def _is_source_inside(tokens: list[IntArray], first: IntArray, last: IntArray, has_source: AnyArray) -> IntArray:
    """Whether the source is within the range of the content."""
    is_inside = [
        bool(s and len(t) and t[0] <= f and e - 1 <= t[-1])
        for t, f, e, s in zip(tokens, first, last, has_source, strict=True)
    ]
    return np.array(is_inside, dtype=np.int64)
