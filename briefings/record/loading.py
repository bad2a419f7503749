"""Takes many articles in at once, as an archive has them; each stands as it would have, added alone.

Rule: what is new is written together, table by table; everything else goes the way of a single article.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from briefings.record.copies import link_duplicates, lock_writers
from briefings.record.index import FullTextIndex
from briefings.record.naming import insert_names, insert_outlets
from briefings.record.numbers import choose_next_number, choose_number
from briefings.record.rows import to_article_row, to_article_words, to_quote_rows, to_quote_words
from briefings.record.schema import articles
from briefings.record.taking import Arrival, to_analysis_columns, upsert_article
from briefings.record.values import ArticleStatus
from briefings.record.writing import insert_articles, insert_quotes

#: takes in an article of which another telling may be held
Upsert = Callable[[Connection, FullTextIndex, Arrival, datetime], ArticleStatus]


def bulk_upsert(
    db: Connection,
    index: FullTextIndex,
    arrivals: Sequence[Arrival],
    now: datetime,
    upsert_known: Upsert = upsert_article,
) -> list[ArticleStatus]:
    """Adds articles inside the caller's transaction; gives how each stood, in their order.

    What is held already, or comes twice, is for `again_with` to take in. An IntegrityError of the database means that
    another writer was faster.
    """
    lock_writers(db)
    ids = [arrival.article.id for arrival in arrivals]
    stored_ids = set(db.execute(select(articles.c.id).where(articles.c.id.in_(ids))).scalars())
    new_arrivals: dict[str, Arrival] = {}
    known_arrivals = []
    statuses = [ArticleStatus.NEW] * len(arrivals)
    for position, arrival in enumerate(arrivals):
        if arrival.article.id in stored_ids or arrival.article.id in new_arrivals:
            known_arrivals.append((arrival, position))
        else:
            new_arrivals[arrival.article.id] = arrival
    # by id, as every writer does it, so that no two of them wait for each other
    numbers = _add_new(db, index, [new_arrivals[article_id] for article_id in sorted(new_arrivals)], now)
    # in the order in which they came: a copy comes after what it is a copy of
    link_duplicates(db, [(arrival.article, numbers[key]) for key, arrival in new_arrivals.items()])
    for arrival, position in sorted(known_arrivals, key=lambda pair: pair[0].article.id):
        statuses[position] = upsert_known(db, index, arrival, now)
    return statuses


def _add_new(db: Connection, index: FullTextIndex, arrivals: Sequence[Arrival], now: datetime) -> dict[str, int]:
    """Writes articles of which none is held; gives their numbers, by id."""
    if not arrivals:
        return {}
    numbers = _assign_numbers(db, arrivals)
    insert_outlets(db, (arrival.article.publisher for arrival in arrivals))
    numbered_arrivals = list(zip(arrivals, numbers, strict=True))
    insert_articles(
        db, [{**to_article_row(a.article, number, now), **to_analysis_columns(a)} for a, number in numbered_arrivals]
    )
    insert_quotes(db, [row for a, number in numbered_arrivals for row in to_quote_rows(a.article, number, a.quotes)])
    insert_names(db, {arrival.article.id: arrival.names or () for arrival in arrivals})
    words = [to_article_words(a.article, number) for a, number in numbered_arrivals]
    index.add(
        db, words, [row for a, number in numbered_arrivals for row in to_quote_words(a.article, number, a.quotes)]
    )
    return {arrival.article.id: number for arrival, number in numbered_arrivals}


def _assign_numbers(db: Connection, arrivals: Iterable[Arrival]) -> list[int]:
    """A number for each article, as `taking.free_number` gives it, in their order."""
    choices = [choose_number(arrival.article.id, arrival.article.published) for arrival in arrivals]
    taken_numbers = _find_taken_numbers(db, choices)
    numbers = []
    for choice in choices:
        number = choice
        while number in taken_numbers or (number != choice and _find_taken_numbers(db, [number])):
            number = choose_next_number(number)
        taken_numbers.add(number)
        numbers.append(number)
    return numbers


def _find_taken_numbers(db: Connection, numbers: Sequence[int]) -> set[int]:
    return set(db.execute(select(articles.c.number).where(articles.c.number.in_(numbers))).scalars())
