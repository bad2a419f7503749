"""Which of some names are one person: spellings one letter apart, initials, a surname that only one of them bears.

Rule: two people of one surname stay two, and the surname alone is then nobody's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefings.quotes.names import Person, one_letter_apart
from briefings.text.search_key import search_key


@dataclass(frozen=True, slots=True)
class Namesake:
    """One person: the spelling that stands in most quotes first, then the others; `quotes` counts all of them."""

    spellings: tuple[str, ...]
    quotes: int

    @property
    def name(self) -> str:
        """What they are called."""
        return self.spellings[0]

    def is_called(self, name: str) -> bool:
        """Whether `name`, initials and marks aside, is one of the spellings."""
        return any(_key(name) == _key(spelling) for spelling in self.spellings)


def parted(names: Mapping[str, int]) -> tuple[Namesake, ...]:
    """The people among names with their counts of quotes, the most quoted first."""
    groups: list[list[str]] = []
    for name in sorted((name for name in names if _is_whole(name)), key=lambda name: (-names[name], name)):
        group = next((group for group in groups if _same(group[0], name)), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    alone = [name for name in names if not _is_whole(name)]
    for name in sorted(alone, key=lambda name: (-names[name], name)):
        fitting = [group for group in groups if Person(group[0]).surname == Person(name).surname]
        (fitting[0] if len(fitting) == 1 else _new(groups)).append(name)
    found = (Namesake(tuple(group), sum(names[name] for name in group)) for group in groups)
    return tuple(sorted(found, key=lambda one: (-one.quotes, one.name)))


def meant(name: str, people: Sequence[Namesake]) -> tuple[Namesake, ...]:
    """Who of `people` may be meant by `name`: one who is called so, or everybody who bears a single name."""
    called = [one for one in people if one.is_called(name)]
    if _is_whole(name):
        return tuple(
            (called or [one for one in people if any(_same(s, name) for s in one.spellings if _is_whole(s))])[:1]
        )
    key = search_key(name)
    bearing = [one for one in people if any(_bears(spelling, key) for spelling in one.spellings)]
    return tuple(dict.fromkeys([*bearing, *called]))


def _new(groups: list[list[str]]) -> list[str]:
    groups.append([])
    return groups[-1]


def _is_whole(name: str) -> bool:
    return " " in search_key(name)


def _bears(spelling: str, key: str) -> bool:
    return search_key(Person(spelling).surname) == key


def _same(one: str, other: str) -> bool:
    if _key(one) == _key(other):
        return True
    first, second = Person(one), Person(other)
    return first.first == second.first and one_letter_apart(first.surname, second.surname)


def _key(name: str) -> str:
    words = search_key(name).split()
    return " ".join(_without_initials(words) if len(words) > 2 else words)


def _without_initials(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) > 1]
