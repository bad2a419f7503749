"""An entity of an article, and what its words tell: the gender of a name, the kind and gender of a noun."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from briefings.attribution.features.document import Document
from briefings.attribution.people.naming.name_chunks import NameChunk
from briefings.attribution.people.naming.name_tagger import BODY, KINDS, OTHER, PERSON
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.words import load_table

#: number of nouns whose kinds are cached
_NOUN_CACHE_SIZE = 8_192
#: words without a noun that can mean a person or people: "one wrote", "others disagreed"
_PRONOUN_NOUNS = frozenset(["one", "another", "others", "some", "many", "both", "few", "most", "two", "three"])
#: links inside a hyphenated noun
_NOUN_LINKS = ("-of-", "-in-", "-to-")
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_MALE_NOUNS = frozenset(
    [
        "man",
        "men",
        "husband",
        "father",
        "son",
        "brother",
        "spokesman",
        "businessman",
        "congressman",
        "councilman",
        "chairman",
        "king",
        "prince",
        "actor",
        "boy",
        "uncle",
        "grandfather",
        "policeman",
        "gentleman",
        "lord",
        "sir",
        "mr",
        "salesman",
        "dad",
        "grandad",
        "grandson",
        "nephew",
        "boyfriend",
    ]
)
_FEMALE_NOUNS = frozenset(
    [
        "woman",
        "women",
        "wife",
        "mother",
        "daughter",
        "sister",
        "spokeswoman",
        "businesswoman",
        "congresswoman",
        "councilwoman",
        "chairwoman",
        "queen",
        "princess",
        "actress",
        "girl",
        "aunt",
        "grandmother",
        "policewoman",
        "lady",
        "mrs",
        "ms",
        "miss",
        "gran",
        "granny",
        "nan",
        "grandmother",
        "granddaughter",
        "niece",
        "girlfriend",
        "landlady",
        "waitress",
        "barmaid",
        "widow",
        "mum",
    ]
)


@dataclass(slots=True, eq=False)
class Entity:
    """Someone or something that an article names or describes. `mentions` are token ranges in text order."""

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
    #: the head nouns of the roles: "minister"
    role_heads: set[str] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)
    #: whether a title or the first name says the gender
    has_sure_gender: bool = False
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
    """The entities in the order of their first mention, and the number of the entity of each mention (-1: none)."""

    entities: list[Entity]
    entity_by_mention: IntArray
    #: for a mention by a surname that others have too: the numbers of those others
    namesakes_by_mention: dict[int, tuple[int, ...]]
    #: the pronouns "he" and "she" outside quotations: token, 1 or -1, and the entity that was the subject last
    pronouns: list[tuple[int, int, int]]


@lru_cache(maxsize=_NOUN_CACHE_SIZE)
def classify_noun(noun: str) -> FloatArray:
    """Return the kinds of a description's head noun as probabilities."""
    kinds = np.zeros(len(KINDS), dtype=np.float32)
    noun = get_head_word(noun)
    singular = noun.removesuffix("s")
    nouns = _MALE_NOUNS | _FEMALE_NOUNS | lexicon.load_words("person_nouns") | lexicon.load_words("offices")
    if noun in nouns or singular in nouns or noun.endswith(("man", "woman", "ist", "ian")):
        kinds[PERSON] = 1
    elif noun in lexicon.load_words("documents"):
        kinds[OTHER] = 1
    elif {noun, singular} & (lexicon.load_words("organisations") | lexicon.load_words("bodies")):
        kinds[BODY] = 1
    elif noun in _PRONOUN_NOUNS or noun.endswith(("er", "or", "ers", "ors", "ee", "ees")):
        kinds[[0, PERSON]] = 0.5
    else:
        kinds[0] = 1
    return kinds


def find_gender(entity: Entity) -> str:
    """Return m, f or u, by the title, the first name or the nouns of the roles."""
    if entity.gender != "u":
        return entity.gender
    gender = find_name_gender(entity)
    if gender != "u":
        return gender
    word = min((word for word in entity.role_stems if get_noun_gender(word) != "u"), default="")
    return get_noun_gender(word)


def find_name_gender(entity: Entity) -> str:
    """Return the gender that a person's first name says."""
    is_person = int(entity.kinds[1:].argmax()) + 1 == PERSON
    first = entity.words[0] if entity.is_full_name and is_person else ""
    return load_table("first_names").get(first) or load_table("given_names").get(first, "u")


@lru_cache(maxsize=_NOUN_CACHE_SIZE)
def get_noun_gender(noun: str) -> str:
    """Return the gender that a noun says: "spokeswoman"."""
    noun = get_head_word(noun)
    if noun in _MALE_NOUNS or (noun.endswith("man") and not noun.endswith("woman")):
        return "m"
    return "f" if noun in _FEMALE_NOUNS or noun.endswith("woman") else "u"


def get_head_word(noun: str) -> str:
    """Return the word that says what a hyphenated noun means: "mother" in "mother-of-two", "father-in-law"."""
    head, link, _ = noun.partition("-")
    return head if link and noun[len(head) :].startswith(_NOUN_LINKS) else noun


def choose_spelling(entity: Entity) -> str:
    """Return the commonest full form of a name outside headlines."""
    counts = entity.spellings
    return max(sorted(counts), key=lambda name: (counts[name] > 0, " " in name, counts[name], len(name)))


def split_words(document: Document, chunk: NameChunk) -> tuple[str, ...]:
    """Return the words of a name in lower case, without points."""
    words = document.tokens.words[chunk.first : chunk.last]
    return tuple(word.lower().replace("’", "'").strip(".") for word in words if any(map(str.isalnum, word)))


def drop_suffix(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name's words without "Jr" and the like."""
    core = tuple(word for word in words if word not in _SUFFIXES)
    return core or words


def build_key(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first and last word of a name, with its generation."""
    core = drop_suffix(words)
    suffix = tuple(word for word in words if word in ("jr", "ii", "iii"))
    initials_apart = tuple(word for word in core if len(word) > 1) or core
    return (core[0], *initials_apart[1:][-1:], *suffix) if len(initials_apart) > 1 else (*core, *suffix)


def get_text(document: Document, first: int, last: int) -> str:
    """Return the text of some tokens on one line."""
    return " ".join(document.text[document.tokens.starts[first] : document.tokens.ends[last - 1]].split())
