"""The names that a question can contain: people, outlets and topics of the stored articles. Pure.

Rule: the grammar reads a word as a name only if one of these knows it. Without names, every word is a search word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from briefings.text import make_search_key


class KnownNames(Protocol):
    """What the stored articles know. Every method takes text as typed, and ignores case, accents and hyphens."""

    def is_person(self, name: str) -> bool:
        """Whether a speaker has this full name or surname."""

    def find_outlet(self, name: str, *, partial: bool = False) -> str | None:
        """Return the outlet with this name; with `partial`, the name itself if it is a part of an outlet's name."""

    def find_topic(self, text: str) -> str | None:
        """Return the slug of the topic with this slug or title."""

    def has_words(self, text: str) -> bool:
        """Whether an article contains these words, in this order."""


@dataclass(frozen=True, slots=True)
class ListedNames:
    """Names from lists. `topics` has the titles by slug, and `article_texts` the words that articles contain."""

    people: Sequence[str] = ()
    outlets: Sequence[str] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    article_texts: Sequence[str] = ()

    def is_person(self, name: str) -> bool:
        """Whether a listed person has this full name, or a name that ends with it."""
        return any(has_name(person, name) for person in self.people)

    def find_outlet(self, name: str, *, partial: bool = False) -> str | None:
        """Return the listed outlet with this name."""
        return find_outlet(self.outlets, name, partial=partial)

    def find_topic(self, text: str) -> str | None:
        """Return the slug of the listed topic with this slug or title."""
        return find_topic(self.topics, text)

    def has_words(self, text: str) -> bool:
        """Whether the article_texts words contain these words."""
        key = make_search_key(text)
        return any(f" {key} " in f" {make_search_key(words)} " for words in self.article_texts)


NO_NAMES = ListedNames()


def has_name(person: str, name: str) -> bool:
    """Whether a person is called `name`: the whole name or its last words, "van der Velde" or "Velde"."""
    key = make_search_key(name)
    return bool(key) and f" {make_search_key(person)}".endswith(f" {key}")


def find_outlet(outlets: Sequence[str], name: str, *, partial: bool) -> str | None:
    """Return the outlet with this name, or None. "The" makes no difference.

    With `partial`, the name of the only outlet that contains these words, or the words themselves for several.
    """
    full_key = make_search_key(name)
    key = _drop_the(full_key)
    if not key:
        return None
    exact_match = next((outlet for outlet in outlets if _drop_the(make_search_key(outlet)) == key), None)
    matches = [outlet for outlet in outlets if f" {key} " in f" {make_search_key(outlet)} "]
    if exact_match:
        # "Guardian" as a filter also finds "The Guardian US"
        return exact_match if len(matches) == 1 else name
    if partial and key == full_key and " " not in key:  # "Easton" is a town, and "Herald" is the Easton Herald
        matches = [outlet for outlet in matches if has_name(outlet, key)]
    if not partial or not matches:
        return None
    return matches[0] if len(matches) == 1 else name


def find_topic(topics: Mapping[str, str], text: str) -> str | None:
    """Return the slug of the topic with this slug or title, or None. "The" makes no difference."""
    key = _drop_the(make_search_key(text))
    if not key:
        return None
    return next(
        (slug for slug, title in topics.items() if key in (make_search_key(slug), _drop_the(make_search_key(title)))),
        None,
    )


def _drop_the(key: str) -> str:
    return key.removeprefix("the ")
