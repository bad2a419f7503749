"""Group the names and descriptions of an article into entities: one for each person, body, place or unnamed source.

Rule: a full name is known by its first and last word. A surname joins the bearer that fits its title, else the one
named last; a first name joins a person only. Rule: "the official" joins the last official whose words hold its own;
"an official" is a new one. A description in apposition to a name is that name's.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.person_names import differ_by_one_letter
from briefings.attribution.people.name_chunks import NameChunk, is_title
from briefings.attribution.people.name_tagger import BODY, KINDS, OTHER, PERSON, PLACE
from briefings.attribution.people.roles import RoleFinder
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.tokenizer import stem
from briefings.text.words import load_table

_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_HE_WORDS, _SHE_WORDS = frozenset(["he", "him", "his"]), frozenset(["she", "her"])
_NEW_DETERMINERS = frozenset(["a", "an", "another", "one", "some", "other"])
_MALE_NOUNS = frozenset(
    "man men husband father son brother spokesman businessman congressman councilman chairman king prince actor boy uncle "
    "grandfather policeman gentleman lord sir mr salesman".split()
)
_FEMALE_NOUNS = frozenset(
    "woman women wife mother daughter sister spokeswoman businesswoman congresswoman councilwoman chairwoman queen "
    "princess actress girl aunt grandmother policewoman lady mrs ms miss gran widow mum".split()
)
_OTHER_PERSON_NOUNS = frozenset(
    "person people boy girl child children teenager pensioner worker workers victim witness witnesses resident expert "
    "experts critics voters police family parents lawyers aides officials allies source sources player driver rider pilot "
    "nurse doctor patient widow neighbour neighbor recruit decorator painter author singer marshal captain".split()
)


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something that an article names or describes. `mentions` are token ranges in text order."""

    #: words of the name in lower case without marks; the words of a description
    words: tuple[str, ...]
    is_description: bool
    kinds: FloatArray
    gender: str = "u"
    is_plural: bool = False
    has_title: bool = False
    #: (first token, end token, number of the mention that holds it or -1)
    mentions: list[tuple[int, int, int]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    role_stems: set[str] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)
    #: how many more times "he" stands after it than "she"
    lean: int = 0

    @property
    def is_full_name(self) -> bool:
        """Whether it is a name of two words or more."""
        return not self.is_description and len(self.words) > 1

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.words[-1] if self.words else ""


@dataclass(frozen=True, slots=True)
class Entities:
    """The entities in the order of their first mention, and the number of the entity that each mention refers to (-1)."""

    entities: list[Entity]
    entity_by_mention: IntArray


def find_entities(document: Document, chunks: list[NameChunk], sources: FloatArray) -> Entities:
    """Return the entities of an article. `sources` are the mentions' probabilities of being a source."""
    builder = _Builder(document)
    for chunk in chunks:
        builder.read_full_name(chunk)
    for chunk in chunks:
        builder.add_chunk(chunk)
    builder.link_mentions(chunks)
    builder.add_descriptions(sources)
    builder.count_pronouns()
    return builder.finish()


class _Builder:
    """Collects the entities of one article."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names: dict[tuple[str, ...], Entity] = {}
        self.by_word: dict[str, list[Entity]] = defaultdict(list)
        self.last_seen: dict[int, int] = {}
        self.entity_by_chunk: dict[int, Entity] = {}
        self.entity_by_mention: dict[int, Entity] = {}
        self.order: dict[int, Entity] = {}
        self.roles = RoleFinder(document)
        mentions = document.mentions
        self.headline_tokens = self.roles.headline_tokens
        self.starts = {int(first): number for number, first in reversed(list(enumerate(mentions.first.tolist())))}

    def read_full_name(self, chunk: NameChunk) -> None:
        """Learn who is named in full, so that surnames before the full name join too."""
        words = _split_words(self.document, chunk)
        if len(words) < 2:
            return
        entity = self._find_full(words, chunk)
        if entity is None:
            entity = Entity(words, is_description=False, kinds=np.zeros(len(KINDS), dtype=np.float32))
            self.names[_build_key(words)] = entity
            if chunk.kind == PERSON:
                self.by_word[_drop_suffix(words)[-1]].append(entity)
                self.by_word[words[0]].append(entity)
        self.entity_by_chunk[chunk.first] = entity

    def add_chunk(self, chunk: NameChunk) -> None:
        """Add a name to its entity, or make a new one."""
        entity = self.entity_by_chunk.get(chunk.first)
        if entity is None:
            entity = self._resolve_short_name(chunk)
            self.entity_by_chunk[chunk.first] = entity
        entity.kinds = entity.kinds + chunk.kinds
        entity.has_title |= chunk.has_title
        if chunk.gender != "u":
            entity.gender = chunk.gender
        number = len(self.last_seen)
        self.last_seen[id(entity)] = number
        self.order.setdefault(id(entity), entity)
        text = _get_text(self.document, chunk.first, chunk.last)
        entity.spellings[text] += 0 if self.headline_tokens[chunk.first] else 1

    def link_mentions(self, chunks: list[NameChunk]) -> None:
        """Say which mention refers to which name: the one that ends with it, else the last one in a proper noun."""
        mentions = self.document.mentions
        firsts = np.array([chunk.first for chunk in chunks], dtype=np.int64)
        lasts = np.array([chunk.last for chunk in chunks], dtype=np.int64)
        taken: dict[int, int] = {}
        named, words = (MentionForm.NAME, MentionForm.POSSESSOR), self.document.tokens.words
        for number, (first, last, head, form) in enumerate(
            zip(mentions.first.tolist(), mentions.last.tolist(), mentions.head.tolist(), mentions.form.tolist(), strict=True)
        ):
            index = int(np.searchsorted(firsts, head, side="right")) - 1
            is_headed = index >= 0 and lasts[index] > head
            is_role = words[head].lower() in lexicon.load_words("offices")
            if not is_headed and form in named and not is_role:
                index = int(np.searchsorted(firsts, last)) - 1
                is_headed = index >= 0 and firsts[index] >= first
            is_person = is_headed and form == MentionForm.NOMINAL and chunks[index].kind == PERSON
            if is_headed and (form in named or is_person):
                entity = self.entity_by_chunk[int(firsts[index])]
                self.entity_by_mention[number] = entity
                if taken.get(index, -1) < 0 or form == MentionForm.NAME:
                    taken[index] = number
        for index, chunk in enumerate(chunks):
            entity = self.entity_by_chunk[chunk.first]
            number = taken.get(index, -1)
            entity.mentions.append((chunk.first, chunk.last, number))
            start = int(mentions.first[number]) if number >= 0 else chunk.first
            self.roles.add_name_roles(entity.roles, entity.role_stems, min(start, chunk.first), chunk.first, chunk.last)

    def add_descriptions(self, sources: FloatArray) -> None:
        """Add the descriptions outside quotations that can be a source."""
        document, mentions = self.document, self.document.mentions
        words = document.tokens.words
        by_head: dict[str, list[Entity]] = defaultdict(list)
        described = (MentionForm.NOMINAL, MentionForm.NAME)
        for number in np.flatnonzero(np.isin(mentions.form, described)).tolist():
            first, last, head = int(mentions.first[number]), int(mentions.last[number]), int(mentions.head[number])
            if document.passage_ids[head] or number in self.entity_by_mention or not words[head][:1].isalnum():
                continue
            if (named := self._find_apposed(number)) is not None:
                self.entity_by_mention[number] = named
                named.mentions.append((first, last, number))
                continue
            noun = words[head].lower()
            kinds = classify_noun(noun)
            if kinds[0] > 0.5 and sources[number] < 0.05:
                continue
            own = {stem(word.lower()) for word in words[first : last] if word[:1].isalnum()} - {"the", "a", "an"}
            entity = None
            if words[first].lower() not in _NEW_DETERMINERS:
                entity = next((other for other in reversed(by_head[noun][-6:]) if own <= other.role_stems), None)
            if entity is None:
                plural = int(document.tags[head]) == TAG["NNS"] or noun in ("people", "police", "officials")
                entity = Entity((noun,), is_description=True, kinds=kinds, gender=_get_noun_gender(noun), is_plural=plural)
                entity.role_stems = set(own)
                self.roles.add_complement(entity.role_stems, last)
                by_head[noun].append(entity)
                self.order[id(entity)] = entity
            entity.mentions.append((first, last, number))
            self.entity_by_mention[number] = entity

    def count_pronouns(self) -> None:
        """Credit each "he" and "she" outside quotations to the person who was the subject last, to learn genders."""
        document, mentions = self.document, self.document.mentions
        rows = [
            (first, last, entity)
            for entity in self.order.values()
            if not entity.is_description and int(entity.kinds[1:].argmax()) + 1 == PERSON
            for first, last, _ in entity.mentions
        ]
        rows.sort(key=lambda row: row[0])
        verbs = [*VERBS, TAG["MD"]]
        position = 0
        recent: list[tuple[int, int, Entity]] = []
        for number in np.flatnonzero(np.isin(mentions.form, [MentionForm.PRONOUN, MentionForm.POSSESSOR])).tolist():
            head = int(mentions.head[number])
            word = document.tokens.words[head].lower()
            step = 1 if word in _HE_WORDS else -1 if word in _SHE_WORDS else 0
            while position < len(rows) and rows[position][0] < head:
                recent.append(rows[position])
                position += 1
            if not step or document.passage_ids[head]:
                continue
            near = [row for row in recent[-6:] if document.sentence[head] - document.sentence[row[0]] <= 1]
            subjects = [row for row in near if row[1] < len(document.tags) and document.tags[row[1]] in verbs]
            if near:
                (subjects or near)[-1][2].lean += step

    def finish(self) -> Entities:
        """Return what was collected, with the kinds as shares and the genders by first names and nouns."""
        entities = [entity for entity in self.order.values() if entity.mentions]
        numbers = {id(entity): number for number, entity in enumerate(entities)}
        for entity in entities:
            entity.mentions.sort()
            total = float(entity.kinds.sum())
            entity.kinds = (entity.kinds / total if total else entity.kinds).astype(np.float32)
            if entity.gender == "u" and not entity.is_description:
                entity.gender = _find_gender(entity)
        result = np.full(len(self.document.mentions), -1, dtype=np.int64)
        for number, entity in self.entity_by_mention.items():
            result[number] = numbers.get(id(entity), -1)
        return Entities(entities, result)

    def _find_full(self, words: tuple[str, ...], chunk: NameChunk) -> Entity | None:
        key = _build_key(words)
        if key in self.names:
            return self.names[key]
        if chunk.kind != PERSON:
            return None
        surname = _drop_suffix(words)[-1]
        for other in self.by_word.get(words[0], [])[:20]:
            if other.words[0] == words[0] and differ_by_one_letter(_drop_suffix(other.words)[-1], surname):
                return other
        return None

    def _resolve_short_name(self, chunk: NameChunk) -> Entity:
        words = _split_words(self.document, chunk)
        word = words[0] if words else ""
        bearers = [] if chunk.kind in (PLACE,) and float(chunk.kinds[PLACE]) > 0.8 else self.by_word.get(word, [])[:20]
        if chunk.gender != "u":
            bearers = [entity for entity in bearers if _find_gender(entity) in (chunk.gender, "u")]
        surnamed = [entity for entity in bearers if _drop_suffix(entity.words)[-1] == word]
        bearers = surnamed or bearers
        if bearers:
            seen = [entity for entity in bearers if id(entity) in self.last_seen]
            return max(seen, key=lambda entity: self.last_seen[id(entity)]) if seen else bearers[0]
        key = (word, chunk.gender) if chunk.gender != "u" else (word,)
        if key not in self.names:
            self.names[key] = Entity(words or ("?",), is_description=False, kinds=np.zeros(len(KINDS), dtype=np.float32))
        return self.names[key]

    def _find_apposed(self, number: int) -> Entity | None:
        """Return the person to whom a description is in apposition: "the minister, Jane Roe," or "Jane Roe, a nurse,"."""
        document, mentions = self.document, self.document.mentions
        words, first, last = document.tokens.words, int(mentions.first[number]), int(mentions.last[number])
        head = int(mentions.head[number])
        if int(document.tags[head]) == TAG["NNS"] or classify_noun(words[head].lower())[PERSON] < 0.5:
            return None
        if last < len(words) and document.sentence[last] == document.sentence[head]:
            joined = self._get_person_at(last)  # "envoy Jane Roe", where the tagger splits the phrase
            if joined is not None:
                return joined[0]
        if last + 1 < len(words) and words[last] in (",", "–", "—") and document.sentence[last + 1] == document.sentence[head]:
            after = self._get_person_at(last + 1)
            if after is not None and (after[1] >= len(words) or words[after[1]] in (",", ".", "–", "—", ")", ";")):
                return after[0]
        if first > 1 and words[first - 1] in (",", "–", "—") and document.sentence[first - 1] == document.sentence[head]:
            for width in range(1, 5):
                before = self._get_person_at(first - 1 - width)
                if before is not None and before[1] == first - 1 and words[last : last + 1] and words[first].lower() != "he":
                    return before[0] if self.roles.ends_apposition(last) else None
        return None

    def _get_person_at(self, token: int) -> tuple[Entity, int] | None:
        entity = self.entity_by_chunk.get(token)
        if entity is None or int(entity.kinds[1:].argmax()) + 1 != PERSON:
            number = self.starts.get(token, -1)
            linked = self.entity_by_mention.get(number)
            if linked is None or int(linked.kinds[1:].argmax()) + 1 != PERSON:
                return None
            return linked, int(self.document.mentions.last[number])
        end = next((e for s, e, _ in entity.mentions if s == token), token + 1)
        return entity, end


def classify_noun(noun: str) -> FloatArray:
    """Return the kinds of a description's head noun as probabilities."""
    kinds = np.zeros(len(KINDS), dtype=np.float32)
    singular = noun[:-1] if noun.endswith("s") else noun
    nouns = _MALE_NOUNS | _FEMALE_NOUNS | _OTHER_PERSON_NOUNS | lexicon.load_words("offices")
    if noun in nouns or singular in nouns or noun.endswith(("man", "woman", "ist", "ian")):
        kinds[PERSON] = 1
    elif noun in lexicon.load_words("documents"):
        kinds[OTHER] = 1
    elif {noun, singular} & (lexicon.load_words("organisations") | lexicon.load_words("bodies")):
        kinds[BODY] = 1
    elif noun.endswith(("er", "or", "ers", "ors", "ee", "ees")):
        kinds[[0, PERSON]] = 0.5
    else:
        kinds[0] = 1
    return kinds


def _find_gender(entity: Entity) -> str:
    if entity.gender != "u":
        return entity.gender
    first = entity.words[0] if entity.is_full_name else ""
    gender = load_table("first_names").get(first) or load_table("given_names").get(first, "u")
    if gender == "u":
        for word in entity.role_stems:
            gender = _get_noun_gender(word) if gender == "u" else gender
    return gender


def _get_noun_gender(noun: str) -> str:
    if noun in _MALE_NOUNS or (noun.endswith("man") and not noun.endswith("woman")):
        return "m"
    return "f" if noun in _FEMALE_NOUNS or noun.endswith("woman") else "u"


def _split_words(document: Document, chunk: NameChunk) -> tuple[str, ...]:
    words = document.tokens.words[chunk.first : chunk.last]
    return tuple(word.lower().replace("’", "'").strip(".") for word in words if any(map(str.isalnum, word)))


def _drop_suffix(words: tuple[str, ...]) -> tuple[str, ...]:
    core = tuple(word for word in words if word not in _SUFFIXES)
    return core or words


def _build_key(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first and last word of a name, with its generation."""
    core = _drop_suffix(words)
    suffix = tuple(word for word in words if word in ("jr", "ii", "iii"))
    initials_apart = tuple(word for word in core if len(word) > 1) or core
    return (core[0], *initials_apart[1:][-1:], *suffix) if len(initials_apart) > 1 else (*core, *suffix)


def _get_text(document: Document, first: int, last: int) -> str:
    return " ".join(document.text[document.tokens.starts[first] : document.tokens.ends[last - 1]].split())


__all__ = ["BODY", "OTHER", "PERSON", "PLACE", "Entities", "Entity", "classify_noun", "find_entities", "is_title"]
