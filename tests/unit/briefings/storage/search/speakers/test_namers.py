"""The articles that complete a name are those that the definition gives, on each database."""

import random
from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from briefings.attribution.name_completion import KnownPerson, list_possible_spellings
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.source_filter import NO_SOURCES, SourceFilter, build_source_filter
from briefings.storage.repository import Repository
from briefings.storage.search.speakers.namers import MAX_LINKED, MAX_NAMERS, find_namers
from briefings.storage.writes.upsert import Arrival

SURNAMES = ("Berg", "Bergh", "Beerg", "Okoro", "Okorro", "Lindqvist")
OUTLETS = ("The Courier", "Northgate Post", None)
WORDS = (
    "bridge",
    "engineers",
    "ferry",
    "quay",
    "flood",
    "eastern",
    "pier",
    "rail",
    "tram",
    "staff",
    "port",
    "crew",
    "tide",
)


def generate_arrivals(seed: int, count: int) -> Iterator[Arrival]:
    """Yield articles of one story that quote some surnames and name others in full."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    for number in range(count):
        opening = " ".join(dice.sample(WORDS, 12))
        article = Article(
            f"a{number}",
            f"{opening}. “Wait,” they said.",
            dice.choice(OUTLETS),
            published=date(2016, 6, 27) + timedelta(dice.randrange(3)),
        )
        quotes = [
            Quote((Span(0, 4),), None, None, Speaker(name), Kind.DIRECT, 0.9, "named beside the cue")
            for name in dice.sample(SURNAMES, dice.randrange(3))
        ]
        people = [KnownPerson(f"Anna {name}", ()) for name in dice.sample(SURNAMES, dice.randrange(3))]
        yield Arrival(article, quotes, people, "test")


def find_plainly(
    db: Connection, surnames_by_id: Mapping[str, Set[str]], sources: SourceFilter
) -> dict[str, dict[str, list[str]]]:
    """Return what `find_namers` does, from all links and surnames."""
    articles = {row.number: row for row in db.execute(text("SELECT number, id, outlet, url FROM articles"))}
    links = [tuple(row) for row in db.execute(text("SELECT article, other, likeness FROM story_links"))]
    links += [(other, article, likeness) for article, other, likeness in links]
    naming = {tuple(row) for row in db.execute(text("SELECT surname, article FROM story_names WHERE named"))}
    results: dict[str, dict[str, list[str]]] = {}
    for article, row in articles.items():
        linked = sorted(
            (-likeness, other)
            for own, other, likeness in links
            if own == article and not (sources and sources.matches(articles[other].outlet, articles[other].url))
        )[:MAX_LINKED]
        for surname in surnames_by_id.get(row.id, ()):
            same = [other for _, other in linked if (surname, other) in naming]
            spellings = list_possible_spellings(surname)
            different = [
                other
                for _, other in linked
                if other not in same and any((spelling, other) in naming for spelling in spellings)
            ]
            if namers := same[:MAX_NAMERS] + different[:MAX_NAMERS]:
                results.setdefault(row.id, {})[surname] = [articles[number].id for number in namers]
    return results


@pytest.mark.parametrize("muted", [(), ("Northgate Post",)])
@pytest.mark.parametrize(("seed", "count"), [(1, 12), (2, 40), (3, 2 * MAX_LINKED)])
def test_namers_are_those_of_the_definition(
    repository: Repository, seed: int, count: int, muted: tuple[str, ...]
) -> None:
    arrivals = list(generate_arrivals(seed, count))
    repository.upsert_all(arrivals)
    sources = build_source_filter(muted) if muted else NO_SOURCES
    surnames = {name.lower() for name in SURNAMES}
    asked = {arrival.article.id: surnames - {"beerg"} for arrival in arrivals} | {"unknown": {"berg"}}
    plain = repository.run_query(lambda db, _: find_plainly(db, asked, sources))
    assert repository.run_query(lambda db, _: find_namers(db, asked, sources)) == plain
    assert any(len(ids) == 2 * MAX_NAMERS for namers in plain.values() for ids in namers.values()) or count < MAX_LINKED


def test_nothing_asked_is_nothing_found(repository: Repository) -> None:
    assert repository.run_query(lambda db, _: find_namers(db, {}, NO_SOURCES)) == {}
    assert repository.run_query(lambda db, _: find_namers(db, {"unknown": {"berg"}}, NO_SOURCES)) == {}
