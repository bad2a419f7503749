"""Every new or changed article arrives once in every way it can come, and what no watch reads is deleted."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select

from briefings.errors import DatabaseUnavailable
from briefings.model import Article
from briefings.service import BriefingService
from briefings.storage.db import get_writer
from briefings.storage.db.arrivals import (
    MAX_AGE,
    ArticleArrival,
    delete_arrivals,
    has_arrivals,
    list_arrivals,
    lock_arrivals,
)
from briefings.storage.db.database import connect
from briefings.storage.db.schema import arrivals
from briefings.storage.repository import Repository, open_repository
from briefings.storage.session import run_in_transaction
from briefings.storage.writes.shard_ledger import Shard, ShardLedger
from briefings.storage.writes.upsert import Arrival

NOON = datetime(2016, 7, 1, 12, 0, tzinfo=UTC)
WIRE_TEXT = (
    "The ferry to Easton sank in the harbour on Monday night, and all forty people on board were saved by boats. "
)


def read(repository: Repository) -> tuple[ArticleArrival, ...]:
    return repository.run_query(lambda db, _: list_arrivals(db))


def consume(repository: Repository) -> list[tuple[str, bool]]:
    """Read and delete the arrivals in one transaction; return the ids of the articles and whether they are new."""

    def work(db: Connection) -> list[tuple[str, bool]]:
        found_arrivals = list_arrivals(db)
        delete_arrivals(db, [arrival.id for arrival in found_arrivals])
        return [(arrival.article, arrival.is_new) for arrival in found_arrivals]

    return run_in_transaction(repository._engine, work)


def upsert(repository: Repository, articles: list[Article]) -> None:
    for article in articles:
        repository.upsert(article, [])


def upsert_all(repository: Repository, articles: list[Article]) -> None:
    repository.upsert_all([Arrival(article, []) for article in articles])


def add(repository: Repository, articles: list[Article]) -> None:
    BriefingService(repository).add(articles)


def ingest(repository: Repository, articles: list[Article]) -> None:
    list(BriefingService(repository).ingest(articles))


WAYS = (upsert, upsert_all, add, ingest)


@pytest.mark.parametrize("write", WAYS)
def test_every_way_in_writes_one_arrival_for_new_articles_and_changed_texts(
    repository: Repository, write: Callable[[Repository, list[Article]], None]
) -> None:
    first, second = Article("a", "One.", published=date(2001, 1, 1)), Article("b", "Two.")
    write(repository, [second, first])
    assert sorted(consume(repository)) == [("a", True), ("b", True)]
    write(repository, [first, second])
    assert consume(repository) == []
    write(repository, [replace(first, text="One and a half.")])
    assert consume(repository) == [("a", False)]
    write(repository, [replace(first, text="One and a half.", byline="Jane Roe")])
    assert consume(repository) == []
    write(repository, [replace(first, text="One and a half.", title="A title")])
    assert consume(repository) == [("a", False)]
    write(repository, [first])  # an older version never returns
    assert consume(repository) == []


def test_repeated_article_of_one_batch_arrives_with_each_text(repository: Repository) -> None:
    upsert_all(repository, [Article("a", "One."), Article("a", "Two."), Article("a", "Two.")])
    assert consume(repository) == [("a", True), ("a", False)]


def test_copy_names_the_articles_it_is_a_copy_of(repository: Repository) -> None:
    upsert_all(repository, [Article(name, WIRE_TEXT * 3) for name in "abc"])
    assert [(arrival.article, arrival.originals) for arrival in read(repository)] == [
        ("a", ()),
        ("b", ("a",)),
        ("c", ("a", "b")),
    ]


def test_rejected_write_leaves_no_arrival(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("no")

    monkeypatch.setattr("briefings.storage.writes.upsert.record_arrivals", fail)
    with pytest.raises(DatabaseUnavailable):
        repository.upsert(Article("a", "One."), [])
    assert not repository.has_article("a")
    monkeypatch.undo()
    repository.upsert(Article("a", "One."), [])
    assert consume(repository) == [("a", True)]


def test_arrivals_of_a_removed_article_are_removed(repository: Repository) -> None:
    repository.upsert(Article("a", "One."), [])
    with get_writer(repository._engine).begin() as db:
        db.exec_driver_sql("DELETE FROM articles")
    assert read(repository) == ()


def test_arrival_ids_are_never_given_twice(repository: Repository) -> None:
    repository.upsert(Article("a", "One."), [])
    (first,) = read(repository)
    consume(repository)
    repository.upsert(Article("b", "Two."), [])
    (second,) = read(repository)
    assert second.id > first.id
    assert run_in_transaction(repository._engine, lambda db: delete_arrivals(db, [first.id, second.id])) == {second.id}
    assert not repository.run_query(lambda db, _: has_arrivals(db))


def test_reading_is_limited_to_the_oldest(repository: Repository) -> None:
    upsert(repository, [Article(name, name) for name in "abc"])
    for limit, names in ((2, "ab"), (0, ""), (-1, ""), (10**9, "abc")):
        found_arrivals = repository.run_query(lambda db, _, limit=limit: list_arrivals(db, limit))
        assert "".join(arrival.article for arrival in found_arrivals) == names


def test_old_arrivals_are_deleted_with_the_next_one(address: str) -> None:
    times = iter([NOON, NOON + timedelta(hours=1), NOON + MAX_AGE + timedelta(minutes=1)])
    with closing(open_repository(address, lambda: next(times))) as repository:
        upsert(repository, [Article(name, name) for name in "abc"])
        assert [(arrival.article, arrival.arrived_at) for arrival in read(repository)] == [
            ("b", NOON + timedelta(hours=1)),
            ("c", NOON + MAX_AGE + timedelta(minutes=1)),
        ]


@pytest.fixture
def ledger(address: str) -> Iterator[ShardLedger]:
    with closing(open_repository(address, lambda: NOON)) as repository:
        ledger = ShardLedger(repository._engine, lambda: NOON)
        yield ledger


def test_back_fill_writes_arrivals_for_articles_of_the_last_day_only(ledger: ShardLedger) -> None:
    days = {"old": date(2016, 6, 29), "yesterday": date(2016, 6, 30), "today": date(2016, 7, 1), "undated": None}
    first = [Arrival(Article(name, name, published=day), [], engine="1") for name, day in days.items()]
    changed = [Arrival(replace(a.article, text=f"{a.article.text} again"), [], engine="1") for a in first]
    ledger.add_shard(Shard("a", "1"), "1", [first], 0)

    def list_new() -> list[tuple[str, bool]]:
        with ledger._engine.connect() as db:
            return sorted((row.article, row.is_new) for row in db.execute(select(arrivals)))

    assert list_new() == [("today", True), ("yesterday", True)]
    ledger.add_shard(Shard("b", "1"), "1", [changed], 0)
    assert list_new() == [("today", False), ("today", True), ("yesterday", False), ("yesterday", True)]
    ledger.add_shard(Shard("c", "1"), "1", [changed], 0)
    assert len(list_new()) == 4


@pytest.mark.postgresql
def test_two_processes_never_read_the_same_arrival(postgresql_address: str) -> None:
    with closing(open_repository(postgresql_address, lambda: NOON)) as repository:
        upsert(repository, [Article(name, name) for name in "abc"])
        with get_writer(repository._engine).begin() as first, get_writer(repository._engine).begin() as second:
            assert len(list_arrivals(first, 2)) == 2
            assert [arrival.article for arrival in list_arrivals(second)] == ["c"]
            repository.upsert(Article("d", "d"), [])  # and a writer waits for neither
        assert len(read(repository)) == 4


def test_database_of_the_revision_before_is_migrated_forwards_and_back(address: str, repository: Repository) -> None:
    repository.upsert(Article("a", "One."), [])
    engine = connect(address)
    config = Config()
    config.set_main_option("script_location", "briefings.storage:migrations")
    with get_writer(engine).begin() as db:
        config.attributes["connection"] = db
        command.downgrade(config, "0010")
    engine.dispose()
    with closing(open_repository(address, lambda: NOON)) as migrated_repository:
        assert read(migrated_repository) == ()
        assert migrated_repository.has_article("a")
        migrated_repository.upsert(Article("b", "Two."), [])
        assert consume(migrated_repository) == [("b", True)]


def test_a_consumer_sees_which_arrivals_are_still_there(repository: Repository) -> None:
    add(repository, [Article("a1", WIRE_TEXT), Article("a2", f"{WIRE_TEXT} Again.")])
    first, second = (arrival.id for arrival in read(repository))
    run_in_transaction(repository._engine, lambda db: delete_arrivals(db, [first]))
    assert run_in_transaction(repository._engine, lambda db: lock_arrivals(db, [first, second, 999])) == {second}
    assert [arrival.id for arrival in read(repository)] == [second]
