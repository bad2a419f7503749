"""External tables: backups include the lasting ones and skip the secret ones, and a restore respects that."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, inspect, select

from briefings.storage.db.database import connect, get_writer
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.maintenance.restore import restore_backup
from briefings.storage.maintenance.tables import ExternalTables

METADATA = MetaData()
LASTING = Table("kept", METADATA, Column("id", Integer, primary_key=True), Column("word", Text))
SECRET = Table("secret", METADATA, Column("id", Integer, primary_key=True), Column("word", Text))
#: created directly, never migrated
EXTERNAL_TABLES = ExternalTables(
    METADATA,
    (SECRET,),
    lambda db: "1" if inspect(db).has_table("kept") else None,
    lambda engine, _: METADATA.create_all(get_writer(engine)),
)


def write(address: str, lasting_word: str, secret_word: str) -> None:
    """Replace the words in both external tables."""
    database = connect(address)
    EXTERNAL_TABLES.migrate_to_head(database, "")
    with get_writer(database).begin() as db:
        for table, word in ((LASTING, lasting_word), (SECRET, secret_word)):
            db.execute(table.delete())
            db.execute(table.insert().values(word=word))
    database.dispose()


def read_words(address: str) -> tuple[list[str], list[str]]:
    """Return the words in both external tables."""
    database = connect(address)
    with database.connect() as db:
        words_by_table = tuple(list(db.execute(select(table.c.word)).scalars()) for table in (LASTING, SECRET))
    database.dispose()
    return words_by_table[0], words_by_table[1]


@pytest.mark.usefixtures("filled_repository")
def test_backup_includes_external_tables_except_excluded_ones(address: str, file: Path, tmp_path: Path) -> None:
    write(address, "of then", "a token")
    write_backup(address, file, external_tables=EXTERNAL_TABLES)
    assert b"a token" not in file.read_bytes()
    new_address = f"sqlite:///{tmp_path}/new.db"
    restore_backup(new_address, file, external_tables=EXTERNAL_TABLES)
    assert read_words(new_address) == (["of then"], [])
    write(address, "of now", "a newer token")
    restore_backup(address, file, external_tables=EXTERNAL_TABLES, replace=True)
    assert read_words(address) == (["of then"], ["a newer token"])
    write(address, "after", "another")  # new ids continue after the restored ones
    assert read_words(address) == (["after"], ["another"])


@pytest.mark.usefixtures("filled_repository")
def test_external_tables_missing_from_the_backup_stay_unchanged(address: str, file: Path) -> None:
    write_backup(address, file, external_tables=EXTERNAL_TABLES)
    write(address, "of now", "a token")
    restore_backup(address, file, external_tables=EXTERNAL_TABLES, replace=True)
    assert read_words(address) == (["of now"], ["a token"])
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
