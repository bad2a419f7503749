"""Link the articles of one story that can complete each other's names, when they arrive, change or leave.

Rule: two articles are linked if one quotes somebody whose surname the other gives with a full name, they are published
at most a week apart (or both undated), and their openings are alike (`stories.likeness`). This depends on the two
only, except that of one day and surname a sample counts (`story_names`). So the links never depend on the order of
arrival: they are those that a rebuild gives.
Rule: the links change in the transaction that changes the articles.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Quote
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.counters import get_day_number, get_days_around
from briefings.storage.db.schema import story_links, story_names, story_terms
from briefings.storage.writes.story_names import (
    MAX_DAYS_APART,
    Bearers,
    Bearings,
    find_bearings,
    insert_bearings,
    read_bearers,
    read_bearings,
    select_by_numbers,
)
from briefings.stories import MIN_LIKENESS, build_sketches, measure_likeness

#: numbers in one statement
_CHUNK_SIZE = 500
_SELECT_TERMS = "SELECT article, terms FROM story_terms WHERE article "


@dataclass(frozen=True, slots=True)
class Member:
    """A stored article with its number and its analysis; `names=None` means that its names were not extracted."""

    number: int
    article: Article
    quotes: Sequence[Quote]
    names: Sequence[KnownPerson] | None


def add_to_stories(db: Connection, members: Iterable[Member]) -> None:
    """Link stored articles that have no surnames stored. Articles whose names were not extracted are left out."""
    bearings_by_number: dict[int, Bearings] = {}
    articles: list[Article] = []
    for member in members:
        if member.names is not None and (bearings := find_bearings(member.quotes, member.names)):
            bearings_by_number[member.number] = bearings
            articles.append(member.article)
    add_bearings(db, bearings_by_number, articles)


def add_bearings(db: Connection, bearings_by_number: Mapping[int, Bearings], articles: Sequence[Article]) -> None:
    """Link stored articles, in the order of their bearings, that have no surnames stored."""
    if not bearings_by_number:
        return
    sketches = dict(zip(bearings_by_number, build_sketches(articles), strict=True))
    insert_bearings(db, bearings_by_number)
    insert_rows(db, "story_terms", ("article", "terms"), sorted(sketches.items()))
    new_numbers = frozenset(bearings_by_number)
    bearers = read_bearers(db, bearings_by_number, MAX_DAYS_APART, _count_most(bearings_by_number))
    displaced_numbers = set[int]()
    for surname, day in _list_days(bearings_by_number):
        earlier_sample = bearers.get_sample(surname, day, without=new_numbers)
        displaced_numbers |= earlier_sample.keys() - bearers.get_sample(surname, day).keys()
    if displaced_numbers:
        _link_again(db, displaced_numbers | new_numbers)
    else:
        _insert_links(db, _find_pairs(bearings_by_number, bearers), sketches)


def remove_from_stories(db: Connection, numbers: Iterable[int]) -> None:
    """Delete the links and surnames of stored articles, and link those that count instead of them."""
    bearings_by_number = read_bearings(db, numbers)
    if not bearings_by_number:
        return
    old_numbers = frozenset(bearings_by_number)
    bearers = read_bearers(db, bearings_by_number, 0, _count_most(bearings_by_number))
    admitted_numbers = set[int]()
    for surname, day in _list_days(bearings_by_number):
        later_sample = bearers.get_sample(surname, day, without=old_numbers)
        admitted_numbers |= later_sample.keys() - bearers.get_sample(surname, day).keys()
    _delete_links(db, old_numbers)
    for chunk in _split(old_numbers):
        db.execute(delete(story_names).where(story_names.c.article.in_(chunk)))
        db.execute(delete(story_terms).where(story_terms.c.article.in_(chunk)))
    if admitted_numbers:
        _link_again(db, admitted_numbers)


def _link_again(db: Connection, numbers: Set[int]) -> None:
    """Delete the links of articles whose surnames are stored, and find them again."""
    _delete_links(db, numbers)
    bearings_by_number = read_bearings(db, numbers)
    bearers = read_bearers(db, bearings_by_number, MAX_DAYS_APART, 0)
    _insert_links(db, _find_pairs(bearings_by_number, bearers), {})


def _find_pairs(bearings_by_number: Mapping[int, Bearings], bearers: Bearers) -> dict[int, list[int]]:
    """Return the articles that are close in time and can complete a name, by the lower number of each pair."""
    pairs: set[tuple[int, int]] = set()
    for number, bearings in bearings_by_number.items():
        own_day, days = get_day_number(number), get_days_around(number, MAX_DAYS_APART)
        for surname, bearing in bearings.items():
            if number not in bearers.get_sample(surname, own_day):
                continue
            for day in days:
                for other, other_bearing in bearers.get_sample(surname, day).items():
                    if other != number and bearing.completes(other_bearing):
                        pairs.add((number, other) if number < other else (other, number))
    others_by_number: dict[int, list[int]] = {}
    for number, other in sorted(pairs):
        others_by_number.setdefault(number, []).append(other)
    return others_by_number


def _insert_links(
    db: Connection, others_by_number: Mapping[int, Sequence[int]], new_sketches: Mapping[int, bytes]
) -> None:
    """Link each article to those of the others that are alike."""
    numbers = others_by_number.keys() | {other for others in others_by_number.values() for other in others}
    stored_sketches = select_by_numbers(db, _SELECT_TERMS, numbers - new_sketches.keys())
    sketches = {**new_sketches, **{number: bytes(terms) for number, terms in stored_sketches}}
    rows = [
        (number, other, likeness)
        for number, others in others_by_number.items()
        for other, likeness in zip(
            others, measure_likeness(sketches[number], [sketches[other] for other in others]), strict=True
        )
        if likeness >= MIN_LIKENESS
    ]
    insert_rows(db, "story_links", ("article", "other", "likeness"), rows)


def _delete_links(db: Connection, numbers: Set[int]) -> None:
    for chunk in _split(numbers):
        db.execute(delete(story_links).where(or_(story_links.c.article.in_(chunk), story_links.c.other.in_(chunk))))


def _count_most(bearings_by_number: Mapping[int, Bearings]) -> int:
    """Return how many of the articles share one surname and day, at most."""
    counts = Counter(
        (surname, get_day_number(number)) for number, bearings in bearings_by_number.items() for surname in bearings
    )
    return max(counts.values(), default=0)


def _list_days(bearings_by_number: Mapping[int, Bearings]) -> set[tuple[str, int]]:
    """Return the surnames with the days of their articles."""
    return {
        (surname, get_day_number(number)) for number, bearings in bearings_by_number.items() for surname in bearings
    }


def _split(numbers: Set[int]) -> Iterator[list[int]]:
    sorted_numbers = sorted(numbers)
    for start in range(0, len(sorted_numbers), _CHUNK_SIZE):
        yield sorted_numbers[start : start + _CHUNK_SIZE]
