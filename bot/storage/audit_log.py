"""The audit log: who added, removed, scheduled, shared, installed or removed what.

Rule: entries are added and read, never changed (`audit_chain` shows it). A detail never contains a token or the text
of a question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from bot.core.encryption.keys import KeyRing
from bot.core.log_sink.redaction import Redaction
from bot.core.logs import get_logger
from bot.storage.database import Database
from bot.storage.protection.audit_chain import ChainReport, append_entry, check_chain, get_head_key
from bot.storage.schema import audit
from bot.storage.team_scope import see_all_teams
from briefings import BadSettings

#: an entry stays for good and outlives its workspace, so the address of a feed must not keep its token here
_REDACTION = Redaction()
#: most entries that one call returns
MAX_ENTRIES = 1_000

Detail = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditAction:
    """An action to log: `action` is a verb in the past tense ("added", "shared"), `subject` is its object."""

    team: str
    #: None if Slack caused the action
    person: str | None
    action: str
    subject: str
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A stored action and its time (UTC)."""

    at: datetime
    action: AuditAction


class AuditLog:
    """Repository of the table `audit`. `clock` returns the time with its zone. Calls may raise DatabaseUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime], keys: KeyRing | None = None) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def add(self, action: AuditAction) -> None:
        """Add an entry, and write it to the program's log."""
        await self._database.write_async(lambda db: self.add_in_transaction(db, action))
        log_action(action)

    def add_in_transaction(self, db: Connection, action: AuditAction) -> None:
        """Add an entry in the transaction of the action itself. After the commit, call `log_action`."""
        subject = _REDACTION.redact(action.subject)
        detail = {
            name: _REDACTION.redact(value) if isinstance(value, str) else value for name, value in action.detail.items()
        }
        values = {"team": action.team, "person": action.person, "action": action.action, "subject": subject}
        append_entry(db, {"at": self._clock(), "detail": detail, **values}, self._keys)

    async def list_entries(
        self, team: str | None, limit: int = 100, since: datetime | None = None
    ) -> tuple[AuditEntry, ...]:
        """Return the entries of a team, or of all teams and the terminal, newest first."""
        statement = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc())
        if team is not None:
            statement = statement.where(audit.c.team == team)
        if since is not None:
            statement = statement.where(audit.c.at >= since)
        rows = await self._database.read_async(lambda db: db.execute(statement.limit(min(limit, MAX_ENTRIES))).all())
        return tuple(
            AuditEntry(row.at, AuditAction(row.team, row.person, row.action, row.subject, row.detail)) for row in rows
        )

    def get_key_id(self) -> str | None:
        """Return the id of the key that sealed the newest entry: "" for none, None if no entry has a seal. Blocks."""
        return self._database.read(get_head_key)

    def check_key(self) -> None:
        """Raise BadSettings if the key that sealed the newest entry is missing. Blocks."""
        key_id = self.get_key_id()
        if key_id and not (self._keys and key_id in self._keys.ids):
            raise BadSettings(
                f"The audit log needs the key {key_id}, which is missing. Restore the key file, or add the key to "
                "ENCRYPTION_KEYS. If it is lost, run: ontherecord keys rotate"
            )

    def check(self, earlier_seal: str | None = None) -> ChainReport:
        """Check that no entry was changed, added, moved or deleted, and that `earlier_seal` is there. Blocks."""

        def check(db: Connection) -> ChainReport:
            with see_all_teams(db, "the chain links the entries of all teams"):
                return check_chain(db, self._keys, earlier_seal)

        return self._database.read(check)


def log_action(action: AuditAction) -> None:
    """Write a completed action to the program's log."""
    detail = dict(action.detail)
    get_logger().info(
        "audit", team=action.team, person=action.person, action=action.action, subject=action.subject, detail=detail
    )
