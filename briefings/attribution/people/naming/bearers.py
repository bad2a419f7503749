"""Find the named person that a description belongs to: by apposition, by the office, by the age behind it.

Rule: a description is a person's if the grammar joins the two ("the minister, Jane Roe,"), or if the article leaves one
bearer: the only one with that office, or the one who was just named and has no other office.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache

import numpy as np

from briefings.attribution.features.document import Document
from briefings.attribution.people.naming.entity import (
    Entity,
    classify_noun,
    find_gender,
    find_name_gender,
    get_noun_gender,
)
from briefings.attribution.people.naming.name_chunks import is_title
from briefings.attribution.people.naming.name_tagger import PERSON
from briefings.attribution.people.naming.roles import RoleFinder
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.tokenizer import stem
from briefings.text.words import load_table

#: maximum words of "of national intelligence" between an office and the name
MAX_OFFICE_TOKENS = 7
_AGE = re.compile(r"[1-9]\d?")
_CLOSING_SIGNS = frozenset([",", ".", "–", "—", ")", ";"])
#: tags after a whole subject
_AFTER_SUBJECT = frozenset([*VERBS, TAG["MD"], TAG["RB"]]) - {TAG["VBN"], TAG["VBG"]}
#: stems of the offices whose holder is "the leader" of a country
_LEADING_OFFICES = frozenset(stem(word) for word in ["president", "premier", "chancellor"])
_PRIME_MINISTER = frozenset([stem("prime"), stem("minister")])


class BearerFinder:
    """Finds the bearers of descriptions in one article. The mappings grow while the article is read."""

    def __init__(
        self,
        document: Document,
        roles: RoleFinder,
        entity_by_chunk: Mapping[int, Entity],
        entity_by_mention: Mapping[int, Entity],
        order: Mapping[int, Entity],
    ) -> None:
        self.document, self.roles = document, roles
        self.entity_by_chunk, self.entity_by_mention, self.order = entity_by_chunk, entity_by_mention, order
        self.sentence, self.tags = roles.sentence, roles.tags
        firsts = document.mentions.first.tolist()
        self.starts = dict(zip(reversed(firsts), range(len(firsts) - 1, -1, -1), strict=True))

    def find_apposed(self, number: int) -> Entity | None:
        """Return the person of that a description says: "the minister, Jane Roe," or "Jane Roe, a nurse,"."""
        document, mentions = self.document, self.document.mentions
        words, first, last = document.tokens.words, int(mentions.first[number]), int(mentions.last[number])
        head = int(mentions.head[number])
        if self.tags[head] == TAG["NNS"]:
            return None
        if (next_person := self._find_joined(number)) is not None:
            return next_person
        if classify_noun(words[head].lower())[PERSON] < 0.5:
            return None
        if last + 1 < len(words) and words[last] in (",", "–", "—") and self.sentence[last + 1] == self.sentence[head]:
            after = self._get_person_at(last + 1)
            if after is not None and (after[1] >= len(words) or words[after[1]] in _CLOSING_SIGNS):
                return after[0]
        if first > 1 and words[first - 1] in (",", "–", "—") and self.sentence[first - 1] == self.sentence[head]:
            for width in range(1, 5):
                before = self._get_person_at(first - 1 - width)
                if (
                    before is not None
                    and before[1] == first - 1
                    and words[last : last + 1]
                    and words[first].lower() != "he"
                ):
                    return before[0] if self.roles.ends_apposition(last) else None
        return None

    def find_office_holder(self, number: int, stems: set[str]) -> Entity | None:
        """Return the only person whose office "the minister" can be, if the article gives the office with a name."""
        document, mentions = self.document, self.document.mentions
        head, words = int(mentions.head[number]), document.tokens.words
        noun = stem(words[head].lower())
        if words[int(mentions.first[number])].lower() != "the" or self.tags[head] == TAG["NNS"]:
            return None
        people = [entity for entity in self.order.values() if not entity.is_description]
        holders = [entity for entity in people if noun in entity.role_heads and stems <= entity.role_stems]
        if not holders and noun == "leader":
            holders = self._find_leaders(people, stems - {noun}, head)
        return holders[0] if len(holders) == 1 else None

    def _find_complements(self, entity: Entity) -> set[str]:
        """Return the stems of the words after "of" behind a name: "Jane Roe of Ruritania"."""
        words = self.document.tokens.words
        ends = [end for _, end, _ in entity.mentions if end + 1 < len(words) and words[end] == "of"]
        return {stem(words[end + 1].lower()) for end in ends}

    def find_last_subject(self, number: int) -> Entity | None:
        """Return the person of the sentence before whom "the Prime Minister" or "the singer, 29," can only mean.

        That sentence is about one person, who has no office in the article, and the description is new.
        """
        document, mentions = self.document, self.document.mentions
        words, first, last = document.tokens.words, int(mentions.first[number]), int(mentions.last[number])
        head = int(mentions.head[number])
        noun = words[head]
        if words[first].lower() != "the" or self.tags[head] == TAG["NNS"] or last - first < 2:
            return None
        is_whole = last >= len(words) or self.tags[last] in _AFTER_SUBJECT or words[last] in _CLOSING_SIGNS
        if not is_whole or any(word in ("'s", "’s") for word in words[first:last]):
            return None
        is_office = noun[:1].isupper() and noun.lower() in lexicon.load_words("offices")
        has_age = words[last : last + 1] == [","] and _AGE.fullmatch(" ".join(words[last + 1 : last + 2])) is not None
        if not (is_office or has_age) or classify_noun(noun.lower())[PERSON] < 0.5:
            return None
        people = self._find_people_before(head)
        if len(people) != 1:
            return None
        entity, is_subject = people[0]
        has_office = bool(entity.role_heads & _load_office_stems()) if is_office else False
        fits = find_gender(entity) in ("u", get_noun_gender(noun.lower())) or get_noun_gender(noun.lower()) == "u"
        return entity if is_subject and fits and not has_office else None

    def find_delayed_name(self, people: list[Entity]) -> tuple[Entity, Entity] | None:
        """Return the description in the lead whose name the next paragraph gives, and the person.

        "A gran who hit a burglar says ..." and then "Jane Roe, 81, was making supper": the noun and the first name
        say the same gender, and no one is named in between.
        """
        document, words = self.document, self.document.tokens.words
        lines = document.tokens.paragraph
        for entity in self.order.values():
            noun = entity.words[0]
            gender = get_noun_gender(noun)
            if not entity.is_description or entity.is_plural or gender == "u":
                continue
            for first, _, _ in entity.mentions[:3]:
                opens_line = first == 0 or lines[first - 1] != lines[first]
                if not opens_line or words[first].lower() not in ("a", "an"):
                    continue
                start = int(np.searchsorted(lines, lines[first], side="right"))
                candidates = [p for p in people if p.mentions and p.mentions[0][0] <= start and p.is_full_name]
                person = next((p for p in candidates if p.mentions[0][0] == start), None)
                if person is not None and len(candidates) == 1 and self._has_age(person.mentions[0][1]):
                    return (entity, person) if find_name_gender(person) == gender else None
        return None

    def _has_age(self, end: int) -> bool:
        words = self.document.tokens.words[end : end + 3]
        return len(words) == 3 and words[0] == words[2] == "," and _AGE.fullmatch(words[1]) is not None

    def _find_people_before(self, head: int) -> list[tuple[Entity, bool]]:
        """Return the people named outside marks in the last sentence before `head`, with "is it a subject"."""
        passage_ids, verbs = self.document.passage_ids, (*VERBS, TAG["MD"])
        sentence = self.sentence[head]
        previous = next((s for s in self.sentence[head::-1] if s < sentence), -1)
        low = bisect_left(self.sentence, previous)
        people: dict[int, tuple[Entity, bool]] = {}
        for token in range(low, head):
            entity = self.entity_by_chunk.get(token)
            if entity is None or passage_ids[token] or int(entity.kinds[1:].argmax()) + 1 != PERSON:
                continue
            end = next((e for s, e, _ in entity.mentions if s == token), token + 1)
            is_subject = end < len(self.tags) and self.tags[end] in verbs and self.sentence[end] == previous
            is_subject |= people.get(id(entity), (entity, False))[1]
            people[id(entity)] = (entity, is_subject)
        return list(people.values())

    def _find_leaders(self, people: list[Entity], modifiers: set[str], head: int) -> list[Entity]:
        """Return the heads of government that "the Ruritanian leader" can be, from the sentences before."""
        nations = _load_nations()
        if len(modifiers) != 1 or not modifiers <= nations.keys():
            return []
        leaders = [
            entity
            for entity in people
            if entity.role_heads & _LEADING_OFFICES or (entity.role_stems >= _PRIME_MINISTER)
        ]
        nation = nations[next(iter(modifiers))]
        stems = {id(e): e.role_stems | self._find_complements(e) for e in leaders}
        own = [e for e in leaders if any(nations.get(word) == nation for word in stems[id(e)])]
        unknown = [e for e in leaders if not any(word in nations for word in stems[id(e)])]
        if not own and len(leaders) == 1:
            own = [e for e, is_subject in self._find_people_before(head) if e in unknown and is_subject]
        return [e for e in own if e.mentions and self.sentence[e.mentions[0][0]] < self.sentence[head]]

    def _find_joined(self, number: int) -> Entity | None:
        """Return the person whose name follows at once: "envoy Jane Roe", "chief of staff Jane Roe"."""
        document, mentions = self.document, self.document.mentions
        words, last, head = document.tokens.words, int(mentions.last[number]), int(mentions.head[number])
        if last >= len(words) or self.sentence[last] != self.sentence[head]:
            return None
        if (after := self._get_person_at(last)) is not None:
            return after[0]
        if words[last] != "of" or classify_noun(words[head].lower())[PERSON] < 0.5:
            return None
        for token in range(last + 2, min(last + MAX_OFFICE_TOKENS, len(words))):
            before = words[token - 1]
            if self.sentence[token] != self.sentence[head] or not (before[:1].isalnum() or before == ","):
                return None
            if before == ",":
                return self._find_closed_apposition(token)
            is_office_word = not is_title(before) and classify_noun(before.lower())[PERSON] < 0.5
            if (entity := self.entity_by_chunk.get(token)) is not None and int(entity.kinds[1:].argmax()) + 1 == PERSON:
                return entity if is_office_word else None
        return None

    def _find_closed_apposition(self, token: int) -> Entity | None:
        """Return the person at `token` if a mark follows the name: "the mayor of Easton, Jane Roe, ..."."""
        words, after = self.document.tokens.words, self._get_person_at(token)
        is_closed = after is not None and (after[1] >= len(words) or words[after[1]] in _CLOSING_SIGNS)
        return after[0] if after is not None and is_closed else None

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


@cache
def _load_office_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in lexicon.load_words("offices"))


@cache
def _load_nations() -> dict[str, str]:
    """Return the country of each adjective and country, all as stems: "japanes" and "japan" give "japan"."""
    nations: dict[str, str] = {}
    for adjective, country in load_table("nations").items():
        key = stem(country.split()[-1])
        nations[stem(adjective)] = key
        nations[key] = key
    return nations
