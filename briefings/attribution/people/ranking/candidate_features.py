"""Features of (utterance, entity) pairs: how well an entity fits as the one who speaks.

Rule: each utterance has one more row for "no speaker", whose entity columns are -1. All rows of an utterance carry what
is known of the utterance itself.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.attribution.people.ranking.source_features import Source
from briefings.text.learned_models import AnyArray, FloatArray, IntArray

#: entities considered for one utterance
MAX_CANDIDATES = 24
#: sentences back, and mentions that make an entity a candidate from anywhere
MAX_SENTENCES, MIN_FREQUENT = 20, 4
#: a mention's share that makes its entity a candidate
MIN_SHARE = 0.01
NOBODY = -1
#: the column that says whether the source mention itself refers to the entity
IS_SOURCE = 2
_FAR = 99


@dataclass(frozen=True, slots=True)
class CandidateRows:
    """Rows sorted by utterance. `entity` is NOBODY in each utterance's last row."""

    utterance: IntArray
    entity: IntArray
    features: FloatArray


def build_rows(table: EntityTable, utterances: list[Utterance]) -> CandidateRows:
    """Build the first pass's rows for every utterance."""
    parts: list[FloatArray] = []
    owners: list[IntArray] = []
    entities: list[IntArray] = []
    previous: FloatArray | None = None
    count = len(table.entity_index.entities)
    shares = [compute_entity_shares(table, utterance) for utterance in utterances]
    for number, utterance in enumerate(utterances):
        following = shares[number + 1] if number + 1 < len(shares) else None
        entity, features = _build_utterance_rows(table, utterance, shares[number], previous, following)
        parts.append(features)
        entities.append(np.r_[entity, NOBODY])
        owners.append(np.full(len(entity) + 1, number))
        previous = shares[number]
    if not parts:
        return CandidateRows(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1), np.float32))
    del count
    return CandidateRows(np.concatenate(owners), np.concatenate(entities), np.concatenate(parts).astype(np.float32))


def compute_entity_shares(table: EntityTable, utterance: Utterance) -> FloatArray:
    """Return the share that the mention ranker gave to the mentions of each entity."""
    shares = np.zeros(len(table.entity_index.entities), dtype=np.float32)
    linked = table.entity_index.entity_by_mention[utterance.mentions]
    np.add.at(shares, linked[linked >= 0], utterance.shares[linked >= 0])
    for mention, share in zip(utterance.mentions.tolist(), utterance.shares.tolist(), strict=True):
        for namesake in table.entity_index.namesakes_by_mention.get(mention, ()):
            shares[namesake] += share
    return shares


def _build_utterance_rows(
    table: EntityTable, utterance: Utterance, own: FloatArray, previous: FloatArray | None, following: FloatArray | None
) -> tuple[IntArray, FloatArray]:
    document = table.document
    source = Source(table, utterance)
    count = len(table.entity_index.entities)
    # positions among the named mentions: before the source, and after it
    low = int(np.searchsorted(table.first, source.token))
    before = np.flatnonzero(table.mention[:low] != source.mention)[-300:] if low else np.zeros(0, np.int64)
    after = low + np.flatnonzero(table.mention[low : low + 60] != source.mention)
    last_at = np.full(count, -1)
    last_at[table.entity[before]] = before
    next_at = np.full(count, -1)
    next_at[table.entity[after[::-1]]] = after[::-1]
    outside = before[~table.is_quoted[before]]
    last_outside = np.full(count, -1)
    last_outside[table.entity[outside]] = outside
    sentence = int(document.sentence[source.token])
    has_last, has_next = last_at >= 0, next_at >= 0
    gap = np.where(has_last, sentence - table.sentence[last_at], _FAR)
    ahead = np.where(has_next, table.sentence[next_at] - sentence, _FAR)
    is_candidate = (own > MIN_SHARE) | (gap <= MAX_SENTENCES) | (ahead <= 3) | (table.counts >= MIN_FREQUENT)
    is_thing = (table.static[:, 0] > 0) & (table.person < 0.4)
    is_candidate &= (own > MIN_SHARE) | ~is_thing | (gap <= 3)
    # "she" is not a man: a known gender rules a candidate out, unless it may be named by another mention
    is_candidate &= (own > MIN_SHARE) | (source.compare_gender(table.sure_gender) >= 0)
    entity = np.flatnonzero(is_candidate)
    if len(entity) > MAX_CANDIDATES:
        weight = own[entity] * 100 - np.minimum(gap, ahead)[entity] * 0.1 + np.minimum(table.counts[entity], 20) * 0.1
        entity = np.sort(entity[np.argsort(-weight, kind="stable")[:MAX_CANDIDATES]])
    fits_gender = source.compare_gender(table.gender[entity])
    recency = np.where(has_last, table.first[last_at], -1)[entity]
    fitting = np.where((fits_gender >= 0) & (table.person[entity] > 0.4), recency, -1)
    rank = _rank_down(fitting)
    rank_all = _rank_down(recency)
    recent = np.bincount(table.entity[before[table.sentence[before] >= sentence - 3]], minlength=count)
    wider = np.bincount(table.entity[before[table.sentence[before] >= sentence - 10]], minlength=count)
    likely = outside[table.source[outside] > 0.5]
    last_source = int(table.entity[likely[-1]]) if len(likely) else -1
    subject = outside[table.is_subject[outside] & (table.sentence[outside] < sentence)]
    last_subject = int(table.entity[subject[-1]]) if len(subject) else -1
    inside = _find_entities_inside(table, utterance)
    overlap, head_match = source.compare_roles(table, entity)
    is_name = table.static[entity, 0] == 0
    best_overlap = overlap[is_name].max(initial=0)
    at, out = last_at[entity], last_outside[entity]

    def pick(values: AnyArray, index: IntArray) -> AnyArray:
        return np.where(index >= 0, values[index], -1) if len(values) else np.full(len(index), -1)

    columns: list[AnyArray] = [
        own[entity],
        np.full(len(entity), own.max(initial=0)) - own[entity],
        entity == source.entity,
        fits_gender,
        source.compare_number(table, entity),
        gap[entity],
        np.where(has_last, source.token - table.last[last_at], 999)[entity],
        rank,
        rank_all,
        pick(table.is_subject, at),
        pick(table.source, at),
        pick(table.follows_preposition, at),
        pick(table.is_possessor, at),
        pick(table.follows_verb, at),
        np.clip(table.lean[entity] * source.sign, -4, 4),
        *_measure_passage_distances(table, utterance, entity),
        pick(table.is_quoted, at),
        pick(table.rank, at),
        np.where(out >= 0, sentence - table.sentence[out], _FAR) if len(table.sentence) else out,
        pick(table.is_subject, out),
        pick(table.source, out),
        pick(table.rank, out),
        np.where(at >= 0, document.tokens.paragraph[source.token] - document.tokens.paragraph[table.first[at]], _FAR),
        ahead[entity],
        pick(table.source, next_at[entity]),
        pick(table.is_subject, next_at[entity]),
        recent[entity],
        wider[entity],
        overlap,
        head_match,
        overlap - best_overlap,
        np.full(len(entity), (head_match[is_name] > 0).sum()),
        np.full(len(entity), (overlap[is_name] > 0.99).sum() if source.stems else -1),
        np.full(len(entity), best_overlap),
        np.isin(entity, inside),
        np.isin(entity, _find_entities_within(table, source)),
        entity == source.chained,
        np.isin(entity, source.find_namesakes()),
        np.array([table.surname_hash[number] in source.quoted_words for number in entity.tolist()], dtype=bool),
        previous[entity] if previous is not None else np.full(len(entity), -1.0),
        following[entity] if following is not None else np.full(len(entity), -1.0),
        source.compare_known_roles(table, entity),
        entity == last_source,
        entity == last_subject,
        (table.first_named[entity] > source.token),
        _count_between(table, at, source.token),
        source.compare_names(table, entity),
    ]
    pair = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    pair = np.concatenate([pair, table.static[entity]], axis=1)
    pair = np.concatenate([pair, np.full((1, pair.shape[1]), -1, dtype=np.float32)])
    common = np.array(source.describe(previous, own), dtype=np.float32)
    return entity, np.concatenate([pair, np.tile(common, (len(pair), 1))], axis=1)


def _measure_passage_distances(table: EntityTable, utterance: Utterance, entity: IntArray) -> list[AnyArray]:
    """Return how far before and after the passage an entity is named in its sentence, and the cue next to it."""
    count, document = len(table.entity_index.entities), table.document
    low = int(np.searchsorted(table.first, utterance.first))
    high = int(np.searchsorted(table.first, utterance.last))
    before, after = np.full(count, -1), np.full(count, -1)
    before_rows = np.arange(max(low - 25, 0), low)
    after_rows = np.arange(high, min(high + 25, len(table.first)))[::-1]
    before[table.entity[before_rows]] = before_rows
    after[table.entity[after_rows]] = after_rows
    first_sentence, last_sentence = document.sentence[utterance.first], document.sentence[utterance.last - 1]
    cue = np.r_[table.signals.next3, 0]
    last3 = np.r_[table.signals.last3, 0]
    b, a = before[entity], after[entity]
    if not len(table.first):
        return [np.full(len(entity), -1)] * 6
    same_b = (b >= 0) & (table.sentence[b] == first_sentence)
    same_a = (a >= 0) & (table.sentence[a] == last_sentence)
    size = len(table.signals.next3)
    return [
        np.where(same_b, utterance.first - table.last[b], _FAR),
        np.where(same_a, table.first[a] - utterance.last, _FAR),
        np.where(same_b, cue[np.minimum(table.last[b], size)], -1),
        np.where(same_a, cue[np.minimum(table.last[a], size)], -1),
        np.where(same_a, last3[np.minimum(table.first[a], size)], -1),
        np.where(b >= 0, first_sentence - table.sentence[b], _FAR),
    ]


def _find_entities_inside(table: EntityTable, utterance: Utterance) -> IntArray:
    low, high = np.searchsorted(table.first, [utterance.first, utterance.last])
    return np.unique(table.entity[low:high])


def _find_entities_within(table: EntityTable, source: Source) -> list[int]:
    """Return the entities named inside the source's phrase without being its head: Doe in "Doe's lawyer"."""
    low, high = np.searchsorted(table.first, [source.start, source.end])
    return [n for n in np.unique(table.entity[low:high]).tolist() if n != source.entity] if source.mention >= 0 else []


def _rank_down(values: AnyArray) -> IntArray:
    """Return each value's rank, 0 for the highest; negative values rank last."""
    order = np.argsort(-values, kind="stable")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    return np.where(values < 0, _FAR, rank)


def _count_between(table: EntityTable, at: IntArray, token: int) -> IntArray:
    """Return how many other mentions of people are between an entity's last mention and the source."""
    is_person = np.r_[0, np.cumsum(table.person[table.entity] > 0.4)] if len(table.entity) else np.zeros(1)
    end = int(np.searchsorted(table.first, token))
    return np.where(at >= 0, is_person[end] - is_person[np.minimum(at + 1, end)], _FAR)
