"""A backup is signed; a changed, unsigned or damaged one replaces nothing, and damaged articles are not copied."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.model import Article
from briefings.storage.maintenance import BackupKey, DamagePolicy, restore_backup, write_backup
from briefings.storage.repository import Repository
from tests.unit.briefings.storage.maintenance.test_integrity import change_rows

KEY, OTHER_KEY = BackupKey(b"k" * 32), BackupKey(b"o" * 32)


@pytest.fixture(autouse=True)
def filled_repository(repository: Repository) -> Repository:
    repository.upsert(Article("a", "The hall is open.", "The Tribune", title="Hall"), [])
    repository.upsert(Article("b", "The hall is shut."), [])
    return repository


@pytest.mark.parametrize("key", [None, KEY])
def test_backup_is_restored_with_its_key(address: str, file: Path, key: BackupKey | None) -> None:
    write_backup(address, file, key=key)
    assert restore_backup(address, file, replace=True, key=key).articles == 2


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("place", [60, 5_000, -200, -20])
def test_changed_backup_replaces_nothing(address: str, file: Path, key: BackupKey | None, place: int) -> None:
    write_backup(address, file, key=key)
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    with pytest.raises(BadInput, match=r"does not match its (signature|checksum)|is not signed|has no key"):
        restore_backup(address, file, replace=True, key=key)


@pytest.mark.parametrize(
    ("written_with", "read_with", "message"),
    [
        (KEY, None, "has no key to check it. Set BACKUP_KEY"),
        (KEY, OTHER_KEY, "signed with another key"),
        (None, KEY, "was written without a key.*--unsigned"),
    ],
)
def test_backup_of_another_key_is_refused(
    address: str, file: Path, written_with: BackupKey | None, read_with: BackupKey | None, message: str
) -> None:
    write_backup(address, file, key=written_with)
    with pytest.raises(BadInput, match=message):
        restore_backup(address, file, replace=True, key=read_with)


def test_unsigned_backup_is_restored_only_on_request(address: str, file: Path) -> None:
    write_backup(address, file)
    data = file.read_bytes()
    file.write_bytes(data[: data.rindex(b"\nontherecord-backup")])
    with pytest.raises(BadInput, match=r"is not signed.*--unsigned"):
        restore_backup(address, file, replace=True)
    assert restore_backup(address, file, replace=True, accept_unsigned=True).articles == 2


def test_sqlite_reads_a_signed_backup_as_before(address: str, file: Path) -> None:
    write_backup(address, file, key=KEY)
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_backup_of_an_older_key_is_restored_after_the_keys_changed(address: str, file: Path) -> None:
    write_backup(address, file, key=KEY)
    key = BackupKey(b"n" * 32, (OTHER_KEY.value, KEY.value))
    assert restore_backup(address, file, replace=True, key=key).articles == 2
    with pytest.raises(BadInput, match="signed with another key"):
        restore_backup(address, file, replace=True, key=BackupKey(b"n" * 32, (OTHER_KEY.value,)))


def test_keys_are_never_shown() -> None:
    assert "secret" not in repr(BackupKey(b"secret", (b"older secret",)))


@pytest.mark.parametrize(
    "statement", ["UPDATE articles SET text = 'No.' WHERE id = 'a'", "UPDATE articles SET title = 'No' WHERE id = 'a'"]
)
def test_damaged_article_is_not_copied_silently(address: str, file: Path, statement: str) -> None:
    change_rows(address, statement)
    with pytest.raises(BadInput, match=r"was not written: 1 article is damaged \(a\).*--skip-damaged"):
        write_backup(address, file)
    assert not file.exists()
    skipped: list[str] = []
    assert write_backup(address, file, damage_policy=DamagePolicy(skip=True, report=skipped.extend)).articles == 1
    assert skipped == ["a"]


@pytest.mark.usefixtures("path")
def test_damaged_article_of_an_unsigned_backup_replaces_nothing(address: str, file: Path) -> None:
    write_backup(address, file)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE articles SET text = 'No.' WHERE id = 'a'")
    with pytest.raises(BadInput, match=r"is not signed|does not match"):
        restore_backup(address, file, replace=True)
    data = file.read_bytes()
    cut = data.rfind(b"\nontherecord-backup")
    file.write_bytes(data[:cut] if cut > 0 else data)
    with pytest.raises(BadInput, match=r"Nothing was restored from .*: 1 article is damaged \(a\)"):
        restore_backup(address, file, replace=True, accept_unsigned=True)
    policy = DamagePolicy(skip=True)
    assert restore_backup(address, file, replace=True, accept_unsigned=True, damage_policy=policy).articles == 1
