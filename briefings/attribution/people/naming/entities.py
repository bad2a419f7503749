"""Group the names and descriptions of an article into entities: one for each person, body, place or unnamed source.

Rule: a full name is known by its first and last word. A surname joins the bearer that fits its title, else the one
named last; a first name joins a person only. Rule: "the official" joins the last official whose words hold its own;
"an official" is a new one. A description in apposition to a name is that name's.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.person_names import differ_by_one_letter
from briefings.attribution.people.naming.bearers import BearerFinder
from briefings.attribution.people.naming.entity import (
    Entities,
    Entity,
    build_key,
    classify_noun,
    drop_suffix,
    find_gender,
    find_name_gender,
    get_head_word,
    get_noun_gender,
    get_text,
    split_words,
)
from briefings.attribution.people.naming.known_roles import KnownRoles
from briefings.attribution.people.naming.name_chunks import PARTICLES, NameChunk
from briefings.attribution.people.naming.name_tagger import KINDS, PERSON, PLACE
from briefings.attribution.people.naming.roles import build_role_finder
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.tokenizer import stem

#: probability of being a source from which "one" and "another" are a description
MIN_BARE_SOURCE = 0.2
_HE_WORDS, _SHE_WORDS = frozenset(["he", "him", "his"]), frozenset(["she", "her"])
_NEW_DETERMINERS = frozenset(["a", "an", "another", "one", "some", "other"])


def find_entities(
    document: Document, chunks: list[NameChunk], sources: FloatArray, known_roles: KnownRoles | None = None
) -> Entities:
    """Return the entities of an article. `sources` are the mentions' probabilities of being a source.

    With `known_roles`, a surname that means someone well known is not taken for a relative named in full.
    """
    builder = _Builder(document, known_roles or KnownRoles({}))
    builder.read_names(chunks)
    builder.add_descriptions(sources)
    builder.join_delayed_name()
    builder.count_pronouns()
    return builder.finish()


def find_names(document: Document, chunks: list[NameChunk]) -> list[Entity]:
    """Return the entities that an article names: those of `find_entities` without descriptions and pronouns."""
    builder = _Builder(document, KnownRoles({}))
    builder.read_names(chunks)
    return builder.finish().entities


class _Builder:
    """Collects the entities of one article."""

    def __init__(self, document: Document, known_roles: KnownRoles) -> None:
        self.document, self.known_roles = document, known_roles
        self.roles = build_role_finder(document.untrimmed or document)
        self.sentence, self.tags = self.roles.sentence, self.roles.tags
        self.passage_ids = document.passage_ids.tolist()
        self.names: dict[tuple[str, ...], Entity] = {}
        self.by_word: dict[str, list[Entity]] = defaultdict(list)
        self.last_seen: dict[int, int] = {}
        self.entity_by_chunk: dict[int, Entity] = {}
        self.entity_by_mention: dict[int, Entity] = {}
        self.order: dict[int, Entity] = {}
        self.short_mentions: set[int] = set()
        self.pronouns: list[tuple[int, int, Entity]] = []
        self.lesser_bearers: dict[int, bool] = {}
        self.headline_tokens = self.roles.headline_tokens
        self.bearers = BearerFinder(document, self.roles, self.entity_by_chunk, self.entity_by_mention, self.order)

    def read_names(self, chunks: list[NameChunk]) -> None:
        """Add all names and say which mention refers to which."""
        for chunk in chunks:
            self.read_full_name(chunk)
        for chunk in chunks:
            self.add_chunk(chunk)
        self.link_mentions(chunks)

    def read_full_name(self, chunk: NameChunk) -> None:
        """Learn who is named in full, so that surnames before the full name join too."""
        words = split_words(self.document, chunk)
        if len(words) < 2 or words[0] in PARTICLES:
            return  # "De Blasio" is a surname
        entity = self._find_full(words, chunk)
        if entity is None:
            entity = Entity(words, is_description=False, kinds=np.zeros(len(KINDS), dtype=np.float32))
            self.names[build_key(words)] = entity
            if chunk.kind == PERSON:
                self.by_word[drop_suffix(words)[-1]].append(entity)
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
        text = get_text(self.document, chunk.first, chunk.last)
        entity.spellings[text] += 0 if self.headline_tokens[chunk.first] else 1

    def link_mentions(self, chunks: list[NameChunk]) -> None:
        """Say which mention refers to which name: the one that ends with it, else the last one in a proper noun."""
        mentions = self.document.mentions
        firsts, lasts = [chunk.first for chunk in chunks], [chunk.last for chunk in chunks]
        mention_by_chunk: dict[int, int] = {}
        name, possessor, nominal = int(MentionForm.NAME), int(MentionForm.POSSESSOR), int(MentionForm.NOMINAL)
        name_forms, words = (name, possessor), self.document.tokens.words
        offices = lexicon.load_words("offices")
        for number, (first, last, head, form) in enumerate(
            zip(
                mentions.first.tolist(),
                mentions.last.tolist(),
                mentions.head.tolist(),
                mentions.form.tolist(),
                strict=True,
            )
        ):
            index = bisect_right(firsts, head) - 1
            is_headed = index >= 0 and lasts[index] > head
            is_common = form == possessor and words[head].islower()  # "the Easton council's reply"
            is_name = form in name_forms and not is_common
            if is_name and not is_headed and words[head].lower() not in offices:
                index = bisect_left(firsts, last) - 1
                is_headed = index >= 0 and firsts[index] >= first
            is_person = is_headed and form == nominal and chunks[index].kind == PERSON
            if is_headed and (form in name_forms or is_person):
                entity = self.entity_by_chunk[firsts[index]]
                self.entity_by_mention[number] = entity
                if len(split_words(self.document, chunks[index])) == 1 and chunks[index].gender == "u":
                    self.short_mentions.add(number)
                if mention_by_chunk.get(index, -1) < 0 or form == name:
                    mention_by_chunk[index] = number
        for index, chunk in enumerate(chunks):
            entity = self.entity_by_chunk[chunk.first]
            number = mention_by_chunk.get(index, -1)
            entity.mentions.append((chunk.first, chunk.last, number))
            start = int(mentions.first[number]) if number >= 0 else chunk.first
            if chunk.kind == PERSON or chunk.has_title:
                self.roles.add_heads(entity.role_heads, min(start, chunk.first), chunk.first, chunk.last)
            self.roles.add_name_roles(entity.roles, entity.role_stems, min(start, chunk.first), chunk.first, chunk.last)

    def add_descriptions(self, sources: FloatArray) -> None:
        """Add the descriptions outside quotations that can be a source."""
        document, mentions = self.document, self.document.mentions
        words = document.tokens.words
        by_head: dict[str, list[Entity]] = defaultdict(list)
        firsts, lasts, heads = mentions.first.tolist(), mentions.last.tolist(), mentions.head.tolist()
        # plain integers: an enumeration's members are slow to compare with an array's
        forms, source_list, bare = mentions.form.tolist(), sources.tolist(), int(MentionForm.BARE)
        description_forms = (int(MentionForm.NOMINAL), int(MentionForm.NAME), bare)
        for number, (first, last, head, form) in enumerate(zip(firsts, lasts, heads, forms, strict=True)):
            if form not in description_forms or (form == bare and source_list[number] < MIN_BARE_SOURCE):
                continue
            if self.passage_ids[head] or number in self.entity_by_mention or not words[head][:1].isalnum():
                continue
            if (name_forms := self.bearers.find_apposed(number)) is not None:
                self.entity_by_mention[number] = name_forms
                name_forms.mentions.append((first, last, number))
                continue
            noun = words[head].lower()
            kinds = classify_noun(noun)
            if kinds[0] > 0.5 and source_list[number] < 0.05:
                continue
            own = {stem(word.lower()) for word in words[first:last] if word[:1].isalnum()} - {"the", "a", "an"}
            entity = None
            if words[first].lower() not in _NEW_DETERMINERS:
                entity = next((other for other in reversed(by_head[noun][-6:]) if own <= other.role_stems), None)
                bearer = self.bearers.find_office_holder(number, own) if entity is None else None
                if bearer is None and entity is None and not by_head[noun]:
                    bearer = self.bearers.find_last_subject(number)
                if bearer is not None:
                    self.entity_by_mention[number] = bearer
                    bearer.mentions.append((first, last, number))
                    continue
            if entity is None:
                plural = self.tags[head] == TAG["NNS"] or noun in ("people", "police", "officials")
                entity = Entity(
                    (noun,), is_description=True, kinds=kinds, gender=get_noun_gender(noun), is_plural=plural
                )
                entity.role_stems = set(own)
                self.roles.add_complement(entity.role_stems, last)
                by_head[noun].append(entity)
                self.order[id(entity)] = entity
            entity.mentions.append((first, last, number))
            self.entity_by_mention[number] = entity

    def join_delayed_name(self) -> None:
        """Give the descriptions of the lead, and later ones with the same noun, to the person named after it."""
        people = [e for e in self.order.values() if not e.is_description and int(e.kinds[1:].argmax()) + 1 == PERSON]
        pair = self.bearers.find_delayed_name(people)
        if pair is None:
            return
        description, person = pair
        noun = get_head_word(description.words[0])
        for entity in list(self.order.values()):
            if entity.is_description and not entity.is_plural and get_head_word(entity.words[0]) == noun:
                person.mentions += entity.mentions
                person.role_stems |= entity.role_stems
                self.entity_by_mention |= {n: person for _, _, n in entity.mentions if n >= 0}
                entity.mentions = []
        person.mentions.sort()

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
        verbs = VERBS | {TAG["MD"]}
        is_pronoun = (mentions.form == int(MentionForm.PRONOUN)) | (mentions.form == int(MentionForm.POSSESSOR))
        genders = {key: find_gender(entity) for key, entity in {id(entity): entity for _, _, entity in rows}.items()}
        position = 0
        recent: list[tuple[int, int, Entity]] = []
        for number in np.flatnonzero(is_pronoun).tolist():
            head = int(mentions.head[number])
            word = document.tokens.words[head].lower()
            step = 1 if word in _HE_WORDS else -1 if word in _SHE_WORDS else 0
            while position < len(rows) and rows[position][0] < head:
                recent.append(rows[position])
                position += 1
            if not step or self.passage_ids[head]:
                continue
            other = "f" if step > 0 else "m"
            near = [
                row
                for row in recent[-6:]
                if self.sentence[head] - self.sentence[row[0]] <= 1 and genders[id(row[2])] != other
            ]
            subjects = [row for row in near if row[1] < len(self.tags) and self.tags[row[1]] in verbs]
            if near:
                entity = (subjects or near)[-1][2]
                entity.lean += step
                self.pronouns.append((head, step, entity))

    def finish(self) -> Entities:
        """Return what was collected, with the kinds as shares and the genders by first names and nouns."""
        entities = [entity for entity in self.order.values() if entity.mentions]
        numbers = {id(entity): number for number, entity in enumerate(entities)}
        for entity in entities:
            entity.mentions.sort()
            total = float(entity.kinds.sum())
            entity.kinds = (entity.kinds / total if total else entity.kinds).astype(np.float32)
            if not entity.is_description:
                entity.has_sure_gender = entity.gender != "u" or find_name_gender(entity) != "u"
                entity.gender = find_gender(entity)
        self._link_relatives()
        result = np.full(len(self.document.mentions), -1, dtype=np.int64)
        namesakes: dict[int, tuple[int, ...]] = {}
        for number, entity in self.entity_by_mention.items():
            result[number] = numbers.get(id(entity), -1)
            if number in self.short_mentions and len(bearers := self.by_word.get(entity.surname, [])) > 1:
                others = (numbers[id(other)] for other in bearers[:20] if other is not entity and id(other) in numbers)
                namesakes[number] = tuple(others)
        pronouns = [(token, step, numbers.get(id(entity), -1)) for token, step, entity in self.pronouns]
        return Entities(entities, result, namesakes, pronouns)

    def _link_relatives(self) -> None:
        """Link "who" and "which" to the entity named right before: "Jane Roe, who"."""
        mentions = self.document.mentions
        for number in np.flatnonzero(mentions.form == MentionForm.RELATIVE).tolist():
            for other in range(number - 1, max(number - 4, -1), -1):
                gap = int(mentions.first[number]) - int(mentions.last[other])
                if gap > 2:
                    break
                if other in self.entity_by_mention and gap >= 0:
                    self.entity_by_mention[number] = self.entity_by_mention[other]
                    break

    def _find_full(self, words: tuple[str, ...], chunk: NameChunk) -> Entity | None:
        key = build_key(words)
        if key in self.names:
            return self.names[key]
        if chunk.kind != PERSON:
            return None
        surname = drop_suffix(words)[-1]
        for other in self.by_word.get(words[0], [])[:20]:
            is_generation = (other.words[-1] != drop_suffix(other.words)[-1]) == (words[-1] != surname)
            same_first = other.words[0] == words[0] and is_generation
            if same_first and differ_by_one_letter(drop_suffix(other.words)[-1], surname):
                return other
        return None

    def _resolve_short_name(self, chunk: NameChunk) -> Entity:
        words = split_words(self.document, chunk)
        word = words[-1] if words and words[0] in PARTICLES else words[0] if words else ""
        bearers = [] if chunk.kind == PLACE and float(chunk.kinds[PLACE]) > 0.8 else self.by_word.get(word, [])[:20]
        if chunk.gender != "u":
            bearers = [entity for entity in bearers if find_gender(entity) in (chunk.gender, "u")]
        surnamed = [entity for entity in bearers if drop_suffix(entity.words)[-1] == word]
        bearers = [e for e in surnamed or bearers if not (surnamed and self._is_lesser_bearer(e))]
        if bearers:
            earlier_bearers = [entity for entity in bearers if id(entity) in self.last_seen]
            return (
                max(earlier_bearers, key=lambda entity: self.last_seen[id(entity)]) if earlier_bearers else bearers[0]
            )
        key = (word, chunk.gender) if chunk.gender != "u" else (word,)
        if key not in self.names:
            self.names[key] = Entity(
                words or ("?",), is_description=False, kinds=np.zeros(len(KINDS), dtype=np.float32)
            )
        return self.names[key]

    def _is_lesser_bearer(self, entity: Entity) -> bool:
        if id(entity) not in self.lesser_bearers:
            self.lesser_bearers[id(entity)] = self.known_roles.is_lesser_bearer(entity.words)
        return self.lesser_bearers[id(entity)]
