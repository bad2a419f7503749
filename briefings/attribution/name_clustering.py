"""Group names that mean one person: spellings one letter apart, initials, and a surname only one of them has.

Rule: two people with one surname remain two people. The surname without a first name then belongs to neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.text.folding import make_search_key


@dataclass(frozen=True, slots=True)
class NameCluster:
    """One person: all spellings, the most quoted first, and the number of their quotes."""

    spellings: tuple[str, ...]
    quotes: int

    @property
    def name(self) -> str:
        """The most quoted spelling."""
        return self.spellings[0]

    def is_called(self, name: str) -> bool:
        """Whether `name` is one of the spellings, ignoring initials and marks."""
        return any(_build_key(name) == _build_key(spelling) for spelling in self.spellings)


def cluster_names(names: Mapping[str, int]) -> tuple[NameCluster, ...]:
    """Group names, given with their quote counts, into people. The most quoted person comes first."""
    groups: list[list[str]] = []
    for name in sorted((name for name in names if _is_full_name(name)), key=lambda name: (-names[name], name)):
        group = next((group for group in groups if _is_same_person(group[0], name)), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    single_names = [name for name in names if not _is_full_name(name)]
    for name in sorted(single_names, key=lambda name: (-names[name], name)):
        matching_groups = [group for group in groups if Person(group[0]).surname == Person(name).surname]
        (matching_groups[0] if len(matching_groups) == 1 else _add_group(groups)).append(name)
    clusters = (NameCluster(tuple(group), sum(names[name] for name in group)) for group in groups)
    return tuple(sorted(clusters, key=lambda cluster: (-cluster.quotes, cluster.name)))


def match_name(name: str, clusters: Sequence[NameCluster]) -> tuple[NameCluster, ...]:
    """Return the people that `name` can mean: the person with that full name, or all people with that single name."""
    exact_matches = [cluster for cluster in clusters if cluster.is_called(name)]
    if _is_full_name(name):
        return tuple(
            (
                exact_matches
                or [
                    cluster
                    for cluster in clusters
                    if any(_is_same_person(s, name) for s in cluster.spellings if _is_full_name(s))
                ]
            )[:1]
        )
    key = make_search_key(name)
    surname_matches = [
        cluster for cluster in clusters if any(_has_surname(spelling, key) for spelling in cluster.spellings)
    ]
    return tuple(dict.fromkeys([*surname_matches, *exact_matches]))


def _add_group(groups: list[list[str]]) -> list[str]:
    groups.append([])
    return groups[-1]


def _is_full_name(name: str) -> bool:
    return " " in make_search_key(name)


def _has_surname(spelling: str, key: str) -> bool:
    return make_search_key(Person(spelling).surname) == key


def _is_same_person(name: str, other_name: str) -> bool:
    if _build_key(name) == _build_key(other_name):
        return True
    first, second = Person(name), Person(other_name)
    return first.first_name == second.first_name and differ_by_one_letter(first.surname, second.surname)


def _build_key(name: str) -> str:
    words = make_search_key(name).split()
    return " ".join(_drop_initials(words) if len(words) > 2 else words)


def _drop_initials(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) > 1]
