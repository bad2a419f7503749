"""The people and bodies that one article names: full names, offices, genders, and which mention is which.

Rule: a surname belongs to the full names that bear it in this article; a name nobody bears in full stays as it is.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from briefings.quotes.parse import Form, Parsed
from briefings.text import lexicon
from briefings.text.lists import table
from briefings.text.tagger import TAG, VERBS

_NAME, _POSSESSIVE = TAG["NNP"], TAG["POS"]
_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
_NOT_FIRST = _SUFFIXES | {"said", "says", "added", "adds", "state", "states", "party", "mr", "ms"}
_PARTICLES = frozenset(["de", "da", "del", "della", "van", "von", "der", "den", "la", "le", "bin", "al", "al-", "el"])
#: words that an apposition may have
APPOSITION = 14
#: names whose ends are kept at hand
_REMEMBERED = 16_384
#: before a bare office: "his opponent for president, Hillary Clinton," tells what is sought, not what she is
_SOUGHT = frozenset(["for", "as", "to", "become", "of"])
#: people of one surname that are told apart
BEARERS = 20


@dataclass(slots=True, eq=False)
class Person:
    """Somebody or something with a name. `gender` is m, f or u; `seen` the mentions that mean it, in order."""

    name: str
    gender: str = "u"
    body: bool = False
    roles: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    @property
    def surname(self) -> str:
        """The last word, generational suffix aside, lower case."""
        return ends(self.name)[1]

    @property
    def first(self) -> str:
        """The first word, lower case; empty for a single name."""
        return ends(self.name)[0]


@dataclass(frozen=True, slots=True)
class Name:
    """What a mention's words give: the name, the office before it, the gender its title tells, "the" before it."""

    words: str
    role: str | None
    gender: str
    title: bool
    definite: bool


@dataclass(frozen=True, slots=True)
class Names:
    """`of[mention]` is whom a named mention means; `people` all of them in the order of their first mention."""

    people: list[Person]
    of: dict[int, Person]


def names(parsed: Parsed) -> Names:
    """Everybody whom the article names."""
    read = {number: name for number in range(len(parsed.mentions)) if (name := read_name(parsed, number))}
    people: dict[str, Person] = {}
    of: dict[int, Person] = {}
    for number, name in read.items():  # first those named in full
        if " " in name.words:
            of[number] = people.setdefault(_key(name.words), Person(name.words, _gender(name.words), is_body(name)))
    _join_spellings(people, of)
    bearers: dict[str, list[Person]] = defaultdict(list)
    for person in dict.fromkeys(of.values()):
        bearers[person.surname].append(person)
        if person.first and not person.body:
            bearers[person.first].append(person)
    for number, name in read.items():
        if number not in of:
            of[number] = _short(number, name, bearers, of, people)
        person = of[number]
        person.seen.append(number)
        if name.gender != "u" and person.gender == "u":
            person.gender = name.gender
        person.body = person.body and not name.title
        for role in (name.role, _role_before(parsed, number), role_after(parsed, number)):
            if role and role not in person.roles and not person.body:
                person.roles.append(role)
    return Names(list(dict.fromkeys(of.values())), of)


@lru_cache(maxsize=_REMEMBERED)
def ends(name: str) -> tuple[str, str]:
    """The first name and the surname, as `Person` has them: pure, and asked of the same names again and again."""
    key = plain(name)
    words = key.split()
    without = [word for word in words if word not in _SUFFIXES]
    return words[0] if len(words) > 1 else "", without[-1] if without else key


def plain(name: str) -> str:
    """A name as it is compared: lower case, straight apostrophes."""
    return name.lower().replace("’", "'")


def read_name(parsed: Parsed, number: int) -> Name | None:
    """The name that a mention ends in; None when it ends in none."""
    mentions, words, tags = parsed.mentions, parsed.tokens.words, parsed.tags
    first, last, form = int(mentions.first[number]), int(mentions.last[number]), int(mentions.form[number])
    if form not in (Form.NAME, Form.POSSESSOR) or tags[last - 1] != _NAME:
        return None
    start = last - 1
    while start > first and (
        tags[start - 1] == _NAME or words[start - 1].lower() in _PARTICLES or _stray(parsed, start - 1)
    ):
        start -= 1
    while start < last - 1 and words[start].lower() in _PARTICLES and words[start][:1].islower():
        start += 1
    begin, gender, title = start, "u", False
    honorifics = table("honorifics")
    for at in range(start, last - 1):
        low = words[at].lower()
        if low in honorifics or low.rstrip("s") in lexicon.words("offices"):
            begin, title = at + 1, True
            gender = honorifics.get(low, gender) if honorifics.get(low, "u") != "u" else gender
    begin = _from_first_name(parsed, begin, last)
    role = _role_text(parsed, first, begin)
    return Name(" ".join(words[begin:last]), role, gender, title, words[first].lower() == "the" and first == start - 1)


def _stray(parsed: Parsed, at: int) -> bool:
    """Whether a capitalised word not tagged as a name is one all the same: "Rush" in "radio host Rush Limbaugh"."""
    word = parsed.tokens.words[at]
    opens = at == 0 or parsed.sentence[at - 1] != parsed.sentence[at]
    noun = parsed.tags[at] in (TAG["NN"], TAG["VB"], TAG["VBP"])
    return word[:1].isupper() and not word.isupper() and noun and not opens and not _is_office(word)


def _from_first_name(parsed: Parsed, begin: int, last: int) -> int:
    """Where the name begins: at its first name, if a known one stands behind other words ("State Jon Husted")."""
    words = parsed.tokens.words
    while begin < last - 1 and words[begin].lower() in _NOT_FIRST:
        begin += 1
    for at in range(begin, last - 1):
        if words[at].lower() in table("first_names"):
            return at if at == begin or len(words[begin].rstrip(".")) > 1 else begin
    line = parsed.tokens.paragraph[begin]
    return last - 1 if last - begin > 2 and _is_headline(parsed, int(line)) else begin


def _is_headline(parsed: Parsed, line: int) -> bool:
    """Whether most words of a line are capitalised, so that capitals tell nothing."""
    first, end = np.searchsorted(parsed.tokens.paragraph, [line, line + 1])
    long = [word for word in parsed.tokens.words[first : min(end, first + 40)] if len(word) > 3 and word[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def is_body(name: Name) -> bool:
    """Whether a name is that of an organisation, a place or a publication rather than a person's."""
    words = name.words.lower().split()
    return (
        not name.title
        and (
            bool(lexicon.words("organisations").intersection(words))
            or name.definite
            or any("&" in word for word in words)
        )
        and not (len(words) == 2 and words[0] in table("first_names"))
    )


def role_after(parsed: Parsed, number: int) -> str | None:
    """The office in apposition behind a mention: "Matt Wrack, the general secretary of the union, ..."."""
    words, tags, sentence = parsed.tokens.words, parsed.tags, parsed.sentence
    at = int(parsed.mentions.last[number])
    if at + 1 >= len(words) or words[at] not in (",", "–", "—", "-"):
        return None
    end = at + 1
    while (
        end < len(words)
        and end <= at + APPOSITION
        and sentence[end] == sentence[at]
        and words[end] not in (",", "–", "—", ";", ":", ".")
    ):
        if words[end].lower() in ("and", "who", "which") or (tags[end] in VERBS and tags[end] != TAG["VBN"]):
            break
        end += 1
    phrase = words[at + 1 : end]
    if not any(_is_office(word) for word in phrase) or tags[at + 1] in VERBS:
        return None
    return _without_article(parsed.text[parsed.tokens.starts[at + 1] : parsed.tokens.ends[end - 1]]).rstrip(" -–—")


def _role_before(parsed: Parsed, number: int) -> str | None:
    """The office whose apposition the mention is: "the shadow business secretary, Angela Eagle"."""
    words, mentions = parsed.tokens.words, parsed.mentions
    at = int(mentions.first[number])
    if number == 0 or at < 2 or words[at - 1] != "," or int(mentions.last[number - 1]) != at - 1:
        return None
    start, head = int(mentions.first[number - 1]), int(mentions.head[number - 1])
    if (
        not _is_office(words[head])
        or parsed.sentence[start] != parsed.sentence[at]
        or words[start].lower() in ("a", "an")
        or (head == start and start > 0 and words[start - 1].lower() in _SOUGHT)
    ):
        return None
    after = int(mentions.last[number])
    if after < len(words) and words[after] not in (",", "–", "—", ".", ")", "’s", "'s"):
        return None
    return _without_article(parsed.text[parsed.tokens.starts[start] : parsed.tokens.ends[head]])


def _role_text(parsed: Parsed, first: int, begin: int) -> str | None:
    """The office that stands in the mention before its name, titles that everybody has aside."""
    words = parsed.tokens.words
    if begin <= first or not any(_is_office(word) for word in words[first:begin]):
        return None
    while begin > first and words[begin - 1].lower() in table("honorifics"):
        begin -= 1
    for at in range(begin - 1, first - 1, -1):
        if words[at] in ("’s", "'s"):
            first = at + 1
            break
    if begin <= first or not any(_is_office(word) for word in words[first:begin]):
        return None
    return _lower_first(_without_article(parsed.text[parsed.tokens.starts[first] : parsed.tokens.ends[begin - 1]]))


def _is_office(word: str) -> bool:
    low = word.lower()
    return low in lexicon.words("offices") or (low.endswith("s") and low[:-1] in lexicon.words("offices"))


def _without_article(phrase: str) -> str:
    low = phrase.lower()
    for article in ("the ", "a ", "an ", "his ", "her ", "its ", "our ", "their "):
        if low.startswith(article):
            return phrase[len(article) :]
    return phrase


def _lower_first(role: str) -> str:
    """A role that opens a sentence loses the capital it owes to that ("Shadow chancellor")."""
    words = role.split()
    return role[0].lower() + role[1:] if len(words) > 1 and words[1].islower() and words[0].lower() in _PLAIN else role


_PLAIN = frozenset(
    ["shadow", "former", "deputy", "acting", "senior", "veteran", "prime", "foreign", "home", "new", "longtime"]
)


def _key(name: str) -> str:
    words = [word.strip(".") for word in plain(name).split()]
    kept = [word for word in words if len(word) > 1] if len(words) > 2 else words
    return " ".join(kept)


def _gender(name: str) -> str:
    return table("first_names").get(name.lower().split()[0], "u")


def _join_spellings(people: dict[str, Person], of: dict[int, Person]) -> None:
    """One person under two spellings (Diane Abbot, Diane Abbott): same first name, surnames one letter apart."""
    firsts: dict[str, list[Person]] = defaultdict(list)
    same: dict[int, Person] = {}
    for person in people.values():
        for other in firsts[person.first][:20]:
            if one_letter_apart(person.surname, other.surname):
                same[id(person)] = other
                break
        else:
            firsts[person.first].append(person)
    if same:
        for number, person in of.items():
            of[number] = same.get(id(person), person)


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two surnames of four letters or more differ by one letter doubled or left out, at most."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or len(long) - len(short) != 1:
        return False
    at = next((k for k, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :] and long[at] in (long[at - 1], "e", "h")


def _short(
    number: int, name: Name, bearers: dict[str, list[Person]], of: dict[int, Person], people: dict[str, Person]
) -> Person:
    """Whom a single name means: the bearer whose gender fits the title, named last nearby, named most so far."""
    found = bearers.get(plain(name.words), [])[:BEARERS]
    if name.gender != "u":
        fitting = [person for person in found if person.gender in (name.gender, "u")]
        found = fitting or []
    if not found:
        body = is_body(name) or name.words.isupper()
        key = f"{name.words.lower()} {name.gender}" if name.gender != "u" else name.words.lower()
        return people.setdefault(key, Person(name.words, name.gender, body))
    if len(found) == 1:
        return found[0]
    near = [of[at] for at in range(max(0, number - 6), number) if of.get(at) in found]
    if near:
        return near[-1]
    return max(found, key=lambda person: len(person.seen))
