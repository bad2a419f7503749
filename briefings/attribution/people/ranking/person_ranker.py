"""Choose the entity that speaks each utterance, or no speaker: two passes of gradient-boosted trees and a confidence.

Rule: the second pass sees the likeliest candidates only, and what the first said of the utterances before and after.
The trees are trained so that the exponents of their scores, over an utterance's rows, are shares.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from briefings.attribution.people.ranking.candidate_features import NOBODY, CandidateRows
from briefings.text.learned_models import FloatArray, Forest, IntArray

#: candidates of the second pass, besides no speaker
MAX_SECOND_PASS = 6
#: a speaker must be this many times likelier than no speaker: a wrong name is worse than no name
MIN_ODDS_OF_SPEECH = 3.0


@dataclass(frozen=True, slots=True)
class PersonRanker:
    """The trained trees of both passes, and the weights of the confidence's logistic curve."""

    first: Forest
    second: Forest
    curve: FloatArray


@dataclass(frozen=True, slots=True)
class Answers:
    """Parallel to the utterances: the likeliest entity (NOBODY: none), its share, and the share of no speaker."""

    entity: IntArray
    share: FloatArray
    nobody: FloatArray
    #: likeliest entity if no speaker is left out, and its share
    somebody: IntArray
    somebody_share: FloatArray
    #: probability that `a person` is right
    confidence: FloatArray


def rank_people(rows: CandidateRows, count: int, ranker: PersonRanker) -> Answers:
    """Choose for each of `count` utterances."""
    first = compute_row_shares(rows, ranker.first.compute_scores(rows.features), count)
    second_rows = build_second_pass(rows, first, count)
    shares = compute_row_shares(second_rows, ranker.second.compute_scores(second_rows.features), count)
    return choose_answers(second_rows, shares, count, ranker.curve)


def compute_row_shares(rows: CandidateRows, scores: FloatArray, count: int) -> FloatArray:
    """Return each row's share of its utterance."""
    if not count:
        return np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(rows.utterance, np.arange(count))
    lift = np.exp(scores - np.maximum.reduceat(scores, starts)[rows.utterance])
    return (lift / np.add.reduceat(lift, starts)[rows.utterance]).astype(np.float32)


def build_second_pass(rows: CandidateRows, shares: FloatArray, count: int) -> CandidateRows:
    """Keep the likeliest rows and no speaker, and add the shares of the same entity in the neighbours."""
    starts = np.searchsorted(rows.utterance, np.arange(count + 1))
    keep_parts, extra_parts = [], []
    maps = [
        dict(zip(rows.entity[a:b].tolist(), shares[a:b].tolist(), strict=True)) for a, b in pairwise(starts.tolist())
    ]
    best_shares = [float(shares[a : b - 1].max(initial=0)) for a, b in pairwise(starts.tolist())]
    for number in range(count):
        low, high = int(starts[number]), int(starts[number + 1])
        part = shares[low:high]
        order = np.argsort(-part[:-1], kind="stable")[:MAX_SECOND_PASS]
        keep = np.sort(np.r_[order, len(part) - 1])
        keep_parts.append(low + keep)
        near = [
            maps[other] if 0 <= other < count else None for other in (number - 2, number - 1, number + 1, number + 2)
        ]
        best_near = [best_shares[other] if 0 <= other < count else -1.0 for other in (number - 1, number + 1)]
        top = float(part[:-1].max(initial=0))
        rank = np.empty(len(part))
        rank[np.argsort(-part, kind="stable")] = np.arange(len(part))
        for index in keep.tolist():
            entity = int(rows.entity[low + index])
            extra_parts.append(
                [
                    part[index],
                    rank[index],
                    top - part[index],
                    part[-1],
                    *[other.get(entity, 0.0) if other is not None else -1.0 for other in near],
                    *best_near,
                ]
            )
    kept_rows = np.concatenate(keep_parts) if keep_parts else np.zeros(0, dtype=np.int64)
    extra = np.array(extra_parts, dtype=np.float32).reshape(len(kept_rows), 10)
    return CandidateRows(
        rows.utterance[kept_rows],
        rows.entity[kept_rows],
        np.concatenate([rows.features[kept_rows], extra], axis=1).astype(np.float32),
    )


def choose_answers(rows: CandidateRows, shares: FloatArray, count: int, curve: FloatArray) -> Answers:
    """Return the best row of each utterance, and how likely its best entity is right."""
    starts = np.searchsorted(rows.utterance, np.arange(count + 1))
    entity, somebody = np.full(count, NOBODY), np.full(count, NOBODY)
    share, nobody, somebody_share = (np.zeros(count, dtype=np.float32) for _ in range(3))
    for number in range(count):
        low, high = int(starts[number]), int(starts[number + 1])
        part = shares[low:high]
        nobody[number] = part[-1]
        if len(part) > 1:
            best = int(part[:-1].argmax())
            somebody[number], somebody_share[number] = rows.entity[low + best], part[best]
        if somebody_share[number] >= MIN_ODDS_OF_SPEECH * nobody[number]:
            entity[number], share[number] = somebody[number], somebody_share[number]
        else:
            share[number] = nobody[number]
    inputs = build_confidence_inputs(rows, shares, count)
    confidence = 1 / (1 + np.exp(-(inputs @ curve[:-1] + curve[-1]))) if count else nobody
    return Answers(entity, share, nobody, somebody, somebody_share, confidence.astype(np.float32))


def build_confidence_inputs(rows: CandidateRows, shares: FloatArray, count: int) -> FloatArray:
    """Return what the confidence reads: log-odds of the best share, and the other shares as logarithms."""
    starts = np.searchsorted(rows.utterance, np.arange(count + 1))
    result = np.zeros((count, 8), dtype=np.float32)
    for number in range(count):
        low, high = int(starts[number]), int(starts[number + 1])
        part = np.sort(shares[low : high - 1])[::-1]
        best = float(np.clip(part[0] if len(part) else 0.0, 1e-4, 1 - 1e-4))
        second = float(np.clip(part[1] if len(part) > 1 else 0.0, 1e-4, 1))
        row = rows.features[high - 1]
        result[number] = [
            np.log(best / (1 - best)),
            np.log(second),
            np.log(np.clip(shares[high - 1], 1e-4, 1)),
            np.log(np.clip(row[MENTION_SHARE], 1e-3, 1)),
            np.log(np.clip(row[ENTITY_SHARE], 1e-3, 1)),
            row[MENTION_CODE] in (1, 2),
            row[MENTION_CODE] >= 3,
            row[MENTION_FORM] == 5,
        ]
    return result


#: columns of the utterance's features that the confidence reads, from the end of the first pass's
_PAIR_COLUMNS = 52 + 19
MENTION_SHARE, MENTION_FORM, MENTION_CODE, ENTITY_SHARE = (_PAIR_COLUMNS + offset for offset in (1, 4, 5, 31))
