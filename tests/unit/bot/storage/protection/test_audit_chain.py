"""The audit log grows only, and every change to it is found."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from bot.core.encryption.keys import KeyRing
from bot.core.tenancy import OtherTeamRefused, use_team
from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.database import BOT_TABLES
from bot.storage.protection.audit_chain import ChainReport, check_chain
from bot.storage.request_log import RateLimit
from bot.storage.schema import audit, audit_head
from bot.storage.schema.append_only import create_triggers, drop_triggers
from bot.storage.store import Store, build_store, open_store
from briefings import BadSettings, DatabaseUnavailable
from briefings.storage.maintenance import restore_backup, write_backup
from tests.support.keys import KEYS, OTHER_KEYS
from tests.unit.bot.storage.conftest import Clock


@pytest.fixture
def keyed(store: Store, clock: Clock) -> Store:
    return build_store(store.database, RateLimit(20), clock, KEYS)


def add(store: Store, *subjects: str, keys: KeyRing | None = KEYS, team: str = "T1") -> None:
    log = AuditLog(store.database, store.clock, keys)
    for subject in subjects:
        action = AuditAction(team, "U1", "added", subject, {"articles": 2, "at": "“Easton”", "none": None})
        with use_team(action.team):
            store.database.write(lambda db, action=action: log.add_in_transaction(db, action))  # type: ignore[misc]  # the loop's


def check(store: Store, keys: KeyRing | None = KEYS, seal: str | None = None) -> ChainReport:
    return AuditLog(store.database, store.clock, keys).check(seal)


def tamper(store: Store, change: Callable[[Connection], object]) -> None:
    """Change entries as someone does who may drop the triggers."""

    def work(db: Connection) -> None:
        drop_triggers(db)
        change(db)
        create_triggers(db)

    store.database.write(work)


def copy_row(db: Connection, row_id: int, **changes: object) -> None:
    row = dict(db.execute(select(audit).where(audit.c.id == row_id)).mappings().one())
    db.execute(insert(audit).values(row | changes))


def swap(db: Connection) -> None:
    second, third = (dict(db.execute(select(audit).where(audit.c.id == n)).mappings().one()) for n in (2, 3))
    db.execute(delete(audit).where(audit.c.id.in_([2, 3])))
    db.execute(insert(audit), [second | {"id": 3}, third | {"id": 2}])


CHANGES: dict[str, tuple[Callable[[Connection], object], str]] = {
    "a subject": (lambda db: db.execute(update(audit).where(audit.c.id == 2).values(subject="x")), "Entry 2 "),
    "a person": (lambda db: db.execute(update(audit).where(audit.c.id == 3).values(person="U9")), "Entry 3 "),
    "no person": (lambda db: db.execute(update(audit).where(audit.c.id == 3).values(person=None)), "Entry 3 "),
    "a team": (lambda db: db.execute(update(audit).where(audit.c.id == 1).values(team="T9")), "Entry 1 "),
    "a detail": (lambda db: db.execute(update(audit).where(audit.c.id == 4).values(detail={})), "Entry 4 "),
    "a seal": (lambda db: db.execute(update(audit).where(audit.c.id == 2).values(seal="0" * 64)), "Entry 2 "),
    "no seal": (lambda db: db.execute(update(audit).where(audit.c.id == 2).values(seal=None)), "Entry 2 "),
    "no key": (lambda db: db.execute(update(audit).where(audit.c.id == 2).values(key_id="")), "Entry 2 "),
    "a copy": (lambda db: copy_row(db, 2, id=9), "Entry 9 "),
    "the first deleted": (lambda db: db.execute(delete(audit).where(audit.c.id == 1)), "Entry 2 "),
    "one deleted": (lambda db: db.execute(delete(audit).where(audit.c.id == 2)), "Entry 3 "),
    "two swapped": (swap, "Entry 2 "),
    "the last deleted": (lambda db: db.execute(delete(audit).where(audit.c.id == 4)), "had 4, and 3 are left"),
    "all deleted": (lambda db: db.execute(delete(audit)), "had 4, and 0 are left"),
    "the head deleted": (lambda db: db.execute(delete(audit_head)), "head of the audit log is missing"),
    "the head changed": (lambda db: db.execute(update(audit_head).values(entry_count=3)), "head of the audit log was"),
    "all seals removed": (
        lambda db: (db.execute(update(audit).values(seal=None, key_id=None)), db.execute(delete(audit_head))),
        "not sealed with a key",
    ),
}


def test_every_change_is_found_where_it_is(keyed: Store) -> None:
    """Each change is undone after the check, because creating a database takes long."""
    add(keyed, *"abcd")
    assert check(keyed).fault is None
    for name, (work, sentence) in CHANGES.items():
        with keyed.database.write_engine.connect() as db, db.begin() as transaction:
            drop_triggers(db)
            work(db)
            fault = check_chain(db, KEYS).fault
            transaction.rollback()
        assert sentence in str(fault), name
    assert check(keyed).fault is None


def test_a_time_that_was_changed_is_found(keyed: Store) -> None:
    add(keyed, *"ab")
    earlier = keyed.clock() - timedelta(microseconds=1)
    tamper(keyed, lambda db: db.execute(update(audit).where(audit.c.id == 1).values(at=earlier)))
    assert "Entry 1 " in str(check(keyed).fault)


def test_entries_cut_off_stay_missing_when_later_ones_are_added(keyed: Store) -> None:
    """A head that fits the rest does not help: without the key, no one can prove it."""
    add(keyed, *"abcd")

    def cut(db: Connection) -> None:
        db.execute(delete(audit).where(audit.c.id > 2))
        seal = db.execute(select(audit.c.seal).where(audit.c.id == 2)).scalar_one()
        db.execute(update(audit_head).values(entry_count=2, seal=seal))

    tamper(keyed, cut)
    add(keyed, *"ef")
    assert "head of the audit log was changed" in str(check(keyed).fault)


def test_a_chain_without_a_key_in_place_of_the_sealed_one_is_found(keyed: Store) -> None:
    add(keyed, *"ab")
    tamper(keyed, lambda db: (db.execute(delete(audit)), db.execute(delete(audit_head))))
    add(keyed, "forged", keys=None)
    assert "not sealed with a key" in str(check(keyed).fault)


def test_the_next_entry_of_another_workspace_hides_nothing(keyed: Store) -> None:
    """It sees no entry of the first one, and yet must notice that the head was made without the key."""
    add(keyed, *"abcd")

    def cut(db: Connection) -> None:
        db.execute(delete(audit).where(audit.c.id > 2))
        seal = db.execute(select(audit.c.seal).where(audit.c.id == 2)).scalar_one()
        proof = hashlib.sha256(json.dumps(["head", 2, seal]).encode()).hexdigest()
        db.execute(update(audit_head).values(entry_count=2, seal=seal, key_id="", proof=proof))

    tamper(keyed, cut)
    add(keyed, "e", team="T2")
    assert "head of the audit log was changed" in str(check(keyed).fault)


def test_the_first_seal_covers_the_older_entries_of_every_workspace(keyed: Store) -> None:
    row = {"at": keyed.clock(), "team": "T1", "action": "added", "subject": "old", "detail": {}}
    keyed.database.write(lambda db: db.execute(insert(audit), [row, row | {"team": ""}]))
    add(keyed, "new", team="T2")
    report = check(keyed)
    assert (report.fault, report.unsealed, report.sealed) == (None, 2, 1)


def test_an_entry_added_without_the_key_is_found(keyed: Store) -> None:
    add(keyed, *"ab")
    add(keyed, "forged", keys=None)
    assert "Entry 3 " in str(check(keyed).fault)
    add(keyed, "c")
    assert "Entry 3 " in str(check(keyed).fault)


def test_an_earlier_seal_shows_that_the_database_was_turned_back(keyed: Store) -> None:
    add(keyed, *"ab")
    assert check(keyed, seal=check(keyed).last_seal).fault is None
    assert "No entry has that seal" in str(check(keyed, seal="0" * 64).fault)


def test_entries_of_older_versions_are_sealed_by_the_first_new_one(keyed: Store) -> None:
    row = {"at": keyed.clock(), "team": "T1", "action": "added", "subject": "old", "detail": {}}
    keyed.database.write(lambda db: db.execute(insert(audit), [row, row]))
    assert check(keyed, None).fault is None
    add(keyed, "new")
    report = check(keyed)
    assert (report.fault, report.unsealed, report.sealed) == (None, 2, 1)
    tamper(keyed, lambda db: db.execute(update(audit).where(audit.c.id == 1).values(subject="x")))
    assert check(keyed).fault


def test_a_key_can_come_later_and_can_be_changed(keyed: Store) -> None:
    add(keyed, "a", keys=None)
    assert (check(keyed, None).fault, check(keyed, None).unkeyed) == (None, 1)
    add(keyed, "b")
    both = KeyRing((*OTHER_KEYS.keys, *KEYS.keys))
    add(keyed, "c", keys=both)
    report = check(keyed, both)
    assert (report.fault, report.sealed, report.unkeyed) == (None, 3, 1)
    assert f"needs the key {KEYS.ids[0]}, which is missing" in str(check(keyed, OTHER_KEYS).fault)
    assert "needs the key" in str(check(keyed, None).fault)


def test_the_terminal_is_told_which_key_is_missing(keyed: Store) -> None:
    AuditLog(keyed.database, keyed.clock, None).check_key()
    add(keyed, "a")
    AuditLog(keyed.database, keyed.clock, KEYS).check_key()
    for keys in (None, OTHER_KEYS):
        with pytest.raises(BadSettings, match=KEYS.ids[0]):
            AuditLog(keyed.database, keyed.clock, keys).check_key()


@pytest.mark.parametrize("statement", ["UPDATE audit SET subject = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_changes(keyed: Store, statement: str) -> None:
    add(keyed, "a")
    with pytest.raises(DatabaseUnavailable):
        keyed.database.write(lambda db: db.execute(text(statement)))
    assert check(keyed).fault is None


def test_writers_at_the_same_time_keep_one_chain(keyed: Store) -> None:
    with ThreadPoolExecutor(4) as executor:
        list(executor.map(lambda number: add(keyed, f"{number} a", f"{number} b"), range(6)))
    report = check(keyed)
    assert (report.fault, report.sealed) == (None, 12)


def test_entries_of_two_teams_are_one_chain_and_neither_sees_the_other(keyed: Store) -> None:
    add(keyed, "a")
    with use_team("T2"):
        keyed.database.write(lambda db: keyed.audit_log.add_in_transaction(db, AuditAction("T2", "U2", "added", "b")))
        assert [entry.action.team for entry in asyncio.run(keyed.audit_log.list_entries(None))] == ["T2"]
        assert (check(keyed).fault, check(keyed).sealed) == (None, 2)
        with pytest.raises(OtherTeamRefused):
            add_from("T1", keyed)
    assert (check(keyed).fault, check(keyed).sealed) == (None, 2)


def add_from(team: str, store: Store) -> None:
    store.database.write(lambda db: store.audit_log.add_in_transaction(db, AuditAction(team, "U2", "added", "c")))


def test_an_entry_of_a_transaction_that_fails_is_not_added(keyed: Store) -> None:
    def work(db: Connection) -> None:
        keyed.audit_log.add_in_transaction(db, AuditAction("T1", "U1", "added", "a"))
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        keyed.database.write(work)
    add(keyed, "b")
    assert (check(keyed).fault, check(keyed).sealed) == (None, 1)


def test_uninstalling_keeps_the_entries(keyed: Store) -> None:
    add(keyed, "a")
    asyncio.run(keyed.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", keyed.clock()))
    report = check(keyed)
    assert (report.fault, report.sealed) == (None, 2)


def test_a_restore_never_takes_entries_away(keyed: Store, address: str, clock: Clock, tmp_path: Path) -> None:
    """Only a database without entries gets those of the backup."""
    add(keyed, "a")
    write_backup(address, tmp_path / "b.db", external_tables=BOT_TABLES)
    add(keyed, "b")
    restore_backup(address, tmp_path / "b.db", external_tables=BOT_TABLES, replace=True)
    add(keyed, "c")
    assert (check(keyed).fault, check(keyed).sealed) == (None, 3)
    other_address = f"sqlite:///{tmp_path}/other.db"
    restore_backup(other_address, tmp_path / "b.db", external_tables=BOT_TABLES)
    with closing(open_store(other_address, RateLimit(20), clock, KEYS)) as other:
        assert (check(other).fault, check(other).sealed) == (None, 1)
        with pytest.raises(DatabaseUnavailable):
            other.database.write(lambda db: db.execute(delete(audit)))
