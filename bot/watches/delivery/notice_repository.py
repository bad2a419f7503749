"""Claims the messages of watches that are due, and stores the outcome.

Rule: one replica has a message while its lease lasts. If another replica has claimed it since, writes of the first one
are refused. The caller passes the time; the database's clock is never used.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    or_,
    select,
    tuple_,
    update,
)

from bot.delivery.owner_notices import Notice as OwnerNotice
from bot.delivery.owner_notices import NoticeSubject, store_notice
from bot.delivery.slack_errors import RetryPolicy
from bot.slack.blocks.message import Message
from bot.slack.blocks.stored_messages import deserialize_message
from bot.storage.audit_log import AuditAction, AuditLog, Detail
from bot.storage.database import Database
from bot.storage.schema import watch_matches, watches
from bot.watches.delivery.channel_settings import read_all_settings, read_settings
from bot.watches.delivery.matching.recorder import find_or_add_summary, write_summary
from bot.watches.delivery.notice_rows import (
    build_notice,
    lock_matches,
    notice_columns,
    notice_table,
)
from bot.watches.delivery.watch_repository import build_watch, bump_version, find_notice_watches
from bot.watches.model import ChannelWatch, Notice, NoticeKind, NoticeState, WatchState

#: how long matches and finished messages are kept
_RETENTION = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """A message to post, and the number of its version."""

    message: Message
    version: int


@dataclass(frozen=True, slots=True)
class NoticeClaim:
    """A claimed message, with what its delivery needs to know."""

    notice: Notice
    holder: str
    #: None for a summary whose content is written at its first attempt
    message: Message | None
    #: None for a summary
    watch: ChannelWatch | None
    #: ts of the message whose thread it belongs to
    parent_ts: str | None
    claimed_at: datetime
    #: it can be posted at once: that it may be posted is already noted
    is_prepared: bool = False


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A claimed message that was posted or edited: its ts, and the version of its content."""

    claim: NoticeClaim
    ts: str
    version: int
    #: why the newest version could not be posted
    reason: str | None = None


class NoticeRepository:
    """The messages of watches. Every call blocks and can raise DatabaseUnavailable.

    A call that writes to a claim returns False if another replica has claimed the message since.
    """

    def __init__(self, database: Database, audit_log: AuditLog, policy: RetryPolicy) -> None:
        self._database = database
        self._audit_log = audit_log
        self._policy = policy

    def claim_due(self, now: datetime, holder: str, limit: int) -> list[NoticeClaim]:
        """Claim messages that are due, oldest first, at most `limit`. A gathered one waits for its parent."""
        return self._database.write(lambda db: self._claim_due(db, now, holder, limit))

    def prepare(self, claim: NoticeClaim, now: datetime) -> PreparedMessage | None:
        """Return the message to post, after noting that it may now be posted.

        In quiet hours a match goes into the summary instead, and other messages wait. Returns None then, for a lost
        lease, and if nothing is left to post.
        """
        return self._database.write(lambda db: self._prepare(db, claim, now))

    def renew_lease(self, claim: NoticeClaim, now: datetime) -> bool:
        """Renew the lease."""
        values = {"lease_until": now + self._policy.lease_duration}
        return self._database.write(lambda db: _update_claimed(db, claim, values))

    def mark_all_posted(self, messages: Sequence[PostedMessage], now: datetime) -> None:
        """Record that versions of messages are posted. If there is a later version, it can be claimed at once.

        A message that another replica has claimed since is left to it.
        """
        rows = [
            {
                "claimed_id": message.claim.notice.id,
                "claim_holder": message.claim.holder,
                "ts": message.ts,
                "version": message.version,
                "reason": message.reason,
            }
            for message in messages
        ]
        is_current = notice_columns.content_version <= bindparam("version", type_=Integer)
        values = {
            "message_ts": bindparam("ts", type_=Text),
            "posted_version": bindparam("version", type_=Integer),
            "why": bindparam("reason", type_=Text),
            "holder": None,
            "attempts": 0,
            "state": case((is_current, NoticeState.DELIVERED.value), else_=NoticeState.WAITING.value),
            "lease_until": case((is_current, None), else_=now),
        }
        is_claimed = (notice_columns.id == bindparam("claimed_id")) & (
            notice_columns.holder == bindparam("claim_holder")
        )
        statement = update(notice_table).where(is_claimed, notice_columns.lease_until.is_not(None)).values(values)
        self._database.write(lambda db: db.execute(statement, rows))

    def release(self, claims: Sequence[NoticeClaim], now: datetime) -> None:
        """Release messages whose delivery has not started, as if they had not been claimed."""

        def work(db: Connection) -> None:
            for claim in claims:
                values: dict[str, Any] = {"lease_until": now, "holder": None, "state": NoticeState.WAITING.value}
                values |= {"tried_at": claim.notice.tried_at, "attempts": claim.notice.attempts - 1}
                _update_claimed(db, claim, values)

        self._database.write(work)

    def postpone(self, claim: NoticeClaim, retry_at: datetime, reason: str | None) -> bool:
        """Release the message for another attempt after `retry_at`."""
        values = {"lease_until": retry_at, "holder": None, "why": reason, "state": NoticeState.WAITING.value}
        return self._database.write(lambda db: _update_claimed(db, claim, values))

    def finish(
        self, claim: NoticeClaim, state: NoticeState, reason: str | None, owner_notice: str | None, now: datetime
    ) -> bool:
        """Record the final state. `owner_notice` is a sentence for the owner."""
        return self._database.write(lambda db: self._finish(db, claim, state, reason, owner_notice, now))

    def fail_and_pause(self, claim: NoticeClaim, reason: str, code: str, now: datetime, *, channel_only: bool) -> bool:
        """Fail the message, pause the watches of its channel or team, and notify their owners."""

        def work(db: Connection) -> bool:
            if not self._finish(db, claim, NoticeState.FAILED, f"{reason}.", None, now):
                return False
            team, channel = claim.notice.team, claim.notice.channel
            condition = (watches.c.team == team) & (watches.c.state == WatchState.ACTIVE.value)
            condition &= watches.c.channel == channel if channel_only else True
            values = {"state": WatchState.PAUSED.value, "why": f"{reason}.", "version": bump_version(db)}
            rows = db.execute(update(watches).where(condition).values(values).returning(watches)).mappings().all()
            paused_watches = sorted(map(build_watch, rows), key=lambda watch: (watch.config.channel, watch.number))
            for watch in paused_watches:
                detail: Detail = {"channel": watch.config.channel, "number": watch.number, "code": code}
                self._audit_log.add_in_transaction(db, AuditAction(team, None, "paused", f"watch {watch.id}", detail))
            for owner in sorted({watch.config.owner for watch in paused_watches}):
                owner_watches = [watch for watch in paused_watches if watch.config.owner == owner]
                next_step = f"{reason}, then type /watch resume {owner_watches[0].number} there."
                _notify(db, owner_watches[0], _format_pause_notice(owner_watches, next_step), now)
            return True

        return self._database.write(work)

    def notify_owner(self, watch: ChannelWatch, text: str, now: datetime) -> None:
        """Store a notice for the owner, or for the channel and the admins if the owner cannot be reached."""
        self._database.write(lambda db: _notify(db, watch, text, now))

    def delete_old(self, now: datetime) -> None:
        """Delete messages and matches that are over 90 days old."""

        def work(db: Connection) -> None:
            db.execute(delete(watch_matches).where(watch_matches.c.at < now - _RETENTION))
            is_old = notice_columns.created_at < now - _RETENTION
            db.execute(delete(notice_table).where(is_old, notice_columns.lease_until.is_(None)))

        self._database.write(work)

    def _claim_due(self, db: Connection, now: datetime, holder: str, limit: int) -> list[NoticeClaim]:
        parent = notice_table.alias("parent")
        is_ready = or_(
            notice_columns.parent.is_(None), parent.c.message_ts.is_not(None), parent.c.lease_until.is_(None)
        )
        statement = (
            select(notice_columns.id, notice_columns.team, notice_columns.channel)
            .outerjoin(parent, parent.c.id == notice_columns.parent)
            .where(notice_columns.due <= now, self._build_unleased_condition(now), is_ready)
            .order_by(notice_columns.due, notice_columns.id)
            .where(tuple_(notice_columns.team, notice_columns.channel).not_in(self._select_busy_channels(now)))
            .limit(4 * limit)
            .with_for_update(of=notice_table, skip_locked=True)
        )
        # one message a channel: Slack accepts one a second, and others need not wait for it
        id_by_channel: dict[tuple[str, str], int] = {}
        for row in db.execute(statement):
            id_by_channel.setdefault((row.team, row.channel), row.id)
        ids = list(id_by_channel.values())[:limit]
        if not ids:
            return []
        lease = {"holder": holder, "lease_until": now + self._policy.lease_duration}
        values = lease | {"state": NoticeState.CLAIMED.value, "attempts": notice_columns.attempts + 1}
        claimed = update(notice_table).where(notice_columns.id.in_(ids)).values(values).returning(notice_table)
        rows = sorted(db.execute(claimed).mappings().all(), key=lambda row: (row["due"], row["id"]))
        watch_by_notice = find_notice_watches(db, rows)
        parent_ids = {row["parent"] for row in rows if row["parent"] is not None}
        parents = db.execute(select(notice_table).where(notice_columns.id.in_(parent_ids))).mappings()
        ts_by_parent = {row["id"]: row["message_ts"] for row in parents}
        claims = [
            NoticeClaim(
                build_notice(row),
                holder,
                row["content"] and deserialize_message(row["content"]),
                watch_by_notice.get(row["id"]),
                ts_by_parent.get(row["parent"]),
                now,
            )
            for row in rows
        ]
        return _prepare_matches(db, claims, now)

    def _select_busy_channels(self, now: datetime) -> Select[tuple[str, str]]:
        """Select the channels in which a message is being posted."""
        lease_until = notice_columns.lease_until
        is_leased = (lease_until > now) & (lease_until <= now + 2 * self._policy.lease_duration)
        return select(notice_columns.team, notice_columns.channel).where(notice_columns.holder.is_not(None), is_leased)

    def _build_unleased_condition(self, now: datetime) -> ColumnElement[bool]:
        lease_until = notice_columns.lease_until
        # a lease further ahead than any real one comes from a wrong clock
        is_free = or_(lease_until <= now, lease_until > now + 2 * self._policy.lease_duration)
        return and_(lease_until.is_not(None), is_free)

    def _prepare(self, db: Connection, claim: NoticeClaim, now: datetime) -> PreparedMessage | None:
        notice = claim.notice
        lock_matches(db)
        place = (notice.team, notice.channel)
        settings = read_settings(db, *place)
        quiet_until = settings.find_quiet_end(now)
        if quiet_until and notice.kind is NoticeKind.MATCH:
            self._fold_into_summary(db, claim, now, quiet_until)
            return None
        if quiet_until:
            values = {"lease_until": now, "holder": None, "state": NoticeState.WAITING.value, "due": quiet_until}
            _update_claimed(db, claim, values)
            return None
        if notice.kind is NoticeKind.SUMMARY and not write_summary(db, notice.id, now):
            self._finish(db, claim, NoticeState.SKIPPED, "All of its watches are paused or stopped.", None, now)
            return None
        values = {"tried_at": now, "lease_until": now + self._policy.lease_duration}
        if not _update_claimed(db, claim, values):
            return None
        row = db.execute(select(notice_table).where(notice_columns.id == notice.id)).mappings().one()
        return PreparedMessage(deserialize_message(row["content"]), row["content_version"])

    def _fold_into_summary(self, db: Connection, claim: NoticeClaim, now: datetime, quiet_until: datetime) -> None:
        notice = claim.notice
        if not self._finish(db, claim, NoticeState.SKIPPED, "It is in the summary after quiet hours.", None, now):
            return
        summary = find_or_add_summary(db, (notice.team, notice.channel), now, quiet_until)
        report_ids = select(notice_columns.id).where(notice_columns.parent == notice.id)
        is_moved = or_(watch_matches.c.notice == notice.id, watch_matches.c.notice.in_(report_ids))
        db.execute(update(watch_matches).where(is_moved).values(notice=summary))
        skipped = {"state": NoticeState.SKIPPED.value, "lease_until": None, "holder": None}
        db.execute(update(notice_table).where(notice_columns.parent == notice.id).values(skipped))
        write_summary(db, summary, now)

    def _finish(
        self,
        db: Connection,
        claim: NoticeClaim,
        state: NoticeState,
        reason: str | None,
        owner_notice: str | None,
        now: datetime,
    ) -> bool:
        values = {"state": state.value, "why": reason, "lease_until": None, "holder": None}
        if not _update_claimed(db, claim, values):
            return False
        if owner_notice and claim.watch:
            _notify(db, claim.watch, owner_notice, now)
        return True


def _prepare_matches(db: Connection, claims: Sequence[NoticeClaim], now: datetime) -> list[NoticeClaim]:
    """Prepare the first attempts for matches together, as `NoticeRepository.prepare` does for other messages."""
    settings_by_place = read_all_settings(db, {(claim.notice.team, claim.notice.channel) for claim in claims})
    prepared_ids = {
        claim.notice.id
        for claim in claims
        if claim.notice.kind is NoticeKind.MATCH
        and claim.notice.tried_at is None
        and claim.watch is not None
        and claim.watch.is_active
        and settings_by_place[claim.notice.team, claim.notice.channel].find_quiet_end(now) is None
    }
    if prepared_ids:
        db.execute(update(notice_table).where(notice_columns.id.in_(prepared_ids)).values(tried_at=now))
    return [replace(claim, is_prepared=claim.notice.id in prepared_ids) for claim in claims]


def _update_claimed(db: Connection, claim: NoticeClaim, values: dict[str, Any]) -> bool:
    condition = (notice_columns.id == claim.notice.id) & (notice_columns.holder == claim.holder)
    statement = update(notice_table).where(condition, notice_columns.lease_until.is_not(None)).values(values)
    return db.execute(statement).rowcount == 1


def _notify(db: Connection, watch: ChannelWatch, text: str, now: datetime) -> None:
    config = watch.config
    recipients = (config.owner, config.channel)
    store_notice(db, OwnerNotice(config.team, recipients, text, now, 0, NoticeSubject.WATCH), now)


def _format_pause_notice(paused_watches: Sequence[ChannelWatch], next_step: str) -> str:
    watch_list = ", ".join(f"{watch.number} in <#{watch.config.channel}>" for watch in paused_watches[:20])
    more_note = f" and {len(paused_watches) - 20} more" if len(paused_watches) > 20 else ""
    noun, verb = ("Watch", "is") if len(paused_watches) == 1 else ("Watches", "are")
    return f"{noun} {watch_list}{more_note} {verb} paused. {next_step}"
