"""The likeliest source mention of an utterance, how it fits each entity, and what it says about the utterance."""

import numpy as np

from briefings.attribution.features.document import MentionForm
from briefings.attribution.people.naming.entity import classify_noun
from briefings.attribution.people.naming.name_tagger import PERSON
from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import FIRST_UPPER, WORD, hash_word, stem

#: longer passages are no slogan
MAX_SLOGAN_TOKENS = 12
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
_DETERMINER_CODES = {
    "the": 1,
    "a": 2,
    "an": 2,
    "another": 2,
    "one": 2,
    "his": 3,
    "her": 3,
    "their": 3,
    "its": 3,
    "this": 4,
}
_PUNCTUATION_CODES = {
    ",": 1,
    ".": 2,
    "?": 3,
    "!": 3,
    ":": 4,
    ";": 5,
    "the": 6,
    "a": 6,
    "an": 6,
    "that": 7,
    "as": 8,
    "and": 9,
}
_NAMING_WORDS = {
    **dict.fromkeys(
        ["titled", "entitled", "called", "known", "headlined", "headlining", "dubbed", "named", "termed"], 1
    ),
    **dict.fromkeys(["term", "phrase", "word", "words", "expression", "slogan", "motto", "nickname", "formula"], 2),
    **dict.fromkeys(["book", "show", "film", "movie", "song", "album", "program", "programme", "series", "memoir"], 3),
    **dict.fromkeys(["piece", "column", "article", "essay", "story", "headline", "sign", "banner", "hat", "line"], 4),
    **dict.fromkeys(["'s", "’s"], 5),
    **dict.fromkeys(["of", "for", "to", "with", "by", "from", "in"], 6),
    **dict.fromkeys(["on", "at", "about"], 7),
    **dict.fromkeys(["chanted", "chanting", "shouting", "shouted", "reading", "reads", "read"], 8),
}
_VERB_TAGS = [TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD")]
_I_HASHES = frozenset(
    hash_word(word) for word in ["i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've", "you"]
)


class Source:
    """The likeliest source mention of an utterance, and what it says."""

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
        self.entity = int(table.entity_index.entity_by_mention[self.mention]) if best >= 0 else -1
        words = document.shapes[utterance.first : utterance.last, WORD]
        self.quoted_words = frozenset(words.tolist())
        is_nominal = self.form in (MentionForm.NOMINAL, MentionForm.NAME) and self.code == 0
        self.stems = (
            frozenset(stem(word.lower()) for word in document.tokens.words[self.start : self.end] if word[:1].isalnum())
            - {"the", "a", "an", "that", "this"}
            if is_nominal
            else frozenset()
        )
        self.kinds = classify_noun(self.word) if is_nominal else np.zeros(5, dtype=np.float32)
        self.gender = {1: 1, 2: 2}.get(self.code, 0)
        if self.gender == 0 and self.entity >= 0:
            self.gender = int(table.gender[self.entity])
        self.sign = {1: 1, 2: -1}.get(self.gender, 0)
        self.chained = self._find_chained()
        self.is_plural = self.code == 3 or (best >= 0 and int(document.tags[self.token]) == TAG["NNS"])

    def _find_chained(self) -> int:
        """Return the entity of the last pronoun of the same gender before the source, within two sentences, or -1."""
        if not self.sign:
            return -1
        sentence = self.table.document.sentence
        for token, sign, entity in reversed(self.table.entity_index.pronouns):
            if token < self.start and sign == self.sign:
                return entity if sentence[self.token] - sentence[token] <= 3 else -1
        return -1

    def find_namesakes(self) -> list[int]:
        """Return the other bearers of the surname that the source gives."""
        return list(self.table.entity_index.namesakes_by_mention.get(self.mention, ()))

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

    def compare_known_roles(self, table: EntityTable, entity: IntArray) -> FloatArray:
        """Return the share of the description's words by which an entity is known in the news."""
        hashes = {hash_word(word) for word in self.stems}
        if not hashes:
            return np.full(len(entity), -1, dtype=np.float32)
        shares = [len(hashes & table.known_stems[number]) / len(hashes) for number in entity.tolist()]
        return np.array(shares, dtype=np.float32)

    def compare_names(self, table: EntityTable, entity: IntArray) -> FloatArray:
        """Return 1 for the entities that have the source's surname."""
        if self.entity < 0 or table.entity_index.entities[self.entity].is_description:
            return np.zeros(len(entity), dtype=np.float32)
        surname = table.entity_index.entities[self.entity].surname
        return np.array([table.entity_index.entities[n].surname == surname for n in entity.tolist()], dtype=np.float32)

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
            min(50, sentence[first]),
            self.gender,
            float(document.passage_ids[self.token] > 0) if self.mention >= 0 else -1,
            _NAMING_WORDS.get(words[mark_before].lower(), 0) if mark_before >= 0 else 0,
            max((_NAMING_WORDS.get(word.lower(), 0) for word in words[max(start, first - 6) : mark_before]), default=0),
            self._count_repetitions(),
        ]

    def _count_repetitions(self) -> float:
        """Return how often a short passage's words recur in the article, as a slogan or title does."""
        document, first, last = self.table.document, self.utterance.first, self.utterance.last
        if last - first > MAX_SLOGAN_TOKENS or last <= first:
            return -1.0
        text = self.table.folded_text
        phrase = text[document.tokens.starts[first] : document.tokens.ends[last - 1]].strip(" ,.!?")
        return float(min(text.count(phrase), 4)) if phrase else -1.0
