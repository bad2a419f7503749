"""Takes many articles in at once, as an archive has them; each stands as it would have, added alone.

Rule: what is new is written together, table by table; everything else goes the way of a single article.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from briefings.record.copies import link, stand_in_line
from briefings.record.index import Index
from briefings.record.naming import name_outlets, write_names
from briefings.record.numbers import first_choice, next_choice
from briefings.record.rows import article_row, article_words, quote_rows, quote_words
from briefings.record.schema import articles
from briefings.record.taking import Arrival, found_of, take
from briefings.record.values import Standing
from briefings.record.writing import write_articles, write_quotes

#: takes in an article of which another telling may be held
Take = Callable[[Connection, Index, Arrival, datetime], Standing]


def load(
    db: Connection, index: Index, came: Sequence[Arrival], now: datetime, again_with: Take = take
) -> list[Standing]:
    """Adds articles inside the caller's transaction; gives how each stood, in their order.

    What is held already, or comes twice, is for `again_with` to take in. An IntegrityError of the database means that
    another writer was faster.
    """
    stand_in_line(db)
    ids = [arrival.article.id for arrival in came]
    held = set(db.execute(select(articles.c.id).where(articles.c.id.in_(ids))).scalars())
    new: dict[str, Arrival] = {}
    again = []
    stood = [Standing.NEW] * len(came)
    for place, arrival in enumerate(came):
        if arrival.article.id in held or arrival.article.id in new:
            again.append((arrival, place))
        else:
            new[arrival.article.id] = arrival
    # by id, as every writer does it, so that no two of them wait for each other
    numbers = _add_new(db, index, [new[article_id] for article_id in sorted(new)], now)
    # in the order in which they came: a copy comes after what it is a copy of
    link(db, [(arrival.article, numbers[key]) for key, arrival in new.items()])
    for arrival, place in sorted(again, key=lambda pair: pair[0].article.id):
        stood[place] = again_with(db, index, arrival, now)
    return stood


def _add_new(db: Connection, index: Index, came: Sequence[Arrival], now: datetime) -> dict[str, int]:
    """Writes articles of which none is held; gives their numbers, by id."""
    if not came:
        return {}
    numbers = _free_numbers(db, came)
    name_outlets(db, (arrival.article.publisher for arrival in came))
    numbered = list(zip(came, numbers, strict=True))
    write_articles(db, [{**article_row(a.article, number, now), **found_of(a)} for a, number in numbered])
    write_quotes(db, [row for a, number in numbered for row in quote_rows(a.article, number, a.quotes)])
    write_names(db, {arrival.article.id: arrival.names or () for arrival in came})
    words = [article_words(a.article, number) for a, number in numbered]
    index.put(db, words, [row for a, number in numbered for row in quote_words(a.article, number, a.quotes)])
    return {arrival.article.id: number for arrival, number in numbered}


def _free_numbers(db: Connection, came: Iterable[Arrival]) -> list[int]:
    """A number for each article, as `taking.free_number` gives it, in their order."""
    wanted = [first_choice(arrival.article.id, arrival.article.published) for arrival in came]
    taken = _taken(db, wanted)
    numbers = []
    for choice in wanted:
        number = choice
        while number in taken or (number != choice and _taken(db, [number])):
            number = next_choice(number)
        taken.add(number)
        numbers.append(number)
    return numbers


def _taken(db: Connection, numbers: Sequence[int]) -> set[int]:
    return set(db.execute(select(articles.c.number).where(articles.c.number.in_(numbers))).scalars())
