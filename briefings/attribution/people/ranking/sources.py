"""The likeliest source mention of each utterance, and how it fits each entity."""

import numpy as np

from briefings.attribution.features.document import MentionForm
from briefings.attribution.people.naming.entity import classify_noun
from briefings.attribution.people.naming.name_tagger import PERSON
from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.text import lexicon
from briefings.text.learned_models import AnyArray, BoolArray, FloatArray, IntArray
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import hash_word, stem

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
#: nouns of what a person writes or says (1), of papers about people (2), and of those who speak for someone (4)
_NOUN_CODES = {
    **dict.fromkeys(lexicon.load_words("authored_texts"), 1),
    **dict.fromkeys(lexicon.load_words("papers"), 2),
    **dict.fromkeys(lexicon.load_words("agents"), 4),
}
#: code of a body's noun
_BODY_CODE = 3
_STAFF = frozenset(["office", "team", "camp", "staff"])
_STOPS = frozenset(["the", "a", "an", "that", "this"])
#: sentences back to the last pronoun of the same gender
_MAX_CHAIN = 3


class Sources:
    """The likeliest source mention of each utterance, as arrays over the utterances. -1: no mention."""

    def __init__(self, table: EntityTable, utterances: list[Utterance]) -> None:
        self.table = table
        document, mentions = table.document, table.document.mentions
        self.first = np.array([utterance.first for utterance in utterances], dtype=np.int64)
        self.last = np.array([utterance.last for utterance in utterances], dtype=np.int64)
        self.mention = np.array(
            [int(u.mentions[int(u.shares.argmax())]) if len(u.mentions) else -1 for u in utterances], dtype=np.int64
        )
        self.is_known = self.mention >= 0
        self.token = self._read(mentions.head)
        self.start, self.end = self._read(mentions.first), self._read(mentions.last)
        self.form = np.where(self.is_known, self._read(mentions.form), 0)
        words = document.tokens.words
        self.words = [
            words[token].lower() if is_known else ""
            for token, is_known in zip(self.token.tolist(), self.is_known.tolist(), strict=True)
        ]
        self.code = np.array([_PRONOUN_CODES.get(word, 0) for word in self.words], dtype=np.int64)
        self.entity = np.where(self.is_known, self._read(table.entity_index.entity_by_mention), -1)
        self.sentence = document.sentence[self.token]
        self.is_nominal = np.isin(self.form, (MentionForm.NOMINAL, MentionForm.NAME)) & (self.code == 0)
        nominal = self.is_nominal.tolist()
        self.stems = [self._find_stems(number) if is_nominal else None for number, is_nominal in enumerate(nominal)]
        self.has_stems = np.array([bool(stems) for stems in self.stems], dtype=bool)
        self._nouns = [stem(word) if stems else "" for word, stems in zip(self.words, self.stems, strict=True)]
        self._hashes = [frozenset(map(hash_word, stems)) if stems else None for stems in self.stems]
        self.person = np.array(
            [
                float(classify_noun(word)[PERSON]) if is_nominal else 0.0
                for word, is_nominal in zip(self.words, nominal, strict=True)
            ],
            dtype=np.float32,
        )
        offices = lexicon.load_words("offices")
        self.is_office = np.array([word in offices for word in self.words], dtype=bool)
        own_gender = np.where(self.code <= 2, self.code, 0)
        known_gender = table.gender[self.entity] if len(table.gender) else own_gender
        self.gender = np.where((own_gender == 0) & (self.entity >= 0), known_gender, own_gender)
        self.sign = np.array([0, 1, -1])[self.gender]
        self.chained = self._find_chained()
        bodies = (
            lexicon.load_words("organisations") | lexicon.load_words("bodies") | {"office", "team", "camp", "staff"}
        )
        self.noun_code = np.array(
            [
                _NOUN_CODES.get(word, _BODY_CODE if word in bodies else 0) if is_nominal else 0
                for word, is_nominal in zip(self.words, nominal, strict=True)
            ],
            dtype=np.int64,
        )
        self.is_possessed = self._find_possessed()
        self.is_plural = (self.code == 3) | (self.is_known & (document.tags[self.token] == TAG["NNS"]))

    def __len__(self) -> int:
        return len(self.mention)

    def compare_gender(self, owner: IntArray, genders: IntArray) -> IntArray:
        """Return 1 for the source's gender, -1 for the other, 0 where one is unknown, 2 if the source has none.

        `owner` is the utterance of each of `genders`.
        """
        own = self.gender[owner]
        return np.where(own == 0, 2, np.where(genders == 0, 0, np.where(genders == own, 1, -1)))

    def compare_number(self, owner: IntArray, entity: IntArray) -> IntArray:
        """Return 1 where the number fits, -1 where it clashes; a body can be "they"."""
        plural = self.table.is_plural[entity]
        if_plural = np.where(plural, 1, np.where(self.table.person[entity] > 0.6, -1, 0))
        return np.where(self.is_plural[owner], if_plural, np.where(plural, -1, 1))

    def compare_roles(self, owner: IntArray, entity: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the shared words of the description and each entity's roles, and whether its head is among them."""
        overlap, head = np.zeros(len(entity), dtype=np.float32), np.zeros(len(entity), dtype=np.float32)
        rows = np.flatnonzero(self.has_stems[owner])
        for row, number, candidate in zip(rows.tolist(), owner[rows].tolist(), entity[rows].tolist(), strict=True):
            own, stems = self.stems[number], self.table.stems_by_entity[candidate]
            if own and stems:
                overlap[row] = len(own & stems) / len(own)
                head[row] = self._nouns[number] in stems
        return overlap, head

    def compare_known_roles(self, owner: IntArray, entity: IntArray) -> FloatArray:
        """Return the share of the description's words by which an entity is known in the news; -1: no description."""
        is_described = self.has_stems[owner]
        result = np.where(is_described, np.float32(0), np.float32(-1))
        rows = np.flatnonzero(is_described & self.table.is_well_known[entity])
        for row, number, candidate in zip(rows.tolist(), owner[rows].tolist(), entity[rows].tolist(), strict=True):
            own = self._hashes[number]
            if own:
                result[row] = len(own & self.table.known_stems[candidate]) / len(own)
        return result

    def compare_names(self, owner: IntArray, entity: IntArray) -> BoolArray:
        """Return which entities have the source's surname."""
        own = self.entity[owner]
        has_name = (own >= 0) & ~self.table.is_description[own]
        result: BoolArray = has_name & (self.table.surname[own] == self.table.surname[entity])
        return result

    def mark_namesakes(self, owner: IntArray, entity: IntArray) -> BoolArray:
        """Return which entities are other bearers of the surname that the source gives."""
        result = np.zeros(len(entity), dtype=bool)
        namesakes_by_mention = self.table.entity_index.namesakes_by_mention
        for number, mention in enumerate(self.mention.tolist()) if namesakes_by_mention else ():
            if namesakes := namesakes_by_mention.get(mention):
                low, high = np.searchsorted(owner, [number, number + 1])
                result[low:high] = np.isin(entity[low:high], namesakes)
        return result

    def _read(self, values: AnyArray) -> IntArray:
        """Return the value of each source mention; without one, the first token of the utterance."""
        return np.where(self.is_known, values[self.mention], self.first) if len(values) else self.first

    def _find_possessed(self) -> BoolArray:
        """Return which sources belong to someone: "Doe's campaign", "his office"."""
        document = self.table.document
        total = np.r_[0, np.cumsum(np.isin(document.tags, [TAG["POS"], TAG["PRP$"]]))]
        result: BoolArray = self.is_known & (total[np.maximum(self.token, self.start)] > total[self.start])
        return result

    def _find_stems(self, number: int) -> frozenset[str]:
        words = self.table.document.tokens.words[int(self.start[number]) : int(self.end[number])]
        return frozenset(stem(word.lower()) for word in words if word[:1].isalnum()) - _STOPS

    def _find_chained(self) -> IntArray:
        """Return the entity of the last pronoun of the same gender before each source, if it is near, or -1."""
        sentence = self.table.document.sentence
        result = np.full(len(self), -1)
        for sign in (1, -1):
            pronouns = [(token, entity) for token, other, entity in self.table.entity_index.pronouns if other == sign]
            numbers = np.flatnonzero(self.sign == sign)
            if pronouns and len(numbers):
                tokens, entities = np.array(pronouns, dtype=np.int64).T
                last = np.searchsorted(tokens, self.start[numbers]) - 1
                is_near = (last >= 0) & (sentence[self.token[numbers]] - sentence[tokens[last]] <= _MAX_CHAIN)
                result[numbers] = np.where(is_near, entities[last], -1)
        return result
