"""Which entities are considered for each utterance, and where each is named before and after the source.

Rule: utterances are taken some at a time, and of a long text only the entities that are near or frequent, so that no
text costs more than its length.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.attribution.people.ranking.sources import Sources
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, IntArray

#: entities considered for one utterance: fewer where quotations are much denser than in any article
MAX_CANDIDATES, _MIN_CANDIDATES = 24, 4
#: tokens that a short text may have besides its own, when its quotations are counted
_SPARE_TOKENS = 1_000
#: sentences back, and mentions that make an entity a candidate from anywhere
MAX_SENTENCES, MIN_FREQUENT = 20, 4
#: a mention's share that makes its entity a candidate
MIN_SHARE = 0.01
#: mentions of entities that are read before and after a source
BEFORE, AFTER = 300, 60
#: distance of an entity that is not named
FAR = 99
#: sentences within which mentions are counted
_RECENT, _WIDER = 3, 10
#: entities of a text among which all are considered, and frequent entities considered from anywhere
_MAX_ENTITIES, _MAX_FREQUENT = 512, 96
#: rows before a source that can belong to the source mention itself
_OWN_ROWS = 16


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of an utterance and an entity, sorted. `last_at` and the like are rows of the table, -1 where none."""

    utterance: IntArray
    entity: IntArray
    own: FloatArray
    previous: FloatArray
    following: FloatArray
    last_at: IntArray
    next_at: IntArray
    last_outside: IntArray
    gap: IntArray
    ahead: IntArray
    recent: IntArray
    wider: IntArray


@dataclass(frozen=True, slots=True)
class Batch:
    """The candidates of some utterances, and for each of these the best share, the sum, and the last source."""

    candidates: Candidates
    best_share: FloatArray
    share_sum: FloatArray
    last_source: IntArray
    last_subject: IntArray


class Shares:
    """The share that the mention ranker gave to the mentions of each entity, for every utterance."""

    def __init__(self, table: EntityTable, utterances: list[Utterance]) -> None:
        utterance, entity, share = [], [], []
        linked, namesakes = table.entity_index.entity_by_mention, table.entity_index.namesakes_by_mention
        for number, one in enumerate(utterances):
            mentions, shares = one.mentions.tolist(), one.shares.tolist()
            own = [(int(linked[mention]), value) for mention, value in zip(mentions, shares, strict=True)]
            own += [
                (namesake, value)
                for mention, value in zip(mentions, shares, strict=True)
                for namesake in namesakes.get(mention, ())
            ]
            for candidate, value in own:
                if candidate >= 0:
                    utterance.append(number)
                    entity.append(candidate)
                    share.append(value)
        self.utterance, self.entity = np.array(utterance, dtype=np.int64), np.array(entity, dtype=np.int64)
        self.share = np.array(share, dtype=np.float32)

    def find(self, low: int, high: int) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the utterances from `low` to before `high`, the entities and the shares."""
        part = slice(*np.searchsorted(self.utterance, [low, high]))
        return self.utterance[part], self.entity[part], self.share[part]


def limit_candidates(tokens: int, utterances: int) -> int:
    """Return how many entities are considered for each quotation of a text."""
    return max(_MIN_CANDIDATES, min(MAX_CANDIDATES, (tokens + _SPARE_TOKENS) // max(utterances, 1)))


def find_candidates(
    table: EntityTable,
    sources: Sources,
    shares: Shares,
    low: int,
    high: int,
    neighbours: tuple[BoolArray, BoolArray],
    limit: int,
) -> Batch:
    """Return the candidates of the utterances from `low` to before `high`, at most `limit` for each.

    `neighbours` says which of all utterances have one before and one after.
    """
    size = high - low
    window = _Window(table, sources, low, high)
    number, entity, share = shares.find(low - 1, high + 1)
    nearby, column = _choose_entities(table, window, entity)
    width = len(nearby)
    grid = np.zeros((size + 2, width), dtype=np.float32)
    np.add.at(grid, (number - low + 1, column[entity]), share)
    own = grid[1:-1]
    before_it, after_it = (flags[low:high, None] for flags in neighbours)
    previous, following = np.where(before_it, grid[:-2], -1), np.where(after_it, grid[2:], -1)

    entities = column[window.entity]
    last_at = _scatter(window.is_before, window.before, entities, (size, width))
    last_outside = _scatter(window.is_outside, window.before, entities, (size, width))
    next_at = _scatter(window.is_after, window.after, entities, (size, width))
    sentence = sources.sentence[low:high, None]
    rows = np.r_[table.sentence, 0]
    gap = np.where(last_at >= 0, sentence - rows[last_at], FAR)
    ahead = np.where(next_at >= 0, rows[next_at] - sentence, FAR)
    is_likely = own > MIN_SHARE
    is_candidate = is_likely | (gap <= MAX_SENTENCES) | (ahead <= 3) | (table.counts[nearby] >= MIN_FREQUENT)
    is_thing = ((table.static[:, 0] > 0) & (table.person < 0.4))[nearby]
    is_candidate &= is_likely | ~is_thing | (gap <= 3)
    # "she" is not a man: a nearby gender rules a candidate out, unless it may be named by another mention
    gender = sources.gender[low:high, None]
    sure_gender = table.sure_gender[nearby]
    is_candidate &= is_likely | (gender == 0) | (sure_gender == 0) | (gender == sure_gender)
    owner, picks = np.nonzero(is_candidate)
    if len(owner) > limit:
        counts = np.minimum(table.counts[nearby[picks]], 20)
        distance = np.minimum(gap[owner, picks], ahead[owner, picks])
        keep = _keep_best(owner, own[owner, picks] * 100 - distance * 0.1 + counts * 0.1, size, limit)
        owner, picks = owner[keep], picks[keep]
    at = (owner, picks)
    candidates = Candidates(
        owner + low,
        nearby[picks],
        own[at],
        previous[at],
        following[at],
        last_at[at],
        next_at[at],
        last_outside[at],
        gap[at],
        ahead[at],
        window.count(entities, _RECENT, (size, width))[at],
        window.count(entities, _WIDER, (size, width))[at],
    )
    last_source, last_subject = window.find_last_source(), window.find_last_subject()
    return Batch(candidates, own.max(axis=1, initial=0), own.sum(axis=1), last_source, last_subject)


class _Window:
    """The rows of the table before and after the source of each utterance, as grids."""

    def __init__(self, table: EntityTable, sources: Sources, low: int, high: int) -> None:
        self.table, self.entity = table, np.r_[table.entity, 0]
        token, mention = sources.token[low:high], sources.mention[low:high, None]
        self.sentence = sources.sentence[low:high, None]
        middle = np.searchsorted(table.first, token)[:, None]
        total = len(table.first)
        self.mention = np.r_[table.mention, -2]
        width = min(int(middle.max(initial=0)), BEFORE + _OWN_ROWS)
        self.before = np.maximum(middle - width + np.arange(width), -1)
        self.is_before = (self.before >= 0) & (self.mention[self.before] != mention)
        if width > BEFORE:
            self.is_before &= np.cumsum(self.is_before[:, ::-1], axis=1)[:, ::-1] <= BEFORE
        # backwards, because the first of several rows counts
        self.after = np.minimum(middle + np.arange(AFTER)[::-1], total)
        self.is_after = (self.after < total) & (self.mention[self.after] != mention)
        self.is_outside = self.is_before & ~np.r_[table.is_quoted, False][self.before]
        self.before_sentence = np.r_[table.sentence, 0][self.before]

    def count(self, entities: IntArray, sentences: int, shape: tuple[int, int]) -> IntArray:
        """Return how often each entity is named in the last sentences before each source."""
        owner, place = np.nonzero(self.is_before & (self.before_sentence >= self.sentence - sentences))
        cells = owner * shape[1] + entities[self.before[owner, place]]
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    def find_last_source(self) -> IntArray:
        """Return the entity of the last likely source before each utterance's source, outside quotations, or -1."""
        return self._find_last(self.is_outside & (np.r_[self.table.source, 0][self.before] > 0.5))

    def find_last_subject(self) -> IntArray:
        """Return the entity of the last subject in the sentences before, outside quotations, or -1."""
        is_subject = np.r_[self.table.is_subject, False][self.before]
        return self._find_last(self.is_outside & is_subject & (self.before_sentence < self.sentence))

    def _find_last(self, flags: BoolArray) -> IntArray:
        row = np.where(flags, self.before, -1).max(axis=1, initial=-1)
        return np.where(row >= 0, self.entity[row], -1)


def _choose_entities(table: EntityTable, window: _Window, likely: IntArray) -> tuple[IntArray, IntArray]:
    """Return the entities that can be candidates, and the column of each entity."""
    count = len(table.counts)
    if count <= _MAX_ENTITIES:
        return np.arange(count), np.arange(count + 1)
    frequent = np.flatnonzero(table.counts >= MIN_FREQUENT)
    frequent = frequent[np.argsort(-table.counts[frequent], kind="stable")[:_MAX_FREQUENT]]
    rows = np.r_[window.before[window.is_before], window.after[window.is_after]]
    nearby = np.unique(np.r_[frequent, table.entity[rows], likely])
    column = np.zeros(count + 1, dtype=np.int64)
    column[nearby] = np.arange(len(nearby))
    return nearby, column


def _scatter(flags: BoolArray, rows: IntArray, entities: IntArray, shape: tuple[int, int]) -> IntArray:
    """Return the last of the flagged rows of each entity, -1 where there is none."""
    result = np.full(shape, -1)
    owner, place = np.nonzero(flags)
    picks = rows[owner, place]
    result[owner, entities[picks]] = picks
    return result


def _keep_best(owner: IntArray, weight: AnyArray, count: int, limit: int) -> BoolArray:
    """Return which pairs are among the best of their utterance."""
    starts = np.searchsorted(owner, np.arange(count))
    if np.diff(np.r_[starts, len(owner)]).max() <= limit:
        return np.ones(len(owner), dtype=bool)
    order = np.lexsort((-weight, owner))
    rank = np.empty(len(owner), dtype=np.int64)
    rank[order] = np.arange(len(owner)) - starts[owner]
    keep: BoolArray = rank < limit
    return keep
