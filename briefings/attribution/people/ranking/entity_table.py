"""What the candidates' features read of an article's entities, as arrays; and the words to attribute."""

from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document
from briefings.attribution.features.pair_features import Signals
from briefings.attribution.people.naming.entity import Entities
from briefings.attribution.people.naming.known_roles import KnownRoles
from briefings.attribution.people.naming.name_tagger import PERSON
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG, VERBS, mark_tags
from briefings.text.tokenizer import hash_word, stem

_GENDER_CODES = {"u": 0, "m": 1, "f": 2}


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words to attribute: tokens from `first` to before `last`, and the mentions that may be meant, with shares."""

    first: int
    last: int
    mentions: IntArray
    shares: FloatArray
    nobody_share: float
    #: probability of the best reported candidate that covers it
    support: float


class EntityTable:
    """What the candidates' features read of an article's entities, as arrays."""

    def __init__(self, document: Document, signals: Signals, entity_index: Entities, known_roles: KnownRoles) -> None:
        self.document, self.signals, self.entity_index = document, signals, entity_index
        lowercase = document.text.lower()
        self.folded_text = lowercase if len(lowercase) == len(document.text) else document.text
        entities = entity_index.entities
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
        self.is_subject = mark_tags(tags[np.minimum(self.last, size)], verbs)
        before = np.where(self.first > 0, tags[self.first - 1], -1)
        self.follows_preposition = before == TAG["IN"]
        self.follows_verb = mark_tags(before, verbs)
        self.is_possessor = tags[np.minimum(self.last, size)] == TAG["POS"]
        _, starts = np.unique(self.sentence, return_index=True)
        opening = np.repeat(starts, np.diff(np.r_[starts, len(self.sentence)]))
        self.rank = np.arange(len(self.sentence)) - opening
        self.static = self._build_static()
        self.gender = np.array([_GENDER_CODES[entity.gender] for entity in entities], dtype=np.int64)
        self.sure_gender = self.gender * np.array([entity.has_sure_gender for entity in entities], dtype=bool)
        self.is_plural = np.array([entity.is_plural for entity in entities], dtype=bool)
        self.person = np.array([entity.kinds[PERSON] for entity in entities], dtype=np.float32)
        self.counts = np.bincount(self.entity, minlength=len(entities))
        self.lean = np.array([entity.lean for entity in entities], dtype=np.int64)
        self.is_description = np.array([entity.is_description for entity in entities], dtype=bool)
        numbers: dict[str, int] = {}
        self.surname = np.array(
            [numbers.setdefault(entity.surname, len(numbers)) for entity in entities], dtype=np.int64
        )
        self.surname_hash = np.array(
            [hash_word(entity.surname) if not entity.is_description else 0 for entity in entities], dtype=np.int64
        )
        self.stems_by_entity = [
            entity.role_stems | ({stem(entity.words[0])} if entity.is_description else set()) for entity in entities
        ]
        self.known_stems = [
            known_roles.find(entity.words) if not entity.is_description else frozenset() for entity in entities
        ]
        self.is_well_known = np.array([bool(stems) for stems in self.known_stems], dtype=bool)
        outside = ~self.is_quoted
        self.first_named = np.full(len(entities), size)
        np.minimum.at(self.first_named, self.entity[outside], self.first[outside])

    def _build_static(self) -> FloatArray:
        entities = self.entity_index.entities
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
