"""The chain of the audit log: each entry has a seal over itself and the entry before it.

Rule: a seal is an HMAC with a key that is not in the database, so that no one who can only write into the database can
change, insert, reorder or delete an entry unnoticed. The head, one row, proves the count and the last seal: it shows
that entries were cut off at the end. A head that was changed is never mended, so that later entries don't hide it.
Without a key, the seals are plain hashes. They show mistakes, but not attacks.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.encryption.keys import KeyRing
from bot.core.tenancy import OtherTeamRefused, may_see
from bot.storage.database import build_insert
from bot.storage.schema import audit, audit_head
from bot.storage.team_scope import see_all_teams

_PURPOSE = "audit log"
#: the seal before the first entry, if there are no older entries without seals
_START = ""
#: the proof of a head that was changed
_INVALID_PROOF = "broken"
#: entries that are read at once
_PAGE = 1_000
_FIELDS = ("at", "team", "person", "action", "subject", "detail")
_HEAD_CHANGED = "The head of the audit log was changed, so entries at the end may be missing."


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check found: counts of entries with a valid seal, and of older ones that were never sealed."""

    sealed: int
    unsealed: int
    #: entries whose seal was made without a key
    unkeyed: int
    #: the last seal, to be kept elsewhere and compared later
    last_seal: str
    #: what is wrong, as a sentence; None if nothing is
    fault: str | None


def append_entry(db: Connection, values: Mapping[str, Any], keys: KeyRing | None) -> None:
    """Add an entry at the end of the chain, in the caller's transaction. Other writers wait for its end.

    Raises OtherTeamRefused for an entry of another team than the current one.
    """
    if not may_see(values["team"]):
        raise OtherTeamRefused("an entry of the audit log was refused")
    with see_all_teams(db, "the chain links the entries of all teams"):
        _append(db, values, keys)


def _append(db: Connection, values: Mapping[str, Any], keys: KeyRing | None) -> None:
    key_id = keys.ids[0] if keys else ""
    head = db.execute(select(audit_head).with_for_update()).one_or_none()
    if head is None:
        head = _create_head(db, keys, key_id)
    seal = _seal(values, head.seal, keys, key_id)
    is_head_valid = _is_proven(head, keys) and not (keys and _hides_keyed_entry(db, head))
    db.execute(insert(audit).values(**values, seal=seal, key_id=key_id))
    count = head.entry_count + 1
    proof = _prove(count, seal, keys, key_id) if is_head_valid else _INVALID_PROOF
    db.execute(update(audit_head).values(entry_count=count, seal=seal, key_id=key_id, proof=proof))


def get_head_key(db: Connection) -> str | None:
    """Return the id of the key that sealed the newest entry: "" for none, None if no entry has a seal."""
    key_id: str | None = db.execute(select(audit_head.c.key_id)).scalar()
    return key_id


def check_chain(db: Connection, keys: KeyRing | None, earlier_seal: str | None = None) -> ChainReport:
    """Check every entry and the head; stop at the first fault. `earlier_seal` must be the seal of an entry.

    Call it where all teams are visible: to one team, the entries of the others look deleted.
    """
    walk = _Walk(keys)
    fault = None
    while fault is None:
        rows = db.execute(select(audit).where(audit.c.id > walk.last_id).order_by(audit.c.id).limit(_PAGE)).all()
        fault = walk.check(rows)
        if fault or len(rows) == _PAGE:
            continue
        head = db.execute(select(audit_head)).one_or_none()
        if not db.execute(select(audit.c.id).where(audit.c.id > walk.last_id).limit(1)).first():
            fault = fault or _find_head_fault(head, walk, keys)
            break
    if not fault and earlier_seal and not db.execute(select(audit.c.id).where(audit.c.seal == earlier_seal)).first():
        fault = "No entry has that seal: entries were deleted, or this is another database."
    return ChainReport(walk.sealed, walk.unsealed, walk.unkeyed, walk.last_seal, fault)


class _Walk:
    """Checks entries in their order, and counts them."""

    def __init__(self, keys: KeyRing | None) -> None:
        self._keys = keys
        self.sealed = self.unsealed = self.unkeyed = self.last_id = 0
        self.last_seal = _START

    def check(self, rows: Sequence[Row[Any]]) -> str | None:
        """Check the next entries; return the first fault, or None."""
        for row in rows:
            if row.seal is None and not self.sealed:
                self.unsealed += 1
                self.last_seal = _hash_unsealed(row, self.last_seal)
            else:
                if fault := self._find_fault(row):
                    return fault
                self.sealed += 1
                self.unkeyed += not row.key_id
                self.last_seal = row.seal
            self.last_id = row.id
        return None

    def _find_fault(self, row: Row[Any]) -> str | None:
        place = f"Entry {row.id} of {row.at:%Y-%m-%d %H:%M} UTC"
        if row.seal is None:
            return f"{place} has no seal: an older version of the bot or another program added it."
        if row.key_id and not _has_key(self._keys, row.key_id):
            return f"{place} needs the key {row.key_id}, which is missing. Add it to ENCRYPTION_KEYS or the key file."
        seal = _seal({name: getattr(row, name) for name in _FIELDS}, self.last_seal, self._keys, row.key_id or "")
        if not hmac.compare_digest((row.seal or "").encode(), seal.encode()):
            return f"{place} was changed, or an entry before it was added, moved or deleted."
        if not row.key_id and self.sealed > self.unkeyed:
            return f"{place} was added without a key, although older entries are sealed with one."
        return None


def _find_head_fault(head: Row[Any] | None, walk: _Walk, keys: KeyRing | None) -> str | None:
    if head is None and walk.sealed:
        return "The head of the audit log is missing."
    if keys and (walk.sealed or walk.unsealed) and not (head and head.key_id):
        return (
            "The end of the audit log is not sealed with a key. If the key is new, run: ontherecord keys rotate. "
            "Otherwise the entries were replaced."
        )
    if head is None:
        return None
    if head.key_id and not _has_key(keys, head.key_id):
        return f"The head of the audit log needs the key {head.key_id}, which is missing."
    if not _is_proven(head, keys):
        return _HEAD_CHANGED
    if head.entry_count != walk.sealed or head.seal != walk.last_seal:
        return f"Entries are missing at the end: the audit log had {head.entry_count:,}, and {walk.sealed:,} are left."
    return None


def _create_head(db: Connection, keys: KeyRing | None, key_id: str) -> Row[Any]:
    """Create the head, over the older entries that have no seals; wait for another writer that is creating it."""
    seal = _START
    for row in db.execute(select(audit).where(audit.c.seal.is_(None)).order_by(audit.c.id)):
        seal = _hash_unsealed(row, seal)
    values = {"id": 1, "entry_count": 0, "seal": seal, "key_id": key_id, "proof": _prove(0, seal, keys, key_id)}
    db.execute(build_insert(db, audit_head).values(values).on_conflict_do_nothing())
    return db.execute(select(audit_head).with_for_update()).one()


def _hides_keyed_entry(db: Connection, head: Row[Any]) -> bool:
    """Tell whether the newest entry is sealed with a key, and the head is not: someone without the key changed it."""
    if head.key_id:
        return False
    return bool(db.execute(select(audit.c.key_id).order_by(audit.c.id.desc()).limit(1)).scalar())


def _is_proven(head: Row[Any], keys: KeyRing | None) -> bool:
    if head.key_id and not _has_key(keys, head.key_id):
        return False
    return hmac.compare_digest(head.proof.encode(), _prove(head.entry_count, head.seal, keys, head.key_id).encode())


def _has_key(keys: KeyRing | None, key_id: str) -> bool:
    return keys is not None and key_id in keys.ids


def _seal(values: Mapping[str, Any], last_seal: str, keys: KeyRing | None, key_id: str) -> str:
    """Return the seal of an entry: 64 hexadecimal digits."""
    return _sign(_format_entry(values, last_seal), keys, key_id)


def _hash_unsealed(row: Row[Any], last_seal: str) -> str:
    return _sign(_format_entry({name: getattr(row, name) for name in _FIELDS}, last_seal), None, "")


def _format_entry(values: Mapping[str, Any], last_seal: str) -> str:
    at: datetime = values["at"]
    words = (values[name] for name in ("team", "person", "action", "subject"))
    fields = [last_seal, at.astimezone(UTC).isoformat(timespec="microseconds"), *words, dict(values["detail"])]
    return json.dumps(fields, sort_keys=True, ensure_ascii=True)


def _prove(count: int, seal: str, keys: KeyRing | None, key_id: str) -> str:
    return _sign(json.dumps(["head", count, seal]), keys, key_id)


def _sign(text: str, keys: KeyRing | None, key_id: str) -> str:
    key = keys.find_derived(key_id, _PURPOSE) if keys and key_id else None
    if key is None:
        return hashlib.sha256(text.encode()).hexdigest()
    return hmac.digest(key, text.encode(), "sha256").hex()
