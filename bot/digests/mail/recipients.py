"""Stores the addresses of digests: added, confirmed, removed.

Rule: an address gets one mail that asks it to confirm, and nothing else until it does. A removed address is deleted,
with its mails that wait. Neither the audit log nor the program's log has an address.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from bot.core.tenancy import use_all_teams
from bot.digests.mail.addresses import MAX_ADDRESSES, MailAddress
from bot.digests.mail.links import RecipientReference
from bot.digests.mail.model import MailKind, MailState, Recipient, RecipientState
from bot.digests.model import Digest
from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.database import Database
from bot.storage.schema import digest_mail_recipients, digest_mails, mail_sends
from bot.storage.team_scope import see_all_teams
from briefings import BadQuestion

#: mails that ask to confirm: to one address in a week, and of one workspace in a day
MAX_REQUESTS_PER_ADDRESS, MAX_REQUESTS_PER_TEAM = 3, 50
_ADDRESS_PERIOD, _TEAM_PERIOD = timedelta(days=7), timedelta(days=1)
#: a second request to the same address, for the same digest, comes at the earliest after this time
_REPEAT_AFTER = timedelta(hours=12)
#: how long the attempts to send a request go on
_REQUEST_LIFETIME = timedelta(hours=12)

_LINK_REASON = "the signed link of a mail names one recipient, who needs no account in Slack"

table, columns = digest_mail_recipients, digest_mail_recipients.c
#: returns the frozen mail that asks a recipient to confirm
ComposeRequest = Callable[[Recipient, datetime], str]


class RecipientRepository:
    """Repository of the table `digest_mail_recipients`. `clock` returns the time."""

    def __init__(self, database: Database, audit_log: AuditLog, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit_log = audit_log
        self._clock = clock

    async def list_recipients(self, digest: int) -> tuple[Recipient, ...]:
        """Return the recipients of a digest, in the order in which they were added."""
        return await self._database.read_async(lambda db: _list_recipients(db, digest))

    async def add(
        self, digest: Digest, addresses: Sequence[MailAddress], person: str, compose: ComposeRequest
    ) -> tuple[MailAddress, ...]:
        """Add addresses, and a mail that asks each new one to confirm. Return those that are asked.

        Raises BadQuestion if there would be too many.
        """
        return await self._database.write_async(lambda db: self._add(db, digest, addresses, person, compose))

    async def remove(self, digest: Digest, addresses: Sequence[MailAddress], person: str) -> int:
        """Delete addresses of a digest. Return their number."""
        condition = (columns.digest == digest.id) & columns.key.in_([address.key for address in addresses])

        def work(db: Connection) -> int:
            count = _delete_recipients(db, condition)
            if count:
                self._add_audit_entry(db, digest.config.team, person, "removed e-mail", digest.id, count)
            return count

        return await self._database.write_async(work)

    async def find(self, reference: RecipientReference) -> Recipient | None:
        """Return the recipient of a link, or None if it was removed."""
        with use_all_teams(_LINK_REASON):
            return await self._database.read_async(lambda db: _find(db, reference))

    async def confirm(self, reference: RecipientReference) -> bool:
        """Let a recipient get the digest. Return False if it was removed. Twice is as once."""

        def work(db: Connection) -> bool:
            recipient = _find(db, reference)
            if recipient is None:
                return False
            condition = (columns.id == recipient.id) & (columns.state != RecipientState.CONFIRMED.value)
            if db.execute(update(table).where(condition).values(state=RecipientState.CONFIRMED.value)).rowcount:
                self._add_audit_entry(db, recipient.team, None, "confirmed e-mail", recipient.digest, 1)
            return True

        with use_all_teams(_LINK_REASON):
            return await self._database.write_async(work)

    async def unsubscribe(self, reference: RecipientReference) -> None:
        """Delete the recipient of a link. Twice is as once."""

        def work(db: Connection) -> None:
            if recipient := _find(db, reference):
                _delete_recipients(db, columns.id == recipient.id)
                self._add_audit_entry(db, recipient.team, None, "unsubscribed e-mail", recipient.digest, 1)

        with use_all_teams(_LINK_REASON):
            await self._database.write_async(work)

    def _add(
        self, db: Connection, digest: Digest, addresses: Sequence[MailAddress], person: str, compose: ComposeRequest
    ) -> tuple[MailAddress, ...]:
        if db.dialect.name == "postgresql":
            db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"mail {digest.config.team}"))))
        now, team = self._clock(), digest.config.team
        recipient_by_key = {recipient.address.key: recipient for recipient in _list_recipients(db, digest.id)}
        new_addresses = [address for address in addresses if address.key not in recipient_by_key]
        if len(recipient_by_key) + len(new_addresses) > MAX_ADDRESSES:
            raise BadQuestion(
                f"A digest can have at most {MAX_ADDRESSES} e-mail addresses; this one has {len(recipient_by_key)}. "
                f"Remove one first, for example: /digest email {digest.number} remove desk@example.com"
            )
        row = {"digest": digest.id, "team": team, "person": person, "added_at": now}
        row["state"] = RecipientState.PENDING.value
        asked_addresses = []
        for address in addresses:
            recipient = recipient_by_key.get(address.key)
            if recipient and recipient.state is RecipientState.CONFIRMED:
                continue
            if recipient is None:
                values = row | {"address": address.text, "key": address.key}
                recipient = _build(db.execute(insert(table).values(values).returning(table)).mappings().one())
            elif recipient.state is RecipientState.REJECTION:
                db.execute(update(table).where(columns.id == recipient.id).values(state=RecipientState.PENDING.value))
            if self._request(db, recipient, compose, now):
                asked_addresses.append(address)
        if new_addresses:
            self._add_audit_entry(db, team, person, "added e-mail", digest.id, len(new_addresses))
        return tuple(asked_addresses)

    def _request(self, db: Connection, recipient: Recipient, compose: ComposeRequest, now: datetime) -> bool:
        """Add the mail that asks to confirm. Return False if this recipient was asked lately. Raises BadQuestion."""
        statement = select(func.max(digest_mails.c.due)).where(
            digest_mails.c.recipient == recipient.id,
            digest_mails.c.kind == MailKind.CONFIRMATION.value,
            digest_mails.c.state != MailState.FAILED.value,
        )
        last_asked_at = db.execute(statement).scalar()
        if last_asked_at and now - last_asked_at < _REPEAT_AFTER:
            return False
        kind = mail_sends.c.kind == MailKind.CONFIRMATION.value
        with see_all_teams(db, "an address is asked a few times a week, whichever teams ask it"):
            key_count = _count(db, kind & (mail_sends.c.key == recipient.address.mailbox_key), now - _ADDRESS_PERIOD)
        if key_count >= MAX_REQUESTS_PER_ADDRESS:
            raise BadQuestion(f"{recipient.address.masked} was asked several times this week. Try again next week.")
        if _count(db, kind & (mail_sends.c.team == recipient.team), now - _TEAM_PERIOD) >= MAX_REQUESTS_PER_TEAM:
            raise BadQuestion("This workspace has added many e-mail addresses today. Try again tomorrow.")
        add_mail(db, recipient, MailKind.CONFIRMATION, now, compose(recipient, now), now, _REQUEST_LIFETIME)
        return True

    def _add_audit_entry(
        self, db: Connection, team: str, person: str | None, action: str, digest: int, count: int
    ) -> None:
        detail = {"addresses": count}
        self._audit_log.add_in_transaction(db, AuditAction(team, person, action, f"digest {digest}", detail))


def add_mail(
    db: Connection,
    recipient: Recipient,
    kind: MailKind,
    due_at: datetime,
    message: str,
    now: datetime,
    lifetime: timedelta,
) -> None:
    """Add a mail to send, and count it. A mail that exists already is left as it is.

    The attempts go on for `lifetime` after `due_at`, and for a quarter of it even if the mail is late.
    """
    key = {"digest": recipient.digest, "due": due_at, "recipient": recipient.id, "kind": kind.value}
    condition = [digest_mails.c[name] == value for name, value in key.items()]
    if db.execute(select(digest_mails.c.digest).where(*condition)).first():
        return
    row = key | {"team": recipient.team, "message": message, "state": MailState.WAITING.value, "attempts": 0}
    db.execute(
        insert(digest_mails).values(row | {"next_try": now, "deadline": max(due_at + lifetime, now + lifetime / 4)})
    )
    count = {"team": recipient.team, "key": recipient.address.mailbox_key, "kind": kind.value, "at": now}
    db.execute(insert(mail_sends).values(count))


def list_confirmed(db: Connection, digest: int) -> tuple[Recipient, ...]:
    """Return the recipients of a digest that confirmed."""
    recipients = _list_recipients(db, digest)
    return tuple(recipient for recipient in recipients if recipient.state is RecipientState.CONFIRMED)


def forget_digest(db: Connection, digest: int) -> None:
    """Delete a digest's addresses and mails, in the given transaction."""
    _delete_recipients(db, columns.digest == digest)
    db.execute(delete(digest_mails).where(digest_mails.c.digest == digest))


def forget_team(db: Connection, team: str) -> None:
    """Delete a team's addresses, mails and counts, in the given transaction."""
    for other_table in (digest_mails, mail_sends, table):
        db.execute(delete(other_table).where(other_table.c.team == team))


def _list_recipients(db: Connection, digest: int) -> tuple[Recipient, ...]:
    statement = select(table).where(columns.digest == digest).order_by(columns.id)
    return tuple(map(_build, db.execute(statement).mappings()))


def _find(db: Connection, reference: RecipientReference) -> Recipient | None:
    statement = select(table).where(
        columns.id == reference.id, columns.digest == reference.digest, columns.key == reference.key
    )
    row = db.execute(statement).mappings().one_or_none()
    return _build(row) if row else None


def _delete_recipients(db: Connection, condition: ColumnElement[bool]) -> int:
    """Delete recipients and their mails. Return the number of recipients."""
    ids = db.execute(delete(table).where(condition).returning(columns.id)).scalars().all()
    if ids:
        db.execute(delete(digest_mails).where(digest_mails.c.recipient.in_(ids)))
    return len(ids)


def _count(db: Connection, condition: ColumnElement[bool], since: datetime) -> int:
    statement = select(func.count()).select_from(mail_sends).where(condition, mail_sends.c.at > since)
    return int(db.execute(statement).scalar_one())


def _build(row: RowMapping) -> Recipient:
    address, state = MailAddress(row["address"]), RecipientState(row["state"])
    return Recipient(row["id"], row["digest"], row["team"], address, state, row["person"], row["added_at"])
