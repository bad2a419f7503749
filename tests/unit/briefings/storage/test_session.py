"""A record is made, migrated and opened by itself, or one sentence says why not."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

from briefings.errors import DatabaseUnavailable
from briefings.model import Article, Kind, Quote, Searched, Span, Speaker
from briefings.storage.db import database as database_module
from briefings.storage.db.migrator import get_revision
from briefings.storage.db.schema import HEAD, METADATA
from briefings.storage.db.types import ArticleStatus
from briefings.storage.repository import Repository, open_repository

OPEN = "from datetime import *; from briefings.storage.repository import open_repository; import sys; \
open_repository(sys.argv[1], lambda: datetime.now(UTC)).close(); print('alembic' in sys.modules)"


def opened(address: str) -> Repository:
    return open_repository(address, lambda: datetime(2016, 7, 1, tzinfo=UTC))


def test_an_empty_place_becomes_a_record_at_head_with_its_folder(record: Repository, path: Path) -> None:
    assert path.exists()
    with record._engine.connect() as db:
        assert get_revision(db) == HEAD
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migrations_end_where_the_schema_is(record: Repository) -> None:
    def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or name in METADATA.tables  # the others are the index, a matter of each database

    with record._engine.connect() as db:
        context = MigrationContext.configure(db, opts={"include_object": is_ours})
        assert compare_metadata(context, METADATA) == []


def test_head_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "briefings.storage:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@contextmanager
def at_revision(address: str, revision: str) -> Iterator[Connection]:
    """A record as a revision left it, an article with its quote in it; `address` is of an empty database."""
    config = Config()
    config.set_main_option("script_location", "briefings.storage:migrations")
    made = database_module.connect(address)
    with database_module.get_writer(made).begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        db.exec_driver_sql("INSERT INTO outlets VALUES ('The Paper')")
        db.exec_driver_sql(
            "INSERT INTO articles VALUES ('a', 'The Paper', '2016-06-30', NULL, 'T', NULL, 'He said “one”.', "
            "'[[0, 2]]', '9e1c', '2016-07-01 12:00:00.000000+00', ' he said one ', ' t ')"
        )
        db.exec_driver_sql(
            "INSERT INTO quotes VALUES (1, 'a', 0, '[[9, 12]]', 0, 2, 3, 7, 'Anna', NULL, false, 'direct', 0.9, "
            "'named', ' one ', ' anna ')"
        )
        yield db
    made.dispose()


def at_first_revision(path: Path) -> None:
    with at_revision(f"sqlite:///{path}", "0001"):
        pass


@pytest.fixture
def nothing(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that holds nothing."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path}/record.db"
        return
    server = request.getfixturevalue("postgresql")
    with server.database() as name:
        yield server.address(name)


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_a_record_of_an_older_revision_comes_to_head_with_all_it_held(nothing: str, revision: str) -> None:
    held = Article("a", "He said “one”.", "The Paper", date(2016, 6, 30), title="T", boilerplate=(Span(0, 2),))
    said = Quote((Span(9, 12),), Span(0, 2), Span(3, 7), Speaker("Anna"), Kind.DIRECT, confidence=0.9, reason="named")
    with at_revision(nothing, revision) as db:
        if revision == "0002":
            db.exec_driver_sql(
                "INSERT INTO article_versions (article, text, boilerplate, content_hash, added_at, replaced_at) VALUES "
                "('a', 'Before.', '[]', '0', '2016-06-01 12:00:00.000000+00', '2016-06-20 12:00:00.000000+00')"
            )
    before = [Article("a", "Before.")] if revision == "0002" else []
    with closing(opened(nothing)) as record:
        with record._engine.connect() as db:
            assert get_revision(db) == HEAD
        assert record.get_articles() == (held,)
        assert record.get_quotes(["a"]) == {"a": (said,)}
        assert record.get_counts() == Searched(1, 1, date(2016, 6, 30), date(2016, 6, 30))
        assert [found.quote for found in record.find_quotes("one")] == [said]
        assert record.find_articles_with("he said") == (held,)
        assert record.upsert(replace(held, text="He said “two”."), []) is ArticleStatus.CHANGED
        assert [version.article for version in record.list_versions("a")] == [*before, held]
        assert record.list_versions("a")[-1].added_at == datetime(2016, 7, 1, 12, tzinfo=UTC)


def test_a_record_of_the_first_revision_that_cannot_come_to_head_stays_what_it_was(address: str, path: Path) -> None:
    at_first_revision(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE article_versions (mine TEXT)")
    with pytest.raises(DatabaseUnavailable, match="cannot be used"):
        opened(address)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert raw.execute("SELECT id FROM articles").fetchall() == [("a",)]


def test_a_record_opens_from_any_folder_and_at_head_without_alembic(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}

    def run() -> str:
        command = [sys.executable, "-c", OPEN, "sqlite:///sub/record.db"]
        return subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True).stdout.strip()

    assert run() == "True"
    assert run() == "False"
    assert (tmp_path / "sub" / "record.db").exists()


def test_several_processes_may_make_one_record_at_once(tmp_path: Path, address: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    command = [sys.executable, "-c", OPEN, address]
    running = [subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4


def test_a_newer_record_is_refused_and_left_alone(address: str, path: Path) -> None:
    opened(address).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnavailable, match=r"record\.db was made by a newer version .*update the program"):
        opened(address)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_database_of_something_else_is_not_touched(address: str, path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE articles (mine TEXT)")
    with pytest.raises(DatabaseUnavailable, match="cannot be used"):
        opened(address)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("articles",)]


def as_folder(path: Path) -> None:
    path.mkdir(parents=True)


def as_text(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("This is a letter, not a database. " * 100, encoding="utf-8")


def under_a_file(path: Path) -> None:
    path.parent.write_text("in the way", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"), [(as_folder, "cannot be opened"), (as_text, "is no database"), (under_a_file, "cannot be made")]
)
def test_what_stands_in_the_way_is_told(address: str, path: Path, spoil: Callable[[Path], None], said: str) -> None:
    spoil(path)
    with pytest.raises(DatabaseUnavailable, match=said) as error:
        opened(address)
    assert str(path.parent) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_damaged_file_is_told(address: str, path: Path) -> None:
    with closing(opened(address)) as record:
        for number in range(50):
            record.upsert(Article(f"n{number}", "word " * 500), [])
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(DatabaseUnavailable, match="is damaged"), closing(opened(address)) as record:
        record.get_articles()


def test_a_record_that_may_only_be_read_is_read_and_refuses_more(address: str, path: Path) -> None:
    with closing(opened(address)) as record:
        record.upsert(Article("a", "one"), [])
    with closing(opened(f"sqlite:///file:{path}?mode=ro&uri=true")) as record:
        assert record.find_ids() == ("a",)
        with pytest.raises(DatabaseUnavailable, match="may only be read"):
            record.upsert(Article("b", "two"), [])
        assert record.find_ids() == ("a",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to anything")
def test_a_file_without_the_right_to_write_is_told(address: str, path: Path) -> None:
    opened(address).close()
    path.chmod(0o400)
    with closing(opened(address)) as record, pytest.raises(DatabaseUnavailable, match="may only be read"):
        record.upsert(Article("b", "two"), [])


@pytest.mark.usefixtures("path")
def test_a_full_disk_is_told_and_survived(record: Repository) -> None:
    def shrink(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 30")

    record._engine.dispose()
    event.listen(record._engine, "connect", shrink)
    with pytest.raises(DatabaseUnavailable, match="disk is full"):
        record.upsert(Article("big", "x" * 1_000_000), [])
    assert record.upsert(Article("small", "x"), [])
    assert record.find_ids() == ("small",)


def test_another_writer_is_waited_for_and_then_told(address: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "TIMEOUT_SECONDS", 0.01)
    with closing(opened(address)) as record, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="try again in a moment"):
            record.upsert(Article("a", "one"), [])
        assert record.find_ids() == ()
        other.execute("ROLLBACK")
        assert record.upsert(Article("a", "one"), [])


@pytest.mark.parametrize(
    "address",
    [
        "",
        "var/record.db",
        "nosuch://anna:hunter2@host/db",
        "postgresql://anna:hunter2@host:port/db",
        "mysql+nosuchdriver://anna:hunter2@host/db",
        "oracle+cx_oracle://anna:hunter2@host/db?password=hunter2",
    ],
)
def test_an_address_that_is_none_is_told_without_its_secrets(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL") as error:
        opened(address)
    assert "hunter2" not in str(error.value)
    assert "anna" not in str(error.value)
