"""Database failures: each gives a one-sentence error, loses no data and needs no restart."""

import resource
import shutil
import socket
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from briefings.errors import DatabaseUnavailable
from briefings.model import Article
from briefings.storage.db import database
from briefings.storage.db.types import ArticleStatus
from briefings.storage.repository import Repository
from tests.stand_ins.adding_processes import QUOTE_COUNT, make_small_article, open_at, receive_rest, start_process
from tests.support.postgresql import Server, give_to_server

#: free bytes left on the disk, and article names that do not all fit
FREE_BYTES = 1_000_000
NAMES = tuple(f"many{number}x" for number in range(4_000))


@pytest.mark.postgresql
def test_server_restart_needs_no_process_restart(durable_postgresql: Server) -> None:
    """After a clean stop and after a crash, the open repository finds all added articles."""
    server = durable_postgresql
    with server.temporary_database() as name, closing(open_at(server.build_url(name))) as repository:
        for round_, mode in enumerate(("fast", "immediate")):
            assert repository.upsert(*make_small_article(f"before{round_}")) is ArticleStatus.NEW
            server.stop(mode)
            try:
                check_unavailable(repository, server.build_url(name))
            finally:
                server.start()
            assert len(repository.find_quotes(f"count before{round_}")) == QUOTE_COUNT
            assert repository.upsert(*make_small_article(f"while{round_}")) is ArticleStatus.NEW
        assert repository.get_counts().articles == 4


def test_unresponsive_server_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server accepts the connection and then stays silent, as behind a broken network."""
    monkeypatch.setattr(database, "TIMEOUT_SECONDS", 2)  # the minimum
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DatabaseUnavailable) as error:
        open_at(f"postgresql+psycopg://anna:hunter2@127.0.0.1:{silent.getsockname()[1]}/record")
    assert_sentence(str(error.value))
    assert "hunter2" not in str(error.value)


def check_unavailable(repository: Repository, address: str) -> None:
    """Check that reading, writing and opening fail with one sentence and no secrets."""
    for work in (
        repository.get_counts,
        lambda: repository.find_quotes("we"),
        lambda: repository.upsert(*make_small_article("while0")),
    ):
        with pytest.raises(DatabaseUnavailable) as error:
            work()
        assert_sentence(str(error.value))
    with pytest.raises(DatabaseUnavailable) as error:
        open_at(address)
    assert_sentence(str(error.value))
    assert address.split("@")[0].split(":")[-1] not in str(error.value)


def assert_sentence(sentence: str) -> None:
    assert sentence.startswith("The database at ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "psycopg" not in sentence
    assert "sqlite3." not in sentence


def fill_disk(repository: Repository) -> int:
    """Add articles until the disk is full. Return how many were stored."""
    with pytest.raises(DatabaseUnavailable, match="disk") as error:
        deque((repository.upsert(*make_small_article(name)) for name in NAMES), maxlen=0)
    assert_sentence(str(error.value))
    return repository.get_counts().articles


def check_full(repository: Repository, added: int) -> None:
    """Check that the stored articles are whole and the others absent."""
    assert (repository.get_counts().articles, repository.get_counts().quotes) == (added, added * QUOTE_COUNT)
    for name in NAMES[max(0, added - 20) : added]:
        assert len(repository.find_quotes(f"count {name}")) == QUOTE_COUNT
    assert not repository.has_article(NAMES[added])
    assert repository.find_quotes(f"count {NAMES[added]}") == ()


def test_file_size_limit_is_survived(tmp_path: Path) -> None:
    """The limit acts like a full disk. After it is lifted, the same repository works again."""
    process, line = start_process(grow_past_limit, f"sqlite:///{tmp_path / 'record.db'}")
    assert list(receive_rest(line)) == ["survived"]
    process.join()


def grow_past_limit(address: str, line: Connection) -> None:
    with closing(open_at(address)) as repository:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FREE_BYTES, limits[1]))
        try:
            added = fill_disk(repository)
            check_full(repository, added)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        for name in NAMES[added : added + 10]:
            assert repository.upsert(*make_small_article(name)) is ArticleStatus.NEW
        check_full(repository, added + 10)
    line.send("survived")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Mount a 32 MB disk. Mounting needs root; without it, the test is skipped."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server runs as another user
        mounting = ("mount", "-t", "tmpfs", "-o", "size=32m", "none", folder)
        try:
            subprocess.run(mounting, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"cannot mount a small disk: {error}")
        yield Path(folder)
        subprocess.run(["umount", "--lazy", folder], check=True)


def go_on_after_filling(repository: Repository, disk: Path) -> None:
    """Fill the disk with another file, then delete it and add more articles."""
    heavy = disk / "ballast"
    heavy.write_bytes(bytes(shutil.disk_usage(disk).free - FREE_BYTES))
    added = fill_disk(repository)
    check_full(repository, added)
    heavy.unlink()
    assert repository.upsert(*make_small_article(NAMES[added])) is ArticleStatus.NEW
    check_full(repository, added + 1)


def test_full_disk_on_sqlite_is_survived(small_disk: Path) -> None:
    with closing(open_at(f"sqlite:///{small_disk / 'record.db'}")) as repository:
        go_on_after_filling(repository, small_disk)


@pytest.mark.postgresql
def test_full_disk_on_postgresql_is_survived(postgresql: Server, small_disk: Path, migrated_database: str) -> None:
    """Only the tables are on the full disk."""
    tables = small_disk / "tables"
    tables.mkdir()
    give_to_server(tables)
    with (
        postgresql.temporary_tablespace(tables) as space,
        postgresql.temporary_database(migrated_database, space) as name,
        closing(open_at(postgresql.build_url(name))) as repository,
    ):
        go_on_after_filling(repository, small_disk)


def test_read_only_database_can_be_searched_but_not_changed(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'record.db'}"
    with closing(open_at(address)) as repository:
        repository.upsert(*make_small_article("stored"))
    with closing(open_at(f"sqlite:///file:{tmp_path / 'record.db'}?mode=ro&uri=true")) as repository:
        assert len(repository.find_quotes("count stored")) == QUOTE_COUNT
        with pytest.raises(DatabaseUnavailable, match="is read-only") as error:
            repository.upsert(Article("more", "More."), [])
        assert_sentence(str(error.value))
        assert repository.find_ids() == ("stored",)
