"""Find the people and organisations that an article names: full names, job titles, genders, mentions.

Rule: a surname refers to the people in this article with that surname. A name that never appears in full is
unchanged. Rule: a wrong job title is worse than none. A job title is consecutive words that can be a title without
other context. It does not open with a preposition, number or weekday and does not end in a function word. It contains
no other marks and belongs to one person.
"""

import re
from calendar import day_name
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG, VERBS
from briefings.text.words import load_table

_NAME = TAG["NNP"]
_NAME_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
_NOT_FIRST_NAMES = _NAME_SUFFIXES | {"said", "says", "added", "adds", "state", "states", "party", "mr", "ms"}
_PARTICLES = frozenset(["de", "da", "del", "della", "van", "von", "der", "den", "la", "le", "bin", "al", "al-", "el"])
MAX_APPOSITION_TOKENS = 14  #: maximum words in an apposition
_CACHE_SIZE = 16_384  #: names whose parts are cached
#: before a title: "his opponent for president, Hillary Clinton," names an office she wants, not one she has
CANDIDACY_WORDS = frozenset(["for", "as", "to", "become", "of"])
MAX_SAME_NAME = 20  #: people with one surname that are distinguished
_ROLE_ADJECTIVES = frozenset(
    ["shadow", "former", "deputy", "acting", "senior", "veteran", "prime", "foreign", "home", "new", "longtime"]
)
#: the time before each entry of a live page
_TIMESTAMP = re.compile(r"^\d{4} ")
#: what the person does ("suggesting the nominee"), but not "acting president"
_PARTICIPLE_CLAUSE = re.compile(r"\w+ing (?:the|an?|his|her|its|their|that|this) ", re.IGNORECASE)
#: a clause about the person after the title, and the brackets of tokenised texts with all marks before them
_TRAILING_CLAUSE = re.compile(r"(?:^|,? )(?:who|whose|whom|which|that)\b.*|(?<!\W)\W*\b[LR][RS]B\b.*", re.DOTALL)
_MARKS = re.compile(r"[“”\"`\\/|]|''")
#: "citing an army official", "another lawyer" are no titles
_NO_OPENINGS = frozenset(["according", "another", "both", "citing", "one", *map(str.lower, day_name)])


@dataclass(slots=True, eq=False)
class Person:
    """A named person or organisation. `gender` is m, f or u; `mentions` are the mentions that refer to it, in order."""

    name: str
    gender: str = "u"
    is_organisation: bool = False
    roles: list[str] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)

    @property
    def surname(self) -> str:
        """The last word in lower case, without a generational suffix."""
        return split_name(self.name)[1]

    @property
    def first_name(self) -> str:
        """The first word in lower case, or "" for a single name."""
        return split_name(self.name)[0]


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a mention: name, job title before it, gender of the title, and whether "the" precedes it."""

    text: str
    role: str | None
    gender: str
    has_title: bool
    is_definite: bool


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """All people in the order of their first mention, and the person of each named mention."""

    people: list[Person]
    person_by_mention: dict[int, Person]


def find_people(document: Document) -> NamedPeople:
    """Return everyone that the article names."""
    mention_numbers = range(len(document.mentions))
    names_by_mention = {number: name for number in mention_numbers if (name := parse_name(document, number))}
    people: dict[str, Person] = {}
    person_by_mention: dict[int, Person] = {}
    for number, name in names_by_mention.items():  # people named in full come first
        if " " in name.text:
            gender = load_table("first_names").get(name.text.lower().split()[0], "u")
            person = Person(name.text, gender, is_organisation_name(name))
            person_by_mention[number] = people.setdefault(_build_key(name.text), person)
    _join_spellings(people, person_by_mention)
    people_by_name: dict[str, list[Person]] = defaultdict(list)
    for person in dict.fromkeys(person_by_mention.values()):
        people_by_name[person.surname].append(person)
        if person.first_name and not person.is_organisation:
            people_by_name[person.first_name].append(person)
    for number, name in names_by_mention.items():
        if number not in person_by_mention:
            person_by_mention[number] = _resolve_short_name(number, name, people_by_name, person_by_mention, people)
        person = person_by_mention[number]
        person.mentions.append(number)
        if name.gender != "u" and person.gender == "u":
            person.gender = name.gender
        person.is_organisation = person.is_organisation and not name.has_title
        for role in (name.role, _find_role_before(document, number), find_role_after(document, number)):
            if role and role not in person.roles and not person.is_organisation:
                person.roles.append(role)
    return NamedPeople(list(dict.fromkeys(person_by_mention.values())), person_by_mention)


@lru_cache(maxsize=_CACHE_SIZE)
def split_name(name: str) -> tuple[str, str]:
    """Return the first name and the surname, as defined in `Person`. Cached, because the same names recur."""
    key = normalise_name(name)
    words = key.split()
    core_words = [word for word in words if word not in _NAME_SUFFIXES]
    return words[0] if len(words) > 1 else "", core_words[-1] if core_words else key


def normalise_name(name: str) -> str:
    """Return a name in the form used for comparison: lower case, straight apostrophes."""
    return name.lower().replace("’", "'")


def parse_name(document: Document, number: int) -> Name | None:
    """Return the name at the end of a mention, or None."""
    mentions, words, tags = document.mentions, document.tokens.words, document.tags
    first, last, form = int(mentions.first[number]), int(mentions.last[number]), int(mentions.form[number])
    if form not in (MentionForm.NAME, MentionForm.POSSESSOR) or tags[last - 1] != _NAME:
        return None
    start = last - 1
    while start > first and (
        tags[start - 1] == _NAME or words[start - 1].lower() in _PARTICLES or _is_stray_name(document, start - 1)
    ):
        start -= 1
    while start < last - 1 and words[start].lower() in _PARTICLES and words[start][:1].islower():
        start += 1
    begin, gender, has_title = start, "u", False
    honorifics = load_table("honorifics")
    for index in range(start, last - 1):
        lowercase = words[index].lower()
        if lowercase in honorifics or lowercase.rstrip("s") in lexicon.load_words("offices"):
            begin, has_title = index + 1, True
            gender = honorifics.get(lowercase, gender) if honorifics.get(lowercase, "u") != "u" else gender
    begin = _find_name_start(document, begin, last)
    role = _extract_role(document, first, begin)
    return Name(
        " ".join(words[begin:last]), role, gender, has_title, words[first].lower() == "the" and first == start - 1
    )


def is_organisation_name(name: Name) -> bool:
    """Whether a name belongs to an organisation, a place or a publication, not to a person."""
    words = name.text.lower().split()
    if name.has_title or (len(words) == 2 and words[0] in load_table("first_names")):
        return False
    has_organisation_word = bool(lexicon.load_words("organisations").intersection(words))
    return has_organisation_word or name.is_definite or any("&" in word for word in words)


def find_role_after(document: Document, number: int) -> str | None:
    """Return the job title in apposition after a mention ("Matt Wrack, the general secretary of the union, ...")."""
    words, tags, sentence = document.tokens.words, document.tags, document.sentence
    index = int(document.mentions.last[number])
    if index + 1 >= len(words) or words[index] not in (",", "–", "—", "-"):
        return None
    end = index + 1
    while (
        end < len(words)
        and end <= index + MAX_APPOSITION_TOKENS
        and sentence[end] == sentence[index]
        and words[end] not in (",", "–", "—", ";", ":", ".")
    ):
        if words[end].lower() in ("and", "who", "which") or (tags[end] in VERBS and tags[end] != TAG["VBN"]):
            break
        end += 1
    phrase = words[index + 1 : end]
    if not any(_is_office(word) for word in phrase) or tags[index + 1] in VERBS:
        return None
    return _strip_article(_get_text(document, index + 1, end)).rstrip(" -–—")


def differ_by_one_letter(name: str, other_name: str) -> bool:
    """Whether two surnames are equal or, from four letters on, one has one more letter (doubled, "e" or "h")."""
    if name == other_name:
        return True
    short, long = sorted((name, other_name), key=len)
    if len(short) < 4 or len(long) - len(short) != 1:
        return False
    index = next((k for k, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[index:] == long[index + 1 :] and long[index] in (long[index - 1 : index], "e", "h")


def clean_job_title(text: str) -> str | None:
    """Return the job title in `text` without a clause that follows it, or None if it is not a job title."""
    office = _TRAILING_CLAUSE.sub("", _TIMESTAMP.sub("", text))
    words = office.split()
    if not words or _MARKS.search(office) or office.count("(") != office.count(")"):
        return None
    stop_words = lexicon.load_words("stop_words")
    if (
        words[0] in stop_words
        or words[-1] in stop_words
        or words[0].lower() in _NO_OPENINGS
        or not words[0][0].isalpha()
        or _PARTICIPLE_CLAUSE.match(office)
    ):
        return None
    offices = lexicon.load_words("offices")
    return office if any(word.lower() in offices for word in re.findall(r"[^\W_]+", office)) else None


def _is_stray_name(document: Document, index: int) -> bool:
    """Whether a capitalised word with another tag is part of a name: "Rush" in "radio host Rush Limbaugh"."""
    word = document.tokens.words[index]
    opens_sentence = index == 0 or document.sentence[index - 1] != document.sentence[index]
    is_noun = document.tags[index] in (TAG["NN"], TAG["VB"], TAG["VBP"])
    return word[:1].isupper() and not word.isupper() and is_noun and not opens_sentence and not _is_office(word)


def _find_name_start(document: Document, begin: int, last: int) -> int:
    """Return the start of the name: a known first name after other words ("State Jon Husted"), else `begin`."""
    words = document.tokens.words
    while begin < last - 1 and words[begin].lower() in _NOT_FIRST_NAMES:
        begin += 1
    for index in range(begin, last - 1):
        if words[index].lower() in load_table("first_names"):
            return index if index == begin or len(words[begin].rstrip(".")) > 1 else begin
    line = document.tokens.paragraph[begin]
    return last - 1 if last - begin > 2 and _is_headline(document, int(line)) else begin


def _is_headline(document: Document, line: int) -> bool:
    """Whether most words of a line are capitalised, so that capitals do not mark names."""
    first, end = np.searchsorted(document.tokens.paragraph, [line, line + 1])
    long_words = [
        word for word in document.tokens.words[first : min(end, first + 40)] if len(word) > 3 and word[0].isalpha()
    ]
    return len(long_words) > 3 and sum(word[0].isupper() for word in long_words) > 0.7 * len(long_words)


def _find_role_before(document: Document, number: int) -> str | None:
    """Return the job title before a mention in apposition ("the shadow business secretary, Angela Eagle")."""
    words, mentions = document.tokens.words, document.mentions
    index = int(mentions.first[number])
    if number == 0 or index < 2 or words[index - 1] != "," or int(mentions.last[number - 1]) != index - 1:
        return None
    start, head = int(mentions.first[number - 1]), int(mentions.head[number - 1])
    if (
        not _is_office(words[head])
        or document.sentence[start] != document.sentence[index]
        or words[start].lower() in ("a", "an")
        or (head == start and start > 0 and words[start - 1].lower() in CANDIDACY_WORDS)
    ):
        return None
    after = int(mentions.last[number])
    if after < len(words) and words[after] not in (",", "–", "—", ".", ")", "’s", "'s"):
        return None
    return _strip_article(_get_text(document, start, head + 1))


def _extract_role(document: Document, first: int, begin: int) -> str | None:
    """Return the job title inside the mention before its name, without general titles such as Mr."""
    words = document.tokens.words
    if begin <= first or not any(_is_office(word) for word in words[first:begin]):
        return None
    while begin > first and words[begin - 1].lower() in load_table("honorifics"):
        begin -= 1
    for index in range(begin - 1, first - 1, -1):
        if words[index] in ("’s", "'s"):
            first = index + 1
            break
    if begin <= first or not any(_is_office(word) for word in words[first:begin]):
        return None
    return lowercase_first(_strip_article(_get_text(document, first, begin)))


def _get_text(document: Document, first: int, last: int) -> str:
    return document.text[document.tokens.starts[first] : document.tokens.ends[last - 1]]


def _is_office(word: str) -> bool:
    offices, lowercase = lexicon.load_words("offices"), word.lower()
    return lowercase in offices or (lowercase.endswith("s") and lowercase[:-1] in offices)


def _strip_article(phrase: str) -> str:
    lowercase = phrase.lower()
    for article in ("the ", "a ", "an ", "his ", "her ", "its ", "our ", "their "):
        if lowercase.startswith(article):
            return phrase[len(article) :]
    return phrase


def lowercase_first(role: str) -> str:
    """Remove the capital that a role has only because it opens a sentence ("Shadow chancellor")."""
    words = role.split()
    opens_sentence = len(words) > 1 and words[1].islower() and words[0].lower() in _ROLE_ADJECTIVES
    return role[0].lower() + role[1:] if opens_sentence else role


def _build_key(name: str) -> str:
    words = [word.strip(".") for word in normalise_name(name).split()]
    return " ".join(word for word in words if len(word) > 1 or len(words) <= 2)


def _join_spellings(people: dict[str, Person], person_by_mention: dict[int, Person]) -> None:
    """Join two spellings of one person (Diane Abbot, Diane Abbott): same first name, surnames one letter apart."""
    people_by_first_name: dict[str, list[Person]] = defaultdict(list)
    duplicates: dict[int, Person] = {}
    for person in people.values():
        for earlier_person in people_by_first_name[person.first_name][:20]:
            if differ_by_one_letter(person.surname, earlier_person.surname):
                duplicates[id(person)] = earlier_person
                break
        else:
            people_by_first_name[person.first_name].append(person)
    if duplicates:
        for number, person in person_by_mention.items():
            person_by_mention[number] = duplicates.get(id(person), person)


def _resolve_short_name(
    number: int,
    name: Name,
    people_by_name: dict[str, list[Person]],
    person_by_mention: dict[int, Person],
    people: dict[str, Person],
) -> Person:
    """Return the person that a single name means: gender fits the title, else named last nearby, else most often."""
    candidates = people_by_name.get(normalise_name(name.text), [])[:MAX_SAME_NAME]
    if name.gender != "u":
        candidates = [person for person in candidates if person.gender in (name.gender, "u")]
    if not candidates:
        is_organisation = is_organisation_name(name) or name.text.isupper()
        key = f"{name.text.lower()} {name.gender}" if name.gender != "u" else name.text.lower()
        return people.setdefault(key, Person(name.text, name.gender, is_organisation))
    if len(candidates) == 1:
        return candidates[0]
    nearby_people = [
        person_by_mention[index]
        for index in range(max(0, number - 6), number)
        if person_by_mention.get(index) in candidates
    ]
    return nearby_people[-1] if nearby_people else max(candidates, key=lambda person: len(person.mentions))
