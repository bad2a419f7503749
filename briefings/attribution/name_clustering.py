"""Group names that mean one person: spellings, initials, middle names, and a surname only one of them has.

Rule: two people with one surname remain two people. The surname without a first name then belongs to neither. "Jr."
and other initials or middle names make another person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from briefings.attribution.features.person_names import Person, differ_by_one_letter
from briefings.model import Speaker
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.words import load_table

_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
#: words that end the noun of a description: "a spokesman for", "allies of"
_AFTER_NOUN = frozenset(
    [
        "of",
        "for",
        "in",
        "from",
        "to",
        "at",
        "with",
        "on",
        "near",
        "close",
        "by",
        "who",
        "that",
        "whose",
        "and",
        "working",
        "speaking",
    ]
)
#: surnames of this length and likeness (0 to 100) are spellings of one, after the same uncommon first name
_MIN_TRANSCRIBED_LETTERS, _MIN_TRANSCRIBED_LIKENESS = 9, 80


@dataclass(frozen=True, slots=True)
class NameCluster:
    """One person: all spellings, the most quoted first, and the number of their quotes."""

    spellings: tuple[str, ...]
    quotes: int

    @property
    def name(self) -> str:
        """The most quoted full spelling, or the single name if there is no other."""
        return self.spellings[0]

    def is_called(self, name: str) -> bool:
        """Whether `name` is one of the spellings, ignoring initials and marks."""
        return any(_build_key(name) == _build_key(spelling) for spelling in self.spellings)


def cluster_names(names: Mapping[str, int]) -> tuple[NameCluster, ...]:
    """Group names, given with their quote counts, into people. The most quoted person comes first."""
    groups: list[list[str]] = []
    groups_by_first_name: dict[str, list[list[str]]] = defaultdict(list)
    sorted_names = sorted(names, key=lambda name: (-names[name], name))
    for name in filter(_is_full_name, sorted_names):
        similar_groups = groups_by_first_name[make_search_key(name).split()[0]]
        group = next((group for group in similar_groups if all(is_same_name(other, name) for other in group)), None)
        if group is None:
            group = _add_group(groups)
            similar_groups.append(group)
        group.append(name)
    groups = _join_double_surnames(groups)
    groups_by_surname: dict[str, list[list[str]]] = defaultdict(list)
    for group in groups:
        groups_by_surname[Person(group[0]).surname].append(group)
    for name in sorted_names:
        if not _is_full_name(name):
            matching_groups = groups_by_surname[Person(name).surname]
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
                    if any(is_same_name(s, name) for s in cluster.spellings if _is_full_name(s))
                ]
            )[:1]
        )
    key = make_search_key(name)
    surname_matches = [
        cluster for cluster in clusters if any(_has_surname(spelling, key) for spelling in cluster.spellings)
    ]
    return tuple(dict.fromkeys([*surname_matches, *exact_matches]))


def is_meant_by(speaker_name: str, name: str) -> bool:
    """Whether a question for `name`, all or a part of a name, means a speaker with this name, spelled in any way."""
    if not _is_full_name(name) or not _is_full_name(speaker_name):
        return contains_phrase(speaker_name, name)
    has_same_suffix = _find_suffixes(speaker_name) == _find_suffixes(name)
    return is_same_name(speaker_name, name) or (has_same_suffix and contains_phrase(speaker_name, name))


def is_speaker_meant(speaker: Speaker, name: str) -> bool:
    """Whether a question for `name` means this speaker.

    A speaker without a name is meant by the noun that describes them: "sources" means "senior Labour sources", but
    "Roe" means neither "Roe's supporters" nor "a spokesman for Roe".
    """
    if not is_meant_by(speaker.name, name):
        return False
    return not speaker.anonymous or _find_head_noun(speaker.name) in make_search_key(name).split()


def _find_head_noun(description: str) -> str:
    """Return the last word of a description before "of", "for" or the like."""
    words = make_search_key(description).split()
    end = next((index for index, word in enumerate(words) if index and word in _AFTER_NOUN), len(words))
    return words[end - 1] if words else ""


def is_same_name(name: str, other_name: str) -> bool:
    """Whether two full names can be one person's: the same first name and surname, and no contrary middle name."""
    words, other_words = make_search_key(name).split(), make_search_key(other_name).split()
    suffixes, other_suffixes = _find_suffixes(name), _find_suffixes(other_name)
    words = [word for word in words if word not in suffixes]
    other_words = [word for word in other_words if word not in other_suffixes]
    if suffixes != other_suffixes or words[:1] != other_words[:1]:
        return False
    if words == other_words:
        return True
    is_same_surname = differ_by_one_letter(words[-1], other_words[-1]) or _is_transcribed_alike(words, other_words)
    middle_pairs = zip(words[1:-1], other_words[1:-1], strict=False)
    return is_same_surname and all(
        first == second or (first[0] == second[0] and 1 in (len(first), len(second))) for first, second in middle_pairs
    )


def _find_suffixes(name: str) -> frozenset[str]:
    return _SUFFIXES.intersection(make_search_key(name).split()[2:])


def _is_transcribed_alike(words: Sequence[str], other_words: Sequence[str]) -> bool:
    """Whether two long surnames after an uncommon first name are one in two transcriptions."""
    surnames = words[-1], other_words[-1]
    is_common = words[0] in load_table("first_names") or len(words[0]) < 5
    return (
        not is_common
        and min(map(len, surnames)) >= _MIN_TRANSCRIBED_LETTERS
        and fuzz.ratio(*surnames) >= _MIN_TRANSCRIBED_LIKENESS
    )


def _join_double_surnames(groups: Sequence[list[str]]) -> list[list[str]]:
    """Join a double surname to the only person who has it: "Reyes Marsh" is Ada Reyes Marsh."""
    groups_by_tail: dict[str, list[list[str]]] = defaultdict(list)
    for group in groups:
        tails = {" ".join(words[1:]) for name in group if len(words := make_search_key(name).split()) > 2}
        for tail in sorted(tails):
            groups_by_tail[tail].append(group)
    remaining_groups = []
    for group in groups:
        key = make_search_key(group[0])
        owners = [] if key.split()[0] in load_table("first_names") else groups_by_tail.get(key, [])
        if len(owners) == 1 and owners[0] is not group:
            owners[0].extend(group)
        else:
            remaining_groups.append(group)
    return remaining_groups


def _add_group(groups: list[list[str]]) -> list[str]:
    groups.append([])
    return groups[-1]


def _is_full_name(name: str) -> bool:
    return " " in make_search_key(name)


def _has_surname(spelling: str, key: str) -> bool:
    return make_search_key(Person(spelling).surname) == key


def _build_key(name: str) -> str:
    words = make_search_key(name).split()
    return " ".join(_drop_initials(words) if len(words) > 2 else words)


def _drop_initials(words: Iterable[str]) -> list[str]:
    return [word for word in words if len(word) > 1]
