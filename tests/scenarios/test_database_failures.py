"""What happens to machines: one sentence says what is wrong, nothing is lost, and all goes on without a restart."""

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
from tests.stand_ins.adding_processes import QUOTES, opened, rest_of, small, started
from tests.support.postgresql import Server, hand_over

#: the little room that is left on a disk, in bytes, and articles that do not fit there
ROOM = 1_000_000
MANY = tuple(f"many{number}x" for number in range(4_000))


@pytest.mark.postgresql
def test_a_server_that_goes_away_and_comes_back_needs_no_restart(durable_postgresql: Server) -> None:
    """Stopped in order, and crashed: what was added is there again, through the record that was open all the time."""
    server = durable_postgresql
    with server.database() as name, closing(opened(server.address(name))) as repository:
        for round_, mode in enumerate(("fast", "immediate")):
            assert repository.upsert(*small(f"before{round_}")) is ArticleStatus.NEW
            server.stop(mode)
            try:
                check_unavailable(repository, server.address(name))
            finally:
                server.start()
            assert len(repository.find_quotes(f"count before{round_}")) == QUOTES
            assert repository.upsert(*small(f"while{round_}")) is ArticleStatus.NEW
        assert repository.get_counts().articles == 4


def test_a_server_that_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and says nothing, as one behind a broken network; nobody waits for it for ever."""
    monkeypatch.setattr(database, "TIMEOUT_SECONDS", 2)  # the least there is
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DatabaseUnavailable) as error:
        opened(f"postgresql+psycopg://anna:hunter2@127.0.0.1:{silent.getsockname()[1]}/record")
    assert_sentence(str(error.value))
    assert "hunter2" not in str(error.value)


def check_unavailable(repository: Repository, address: str) -> None:
    """Reading, writing and opening are refused in one sentence without secrets."""
    for work in (
        repository.get_counts,
        lambda: repository.find_quotes("we"),
        lambda: repository.upsert(*small("while0")),
    ):
        with pytest.raises(DatabaseUnavailable) as error:
            work()
        assert_sentence(str(error.value))
    with pytest.raises(DatabaseUnavailable) as error:
        opened(address)
    assert_sentence(str(error.value))
    assert address.split("@")[0].split(":")[-1] not in str(error.value)


def assert_sentence(sentence: str) -> None:
    assert sentence.startswith("The record at ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "psycopg" not in sentence
    assert "sqlite3." not in sentence


def fill_disk(repository: Repository) -> int:
    """Adds articles until there is no room; gives how many went in."""
    with pytest.raises(DatabaseUnavailable, match="disk") as error:
        deque((repository.upsert(*small(name)) for name in MANY), maxlen=0)
    assert_sentence(str(error.value))
    return repository.get_counts().articles


def check_full(repository: Repository, added: int) -> None:
    """What went in is there, whole; what did not is absent."""
    assert (repository.get_counts().articles, repository.get_counts().quotes) == (added, added * QUOTES)
    for name in MANY[max(0, added - 20) : added]:
        assert len(repository.find_quotes(f"count {name}")) == QUOTES
    assert not repository.has_article(MANY[added])
    assert repository.find_quotes(f"count {MANY[added]}") == ()


def test_a_file_that_may_not_grow_is_told_and_survived(tmp_path: Path) -> None:
    """A limit on the size of files stops SQLite as a full disk does; when it is lifted, the same record goes on."""
    process, line = started(grow_past_limit, f"sqlite:///{tmp_path / 'record.db'}")
    assert list(rest_of(line)) == ["survived"]
    process.join()


def grow_past_limit(address: str, line: Connection) -> None:
    with closing(opened(address)) as repository:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, limits[1]))
        try:
            added = fill_disk(repository)
            check_full(repository, added)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        for name in MANY[added : added + 10]:
            assert repository.upsert(*small(name)) is ArticleStatus.NEW
        check_full(repository, added + 10)
    line.send("survived")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 32 MB. Where none can be mounted (it takes root's rights) the test is skipped."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server is another user's
        mounting = ("mount", "-t", "tmpfs", "-o", "size=32m", "none", folder)
        try:
            subprocess.run(mounting, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no small disk can be mounted here: {error}")
        yield Path(folder)
        subprocess.run(["umount", "--lazy", folder], check=True)


def go_on_after_filling(repository: Repository, disk: Path) -> None:
    """A file of something else leaves little room on the disk, until it is deleted."""
    heavy = disk / "ballast"
    heavy.write_bytes(bytes(shutil.disk_usage(disk).free - ROOM))
    added = fill_disk(repository)
    check_full(repository, added)
    heavy.unlink()
    assert repository.upsert(*small(MANY[added])) is ArticleStatus.NEW
    check_full(repository, added + 1)


def test_a_full_disk_under_sqlite_is_told_and_survived(small_disk: Path) -> None:
    """Room is made, and the same record goes on."""
    with closing(opened(f"sqlite:///{small_disk / 'record.db'}")) as repository:
        go_on_after_filling(repository, small_disk)


@pytest.mark.postgresql
def test_a_full_disk_under_postgresql_is_told_and_survived(postgresql: Server, small_disk: Path, migrated: str) -> None:
    """The same, with the tables on the disk that is full."""
    tables = small_disk / "tables"
    tables.mkdir()
    hand_over(tables)
    with (
        postgresql.tablespace(tables) as space,
        postgresql.database(migrated, space) as name,
        closing(opened(postgresql.address(name))) as repository,
    ):
        go_on_after_filling(repository, small_disk)


def test_a_record_that_may_only_be_read_is_searched_and_refuses_more(tmp_path: Path) -> None:
    """It is searched as ever, by a process without the right to write to it."""
    address = f"sqlite:///{tmp_path / 'record.db'}"
    with closing(opened(address)) as repository:
        repository.upsert(*small("held"))
    with closing(opened(f"sqlite:///file:{tmp_path / 'record.db'}?mode=ro&uri=true")) as repository:
        assert len(repository.find_quotes("count held")) == QUOTES
        with pytest.raises(DatabaseUnavailable, match="may only be read") as error:
            repository.upsert(Article("more", "More."), [])
        assert_sentence(str(error.value))
        assert repository.find_ids() == ("held",)
