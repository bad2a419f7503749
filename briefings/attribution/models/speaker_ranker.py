"""Rank the mentions for each quoted passage, from nearby cues and the choices for neighbouring passages.

Rule: two passes. The second pass considers only the most likely mentions, and sees the first pass's results for the
passages before and after.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from briefings.attribution.features.document import Document
from briefings.attribution.features.pair_features import Anchors, Pairs, Signals, build_pairs
from briefings.attribution.models.reported_speech import ReportedCandidates, choose_mentions
from briefings.text.learned_models import FloatArray, Forest, IntArray
from briefings.text.tokenizer import WORD, hash_word

#: maximum mentions per passage in the second pass
MAX_SECOND_PASS_MENTIONS = 8
_FIRST_PERSON_WORDS = frozenset(
    hash_word(word) for word in ("i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've")
)
_SECOND_PERSON_WORDS = frozenset(hash_word(word) for word in ("you", "your", "you're"))


@dataclass(frozen=True, slots=True)
class SpeakerRanking:
    """Ranking, parallel to the passages: source mention (-1: none), its share, and the share of "no speaker"."""

    sources: IntArray
    probabilities: FloatArray
    no_speaker_probabilities: FloatArray
    #: each passage's best mention, even if "no speaker" is more likely; -1 without mentions
    best_mentions: IntArray
    best_probabilities: FloatArray
    #: every mention that was considered: its passage, its number (-1: no speaker) and its share
    row_passages: IntArray
    row_mentions: IntArray
    row_shares: FloatArray


def rank_speakers(
    signals: Signals,
    candidates: ReportedCandidates,
    candidate_probabilities: FloatArray,
    first_forest: Forest,
    second_forest: Forest,
) -> SpeakerRanking:
    """Rank the mentions for every passage. `candidate_probabilities` are the chances that each candidate is right."""
    anchors = build_passage_anchors(signals.document)
    rows = build_first_pass(signals, anchors, candidates, candidate_probabilities)
    second_rows = build_second_pass(signals.document, anchors, rows, first_forest.compute_scores(rows.features))
    return choose_speakers(second_rows, second_forest.compute_scores(second_rows.features), len(anchors))


def build_first_pass(
    signals: Signals, anchors: Anchors, candidates: ReportedCandidates, candidate_probabilities: FloatArray
) -> Pairs:
    """Build the first pass's features for every passage and mention."""
    rows = build_pairs(signals, anchors)
    extra_features = compute_support(signals.document, anchors, rows, candidates, candidate_probabilities)
    return replace(rows, features=np.concatenate([rows.features, extra_features], axis=1))


def build_second_pass(document: Document, anchors: Anchors, rows: Pairs, scores: FloatArray) -> Pairs:
    """Build the second pass's features for the most likely mentions by the first pass's `scores`."""
    count = len(anchors)
    shares = softmax(scores, rows.anchor, count)
    order = np.lexsort((np.where(rows.mention < 0, -np.inf, -scores), rows.anchor))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(rows.anchor, np.arange(count))[rows.anchor[order]]
    keep = rank <= MAX_SECOND_PASS_MENTIONS
    second_rows = Pairs(rows.anchor[keep], rows.mention[keep], rows.features[keep])
    feature_blocks = [
        second_rows.features,
        compute_neighbour_features(document, anchors, second_rows, shares[keep]),
        compute_wording_features(document, anchors, second_rows),
    ]
    return replace(second_rows, features=np.concatenate(feature_blocks, axis=1))


def build_passage_anchors(document: Document) -> Anchors:
    """Return the token range of every passage, at least one token wide."""
    starts = np.array([passage.inner.start for passage in document.passages], dtype=np.int64)
    ends = np.array([passage.inner.end for passage in document.passages], dtype=np.int64)
    first = np.minimum(np.searchsorted(document.tokens.starts, starts), len(document.tokens) - 1)
    return Anchors(first, np.maximum(np.searchsorted(document.tokens.starts, ends), first + 1))


def choose_speakers(rows: Pairs, scores: FloatArray, count: int) -> SpeakerRanking:
    """Return each passage's best answer, and its best mention if "no speaker" is left out."""
    shares = softmax(scores, rows.anchor, count)
    sources, _, probabilities = choose_mentions(scores, rows.anchor, rows.mention, count)
    no_speaker_probabilities = shares[rows.mention == -1]
    mention_scores = np.where(rows.mention == -1, -1e6, scores).astype(np.float32)
    best_mentions, best_row, _ = choose_mentions(mention_scores, rows.anchor, rows.mention, count)
    return SpeakerRanking(
        sources,
        probabilities,
        no_speaker_probabilities,
        best_mentions,
        np.where(best_mentions >= 0, shares[best_row], 0) if count else no_speaker_probabilities,
        rows.anchor,
        rows.mention,
        shares,
    )


def softmax(scores: FloatArray, anchor: IntArray, count: int) -> FloatArray:
    """Return each row's share of its anchor."""
    if not count:
        return np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(anchor, np.arange(count))
    lift = np.exp(scores - np.maximum.reduceat(scores, starts)[anchor])
    return (lift / np.add.reduceat(lift, starts)[anchor]).astype(np.float32)


def compute_support(
    document: Document,
    anchors: Anchors,
    rows: Pairs,
    reported_candidates: ReportedCandidates,
    candidate_probabilities: FloatArray,
) -> FloatArray:
    """Return what the reported candidates that cover a passage say about each mention.

    The columns are the support for the mention, the support for overlapping mentions, and the best candidate's
    probability.
    """
    is_mention, mentions = rows.mention >= 0, document.mentions
    # without mentions no row is about one, and the tokens are not read
    mention_ids = np.maximum(rows.mention, 0) if len(mentions) else np.zeros(0, dtype=np.int64)
    firsts, lasts = mentions.first[mention_ids], mentions.last[mention_ids]
    covering_candidates = find_covering_candidates(anchors, reported_candidates, len(document.tokens))
    own_support = np.zeros(len(rows.anchor), dtype=np.float32)
    near_support = np.zeros(len(rows.anchor), dtype=np.float32)
    best = np.zeros(len(anchors), dtype=np.float32)
    starts = np.searchsorted(rows.anchor, np.arange(len(anchors) + 1))
    for passage, candidates in enumerate(covering_candidates):
        part = slice(starts[passage], starts[passage + 1])
        for candidate in candidates:
            weight = candidate_probabilities[candidate]
            best[passage] = max(best[passage], weight)
            source = reported_candidates.sources[candidate]
            is_source = rows.mention[part] == source
            own_support[part] = np.maximum(
                own_support[part], np.where(is_source, weight * reported_candidates.source_probabilities[candidate], 0)
            )
            if source >= 0:
                source_first, source_last = mentions.first[source], mentions.last[source]
                overlaps_source = is_mention[part] & (firsts[part] < source_last) & (source_first < lasts[part])
                near_support[part] = np.maximum(near_support[part], np.where(overlaps_source, weight, 0))
    return np.stack([own_support, near_support, best[rows.anchor]], axis=1)


def find_covering_candidates(anchors: Anchors, candidates: ReportedCandidates, size: int) -> list[list[int]]:
    """Return for each passage up to eight reported candidates whose content covers at least half of its tokens."""
    result: list[list[int]] = [[] for _ in range(len(anchors))]
    if not len(anchors):
        return result
    widths = (anchors.last - anchors.first).tolist()
    owner = np.full(size + 1, -1)
    for passage in range(len(anchors)):
        owner[anchors.first[passage] : anchors.last[passage]] = passage
    for candidate, tokens in enumerate(candidates.tokens):
        counts = Counter(owner[tokens].tolist())
        for passage, count in counts.items():
            if passage >= 0 and 2 * count >= widths[passage] and len(result[passage]) < 8:
                result[passage].append(candidate)
    return result


def compute_neighbour_features(document: Document, anchors: Anchors, rows: Pairs, shares: FloatArray) -> FloatArray:
    """Return the shares that the previous and next passage gave to the same mention and to the same name."""
    count = len(anchors)
    starts = np.searchsorted(rows.anchor, np.arange(count + 1))
    line = document.tokens.paragraph[anchors.first]
    head = _hash_heads(document)
    columns = []
    for step in (-1, 1):
        same_mention, same_name = np.full(len(shares), -1.0), np.full(len(shares), -1.0)
        gap = np.full(len(shares), -1.0)
        for passage in range(max(0, -step), count - max(0, step)):
            other_passage = passage + step
            part, other_part = (
                slice(starts[passage], starts[passage + 1]),
                slice(starts[other_passage], starts[other_passage + 1]),
            )
            weights = dict(zip(rows.mention[other_part].tolist(), shares[other_part].tolist(), strict=True))
            names: dict[int, float] = {}
            for mention, share in weights.items():
                names[head[mention]] = names.get(head[mention], 0.0) + share
            mentions = rows.mention[part].tolist()
            same_mention[part] = [weights.get(mention, 0.0) for mention in mentions]
            same_name[part] = [names.get(head[mention], 0.0) for mention in mentions]
            gap[part] = abs(int(line[passage] - line[other_passage]))
        columns += [same_mention, same_name, gap]
    follows = np.array([passage.is_continuation for passage in document.passages], dtype=np.float32)
    return np.stack([*columns, follows[rows.anchor]], axis=1).astype(np.float32)


def compute_wording_features(document: Document, anchors: Anchors, rows: Pairs) -> FloatArray:
    """Return whether the passage says "I" or "you" or the mention's name, and whether the mention is "I"."""
    word = document.shapes[:, WORD]
    heads = word[document.mentions.head]
    passage_words = [set(word[a:b].tolist()) for a, b in zip(anchors.first, anchors.last, strict=True)]
    says_i = np.array([not _FIRST_PERSON_WORDS.isdisjoint(words) for words in passage_words], dtype=bool)
    says_you = np.array([not _SECOND_PERSON_WORDS.isdisjoint(words) for words in passage_words], dtype=bool)
    mention_ids = np.maximum(rows.mention, 0)
    is_named = [h in passage_words[a] for a, h in zip(rows.anchor.tolist(), heads[mention_ids].tolist(), strict=True)]
    is_first_person = np.isin(heads, list(_FIRST_PERSON_WORDS))[mention_ids] & (rows.mention >= 0)
    columns = [says_i[rows.anchor], says_you[rows.anchor], np.array(is_named, dtype=bool), is_first_person]
    return np.stack(columns, axis=1).astype(np.float32)


def _hash_heads(document: Document) -> list[int]:
    """Return the hash of each mention's head word. The last entry, reached by index -1, means "no speaker"."""
    return [*document.shapes[document.mentions.head, WORD].tolist(), 0]
