"""Choose the entity that speaks each utterance, or no speaker: two passes of gradient-boosted trees and a confidence.

Rule: the second pass sees the likeliest candidates only, and what the first said of the utterances before and after.
The trees are trained so that the exponents of their scores, over an utterance's rows, are shares.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.people.ranking.candidate_features import NOBODY, CandidateRows
from briefings.text.learned_models import AnyArray, FloatArray, Forest, IntArray

#: candidates of the second pass, besides no speaker
MAX_SECOND_PASS = 6
#: a speaker must be this many times likelier than no speaker: a wrong name is worse than no name
MIN_ODDS_OF_SPEECH = 0.9
#: below these odds an answer is doubtful, whoever speaks
CLEAR_ODDS_OF_SPEECH, MAX_DOUBTFUL_CONFIDENCE = 3.0, 0.49


@dataclass(frozen=True, slots=True)
class PersonRanker:
    """The trained trees of both passes, and the weights of the confidence's logistic curve."""

    first: Forest
    second: Forest
    curve: FloatArray


@dataclass(frozen=True, slots=True)
class Answers:
    """Parallel to the utterances: the likeliest entity (No one: none), its share, and the share of no speaker."""

    entity: IntArray
    share: FloatArray
    nobody: FloatArray
    #: likeliest entity if no speaker is left out, and its share
    somebody: IntArray
    somebody_share: FloatArray
    #: probability that `a person` is right
    confidence: FloatArray


def rank_people(rows: CandidateRows, count: int, ranker: PersonRanker, breaks: tuple[int, ...] = ()) -> Answers:
    """Choose for each of `count` utterances. An utterance in `breaks` has no neighbour before it."""
    first = compute_row_shares(rows, ranker.first.compute_scores(rows.features), count)
    second_rows = build_second_pass(rows, first, count, breaks)
    shares = compute_row_shares(second_rows, ranker.second.compute_scores(second_rows.features), count)
    return choose_answers(second_rows, shares, count, ranker.curve)


def compute_row_shares(rows: CandidateRows, scores: FloatArray, count: int) -> FloatArray:
    """Return each row's share of its utterance."""
    if not count:
        return np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(rows.utterance, np.arange(count))
    lift = np.exp(scores - np.maximum.reduceat(scores, starts)[rows.utterance])
    return (lift / np.add.reduceat(lift, starts)[rows.utterance]).astype(np.float32)


def build_second_pass(
    rows: CandidateRows, shares: FloatArray, count: int, breaks: tuple[int, ...] = ()
) -> CandidateRows:
    """Keep the likeliest rows and no speaker, and add the shares of the same entity in the neighbours."""
    order = _Order(rows, shares, count)
    keep = order.rank_of_somebody <= MAX_SECOND_PASS
    utterance = rows.utterance[keep]
    best_shares = order.get_best(1)
    top = best_shares[utterance]
    sequence = np.searchsorted(np.array(breaks, dtype=np.int64), np.arange(count), side="right")
    near = [_find_neighbour(utterance, sequence, step) for step in (-2, -1, 1, 2)]
    width = int(rows.entity.max(initial=0)) + 2
    keys = rows.utterance * width + np.where(rows.entity < 0, width - 1, rows.entity)
    columns: list[AnyArray] = [
        shares[keep],
        order.rank[keep],
        top - shares[keep],
        shares[order.ends - 1][utterance],
        *(_get_shares(keys, shares, other, keys[keep] - utterance * width, width) for other in near),
        *(np.where(other >= 0, best_shares[other], -1) for other in near[1:3]),
    ]
    first_width = rows.features.shape[1]
    features = np.empty((len(utterance), first_width + len(columns)), dtype=np.float32)
    features[:, :first_width] = rows.features[keep]
    for number, column in enumerate(columns, first_width):
        features[:, number] = column
    return CandidateRows(utterance, rows.entity[keep], features)


def choose_answers(rows: CandidateRows, shares: FloatArray, count: int, curve: FloatArray) -> Answers:
    """Return the best row of each utterance, and how likely its best entity is right."""
    order = _Order(rows, shares, count)
    somebody_share, nobody = order.get_best(1), shares[order.ends - 1]
    somebody = np.where(order.sizes > 0, rows.entity[order.get_rows(1)], NOBODY) if count else order.sizes
    is_somebody = somebody_share >= MIN_ODDS_OF_SPEECH * nobody
    entity, share = np.where(is_somebody, somebody, NOBODY), np.where(is_somebody, somebody_share, nobody)
    inputs = build_confidence_inputs(rows, shares, count)
    confidence = 1 / (1 + np.exp(-(np.multiply(inputs, curve[:-1]).sum(axis=1) + curve[-1])))
    is_doubtful = somebody_share < CLEAR_ODDS_OF_SPEECH * nobody
    confidence = np.where(is_doubtful, np.minimum(confidence, MAX_DOUBTFUL_CONFIDENCE), confidence)
    return Answers(entity, share, nobody, somebody, somebody_share, confidence.astype(np.float32))


def build_confidence_inputs(rows: CandidateRows, shares: FloatArray, count: int) -> FloatArray:
    """Return what the confidence reads: log-odds of the best share, and the other shares as logarithms."""
    if not count:
        return np.zeros((0, _CONFIDENCE_INPUTS), dtype=np.float32)
    order = _Order(rows, shares, count)
    best = np.clip(order.get_best(1), 1e-4, 1 - 1e-4).astype(np.float64)
    second = np.clip(order.get_best(2), 1e-4, 1).astype(np.float64)
    common = rows.features[order.ends - 1]
    columns: list[AnyArray] = [
        np.log(best / (1 - best)),
        np.log(second),
        np.log(np.clip(shares[order.ends - 1], 1e-4, 1)),
        np.log(np.clip(common[:, MENTION_SHARE], 1e-3, 1)),
        np.log(np.clip(common[:, ENTITY_SHARE], 1e-3, 1)),
        np.isin(common[:, MENTION_CODE], (1, 2)),
        common[:, MENTION_CODE] >= 3,
        common[:, MENTION_FORM] == 5,
    ]
    return np.stack([column.astype(np.float32) for column in columns], axis=1)


class _Order:
    """The rows of each utterance by their shares, highest first."""

    def __init__(self, rows: CandidateRows, shares: FloatArray, count: int) -> None:
        starts = np.searchsorted(rows.utterance, np.arange(count))
        self.ends = np.searchsorted(rows.utterance, np.arange(count), side="right")
        #: rows of an utterance besides "no speaker"
        self.sizes = self.ends - starts - 1
        self._shares, self._starts = shares, starts
        is_nobody = np.zeros(len(shares), dtype=bool)
        is_nobody[self.ends - 1] = True
        self._order = np.lexsort((-shares, is_nobody, rows.utterance))
        places = np.arange(len(shares)) - starts[rows.utterance]
        #: rank from 1 on among the entities; 0 for "no speaker"
        self.rank_of_somebody = np.empty(len(shares), dtype=np.int64)
        self.rank_of_somebody[self._order] = places + 1
        self.rank_of_somebody[is_nobody] = 0
        #: rank from 0 on among all rows
        self.rank = np.empty(len(shares), dtype=np.int64)
        self.rank[np.lexsort((-shares, rows.utterance))] = places

    def get_rows(self, rank: int) -> IntArray:
        """Return each utterance's row of this rank among the entities, or another row if there are fewer."""
        rows: IntArray = self._order[np.minimum(self._starts + rank - 1, self.ends - 1)]
        return rows

    def get_best(self, rank: int) -> FloatArray:
        """Return each utterance's share of this rank among the entities, 0 if there are fewer."""
        return np.where(self.sizes >= rank, self._shares[self.get_rows(rank)], np.float32(0))


def _find_neighbour(utterance: IntArray, sequence: IntArray, step: int) -> IntArray:
    """Return the utterance some steps away in the same sequence, -1 if there is none."""
    other = np.clip(utterance + step, 0, len(sequence) - 1)
    return np.where((other == utterance + step) & (sequence[other] == sequence[utterance]), other, -1)


def _get_shares(keys: IntArray, shares: FloatArray, other: IntArray, entity: IntArray, width: int) -> FloatArray:
    """Return each entity's share in another utterance: 0 if it is no candidate there, -1 without such an utterance."""
    target = other * width + entity
    place = np.minimum(np.searchsorted(keys, target), len(keys) - 1)
    share = np.where(keys[place] == target, shares[place], np.float32(0))
    return np.where(other >= 0, share, np.float32(-1))


#: number of values that the confidence reads
_CONFIDENCE_INPUTS = 8
#: columns of the utterance's features that the confidence reads, from the end of the entity's
_PAIR_COLUMNS = 52 + 19
MENTION_SHARE, MENTION_FORM, MENTION_CODE, ENTITY_SHARE = (_PAIR_COLUMNS + offset for offset in (1, 4, 5, 31))
