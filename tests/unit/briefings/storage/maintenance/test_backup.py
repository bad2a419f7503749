"""Backups are complete snapshots in one file, restores are exact, and failures change nothing."""

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

from briefings.errors import BadInput, BriefingsError, DatabaseUnavailable
from briefings.model import Article
from briefings.storage.db import database as database_module
from briefings.storage.db.database import connect, get_writer
from briefings.storage.db.schema import METADATA
from briefings.storage.integrity.checksums import hash_text
from briefings.storage.maintenance import backup_file
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.maintenance.restore import restore_backup
from briefings.storage.repository import Repository, open_repository
from briefings.storage.session import open_database
from tests.support.analysed_articles import add_articles
from tests.unit.briefings.storage.conftest import noon

Rows = dict[str, list[tuple[object, ...]]]


def read_rows(address: str) -> Rows:
    """Return the rows of every table, sorted."""
    with open_database(address) as database, database.connect() as db:
        return {t.name: sorted(map(tuple, db.execute(select(t))), key=repr) for t in METADATA.sorted_tables}


def is_intact(address: str) -> bool:
    return check_integrity(address, TimeLimit(lambda: 0.0)) == []


def build_article(name: str) -> Article:
    return Article(name, f"“We will not count {name} again,” said Anna Berg.", publisher="The Paper")


@pytest.fixture(autouse=True)
def copy_in_several_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy small databases in several steps, as if they were large."""
    monkeypatch.setattr(backup_file, "_PAGES_PER_STEP", 5)


@pytest.fixture
def backup_path(filled_repository: Repository, address: str, file: Path) -> Path:
    assert filled_repository.get_counts().articles == 4
    write_backup(address, file)
    return file


@pytest.mark.usefixtures("filled_repository")
def test_restored_backup_has_every_row_and_is_searchable(address: str, file: Path, tmp_path: Path) -> None:
    before = read_rows(address)
    counts = write_backup(address, file)
    assert (counts.articles, counts.quotes) == (4, len(before["quotes"]))
    assert list(file.parent.iterdir()) == [file]
    new_address = f"sqlite:///{tmp_path}/new_address.db"
    assert restore_backup(new_address, file) == counts
    assert restore_backup(address, file, replace=True) == counts
    for restored_address in (new_address, address):
        assert read_rows(restored_address) == before
        assert is_intact(restored_address)
        with closing(open_repository(restored_address, noon)) as repository:
            assert [hit.quote.speaker for hit in repository.find_quotes("lynch mob") if hit.quote.speaker]
            add_articles(repository, build_article("new"), Article("new", "Another text."))
            assert len(repository.list_versions("new")) == 1


def test_writes_during_a_backup_proceed_and_are_not_in_it(
    filled_repository: Repository, address: str, file: Path, tmp_path: Path
) -> None:
    before = read_rows(address)
    reports: list[tuple[int, int]] = []

    def progress(finished: int, total: int) -> None:
        add_articles(filled_repository, build_article(f"meanwhile{len(reports)}"))
        reports.append((finished, total))

    write_backup(address, file, progress=progress)
    assert len(reports) > 2
    assert all(finished <= total for finished, total in reports)
    new_address = f"sqlite:///{tmp_path}/new_address.db"
    restore_backup(new_address, file)
    assert read_rows(new_address) == before
    assert filled_repository.get_counts().articles == 4 + len(reports)


WRITER_SCRIPT = """
import sys
from tests.unit.briefings.storage.maintenance.test_backup import add_articles, build_article, noon, open_repository
repository = open_repository(sys.argv[1], noon)
for index in range(100_000):
    add_articles(repository, build_article(f"n{index}"))
    print(index, flush=True)
"""


@pytest.mark.usefixtures("filled_repository")
def test_backups_during_writes_are_consistent_snapshots(address: str, file: Path, tmp_path: Path) -> None:
    new_address = f"sqlite:///{tmp_path}/new_address.db"
    writer = subprocess.Popen([sys.executable, "-c", WRITER_SCRIPT, address], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout
        numbers = []
        for _ in range(3):
            writer.stdout.readline()
            numbers.append(write_backup(address, file, overwrite=True).articles)
            restore_backup(new_address, file, replace=True)
            assert is_intact(new_address)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
        if writer.stdout:
            writer.stdout.close()
    assert numbers == sorted(numbers)
    assert numbers[0] > 4


def interrupt(_done: int, _all: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("before", [None, b"the backup of last week"])
@pytest.mark.usefixtures("filled_repository")
def test_interrupted_backup_leaves_the_existing_file(address: str, file: Path, before: bytes | None) -> None:
    if before is not None:
        file.write_bytes(before)
    with pytest.raises(KeyboardInterrupt):
        write_backup(address, file, overwrite=True, progress=interrupt)
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == ({file.name: before} if before else {})


@pytest.fixture
def limited_file_size() -> Iterator[None]:
    """Simulate a full disk: the system stops files from growing over 50,000 bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_backup_to_a_full_disk_fails_and_leaves_no_file(
    filled_repository: Repository, address: str, file: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("limited_file_size")
    with pytest.raises(DatabaseUnavailable, match=r"^The backup .* cannot .*disk"):
        write_backup(address, file)
    assert list(file.parent.iterdir()) == []
    assert filled_repository.get_counts().articles == 4


def test_restore_on_a_full_disk_fails_and_changes_nothing(
    filled_repository: Repository, path: Path, backup_path: Path, request: pytest.FixtureRequest
) -> None:
    add_articles(filled_repository, build_article("precious"))
    before = read_rows(f"sqlite:///{path}")
    request.getfixturevalue("limited_file_size")
    with pytest.raises(DatabaseUnavailable, match=r"^The copy of the backup in .* cannot .*disk"):
        restore_backup(f"sqlite:///{path}", backup_path, replace=True)
    assert read_rows(f"sqlite:///{path}") == before


@pytest.mark.usefixtures("filled_repository")
def test_existing_file_is_replaced_only_with_overwrite(address: str, file: Path) -> None:
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match=r"already exists: .* --force"):
        write_backup(address, file)
    assert file.read_text(encoding="utf-8") == "mine"
    assert write_backup(address, file, overwrite=True).articles == 4


@pytest.mark.usefixtures("filled_repository")
def test_backup_to_a_folder_or_a_missing_folder_is_refused(address: str, file: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        write_backup(address, file.parent)
    with pytest.raises(BadInput, match="no such file or directory"):
        write_backup(address, file.parent / "nowhere" / "b.db")


@pytest.mark.usefixtures("filled_repository")
def test_database_is_refused_as_its_own_backup_file(address: str, path: Path) -> None:
    for operation in (
        lambda: write_backup(address, path, overwrite=True),
        lambda: restore_backup(address, path, replace=True),
    ):
        with pytest.raises(BadInput, match="is the database itself"):
            operation()
    assert is_intact(address)


def test_restore_over_existing_articles_requires_replace(
    filled_repository: Repository, address: str, backup_path: Path
) -> None:
    add_articles(filled_repository, build_article("precious"))
    with pytest.raises(BadInput, match=r"has 5 articles that would be lost: .* --force"):
        restore_backup(address, backup_path)
    assert filled_repository.get_counts().articles == 5
    assert restore_backup(address, backup_path, replace=True).articles == 4
    assert filled_repository.find_ids() == tuple(
        article_id for article_id in filled_repository.find_ids() if article_id != "precious"
    )


def test_interrupted_restore_changes_nothing(filled_repository: Repository, address: str, backup_path: Path) -> None:
    add_articles(filled_repository, build_article("precious"))
    before = read_rows(address)
    with pytest.raises(KeyboardInterrupt):
        restore_backup(address, backup_path, replace=True, progress=interrupt)
    assert read_rows(address) == before
    assert is_intact(address)


def test_readers_during_a_restore_see_old_or_new_contents(
    filled_repository: Repository, address: str, backup_path: Path
) -> None:
    add_articles(filled_repository, build_article("precious"))
    query = text("SELECT count(*) FROM articles")
    database = connect(address)
    options = {} if database.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    try:
        with database.connect().execution_options(**options) as db:
            assert db.execute(query).scalar_one() == 5
            restore_backup(address, backup_path, replace=True)
            assert db.execute(query).scalar_one() == 5
            db.rollback()
            assert db.execute(query).scalar_one() == 4
    finally:
        database.dispose()


def test_restore_fails_after_waiting_for_another_writer(
    path: Path, backup_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "TIMEOUT_SECONDS", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as second_writer:
        second_writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="try again in a moment"):
            restore_backup(f"sqlite:///{path}", backup_path, replace=True)
    assert restore_backup(f"sqlite:///{path}", backup_path, replace=True).articles == 4


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[8192:40_000] = b"\xa5" * len(data[8192:40_000])
    file.write_bytes(data)


def replace_with_other_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE recipes (mine TEXT)")


def mark_as_newer(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: data.rindex(b"\nontherecord-backup")])
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


def replace_with_text(file: Path) -> None:
    file.write_text("This is a letter, not a database. " * 100, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (damage, "is damaged"),
        (replace_with_other_database, "is not a backup"),
        (mark_as_newer, "newer version of this program"),
        (replace_with_text, "is not a database"),
        (lambda file: file.write_bytes(b""), "is not a backup"),
        (Path.unlink, "No backup file"),
        (lambda file: (file.unlink(), file.mkdir()), "No backup file"),
    ],
)
def test_invalid_backup_is_refused_and_changes_nothing(
    filled_repository: Repository, address: str, backup_path: Path, spoil: Callable[[Path], object], message: str
) -> None:
    spoil(backup_path)
    before = read_rows(address)
    with pytest.raises(BriefingsError, match=message) as error:
        restore_backup(address, backup_path, replace=True, accept_unsigned=True)
    assert "\n" not in str(error.value)
    assert str(backup_path) in str(error.value)
    assert read_rows(address) == before
    assert filled_repository.get_counts().articles == 4


def test_backup_of_an_older_program_is_migrated(address: str, file: Path) -> None:
    database = connect(backup_file.to_sqlite_address(file))
    with get_writer(database).begin() as db:
        config = Config(attributes={"connection": db})
        config.set_main_option("script_location", "briefings.storage:migrations")
        command.upgrade(config, "0002")
        db.execute(
            text(
                "INSERT INTO articles (id, text, published, boilerplate, content_hash, added_at, text_key, title_key) "  # noqa: S608 - constants
                "VALUES ('old', 'An old text.', '2016-06-30', '[]', "
                f"'{hash_text('An old text.')}', '2016-07-01', ' an old text ', ' ')"
            )
        )
    database.dispose()
    before = file.read_bytes()
    assert restore_backup(address, file, accept_unsigned=True).articles == 1
    assert file.read_bytes() == before
    with closing(open_repository(address, noon)) as repository:
        (article,) = repository.find_articles_with("old text")
        assert (article.id, article.published) == ("old", date(2016, 6, 30))


def test_plain_copy_of_a_database_is_restored_without_writing_to_it(path: Path, tmp_path: Path) -> None:
    with closing(open_repository(f"sqlite:///{path}", noon)) as repository:
        add_articles(repository, build_article("a"))
    copied_file = tmp_path / "copied" / "record.db"
    copied_file.parent.mkdir()
    copied_file.write_bytes(path.read_bytes())
    assert restore_backup(f"sqlite:///{tmp_path}/new_address.db", copied_file, accept_unsigned=True).articles == 1
    assert list(copied_file.parent.iterdir()) == [copied_file]


def test_restore_into_a_database_with_another_page_size(backup_path: Path, tmp_path: Path) -> None:
    new_address = tmp_path / "elsewhere.db"
    with closing(sqlite3.connect(new_address)) as db:
        db.execute("PRAGMA page_size = 8192")
        db.execute("VACUUM")
    assert restore_backup(f"sqlite:///{new_address}", backup_path).articles == 4
    assert is_intact(f"sqlite:///{new_address}")


def test_restore_replaces_a_damaged_database(path: Path, backup_path: Path) -> None:
    damage(path)
    assert restore_backup(f"sqlite:///{path}", backup_path, replace=True).articles == 4
    assert is_intact(f"sqlite:///{path}")
