"""Separate clean names and roles from scraps of a page, so that a quotation shows only what an editor would print.

Rule: a name is shown as the articles give it, without an office before it. A role is shown only if it is next to the
name in a sentence and is a whole noun phrase there: just "Minister" is cut from "Deputy Foreign Minister".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from briefings.compose.candidates import Candidates
from briefings.compose.story.mention_index import MentionIndex
from briefings.compose.voices.roles import choose_role, count_offices
from briefings.model import Speaker
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key

#: names and roles whose checks are cached, because a story is requested often
_CACHE_SIZE = 4_096
#: longest role, in words
_MAX_ROLE_WORDS = 10
#: maximum characters between a role and its name
_MAX_ROLE_DISTANCE = 40
_FINAL_STOP = re.compile(r"(?<=[a-z]{2})\.$")
_GENERATION = re.compile(r",? (?:Jr|Sr)\.?$")
#: a scrap: a sign that no name has, a country as a first name, an opening of a sentence, or a label of a member
_SCRAP = re.compile(
    r".*[,:;@\d/|].*|(?:U\.?S|U\.?K|U\.?N|E\.?U)\.? \w+|(?:Should|When|Why|How|What|Who|Is|Are|Does|If|In|On) .*"
    r"|.* (?:Democrats?|Republicans?|Conservatives?|Independents?|TV|Radio)|(\w+) \1"
)
_PARTICLE = re.compile(r"(?:a[ln]|and|bin|d[aeiou]|de[lr]|della|dos|e[ln]|for|i?bn|l[ae]|of|the|v[ao]n|y|zu)-?\w*")
#: four capitals or more in a name of several words; shorter ones may be initials or an acronym
_CAPITALS = re.compile(r"[A-Z]{4,}")
_INITIAL_ONLY = re.compile(r"[A-Z]\.? \S+")
#: signs that a role is not a complete noun phrase
_BAD_ROLE_OPENING = re.compile(
    r"(?i:another|both|embattled|expected|former campaign|her|his|incumbent|its|now|one|our|that|the|their|this)\b"
    r"|[a-z][\w-]*['’]s? |.*[,:;@\d“”\"]"
)
#: offices that say nothing without what they are over
_BARE_OFFICE = re.compile(r"(?:Chief|Commissioner|Director|General|Leader|Minister|Officer|Secretary)")
_RANK = r"(?:acting|assistant|associate|deputy|designate|ex|former|incoming|interim|onetime|outgoing|shadow|then|vice)"
#: the words before a role that it must not be cut from; "and" joins two halves of an office, but also two offices
_CUT_OPENING = re.compile(rf"(?:\b{_RANK}[\s-]+(?:U\.S\. )?|[-’'])$", re.IGNORECASE)
_CUT_AFTER_AND = re.compile(r"(?:\band|&)\s+$")
#: the words after a role that it must not be cut from
_CUT_END = re.compile(r" (?:of|for) |['’]s\b")
_CUT_BEFORE_AND = re.compile(r",? (?:and|&) [A-Z]")
_HEAD_END = re.compile(r"\s(?:at|by|during|for|from|in|of|on|to|under|with)\s")
_RANK_WORD = re.compile(rf"{_RANK}|chief|current|first|new|senior|top", re.IGNORECASE)
#: the relative, birthday or memory of a person, before their office and name
_OF_RELATIVE = re.compile(rf"\b(?:{lexicon.build_alternation('kinship')}) of (?:[\w.'’-]+ ){{0,5}}$")
_RELATIVE_WINDOW = 80
_CHIEF_OFFICER = re.compile(r"C[A-Z]O")
_PARTIES = frozenset({"democrat", "republican", "conservative", "liberal", "socialist", "independent", "green"})


class StoryNames:
    """Checks of names against all people that the story names."""

    def __init__(self, candidates: Candidates) -> None:
        self._recall = candidates.memory.recall
        self._mentions = self._recall("", MentionIndex)
        self._mentions.set_texts({article.id: article.text for article in candidates.articles})
        people = {person.name for article in candidates.articles for person in candidates.people_lookup(article)}
        speakers = {
            quote.speaker.name
            for _, quotes in candidates.articles_with_quotes
            for quote in quotes
            if quote.speaker is not None and not quote.speaker.anonymous
        }
        full_names = {name for name in people | speakers if " " in name}
        self._names_by_surname: dict[str, set[str]] = {}
        for name in full_names:
            self._names_by_surname.setdefault(find_surname(name), set()).add(name)
        self._cleaned: dict[tuple[Speaker, bool], Speaker | None] = {}
        self._counts: dict[str, tuple[int, set[str]]] = {}

    def clean(self, speaker: Speaker, mention: str = "") -> Speaker | None:
        """Return the speaker with a clean name, and with the role if it is clean; None for a doubtful name.

        `mention` are the words of the article for the speaker. If they are the full name, only the role is doubtful.
        """
        is_full = " " in speaker.name and speaker.name in mention
        key = (speaker, is_full)
        if key not in self._cleaned:
            self._cleaned[key] = self._clean(speaker, is_full)
        return self._cleaned[key]

    def _clean(self, speaker: Speaker, is_full: bool) -> Speaker | None:
        if speaker.anonymous:
            return speaker
        name = _strip_office(_FINAL_STOP.sub("", speaker.name) if " " in speaker.name else speaker.name)
        if not is_clean_name(name) or self._is_headline_scrap(name) or self._has_rival(name):
            return None
        role = speaker.role if speaker.role and self._is_clean_role(name, speaker.role) else None
        if role and self._belongs_to_namesake(name, role):
            if is_full:
                return replace(speaker, name=name, role=None)
            holder = self._find_holder(name, role)
            return replace(speaker, name=holder, role=role) if holder else None
        # the first letter may be another one at the opening of a sentence
        if self._list_namesakes(name) and _is_relative_only(name, self._find_texts(name[1:])):
            return None
        offices = self._recall(name, count_offices, name, tuple(self._find_texts(name)), is_noun_phrase)
        return replace(speaker, name=name, role=choose_role(role, offices))

    def _find_texts(self, words: str) -> list[str]:
        """Return the articles' texts that contain these words literally."""
        return [text for _, text in self._mentions.find_texts(words)]

    def _belongs_to_namesake(self, name: str, role: str) -> bool:
        """Tell whether an office is never next to the full name, and another person with the surname has it."""
        if role.islower() or not self._list_namesakes(name):
            return False
        after_name = re.compile(rf", (?:\w+ ){{0,4}}{re.escape(role)}")
        for text in self._find_texts(name[1:]):
            for start in _find_all(text, name):
                before = text[max(0, start - _RELATIVE_WINDOW) : start]
                # “the daughter of the mayor Jane Roe” is not a mayor
                is_office_before = before.endswith(f"{role} ") and not _OF_RELATIVE.search(before)
                if is_office_before or after_name.match(text, start + len(name)):
                    return False
        return True

    def _find_holder(self, name: str, role: str) -> str | None:
        """Return the full name of the one other person with the surname who has the office before it."""
        holders = [other for other in self._list_namesakes(name) if self._mentions.find_texts(f"{role} {other}")]
        return holders[0] if len(holders) == 1 else None

    def _list_namesakes(self, name: str) -> list[str]:
        """Return the full names of other people with the surname."""
        others = self._names_by_surname.get(find_surname(name), set())
        return sorted(other for other in others if not is_same_person(name, other) and is_clean_name(other))

    def _is_headline_scrap(self, name: str) -> bool:
        """Tell whether a name begins with the surname of another person and a word that follows it in a headline."""
        words = name.split()
        if len(words) != 2 or words[0].lower() in _load_first_names():
            return False
        return any(other != name for other in self._names_by_surname.get(make_search_key(words[0]), ()))

    def _has_rival(self, name: str) -> bool:
        """Tell whether the story gives one surname two first names, and this one is not the commoner.

        Two people in one article are not rivals.
        """
        count, articles = self._count(name)
        rivals = [
            self._count(other)
            for other in self._names_by_surname.get(find_surname(name), ())
            if not is_same_person(name, other)
        ]
        if any(articles & other_articles for _, other_articles in rivals):
            return False
        return any(
            (other_count, len(other_articles)) >= (count, len(articles)) for other_count, other_articles in rivals
        )

    def _count(self, name: str) -> tuple[int, set[str]]:
        """Return how often the articles give the name in full, and which of them do."""
        if name not in self._counts:
            texts = self._mentions.find_texts(name)
            self._counts[name] = sum(text.count(name) for _, text in texts), {article_id for article_id, _ in texts}
        return self._counts[name]

    def _is_clean_role(self, name: str, role: str) -> bool:
        last_name = name if _GENERATION.search(name) else name.split()[-1]
        return is_noun_phrase(role) and self._recall(
            (name, role), _is_whole_somewhere, name, last_name, role, tuple(self._find_texts(last_name))
        )


def _is_whole_somewhere(name: str, last_name: str, role: str, texts: Sequence[str]) -> bool:
    """Tell whether the role is whole at any place where it is next to the name."""
    for text in texts:
        for start in _find_all(text, role):
            end = start + len(role)
            before = text[max(0, start - _MAX_ROLE_DISTANCE - len(name)) : start]
            after = text[end : end + _MAX_ROLE_DISTANCE + len(name)]
            is_next = last_name in after.split("\n")[0] or last_name in before.rsplit("\n", 1)[-1]
            if is_next and not _is_cut(role, before, after):
                return True
    return False


def _is_relative_only(name: str, texts: Iterable[str]) -> bool:
    """Tell whether the story names a person only as the relative of another: "the wife of former mayor John Roe"."""
    mentions = [text[max(0, start - _RELATIVE_WINDOW) : start] for text in texts for start in _find_all(text, name)]
    return bool(mentions) and all(_OF_RELATIVE.search(before) for before in mentions)


@lru_cache(maxsize=_CACHE_SIZE)
def is_clean_name(name: str) -> bool:
    """Tell whether every word can be part of the name of a person or body."""
    words = _GENERATION.sub("", name).split()
    if _SCRAP.fullmatch(_GENERATION.sub("", name)) or not words:
        return False
    if len(words) > 1 and any(_CAPITALS.fullmatch(word) for word in words):
        return False
    if len(words) == 2 and (_INITIAL_ONLY.fullmatch(name) or words[-1].lower() in _load_offices()):
        return False
    return all(word[:1].isupper() or _PARTICLE.fullmatch(word) for word in words)


@lru_cache(maxsize=_CACHE_SIZE)
def is_noun_phrase(role: str) -> bool:
    """Tell whether a role is a whole noun phrase that names an office, an occupation or a party."""
    if _BARE_OFFICE.fullmatch(role) or _BAD_ROLE_OPENING.match(role) or len(role.split()) > _MAX_ROLE_WORDS:
        return False
    head_words = next(
        (words for words in (_HEAD_END.split(role, maxsplit=1)[0].split(), role.split()) if _is_office(words[-1])), None
    )
    if head_words is None:
        return False
    head = head_words[-1]
    # "decision President" is the end of another phrase and an office
    is_cut = len(head_words) > 1 and head[0].isupper() and fold(head) not in _PARTIES
    return not (is_cut and head_words[-2][0].islower() and not _RANK_WORD.fullmatch(head_words[-2]))


def _find_all(text: str, role: str) -> Iterator[int]:
    """Yield where a role begins as whole words. One that opens a sentence has a capital there."""
    start = text.find(role[1:], 1)
    while start >= 0:
        end = start + len(role) - 1
        is_whole = not text[end : end + 1].isalnum() and not text[max(0, start - 2) : start - 1].isalnum()
        if is_whole and text[start - 1].lower() == role[0].lower():
            yield start - 1
        start = text.find(role[1:], start + 1)


def _is_cut(role: str, before: str, after: str) -> bool:
    """Tell whether the words around a role belong to it."""
    has_place = _HEAD_END.search(role) is not None
    return bool(
        _CUT_OPENING.search(before)
        or (role[:1].isupper() and _CUT_AFTER_AND.search(before))
        or (not has_place and _CUT_END.match(after))
        or (has_place and _CUT_BEFORE_AND.match(after))
    )


@lru_cache(maxsize=_CACHE_SIZE)
def find_surname(name: str) -> str:
    """Return the folded last word of a name, without "Jr."."""
    return make_search_key(_GENERATION.sub("", name).split()[-1])


@lru_cache(maxsize=_CACHE_SIZE)
def is_same_person(first: str, second: str) -> bool:
    """Tell whether two full names with one surname can be one person's: "Nick" is "Nicholas", "J." is "Jane"."""
    if bool(_GENERATION.search(first)) != bool(_GENERATION.search(second)):
        return False
    first_words, second_words = make_search_key(first).split(), make_search_key(second).split()
    if set(first_words) <= set(second_words) or set(second_words) <= set(first_words):
        return True
    first_given, second_given = first_words[0], second_words[0]
    shared = min(3, len(first_given), len(second_given))
    return first_given[:shared] == second_given[:shared]


def make_voice_key(speaker: Speaker) -> str:
    """Return a key under which "Nick Roe" and "Nicholas Roe" are one voice: the surname, or a description."""
    return make_search_key(speaker.name) if speaker.anonymous else find_surname(speaker.name)


@lru_cache(maxsize=_CACHE_SIZE)
def _strip_office(name: str) -> str:
    """Return a name without the office that a page runs together with it: "Acme CEO Jane Roe" is "Jane Roe"."""
    words = name.split()
    offices = [index for index, word in enumerate(words) if _is_office(word)]
    return " ".join(words[offices[-1] + 1 :]) if offices and 0 < offices[-1] < len(words) - 2 else name


def _is_office(word: str) -> bool:
    return _CHIEF_OFFICER.fullmatch(word) is not None or fold(word).strip(".") in _load_offices()


@cache
def _load_first_names() -> frozenset[str]:
    return frozenset(entry.split()[0] for entry in lexicon.load_words("first_names"))


@cache
def _load_offices() -> frozenset[str]:
    return lexicon.load_words("offices") | lexicon.load_words("role_heads")
