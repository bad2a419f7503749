"""Features of (utterance, entity) pairs: how well an entity fits as the one who speaks.

Rule: each utterance has one more row for "nobody", whose entity columns are -1. All rows of an utterance carry what
is known of the utterance itself.
"""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.pair_features import Signals
from briefings.attribution.people.entities import Entities, classify_noun
from briefings.attribution.people.name_tagger import PERSON
from briefings.text import lexicon
from briefings.text.learned_models import AnyArray, FloatArray, IntArray
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.tokenizer import FIRST_UPPER, WORD, hash_word, stem

#: entities considered for one utterance
MAX_CANDIDATES = 30
#: sentences back, and mentions that make an entity a candidate from anywhere
MAX_SENTENCES, MIN_FREQUENT = 20, 4
#: a mention's share that makes its entity a candidate
MIN_SHARE = 0.01
NOBODY = -1
_FAR = 99
_PRONOUN_CODES = {
    **dict.fromkeys(["he", "him", "his", "himself"], 1),
    **dict.fromkeys(["she", "her", "hers", "herself"], 2),
    **dict.fromkeys(["they", "them", "their", "both", "others", "some", "many"], 3),
    **dict.fromkeys(["it", "its"], 4),
    **dict.fromkeys(["we", "our", "us"], 5),
    **dict.fromkeys(["i", "me", "my"], 6),
    **dict.fromkeys(["who", "whom", "whose", "which", "that"], 7),
    **dict.fromkeys(["you", "your"], 8),
}
_DETERMINER_CODES = {"the": 1, "a": 2, "an": 2, "another": 2, "one": 2, "his": 3, "her": 3, "their": 3, "its": 3, "this": 4}
_GENDER_CODES = {"u": 0, "m": 1, "f": 2}


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words to attribute: tokens from `first` to before `last`, the mentions that may name the source with their shares."""

    first: int
    last: int
    mentions: IntArray
    shares: FloatArray
    nobody_share: float
    #: probability of the best reported candidate that covers it
    support: float


@dataclass(frozen=True, slots=True)
class CandidateRows:
    """Rows sorted by utterance. `entity` is NOBODY in each utterance's last row."""

    utterance: IntArray
    entity: IntArray
    features: FloatArray


class EntityTable:
    """What the candidates' features read of an article's entities, as arrays."""

    def __init__(self, document: Document, signals: Signals, found: Entities) -> None:
        self.document, self.signals, self.found = document, signals, found
        entities = found.entities
        rows = sorted(
            (first, last, number, index)
            for index, entity in enumerate(entities)
            for first, last, number in entity.mentions
        )
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        self.first, self.last, self.mention, self.entity = table.T
        self.is_quoted = document.passage_ids[self.first] > 0
        self.sentence = document.sentence[self.first]
        size = len(document.tokens)
        sources = np.r_[signals.source, 0.0]
        self.source = np.where(self.mention >= 0, sources[self.mention], 0)
        verbs = [*VERBS, TAG["MD"]]
        tags = np.r_[document.tags, -1, -1]
        self.is_subject = np.isin(tags[np.minimum(self.last, size)], verbs)
        before = np.where(self.first > 0, tags[self.first - 1], -1)
        self.follows_preposition = before == TAG["IN"]
        self.follows_verb = np.isin(before, verbs)
        self.is_possessor = tags[np.minimum(self.last, size)] == TAG["POS"]
        _, starts = np.unique(self.sentence, return_index=True)
        opening = np.repeat(starts, np.diff(np.r_[starts, len(self.sentence)]))
        self.rank = np.arange(len(self.sentence)) - opening
        self.static = self._build_static()
        self.gender = np.array([_GENDER_CODES[entity.gender] for entity in entities], dtype=np.int64)
        self.is_plural = np.array([entity.is_plural for entity in entities], dtype=bool)
        self.person = np.array([entity.kinds[PERSON] for entity in entities], dtype=np.float32)
        self.counts = np.bincount(self.entity, minlength=len(entities))
        self.lean = np.array([entity.lean for entity in entities], dtype=np.int64)
        self.surname_hash = [hash_word(entity.surname) if not entity.is_description else 0 for entity in entities]
        self.stems_by_entity = [
            entity.role_stems | ({stem(entity.words[0])} if entity.is_description else set()) for entity in entities
        ]
        outside = ~self.is_quoted
        self.first_named = np.full(len(entities), size)
        np.minimum.at(self.first_named, self.entity[outside], self.first[outside])

    def _build_static(self) -> FloatArray:
        entities = self.found.entities
        surnames: dict[str, int] = {}
        for entity in entities:
            if entity.is_full_name and entity.kinds[PERSON] > 0.4:
                surnames[entity.surname] = surnames.get(entity.surname, 0) + 1
        total = len(self.document.tokens)
        rows = [
            [
                float(entity.is_description),
                *entity.kinds.tolist(),
                len(entity.mentions),
                len(entity.mentions) / max(len(self.first), 1),
                entity.mentions[0][0],
                entity.mentions[0][0] / total,
                float(entity.has_title),
                float(entity.is_full_name),
                len(entity.words),
                _GENDER_CODES[entity.gender],
                float(entity.is_plural),
                len(entity.role_stems) if not entity.is_description else -1,
                surnames.get(entity.surname, 0) if not entity.is_description else 0,
                float(sum(entity.spellings.values()) > 0 or entity.is_description),
                float(any(word.isupper() and len(word) < 5 for word in entity.spellings)),
            ]
            for entity in entities
        ]
        return np.array(rows, dtype=np.float32).reshape(len(entities), 19)


def build_rows(table: EntityTable, utterances: list[Utterance]) -> CandidateRows:
    """Build the first pass's rows for every utterance."""
    parts: list[FloatArray] = []
    owners: list[IntArray] = []
    chosen: list[IntArray] = []
    previous: FloatArray | None = None
    count = len(table.found.entities)
    shares = [compute_entity_shares(table, utterance) for utterance in utterances]
    for number, utterance in enumerate(utterances):
        following = shares[number + 1] if number + 1 < len(shares) else None
        entity, features = _build_utterance_rows(table, utterance, shares[number], previous, following)
        parts.append(features)
        chosen.append(np.r_[entity, NOBODY])
        owners.append(np.full(len(entity) + 1, number))
        previous = shares[number]
    if not parts:
        return CandidateRows(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1), np.float32))
    del count
    return CandidateRows(np.concatenate(owners), np.concatenate(chosen), np.concatenate(parts).astype(np.float32))


def compute_entity_shares(table: EntityTable, utterance: Utterance) -> FloatArray:
    """Return the share that the mention ranker gave to the mentions of each entity."""
    shares = np.zeros(len(table.found.entities), dtype=np.float32)
    linked = table.found.entity_by_mention[utterance.mentions]
    np.add.at(shares, linked[linked >= 0], utterance.shares[linked >= 0])
    return shares


def _build_utterance_rows(
    table: EntityTable, utterance: Utterance, own: FloatArray, previous: FloatArray | None, following: FloatArray | None
) -> tuple[IntArray, FloatArray]:
    document = table.document
    source = _Source(table, utterance)
    count = len(table.found.entities)
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
    best_overlap = overlap.max(initial=0)
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
        np.full(len(entity), (head_match > 0).sum()),
        np.isin(entity, inside),
        np.array([table.surname_hash[number] in source.quoted_words for number in entity.tolist()], dtype=bool),
        previous[entity] if previous is not None else np.full(len(entity), -1.0),
        following[entity] if following is not None else np.full(len(entity), -1.0),
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


class _Source:
    """The likeliest source mention of an utterance, and what it tells."""

    def __init__(self, table: EntityTable, utterance: Utterance) -> None:
        self.table, self.utterance = table, utterance
        document, mentions = table.document, table.document.mentions
        best = int(utterance.shares.argmax()) if len(utterance.mentions) else -1
        self.mention = int(utterance.mentions[best]) if best >= 0 else -1
        self.token = int(mentions.head[self.mention]) if best >= 0 else utterance.first
        self.start = int(mentions.first[self.mention]) if best >= 0 else utterance.first
        self.end = int(mentions.last[self.mention]) if best >= 0 else utterance.first
        self.form = int(mentions.form[self.mention]) if best >= 0 else 0
        self.word = document.tokens.words[self.token].lower() if best >= 0 else ""
        self.code = _PRONOUN_CODES.get(self.word, 0)
        self.entity = int(table.found.entity_by_mention[self.mention]) if best >= 0 else -1
        words = document.shapes[utterance.first : utterance.last, WORD]
        self.quoted_words = frozenset(words.tolist())
        is_nominal = self.form in (MentionForm.NOMINAL, MentionForm.NAME) and self.code == 0
        self.stems = (
            frozenset(
                stem(word.lower()) for word in document.tokens.words[self.start : self.end] if word[:1].isalnum()
            )
            - {"the", "a", "an", "that", "this"}
            if is_nominal
            else frozenset()
        )
        self.kinds = classify_noun(self.word) if is_nominal else np.zeros(5, dtype=np.float32)
        self.gender = {1: 1, 2: 2}.get(self.code, 0)
        if self.gender == 0 and self.entity >= 0:
            self.gender = int(table.gender[self.entity])
        self.sign = {1: 1, 2: -1}.get(self.gender, 0)
        self.is_plural = self.code == 3 or (best >= 0 and int(document.tags[self.token]) == TAG["NNS"])

    def compare_gender(self, genders: IntArray) -> IntArray:
        """Return 1 for the source's gender, -1 for the other, 0 where one is unknown, 2 if the source has none."""
        if not self.gender:
            return np.full(len(genders), 2)
        return np.where(genders == 0, 0, np.where(genders == self.gender, 1, -1))

    def compare_number(self, table: EntityTable, entity: IntArray) -> IntArray:
        """Return 1 where the number fits, -1 where it clashes; a body can be "they"."""
        plural = table.is_plural[entity]
        if self.is_plural:
            return np.where(plural, 1, np.where(table.person[entity] > 0.6, -1, 0))
        return np.where(plural, -1, 1)

    def compare_roles(self, table: EntityTable, entity: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the shared words of the description and each entity's roles, and whether its head is among them."""
        overlap, head = np.zeros(len(entity), dtype=np.float32), np.zeros(len(entity), dtype=np.float32)
        if self.stems:
            noun = stem(self.word)
            for index, number in enumerate(entity.tolist()):
                stems = table.stems_by_entity[number]
                overlap[index] = len(self.stems & stems) / len(self.stems)
                head[index] = noun in stems
        return overlap, head

    def compare_names(self, table: EntityTable, entity: IntArray) -> FloatArray:
        """Return 1 for the entities that bear the source's surname."""
        if self.entity < 0 or table.found.entities[self.entity].is_description:
            return np.zeros(len(entity), dtype=np.float32)
        surname = table.found.entities[self.entity].surname
        return np.array([table.found.entities[n].surname == surname for n in entity.tolist()], dtype=np.float32)

    def describe(self, previous: FloatArray | None, own: FloatArray) -> list[float]:
        """Return the features of the utterance and its likeliest source."""
        utterance, document, signals = self.utterance, self.table.document, self.table.signals
        first, last, words = utterance.first, utterance.last, document.tokens.words
        shares = np.sort(utterance.shares)[::-1]
        tags = document.tags
        size = last - first
        inside = slice(first, last)
        sentence = document.sentence
        start = int(np.searchsorted(sentence, sentence[first]))
        end = int(np.searchsorted(sentence, sentence[max(last - 1, first)], side="right"))
        capitals = document.shapes[inside, FIRST_UPPER]
        is_word = np.array([word[:1].isalpha() for word in words[first : min(last, first + 40)]], dtype=bool)
        outside = int((document.passage_ids[start:end] == 0).sum())
        determiner = words[self.start].lower() if self.mention >= 0 else ""
        mark_before, mark_after = first - 2 if first > 1 else -1, last + 1 if last + 1 < len(words) else -1
        return [
            utterance.nobody_share,
            float(shares[0]) if len(shares) else 0.0,
            float(shares[1]) if len(shares) > 1 else 0.0,
            utterance.support,
            self.form,
            self.code,
            size,
            float(capitals[0]) if len(capitals) else 0,
            float(capitals[: len(is_word)][is_word].mean()) if is_word.any() else 0,
            _PUNCTUATION_CODES.get(words[last - 1], 0) if last else 0,
            _PUNCTUATION_CODES.get(words[mark_after], 0) if mark_after >= 0 else 0,
            int(tags[mark_before]) if mark_before >= 0 else -1,
            int(tags[mark_after]) if mark_after >= 0 else -1,
            _PUNCTUATION_CODES.get(words[mark_before], 0) if mark_before >= 0 else 0,
            float(signals.cue[max(start, first - 12) : first].max(initial=0)),
            float(signals.cue[last : min(end, last + 12)].max(initial=0)),
            float(signals.cue[mark_before]) if mark_before >= 0 else 0,
            outside,
            first - start,
            end - last,
            float(np.isin(tags[inside], _VERB_TAGS).any()),
            float(bool(self.quoted_words & _I_HASHES)),
            int((self.table.person > 0.5).sum()),
            self.token - first if self.token < first else self.token - last,
            int(sentence[self.token] - sentence[first]),
            int(document.tokens.paragraph[self.token] - document.tokens.paragraph[first]),
            _DETERMINER_CODES.get(determiner, 0),
            float(self.is_plural),
            float(self.kinds[PERSON]),
            float(self.word in lexicon.load_words("offices")),
            float(signals.source[self.mention]) if self.mention >= 0 else 0.0,
            float(own.max(initial=0)),
            float(own.sum()),
            float(previous.max(initial=0)) if previous is not None else -1.0,
            sentence[first] if sentence[first] < 50 else 50,
            self.gender,
            float(document.passage_ids[self.token] > 0) if self.mention >= 0 else -1,
        ]


_PUNCTUATION_CODES = {",": 1, ".": 2, "?": 3, "!": 3, ":": 4, ";": 5, "the": 6, "a": 6, "an": 6, "that": 7, "as": 8, "and": 9}
_VERB_TAGS = [TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD")]
_I_HASHES = frozenset(hash_word(word) for word in ("i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've", "you"))


def _measure_passage_distances(table: EntityTable, utterance: Utterance, entity: IntArray) -> list[AnyArray]:
    """Return how far before and after the passage an entity is named in its sentence, and the cue beside it."""
    count, document = len(table.found.entities), table.document
    low = int(np.searchsorted(table.first, utterance.first))
    high = int(np.searchsorted(table.first, utterance.last))
    before, after = np.full(count, -1), np.full(count, -1)
    left = np.arange(max(low - 25, 0), low)
    right = np.arange(high, min(high + 25, len(table.first)))[::-1]
    before[table.entity[left]] = left
    after[table.entity[right]] = right
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


def _rank_down(values: AnyArray) -> IntArray:
    """Return each value's rank, 0 for the highest; negative values rank last."""
    order = np.argsort(-values, kind="stable")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    return np.where(values < 0, _FAR, rank)


def _count_between(table: EntityTable, at: IntArray, token: int) -> IntArray:
    """Return how many other mentions of people stand between an entity's last mention and the source."""
    is_person = np.r_[0, np.cumsum(table.person[table.entity] > 0.4)] if len(table.entity) else np.zeros(1)
    end = int(np.searchsorted(table.first, token))
    return np.where(at >= 0, is_person[end] - is_person[np.minimum(at + 1, end)], _FAR)
