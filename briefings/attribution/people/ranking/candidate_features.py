"""Features of (utterance, entity) pairs: how well an entity fits as the one who speaks.

Rule: each utterance has one more row for "no speaker", whose entity columns are -1. All rows of an utterance carry what
is known of the utterance itself.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.people.ranking.candidates import (
    FAR,
    MAX_CANDIDATES,
    Batch,
    Candidates,
    Shares,
    find_candidates,
)
from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.attribution.people.ranking.sources import Sources
from briefings.attribution.people.ranking.utterance_features import describe_utterances
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, IntArray
from briefings.text.tokenizer import WORD

NOBODY = -1
#: the column that says whether the source mention itself refers to the entity
IS_SOURCE = 2
#: rows of the table read before and after an utterance
_NEAR_ROWS = 25
#: utterances whose candidates are found at once
_BATCH_SIZE = 64
#: behind every place
_END = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class CandidateRows:
    """Rows sorted by utterance. `entity` is No one in each utterance's last row."""

    utterance: IntArray
    entity: IntArray
    features: FloatArray


def build_rows(
    table: EntityTable, utterances: list[Utterance], breaks: tuple[int, ...] = (), limit: int = MAX_CANDIDATES
) -> CandidateRows:
    """Build the first pass's rows for every utterance, for at most `limit` entities each.

    An utterance in `breaks` has no neighbour before it.
    """
    if not utterances:
        return CandidateRows(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1), np.float32))
    builder = _Builder(table, utterances, breaks, limit)
    parts = [
        builder.build(low, min(low + _BATCH_SIZE, len(utterances))) for low in range(0, len(utterances), _BATCH_SIZE)
    ]
    pairs = np.concatenate([features for _, features in parts])
    owner = np.concatenate([batch.candidates.utterance for batch, _ in parts])
    best, total = (np.concatenate([getattr(batch, name) for batch, _ in parts]) for name in ("best_share", "share_sum"))
    previous_best = np.where(builder.has_previous, np.r_[np.float32(-1), best[:-1]], np.float32(-1))
    common = describe_utterances(table, utterances, builder.sources, (best, total), previous_best)
    # each utterance's last row is "no speaker"
    numbers = np.arange(len(utterances))
    ends = np.searchsorted(owner, numbers, side="right") + numbers
    entity = np.full(len(pairs) + len(utterances), NOBODY)
    places = np.arange(len(pairs)) + owner
    entity[places] = np.concatenate([batch.candidates.entity for batch, _ in parts])
    features = np.full((len(entity), pairs.shape[1] + common.shape[1]), -1, dtype=np.float32)
    features[places, : pairs.shape[1]] = pairs
    utterance = np.repeat(numbers, np.diff(np.r_[-1, ends]))
    features[:, pairs.shape[1] :] = common[utterance]
    return CandidateRows(utterance, entity, features)


class _Builder:
    """Builds the columns of the pairs of one article."""

    def __init__(self, table: EntityTable, utterances: list[Utterance], breaks: tuple[int, ...], limit: int) -> None:
        self.table, self.sources, self.shares = table, Sources(table, utterances), Shares(table, utterances)
        self.limit = limit
        self.has_previous = np.ones(len(utterances), dtype=bool)
        self.has_previous[[0, *(number for number in breaks if number < len(utterances))]] = False
        self.has_next = np.r_[self.has_previous[1:], False]
        size, words = len(table.document.tokens), table.document.shapes[:, WORD]
        self.word_places = np.sort(words * (size + 1) + np.arange(size))
        order = np.argsort(table.entity, kind="stable")
        self.entity_places = table.entity[order] * (len(order) + 1) + order
        self.people = np.r_[0, np.cumsum(table.person[table.entity] > 0.4)] if len(order) else np.zeros(1)
        self.cue = np.r_[table.signals.next3, 0]
        self.last3 = np.r_[table.signals.last3, 0]

    def build(self, low: int, high: int) -> tuple[Batch, FloatArray]:
        """Return the candidates of some utterances, and the features of each pair."""
        neighbours = (self.has_previous, self.has_next)
        batch = find_candidates(self.table, self.sources, self.shares, low, high, neighbours, self.limit)
        columns = self._compute_columns(batch, low, high)
        entity = batch.candidates.entity
        result = np.empty((len(entity), len(columns) + self.table.static.shape[1]), dtype=np.float32)
        for number, column in enumerate(columns):
            result[:, number] = column
        result[:, len(columns) :] = self.table.static[entity]
        return batch, result

    def _compute_columns(self, batch: Batch, low: int, high: int) -> list[AnyArray]:
        table, sources, pairs = self.table, self.sources, batch.candidates
        utterance, entity, document = pairs.utterance, pairs.entity, table.document
        owner, count = utterance - low, high - low
        at, out, ahead = pairs.last_at, pairs.last_outside, pairs.next_at
        token, sentence = sources.token[utterance], sources.sentence[utterance]
        fits_gender = sources.compare_gender(utterance, table.gender[entity])
        recency = np.where(at >= 0, _get(table.first, at), -1)
        fitting = np.where((fits_gender >= 0) & (table.person[entity] > 0.4), recency, -1)
        overlap, head_match = sources.compare_roles(utterance, entity)
        is_name = ~table.is_description[entity]
        best_overlap = np.zeros(count, dtype=np.float32)
        np.maximum.at(best_overlap, owner, np.where(is_name, overlap, np.float32(0)))
        same_words = np.where(
            sources.has_stems[low:high], np.bincount(owner[is_name & (overlap > 0.99)], minlength=count), -1
        )
        same_heads = np.bincount(owner[is_name & (head_match > 0)], minlength=count)
        before = np.searchsorted(table.first, token)
        return [
            pairs.own,
            batch.best_share[owner] - pairs.own,
            entity == sources.entity[utterance],
            fits_gender,
            sources.compare_number(utterance, entity),
            pairs.gap,
            np.where(at >= 0, token - _get(table.last, at), 999),
            _rank_down(fitting, owner, count),
            _rank_down(recency, owner, count),
            _pick(table.is_subject, at),
            _pick(table.source, at),
            _pick(table.follows_preposition, at),
            _pick(table.is_possessor, at),
            _pick(table.follows_verb, at),
            np.clip(table.lean[entity] * sources.sign[utterance], -4, 4),
            *self._measure_passage_distances(pairs, low, high),
            _pick(table.is_quoted, at),
            _pick(table.rank, at),
            np.where(out >= 0, sentence - _get(table.sentence, out), FAR),
            _pick(table.is_subject, out),
            _pick(table.source, out),
            _pick(table.rank, out),
            np.where(at >= 0, document.tokens.paragraph[token] - document.tokens.paragraph[_get(table.first, at)], FAR),
            pairs.ahead,
            _pick(table.source, ahead),
            _pick(table.is_subject, ahead),
            pairs.recent,
            pairs.wider,
            overlap,
            head_match,
            overlap - best_overlap[owner],
            same_heads[owner],
            same_words[owner],
            best_overlap[owner],
            self._is_named_between(entity, sources.first[utterance], sources.last[utterance]),
            self._is_within_source(utterance, entity),
            entity == sources.chained[utterance],
            sources.mark_namesakes(utterance, entity),
            self._is_surname_quoted(utterance, entity),
            pairs.previous,
            pairs.following,
            sources.compare_known_roles(utterance, entity),
            entity == batch.last_source[owner],
            entity == batch.last_subject[owner],
            table.first_named[entity] > token,
            np.where(at >= 0, self.people[before] - self.people[np.minimum(at + 1, before)], FAR),
            sources.compare_names(utterance, entity),
        ]

    def _measure_passage_distances(self, pairs: Candidates, low: int, high: int) -> list[AnyArray]:
        """Return how far before and after the passage an entity is named in its sentence, and the cue next to it."""
        table, size = self.table, len(self.table.signals.next3)
        first, last = self.sources.first, self.sources.last
        b = self._find_near_rows(pairs, low, np.searchsorted(table.first, first[low:high]), is_before=True)
        a = self._find_near_rows(pairs, low, np.searchsorted(table.first, last[low:high]), is_before=False)
        first, last, sentence = first[pairs.utterance], last[pairs.utterance], table.document.sentence
        b_last, a_first = _get(table.last, b), _get(table.first, a)
        same_b = (b >= 0) & (_get(table.sentence, b) == sentence[first])
        same_a = (a >= 0) & (_get(table.sentence, a) == sentence[last - 1])
        return [
            np.where(same_b, first - b_last, FAR),
            np.where(same_a, a_first - last, FAR),
            np.where(same_b, self.cue[np.minimum(b_last, size)], -1),
            np.where(same_a, self.cue[np.minimum(_get(table.last, a), size)], -1),
            np.where(same_a, self.last3[np.minimum(a_first, size)], -1),
            np.where(b >= 0, sentence[first] - _get(table.sentence, b), FAR),
        ]

    def _find_near_rows(self, pairs: Candidates, low: int, edge: IntArray, *, is_before: bool) -> IntArray:
        """Return the row where each pair's entity is named next to the edge of its passage, -1 if it is far."""
        width = len(self.entity_places) + 1
        place = np.searchsorted(self.entity_places, pairs.entity * width + edge[pairs.utterance - low])
        place = place - 1 if is_before else place
        row = np.r_[self.entity_places, -1][np.clip(place, -1, width - 1)] - pairs.entity * width
        distance = edge[pairs.utterance - low] - row if is_before else row - edge[pairs.utterance - low] + 1
        return np.where((row >= 0) & (row < width) & (distance > 0) & (distance <= _NEAR_ROWS), row, -1)

    def _is_named_between(self, entity: IntArray, first: IntArray, last: IntArray) -> BoolArray:
        """Return which entities are named between two tokens."""
        low, high = np.searchsorted(self.table.first, first), np.searchsorted(self.table.first, last)
        width = len(self.entity_places) + 1
        place = np.searchsorted(self.entity_places, entity * width + low)
        is_between: BoolArray = np.r_[self.entity_places, _END][place] < entity * width + high
        return is_between

    def _is_within_source(self, utterance: IntArray, entity: IntArray) -> BoolArray:
        """Return which entities are named inside the source's phrase without being its head: Doe in "Doe's lawyer"."""
        sources = self.sources
        is_within = self._is_named_between(entity, sources.start[utterance], sources.end[utterance])
        is_within &= sources.is_known[utterance] & (entity != sources.entity[utterance])
        return is_within

    def _is_surname_quoted(self, utterance: IntArray, entity: IntArray) -> BoolArray:
        """Return which entities' surnames the utterance says."""
        width = len(self.word_places) + 1
        first, last = self.sources.first[utterance], self.sources.last[utterance]
        key = self.table.surname_hash[entity] * width
        place = np.searchsorted(self.word_places, key + first)
        is_quoted: BoolArray = np.r_[self.word_places, _END][place] < key + last
        return is_quoted


def _get(values: AnyArray, index: IntArray) -> AnyArray:
    """Return the values at the indexes; anything for -1."""
    return values[index] if len(values) else np.zeros(len(index), dtype=np.int64)


def _pick(values: AnyArray, index: IntArray) -> AnyArray:
    return np.where(index >= 0, _get(values, index), -1)


def _rank_down(values: IntArray, owner: IntArray, count: int) -> IntArray:
    """Return each value's rank in its utterance, 0 for the highest; negative values rank last."""
    order = np.lexsort((-values, owner))
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values)) - np.searchsorted(owner, np.arange(count))[owner]
    return np.where(values < 0, FAR, rank)
