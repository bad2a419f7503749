"""Read names and speech verbs in a few words of prose, by form alone.

Rule: a name is a run of capitalised words. A name after a preposition or with a possessive ending is not a subject:
"Tom Roe of Easton Transit said", "Whelan's captain, Joe Tandy, said".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from briefings.text import lexicon
from briefings.text.folding import fold

_WORD = re.compile(r"[A-Z][a-z]{0,2}\.(?=\s+[A-Z])|[^\W_](?:[\w’'&.-]*[\w’'])?|[,;:().!?—–-]")
_PREPOSITIONS = frozenset(
    ["of", "at", "from", "for", "in", "to", "about", "along", "with", "by", "on", "against", "near", "after", "before"]
)
_MORE_VERBS = frozenset(
    ["spoke", "speaks", "feared", "fears", "put", "quoted", "likened", "reminded", "assured", "thundered", "joked"]
)
_PRONOUNS = frozenset(["he", "she", "they", "it", "i", "we"])
_LINKS = frozenset(["who", "whose", "later", "also", "then", "had", "has", "once", "and", "or", "when", "while", "as"])
_ARTICLES = frozenset(["the", "a", "an", "his", "her", "their", "its", "one"])


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its words without titles, and the indexes of the words that it covers."""

    text: str
    first: int
    last: int
    is_subject: bool


def split_words(text: str) -> list[str]:
    """Return the words and marks of `text`, in order."""
    return _WORD.findall(text)


def is_speech_verb(word: str) -> bool:
    """Tell whether a word is a finite verb of saying; participles ("saying") have their subject elsewhere."""
    key = fold(word)
    return (key in lexicon.load_words("cues") and not key.endswith("ing")) or key in _MORE_VERBS


def find_names(words: Sequence[str], *, is_start: bool) -> list[Name]:
    """Return the names among `words`. `is_start` says that the first word opens a sentence."""
    names: list[Name] = []
    index = 0
    while index < len(words):
        first = index
        while index < len(words) and words[index][0].isupper() and _can_be_name(words, index, is_start=is_start):
            index += 1
            if words[index - 1].endswith(("'s", "’s", "s’", "s'")):
                break
        if index == first:
            index += 1
            continue
        name_words = [word for word in words[first:index] if fold(word).rstrip(".") not in _load_titles()]
        last_word = words[index - 1]
        is_possessive = last_word.endswith(("'s", "’s", "s’", "s'"))
        is_object = first > 0 and fold(words[first - 1]) in _PREPOSITIONS
        if name_words:
            names.append(Name(" ".join(name_words), first, index, not (is_possessive or is_object)))
    return names


def find_description(words: Sequence[str]) -> str | None:
    """Return the description that `words` consist of ("the health minister" gives "health minister"), or None."""
    if len(words) < 2 or len(words) > 8 or fold(words[0]) not in _ARTICLES:
        return None
    if any(word in ",;:()" or is_speech_verb(word) for word in words):
        return None
    return " ".join(words[1:])


def is_pronoun(word: str) -> bool:
    """Tell whether a word is a pronoun that can be the subject of a verb of saying."""
    return fold(word) in _PRONOUNS


def is_adverb_or_link(word: str) -> bool:
    """Tell whether a word can follow a complete name: an adverb, an auxiliary, a preposition or a relative pronoun."""
    key = fold(word)
    return key in _PREPOSITIONS or key in _LINKS or key.endswith("ly") or key in lexicon.load_words("stop_words")


def names_someone(words: Sequence[str], *, is_start: bool) -> bool:
    """Tell whether `words` contain a name, an office or a body, so that someone could be their speaker."""
    people = lexicon.load_words("offices") | lexicon.load_words("unnamed") | _load_bodies()
    keys = [fold(word) for word in words]
    return bool(find_names(words, is_start=is_start)) or any(
        key in people or key.removesuffix("s") in people for key in keys
    )


def _can_be_name(words: Sequence[str], index: int, *, is_start: bool) -> bool:
    key = fold(words[index]).rstrip(".")
    if key in lexicon.load_words("stop_words") or key in lexicon.load_words("months_and_days"):
        return False
    if is_start and index == 0:
        return not (key.endswith(("ing", "ly")) or key in lexicon.load_words("cues") or key in _load_openers())
    return True


@cache
def _load_openers() -> frozenset[str]:
    return lexicon.load_words("openers") | lexicon.load_words("english_words") | {"yesterday", "today", "later", "one"}


@cache
def _load_bodies() -> frozenset[str]:
    return lexicon.load_words("bodies") | lexicon.load_words("organisations") | {"association", "club", "company"}


@cache
def _load_titles() -> frozenset[str]:
    titles = lexicon.load_words("titles") | lexicon.load_words("honorifics") | lexicon.load_words("offices")
    return titles | {"mr", "mrs", "ms", "dr", "prof", "judge", "sir", "referee", "councillor"}
