"""The mails to send: added with the content of a run, claimed with a lease, and finished once.

Rule: a mail's text is frozen in the transaction that saves the run's content. SMTP has no history to look up: a mail
whose sender ended after the text began is "unknown", and is never sent again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from bot.core.logs import get_logger
from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.model import ClaimedMail, MailKind, MailState, Recipient, RecipientState
from bot.digests.mail.recipients import add_mail, list_confirmed
from bot.storage.database import Database
from bot.storage.schema import digest_mail_recipients, digest_mails, digest_notices, digests, mail_sends
from bot.storage.team_scope import see_all_teams

#: mails of digests in a day: to one address, and of one workspace
MAX_PER_ADDRESS, MAX_PER_TEAM = 30, 2_000
#: no attempt begins later than this after the digest was due
GRACE_PERIOD = timedelta(hours=2)
#: longer than one attempt with all its timeouts
LEASE = timedelta(minutes=4)
_FIRST_WAIT, _MAX_WAIT = timedelta(seconds=30), timedelta(minutes=10)
_DAY, _RETENTION = timedelta(days=1), timedelta(days=8)
_REFUSAL_REASON = "Its mail server doesn't accept it"

table, columns = digest_mails, digest_mails.c
#: returns the frozen mail of a run for a recipient
ComposeDigest = Callable[[Recipient], str]


def add_digest_mails(db: Connection, digest: int, due_at: datetime, compose: ComposeDigest, now: datetime) -> None:
    """Add the mails of a run for everyone who confirmed, in the transaction that saves its content."""
    for recipient in list_confirmed(db, digest):
        since = now - _DAY
        kind = mail_sends.c.kind == MailKind.DIGEST.value
        with see_all_teams(db, "an address gets a few mails a day, whichever teams send them"):
            address_count, team_count = (
                db.execute(select(func.count()).select_from(mail_sends).where(kind, condition, mail_sends.c.at > since))
                for condition in (
                    mail_sends.c.key == recipient.address.mailbox_key,
                    mail_sends.c.team == recipient.team,
                )
            )
        if address_count.scalar_one() < MAX_PER_ADDRESS and team_count.scalar_one() < MAX_PER_TEAM:
            add_mail(db, recipient, MailKind.DIGEST, due_at, compose(recipient), now, GRACE_PERIOD)
        else:
            get_logger().warning("mail over daily limit", team=recipient.team, digest=digest)


class MailOutbox:
    """Repository of the table `digest_mails`. Every call blocks and can raise DatabaseUnavailable.

    A call that changes a claimed mail returns False if another process has claimed it since.
    """

    def __init__(self, database: Database, lease: timedelta = LEASE, first_wait: timedelta = _FIRST_WAIT) -> None:
        self._database = database
        self._lease = lease
        self._first_wait = first_wait

    def claim(self, now: datetime, holder: str, limit: int) -> list[ClaimedMail]:
        """Claim the mails that are due, oldest first."""
        return self._database.write(lambda db: self._claim(db, now, holder, limit))

    def begin(self, mail: ClaimedMail, now: datetime) -> bool:
        """Record that the text is sent next."""
        values = {"state": MailState.SENDING.value, "next_try": now + self._lease}
        return self._database.write(lambda db: _update(db, mail, values))

    def postpone(self, mail: ClaimedMail, now: datetime, reason: str) -> bool:
        """Release the mail for another attempt, later each time; or fail it after the deadline."""
        wait = min(self._first_wait * (1 << min(mail.attempts - 1, 10)), _MAX_WAIT)
        if now + wait > mail.deadline:
            return self.finish(mail, MailState.FAILED, reason, now)
        values = {"state": MailState.WAITING.value, "next_try": now + wait, "holder": None, "why": reason}
        return self._database.write(lambda db: _update(db, mail, values))

    def finish(self, mail: ClaimedMail, state: MailState, reason: str | None, now: datetime) -> bool:
        """Record the final state, and tell the owner of the digest once for each run about what was not sent."""

        def work(db: Connection) -> bool:
            is_first = not db.execute(
                select(columns.digest).where(
                    columns.digest == mail.digest,
                    columns.due == mail.due_at,
                    columns.state.in_((MailState.FAILED.value, MailState.UNKNOWN.value)),
                )
            ).first()
            if not _update(db, mail, _build_final_values(state, reason)):
                return False
            if is_first and state in (MailState.FAILED, MailState.UNKNOWN):
                _notify(db, mail, _describe_failure(mail, state, reason or ""), now)
            return True

        return self._database.write(work)

    def refuse(self, mail: ClaimedMail, now: datetime) -> bool:
        """Record a final refusal. The address gets nothing else, and the owner gets one notice."""

        def work(db: Connection) -> bool:
            if not _update(db, mail, _build_final_values(MailState.FAILED, _REFUSAL_REASON)):
                return False
            recipients = digest_mail_recipients
            condition = (recipients.c.id == mail.recipient) & (recipients.c.state != RecipientState.REJECTION.value)
            values = {"state": RecipientState.REJECTION.value}
            if db.execute(update(recipients).where(condition).values(values)).rowcount:
                text = f"{_REFUSAL_REASON}, so nothing more is sent to {mail.address.masked}. Check the address"
                _notify(db, mail, text, now)
            return True

        return self._database.write(work)

    def prune(self, now: datetime) -> None:
        """Delete old mails and counts."""

        def work(db: Connection) -> None:
            db.execute(delete(table).where(columns.next_try.is_(None), columns.due < now - _RETENTION))
            db.execute(delete(mail_sends).where(mail_sends.c.at < now - _RETENTION))

        self._database.write(work)

    def _claim(self, db: Connection, now: datetime, holder: str, limit: int) -> list[ClaimedMail]:
        recipients = digest_mail_recipients
        statement = (
            select(table, recipients.c.address)
            .join(recipients, recipients.c.id == columns.recipient)
            .where(columns.next_try <= now)
            .order_by(columns.next_try, columns.digest, columns.recipient)
            .limit(limit)
            .with_for_update(of=table, skip_locked=True)
        )
        mails = []
        for row in db.execute(statement).mappings().all():
            mail = ClaimedMail(
                row["digest"],
                row["due"],
                row["recipient"],
                MailKind(row["kind"]),
                row["team"],
                MailAddress(row["address"]),
                row["message"] or "",
                row["state"] == MailState.SENDING.value,
                row["attempts"] + 1,
                row["deadline"],
                holder,
            )
            values = {"holder": holder, "next_try": now + self._lease, "attempts": mail.attempts}
            db.execute(update(table).where(*_match(mail)).values(values))
            mails.append(mail)
        return mails


def _match(mail: ClaimedMail) -> tuple[ColumnElement[bool], ...]:
    return (
        columns.digest == mail.digest,
        columns.due == mail.due_at,
        columns.recipient == mail.recipient,
        columns.kind == mail.kind.value,
    )


def _update(db: Connection, mail: ClaimedMail, values: dict[str, object]) -> bool:
    condition = (*_match(mail), columns.holder == mail.holder, columns.next_try.is_not(None))
    return db.execute(update(table).where(*condition).values(values)).rowcount == 1


def _build_final_values(state: MailState, reason: str | None) -> dict[str, object]:
    return {"state": state.value, "why": reason, "next_try": None, "holder": None, "message": None}


def _describe_failure(mail: ClaimedMail, state: MailState, reason: str) -> str:
    if state is MailState.UNKNOWN:
        return (
            f"we couldn't confirm that the e-mail to {mail.address.masked} arrived. It isn't sent again, because it "
            "would arrive twice"
        )
    # the reason ends with a period, and so does the notice
    return f"the e-mail to {mail.address.masked} wasn't sent. {reason.removesuffix('.')}"


def _notify(db: Connection, mail: ClaimedMail, text: str, now: datetime) -> None:
    """Add a notice for the owner of the digest."""
    digest = db.execute(select(digests).where(digests.c.id == mail.digest)).one_or_none()
    if digest is None:
        return
    sentence = f"Digest {digest.number} in <#{digest.channel}>: {text}."
    row = {"team": digest.team, "person": f"{digest.owner} {digest.channel}", "text": sentence, "at": now}
    db.execute(insert(digest_notices).values(row | {"next_try": now, "attempts": 0}))
