"""A database is created, migrated and opened automatically, or one sentence says why not."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from briefings.model import Article, Kind, Quote, SearchTotals, Span, Speaker
from briefings.storage.db import database as database_module
from briefings.storage.db.creation.migrator import get_revision
from briefings.storage.db.schema import HEAD, METADATA
from briefings.storage.db.types import ArticleStatus
from briefings.storage.integrity.checksums import hash_text
from briefings.storage.repository import Repository, open_repository

TEXT_HASH, BEFORE_HASH = hash_text("He said “one”."), hash_text("Before.")
OPEN_SCRIPT = "from datetime import *; from briefings.storage.repository import open_repository; import sys; \
open_repository(sys.argv[1], lambda: datetime.now(UTC)).close(); print('alembic' in sys.modules)"


def open_at_noon(address: str) -> Repository:
    return open_repository(address, lambda: datetime(2016, 7, 1, tzinfo=UTC))


def test_missing_database_is_created_at_head_with_its_folder(repository: Repository, path: Path) -> None:
    assert path.exists()
    with repository._engine.connect() as db:
        assert get_revision(db) == HEAD
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migrations_produce_the_schema(repository: Repository) -> None:
    def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or name in METADATA.tables  # the other tables are the full-text index of each database

    with repository._engine.connect() as db:
        context = MigrationContext.configure(db, opts={"include_object": is_ours})
        assert compare_metadata(context, METADATA) == []


def test_head_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "briefings.storage:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@contextmanager
def at_revision(address: str, revision: str) -> Iterator[Connection]:
    """Fill an empty database at an older revision with one article and its quote."""
    config = Config()
    config.set_main_option("script_location", "briefings.storage:migrations")
    engine = database_module.connect(address)
    with database_module.get_writer(engine).begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        db.exec_driver_sql("INSERT INTO outlets VALUES ('The Paper')")
        db.exec_driver_sql(
            "INSERT INTO articles VALUES ('a', 'The Paper', '2016-06-30', NULL, 'T', NULL, 'He said “one”.', "  # noqa: S608 - constants
            f"'[[0, 2]]', '{TEXT_HASH}', '2016-07-01 12:00:00.000000+00', ' he said one ', ' t ')"
        )
        db.exec_driver_sql(
            "INSERT INTO quotes VALUES (1, 'a', 0, '[[9, 12]]', 0, 2, 3, 7, 'Anna', NULL, false, 'direct', 0.9, "
            "'named', ' one ', ' anna ')"
        )
        yield db
    engine.dispose()


def at_first_revision(path: Path) -> None:
    with at_revision(f"sqlite:///{path}", "0001"):
        pass


@pytest.fixture
def empty_database(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of an empty database."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path}/record.db"
        return
    server = request.getfixturevalue("postgresql")
    with server.temporary_database() as name:
        yield server.build_url(name)


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_older_database_is_migrated_with_all_its_data(empty_database: str, revision: str) -> None:
    article = Article("a", "He said “one”.", "The Paper", date(2016, 6, 30), title="T", boilerplate=(Span(0, 2),))
    quote = Quote((Span(9, 12),), Span(0, 2), Span(3, 7), Speaker("Anna"), Kind.DIRECT, confidence=0.9, reason="named")
    with at_revision(empty_database, revision) as db:
        if revision == "0002":
            db.exec_driver_sql(
                "INSERT INTO article_versions (article, text, boilerplate, content_hash, added_at, replaced_at) VALUES "  # noqa: S608 - constants
                f"('a', 'Before.', '[]', '{BEFORE_HASH}', '2016-06-01 12:00:00.000000+00', '2016-06-20 12:00:00+00')"
            )
    older_articles = [Article("a", "Before.")] if revision == "0002" else []
    with closing(open_at_noon(empty_database)) as repository:
        with repository._engine.connect() as db:
            assert get_revision(db) == HEAD
        assert repository.get_articles() == (article,)
        assert repository.get_quotes(["a"]) == {"a": (quote,)}
        assert repository.get_counts() == SearchTotals(1, 1, date(2016, 6, 30), date(2016, 6, 30))
        assert [hit.quote for hit in repository.find_quotes("one")] == [quote]
        assert repository.find_articles_with("he said") == (article,)
        assert repository.upsert(replace(article, text="He said “two”."), []) is ArticleStatus.UPDATED
        assert [version.article for version in repository.list_versions("a")] == [*older_articles, article]
        assert repository.list_versions("a")[-1].added_at == datetime(2016, 7, 1, 12, tzinfo=UTC)


def test_failed_migration_changes_nothing(address: str, path: Path) -> None:
    at_first_revision(path)
    with closing(sqlite3.connect(path)) as file_db, file_db:
        file_db.execute("CREATE TABLE article_versions (mine TEXT)")
    with pytest.raises(DatabaseUnavailable, match="cannot be used"):
        open_at_noon(address)
    with closing(sqlite3.connect(path)) as file_db:
        assert file_db.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert file_db.execute("SELECT id FROM articles").fetchall() == [("a",)]


def test_database_is_created_and_opened_from_any_folder_and_without_alembic(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}

    def run() -> str:
        command = [sys.executable, "-c", OPEN_SCRIPT, "sqlite:///sub/record.db"]
        return subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True).stdout.strip()

    assert run() == "False"
    assert run() == "False"
    assert (tmp_path / "sub" / "record.db").exists()


def test_several_processes_can_create_one_database_at_once(tmp_path: Path, address: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    command = [sys.executable, "-c", OPEN_SCRIPT, address]
    processes = [subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4


def test_newer_database_is_refused_and_unchanged(address: str, path: Path) -> None:
    open_at_noon(address).close()
    with closing(sqlite3.connect(path)) as file_db, file_db:
        file_db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnavailable, match=r"record\.db was created by a newer version .*update the program"):
        open_at_noon(address)
    with closing(sqlite3.connect(path)) as file_db:
        assert file_db.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_foreign_database_is_refused_and_unchanged(address: str, path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as file_db, file_db:
        file_db.execute("CREATE TABLE articles (mine TEXT)")
    with pytest.raises(DatabaseUnavailable, match="cannot be used"):
        open_at_noon(address)
    with closing(sqlite3.connect(path)) as file_db:
        assert file_db.execute("SELECT name FROM sqlite_master").fetchall() == [("articles",)]


def create_folder(path: Path) -> None:
    path.mkdir(parents=True)


def write_text_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("This is a letter, not a database. " * 100, encoding="utf-8")


def create_file_as_folder(path: Path) -> None:
    path.parent.write_text("in the way", encoding="utf-8")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (create_folder, "cannot be opened"),
        (write_text_file, "is not a database"),
        (create_file_as_folder, "Can't create"),
    ],
)
def test_unusable_path_is_reported(address: str, path: Path, prepare: Callable[[Path], None], message: str) -> None:
    prepare(path)
    with pytest.raises(DatabaseUnavailable, match=message) as error:
        open_at_noon(address)
    assert str(path.parent) in str(error.value)
    assert "\n" not in str(error.value)


def test_damaged_file_is_reported(address: str, path: Path) -> None:
    with closing(open_at_noon(address)) as repository:
        for index in range(50):
            repository.upsert(Article(f"n{index}", "word " * 500), [])
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(DatabaseUnavailable, match="is damaged"), closing(open_at_noon(address)) as repository:
        repository.get_articles()


def test_read_only_database_is_readable_and_refuses_writes(address: str, path: Path) -> None:
    with closing(open_at_noon(address)) as repository:
        repository.upsert(Article("a", "one"), [])
    with closing(open_at_noon(f"sqlite:///file:{path}?mode=ro&uri=true")) as repository:
        assert repository.find_ids() == ("a",)
        with pytest.raises(DatabaseUnavailable, match="is read-only"):
            repository.upsert(Article("b", "two"), [])
        assert repository.find_ids() == ("a",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write to any file")
def test_file_without_write_permission_is_reported(address: str, path: Path) -> None:
    open_at_noon(address).close()
    path.chmod(0o400)
    with closing(open_at_noon(address)) as repository, pytest.raises(DatabaseUnavailable, match="is read-only"):
        repository.upsert(Article("b", "two"), [])


@pytest.mark.usefixtures("path")
def test_full_disk_is_reported_and_later_writes_succeed(repository: Repository) -> None:
    def shrink(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 30")

    repository._engine.dispose()
    event.listen(repository._engine, "connect", shrink)
    with pytest.raises(DatabaseUnavailable, match="disk is full"):
        repository.upsert(Article("big", "x" * 1_000_000), [])
    assert repository.upsert(Article("small", "x"), [])
    assert repository.find_ids() == ("small",)


def test_lock_by_another_writer_is_reported_after_a_wait(
    address: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "TIMEOUT_SECONDS", 0.01)
    with (
        closing(open_at_noon(address)) as repository,
        closing(sqlite3.connect(path, isolation_level=None)) as second_writer,
    ):
        second_writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="try again in a moment"):
            repository.upsert(Article("a", "one"), [])
        assert repository.find_ids() == ()
        second_writer.execute("ROLLBACK")
        assert repository.upsert(Article("a", "one"), [])


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
def test_invalid_address_is_reported_without_its_secrets(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL") as error:
        open_at_noon(address)
    assert "hunter2" not in str(error.value)
    assert "anna" not in str(error.value)


def test_a_held_connection_serves_all_reads_of_its_thread(repository: Repository) -> None:
    def get_number() -> int:
        return repository.run_query(lambda db, _: id(db))

    with repository.hold_connection():
        numbers = {get_number() for _ in range(3)}
        with repository.hold_connection():  # within the first, it changes nothing
            numbers.add(get_number())
        numbers.add(get_number())
        with ThreadPoolExecutor(1) as other_thread:
            other_number = other_thread.submit(get_number).result()
    assert len(numbers) == 1
    assert other_number not in numbers


def test_a_held_connection_reads_the_change_token_once(repository: Repository) -> None:
    with repository.hold_connection():
        token = repository.get_change_token()
        with ThreadPoolExecutor(1) as other_thread:
            other_thread.submit(repository.upsert, Article("a", "Some words."), ()).result()
        assert repository.get_change_token() == token
    assert repository.get_change_token() != token


def test_a_held_connection_is_given_back_after_an_error(repository: Repository) -> None:
    def fail() -> None:
        with repository.hold_connection():
            repository.get_counts()
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert repository._engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool has it
    assert repository.get_counts().articles == 0


def test_reads_with_a_held_connection_see_one_moment_on_sqlite(repository: Repository, path: Path) -> None:
    with repository.hold_connection():
        before = repository.get_counts()
        with ThreadPoolExecutor(1) as other_thread:
            other_thread.submit(repository.upsert, Article("a", "Some words."), ()).result()
        assert repository.get_counts() == before
    assert path.exists()
    assert repository.get_counts().articles == before.articles + 1
