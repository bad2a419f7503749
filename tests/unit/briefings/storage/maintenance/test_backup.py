"""A backup is the whole record of one moment, in one file; restored, it is the record; whatever fails loses nothing."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from tests.unit.briefings.storage.conftest import noon

from briefings.errors import BadInput, BriefingsError, DatabaseUnavailable
from briefings.model import Article
from briefings.storage.db import database as database_module
from briefings.storage.db.database import connect, get_writer
from briefings.storage.db.schema import METADATA
from briefings.storage.maintenance import backup_file
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.maintenance.restore import restore_backup
from briefings.storage.repository import Repository, open_repository
from briefings.storage.session import open_database
from tests.support.analysed_articles import fill

Rows = dict[str, list[tuple[object, ...]]]


def rows(address: str) -> Rows:
    """All that the record at an address holds."""
    with open_database(address) as database, database.connect() as db:
        return {t.name: sorted(map(tuple, db.execute(select(t))), key=repr) for t in METADATA.sorted_tables}


def sound(address: str) -> bool:
    return check_integrity(address, TimeLimit(lambda: 0.0)) == []


def small(name: str) -> Article:
    return Article(name, f"“We will not count {name} again,” said Anna Berg.", publisher="The Paper")


@pytest.fixture(autouse=True)
def in_several_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the record were large."""
    monkeypatch.setattr(backup_file, "_PAGES_PER_STEP", 5)


@pytest.fixture
def made(full: Repository, address: str, file: Path) -> Path:
    assert full
    write_backup(address, file)
    return file


@pytest.mark.usefixtures("full")
def test_a_backup_restored_holds_every_row_and_is_searched(address: str, file: Path, tmp_path: Path) -> None:
    before = rows(address)
    held = write_backup(address, file)
    assert (held.articles, held.quotes) == (4, len(before["quotes"]))
    assert list(file.parent.iterdir()) == [file]
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    assert restore_backup(elsewhere, file) == held
    assert restore_backup(address, file, replace=True) == held
    for place in (elsewhere, address):
        assert rows(place) == before
        assert sound(place)
        with closing(open_repository(place, noon)) as record:
            assert [found.quote.speaker for found in record.find_quotes("lynch mob") if found.quote.speaker]
            fill(record, small("new"), Article("new", "Another text."))
            assert len(record.list_versions("new")) == 1


def test_what_is_added_meanwhile_is_not_held_up_and_not_in_the_backup(
    full: Repository, address: str, file: Path, tmp_path: Path
) -> None:
    before = rows(address)
    told: list[tuple[int, int]] = []

    def progress(done: int, number: int) -> None:
        fill(full, small(f"meanwhile{len(told)}"))
        told.append((done, number))

    write_backup(address, file, progress=progress)
    assert len(told) > 2
    assert all(done <= number for done, number in told)
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    restore_backup(elsewhere, file)
    assert rows(elsewhere) == before
    assert full.get_counts().articles == 4 + len(told)


ADDS = """
import sys
from tests.unit.briefings.storage.maintenance.test_backup import fill, noon, open_repository, small
record = open_repository(sys.argv[1], noon)
for number in range(100_000):
    fill(record, small(f"n{number}"))
    print(number, flush=True)
"""


@pytest.mark.usefixtures("full")
def test_backups_beside_a_process_that_adds_are_each_of_one_moment(address: str, file: Path, tmp_path: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    adds = subprocess.Popen([sys.executable, "-c", ADDS, address], stdout=subprocess.PIPE, text=True)
    try:
        assert adds.stdout
        numbers = []
        for _ in range(3):
            adds.stdout.readline()
            numbers.append(write_backup(address, file, overwrite=True).articles)
            restore_backup(elsewhere, file, replace=True)
            assert sound(elsewhere)
        assert adds.poll() is None
    finally:
        adds.kill()
        adds.wait()
        if adds.stdout:
            adds.stdout.close()
    assert numbers == sorted(numbers)
    assert numbers[0] > 4


def stop(_done: int, _all: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("before", [None, b"the backup of last week"])
@pytest.mark.usefixtures("full")
def test_a_backup_that_is_interrupted_leaves_what_was_there(address: str, file: Path, before: bytes | None) -> None:
    if before is not None:
        file.write_bytes(before)
    with pytest.raises(KeyboardInterrupt):
        write_backup(address, file, overwrite=True, progress=stop)
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == ({file.name: before} if before else {})


@pytest.fixture
def small_files() -> Iterator[None]:
    """The system refuses to let any file grow over 50,000 bytes, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_backup_that_has_no_room_is_told_and_leaves_nothing(
    full: Repository, address: str, file: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("small_files")
    with pytest.raises(DatabaseUnavailable, match=r"^The backup .* cannot .*disk"):
        write_backup(address, file)
    assert list(file.parent.iterdir()) == []
    assert full.get_counts().articles == 4


def test_a_restore_that_has_no_room_is_told_and_changes_nothing(
    full: Repository, path: Path, made: Path, request: pytest.FixtureRequest
) -> None:
    fill(full, small("precious"))
    before = rows(f"sqlite:///{path}")
    request.getfixturevalue("small_files")
    with pytest.raises(DatabaseUnavailable, match=r"^The copy of the backup in .* cannot .*disk"):
        restore_backup(f"sqlite:///{path}", made, replace=True)
    assert rows(f"sqlite:///{path}") == before


@pytest.mark.usefixtures("full")
def test_a_file_that_is_there_is_not_replaced_unasked(address: str, file: Path) -> None:
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match=r"is there already: .* --force"):
        write_backup(address, file)
    assert file.read_text(encoding="utf-8") == "mine"
    assert write_backup(address, file, overwrite=True).articles == 4


@pytest.mark.usefixtures("full")
def test_a_backup_needs_a_place(address: str, file: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        write_backup(address, file.parent)
    with pytest.raises(BadInput, match="no such file or directory"):
        write_backup(address, file.parent / "nowhere" / "b.db")


@pytest.mark.usefixtures("full")
def test_the_record_is_neither_its_own_backup_nor_restored_from_itself(address: str, path: Path) -> None:
    for does in (lambda: write_backup(address, path, overwrite=True), lambda: restore_backup(address, path, replace=True)):
        with pytest.raises(BadInput, match="is the record itself"):
            does()
    assert sound(address)


def test_what_is_held_is_replaced_only_when_that_is_said(full: Repository, address: str, made: Path) -> None:
    fill(full, small("precious"))
    with pytest.raises(BadInput, match=r"holds 5 articles, which would be lost: .* --force"):
        restore_backup(address, made)
    assert full.get_counts().articles == 5
    assert restore_backup(address, made, replace=True).articles == 4
    assert full.find_ids() == tuple(article_id for article_id in full.find_ids() if article_id != "precious")


def test_a_restore_that_is_interrupted_changes_nothing(full: Repository, address: str, made: Path) -> None:
    fill(full, small("precious"))
    before = rows(address)
    with pytest.raises(KeyboardInterrupt):
        restore_backup(address, made, replace=True, progress=stop)
    assert rows(address) == before
    assert sound(address)


def test_who_reads_during_a_restore_sees_one_record_or_the_other(full: Repository, address: str, made: Path) -> None:
    fill(full, small("precious"))
    question = text("SELECT count(*) FROM articles")
    database = connect(address)
    level = {} if database.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    try:
        with database.connect().execution_options(**level) as db:
            assert db.execute(question).scalar_one() == 5
            restore_backup(address, made, replace=True)
            assert db.execute(question).scalar_one() == 5
            db.rollback()
            assert db.execute(question).scalar_one() == 4
    finally:
        database.dispose()


def test_a_restore_waits_for_another_writer_and_then_tells(
    path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "TIMEOUT_SECONDS", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="try again in a moment"):
            restore_backup(f"sqlite:///{path}", made, replace=True)
    assert restore_backup(f"sqlite:///{path}", made, replace=True).articles == 4


def spoilt(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[8192:40_000] = b"\xa5" * len(data[8192:40_000])
    file.write_bytes(data)


def other(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE recipes (mine TEXT)")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


def letter(file: Path) -> None:
    file.write_text("This is a letter, not a database. " * 100, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoilt, "is damaged: use another one|is damaged"),
        (other, "is no backup of a record"),
        (newer, "newer version of this program"),
        (letter, "is no database"),
        (lambda file: file.write_bytes(b""), "is no backup of a record"),
        (Path.unlink, "There is no backup"),
        (lambda file: (file.unlink(), file.mkdir()), "There is no backup"),
    ],
)
def test_a_file_that_is_no_sound_backup_is_told_and_changes_nothing(
    full: Repository, address: str, made: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(made)
    before = rows(address)
    with pytest.raises(BriefingsError, match=said) as error:
        restore_backup(address, made, replace=True)
    assert "\n" not in str(error.value)
    assert str(made) in str(error.value)
    assert rows(address) == before
    assert full.get_counts().articles == 4


def test_a_backup_of_an_older_program_is_brought_to_the_newest_revision(address: str, file: Path) -> None:
    database = connect(backup_file.to_sqlite_address(file))
    with get_writer(database).begin() as db:
        config = Config(attributes={"connection": db})
        config.set_main_option("script_location", "briefings.storage:migrations")
        command.upgrade(config, "0002")
        db.execute(
            text(
                "INSERT INTO articles (id, text, published, boilerplate, content_hash, added_at, text_key, title_key) "
                "VALUES ('old', 'An old text.', '2016-06-30', '[]', "
                "'0', '2016-07-01', ' an old text ', ' ')"
            )
        )
    database.dispose()
    before = file.read_bytes()
    assert restore_backup(address, file).articles == 1
    assert file.read_bytes() == before
    with closing(open_repository(address, noon)) as record:
        (article,) = record.find_articles_with("old text")
        assert (article.id, article.published) == ("old", date(2016, 6, 30))


def test_a_plain_copy_of_a_record_is_restored_and_not_written_to(path: Path, tmp_path: Path) -> None:
    with closing(open_repository(f"sqlite:///{path}", noon)) as record:
        fill(record, small("a"))
    copied = tmp_path / "copied" / "record.db"
    copied.parent.mkdir()
    copied.write_bytes(path.read_bytes())
    assert restore_backup(f"sqlite:///{tmp_path}/elsewhere.db", copied).articles == 1
    assert list(copied.parent.iterdir()) == [copied]


def test_a_record_with_pages_of_another_size_is_restored_into(made: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    with closing(sqlite3.connect(elsewhere)) as db:
        db.execute("PRAGMA page_size = 8192")
        db.execute("VACUUM")
    assert restore_backup(f"sqlite:///{elsewhere}", made).articles == 4
    assert sound(f"sqlite:///{elsewhere}")


def test_a_damaged_record_is_replaced(path: Path, made: Path) -> None:
    spoilt(path)
    assert restore_backup(f"sqlite:///{path}", made, replace=True).articles == 4
    assert sound(f"sqlite:///{path}")
