"""What others keep beside a record: what lasts is in its backup, what is secret in none, and a restore respects it."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, inspect, select

from briefings.storage.db.database import connect, get_writer
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.maintenance.restore import restore_backup
from briefings.storage.maintenance.tables import ExternalTables

THEIRS = MetaData()
KEPT = Table("kept", THEIRS, Column("id", Integer, primary_key=True), Column("word", Text))
SECRET = Table("secret", THEIRS, Column("id", Integer, primary_key=True), Column("word", Text))
#: made at once, and never migrated
BESIDE = ExternalTables(
    THEIRS,
    (SECRET,),
    lambda db: "1" if inspect(db).has_table("kept") else None,
    lambda engine, _: THEIRS.create_all(get_writer(engine)),
)


def write(address: str, kept: str, secret: str) -> None:
    """Puts words into the tables beside a record."""
    database = connect(address)
    BESIDE.migrate_to_head(database, "")
    with get_writer(database).begin() as db:
        for table, word in ((KEPT, kept), (SECRET, secret)):
            db.execute(table.delete())
            db.execute(table.insert().values(word=word))
    database.dispose()


def words(address: str) -> tuple[list[str], list[str]]:
    """What stands in the tables beside a record."""
    database = connect(address)
    with database.connect() as db:
        found = tuple(list(db.execute(select(table.c.word)).scalars()) for table in (KEPT, SECRET))
    database.dispose()
    return found[0], found[1]


@pytest.mark.usefixtures("full")
def test_what_lasts_beside_a_record_is_in_its_backup_and_what_is_secret_in_none(
    address: str, file: Path, tmp_path: Path
) -> None:
    write(address, "of then", "a token")
    write_backup(address, file, external_tables=BESIDE)
    assert b"a token" not in file.read_bytes()
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    restore_backup(elsewhere, file, external_tables=BESIDE)
    assert words(elsewhere) == (["of then"], [])
    write(address, "of now", "a newer token")
    restore_backup(address, file, external_tables=BESIDE, replace=True)
    assert words(address) == (["of then"], ["a newer token"])
    write(address, "after", "another")  # numbers go on after those that were restored
    assert words(address) == (["after"], ["another"])


@pytest.mark.usefixtures("full")
def test_what_a_backup_does_not_hold_beside_the_record_stays(address: str, file: Path) -> None:
    write_backup(address, file, external_tables=BESIDE)
    write(address, "of now", "a token")
    restore_backup(address, file, external_tables=BESIDE, replace=True)
    assert words(address) == (["of now"], ["a token"])
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []
