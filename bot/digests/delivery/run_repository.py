"""Stores the runs of digests for the runner: plans, claims and finishes them.

Rule: one replica has a run while its lease lasts. If another replica has claimed the run since, writes of the first
one are refused (`Claim.holder`). The caller passes the time; the database's clock is never used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, case, delete, or_, select, tuple_, update

from bot.delivery.owner_notices import Notice, store_notice
from bot.delivery.slack_errors import RetryPolicy
from bot.digests.delivery.digest_repository import build_digest, build_run, build_waiting_row
from bot.digests.delivery.seen_items import store_items
from bot.digests.model import (
    Content,
    Digest,
    DigestState,
    HistoryItem,
    Run,
    RunState,
    deserialize_content,
    serialize_content,
)
from bot.storage.audit_log import AuditAction, AuditLog, Detail
from bot.storage.database import Database, build_insert
from bot.storage.schema import digest_runs, digests

#: digests whose runs are planned in one transaction
_BATCH_SIZE = 100
#: older missed runs get no row; the reason of the first listed run mentions them
_MAX_LISTED_AGE = timedelta(days=7)
#: largest expected difference between the clocks of replicas; a digest planned further ahead is set back
_MAX_CLOCK_SKEW = timedelta(minutes=5)
#: how long finished runs are kept
_RETENTION = timedelta(days=90)
_MISSED_REASON = "On the Record was not running at that time."

run_table, run_columns = digest_runs, digest_runs.c


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed run, its digest, and the results of earlier attempts."""

    run: Run
    digest: Digest
    holder: str
    #: saved by an earlier attempt, which may have posted it after `tried_at`
    content: Content | None
    tried_at: datetime | None


#: does more in the transaction that saves the content of a run
OnSaved = Callable[[Connection, Claim, Content, datetime], None]


class RunRepository:
    """The tables of runs and of history. Every call blocks and can raise DatabaseUnavailable.

    A call that writes to a claim returns False if another replica has claimed the run since.
    """

    def __init__(
        self, database: Database, audit_log: AuditLog, policy: RetryPolicy, on_saved: OnSaved | None = None
    ) -> None:
        self._database = database
        self._audit_log = audit_log
        self._policy = policy
        self._on_saved = on_saved

    def refresh(self, now: datetime) -> None:
        """Recompute due times after a change of time zone rules or of the clock. Delete old runs."""
        statement = select(digests).where(digests.c.state == DigestState.ACTIVE.value).order_by(digests.c.id)
        rows = self._database.read(lambda db: db.execute(statement).mappings().all())
        outdated_rows = [
            row for row in rows if row["reached"] > now or row["next_due"] != _find_next_due(row, row["reached"])
        ]
        self._database.write(lambda db: self._refresh(db, [row["id"] for row in outdated_rows], now))

    def plan_runs(self, now: datetime) -> int:
        """Add rows for the runs that are due, oldest digests first. Return the number of digests.

        If a digest missed several runs, only the last one is sent, and only within the grace period.
        """
        return self._database.write(lambda db: self._plan(db, now))

    def claim_due(self, until: datetime, now: datetime, holder: str, limit: int) -> list[Claim]:
        """Claim runs that were due by `until`, oldest first, at most `limit` and one per channel."""
        return self._database.write(lambda db: self._claim_due(db, until, now, holder, limit))

    def save_content(self, claim: Claim, content: Content, now: datetime) -> bool:
        """Save the content of the run."""
        values = {"content": serialize_content(content), "tried_at": now, "state": RunState.CONTENT_READY.value}

        def work(db: Connection) -> bool:
            is_saved = self._update_with_lease(db, claim, now, values)
            if is_saved and self._on_saved:
                self._on_saved(db, claim, content, now)
            return is_saved

        return self._database.write(work)

    def renew_lease(self, claim: Claim, now: datetime) -> bool:
        """Renew the lease."""
        return self._database.write(lambda db: self._update_with_lease(db, claim, now, {}))

    def mark_posted(self, claim: Claim, ts: str, items: Sequence[HistoryItem], now: datetime) -> bool:
        """Record that the message is posted and the channel has seen `items`. The thread is still to be posted."""
        values = {"lease_until": now + self._policy.lease_duration}
        return self._database.write(lambda db: self._mark_in_channel(db, claim, ts, items, now, values))

    def mark_sent(self, claim: Claim, ts: str, items: Sequence[HistoryItem], now: datetime) -> bool:
        """Record that the run is complete and the channel has seen `items`."""
        return self._database.write(
            lambda db: self._mark_in_channel(db, claim, ts, items, now, _build_final_values(RunState.DELIVERED, None))
        )

    def postpone(self, claim: Claim, retry_at: datetime, reason: str | None) -> bool:
        """Release the run for another attempt after `retry_at`."""
        values = {"lease_until": retry_at, "holder": None, "why": reason}
        if claim.run.state is RunState.CLAIMED:
            values["state"] = RunState.WAITING.value
        return self._database.write(lambda db: _update_claimed_run(db, claim, values))

    def finish(self, claim: Claim, state: RunState, reason: str | None, notice: str | None, now: datetime) -> bool:
        """Record the final state. `notice` is for the owner."""
        return self._database.write(lambda db: self._finish(db, claim, state, reason, notice, now))

    def fail_and_pause(self, claim: Claim, reason: str, code: str, now: datetime, *, channel_only: bool) -> bool:
        """Fail the run, pause the digests of its channel or team, and notify their owners."""

        def work(db: Connection) -> bool:
            if not self._finish(db, claim, RunState.FAILED, f"{reason}.", None, now):
                return False
            config = claim.digest.config
            condition = (digests.c.team == config.team) & (digests.c.state == DigestState.ACTIVE.value)
            condition &= digests.c.channel == config.channel if channel_only else True
            values = {"state": DigestState.PAUSED.value, "why": f"{reason}.", "next_due": None}
            statement = update(digests).where(condition).values(values).returning(digests)
            paused_digests = [build_digest(row) for row in db.execute(statement).mappings()]
            for digest in paused_digests:
                self._add_audit_entry(db, digest, "paused", {"code": code})
            for owner in sorted({digest.config.owner for digest in paused_digests}):
                owner_digests = [digest for digest in paused_digests if digest.config.owner == owner]
                next_step = f"{reason}, then type /digest resume {owner_digests[0].number} there."
                _notify(db, owner_digests[0], _format_pause_notice(owner_digests, next_step), now)
            return True

        return self._database.write(work)

    def _refresh(self, db: Connection, outdated_ids: Sequence[int], now: datetime) -> None:
        db.execute(
            delete(run_table).where(
                run_columns.due > now + _MAX_CLOCK_SKEW, run_columns.state == RunState.SKIPPED.value
            )
        )
        db.execute(delete(run_table).where(run_columns.due < now - _RETENTION, run_columns.lease_until.is_(None)))
        for digest_id in outdated_ids:
            statement = select(digests).where(digests.c.id == digest_id, digests.c.state == DigestState.ACTIVE.value)
            if row := db.execute(statement.with_for_update()).mappings().one_or_none():
                self._advance(db, build_digest(row), min(row["reached"], now))

    def _plan(self, db: Connection, now: datetime) -> int:
        # the clock was set back: planned runs keep their rows, and the rest is planned again
        is_ahead = (digests.c.reached > now + _MAX_CLOCK_SKEW) & (digests.c.state == DigestState.ACTIVE.value)
        for row in db.execute(select(digests).where(is_ahead).with_for_update(skip_locked=True)).mappings().all():
            self._advance(db, build_digest(row), now)
        statement = select(digests).where(digests.c.next_due <= now).order_by(digests.c.next_due, digests.c.id)
        rows = db.execute(statement.limit(_BATCH_SIZE).with_for_update(skip_locked=True)).mappings().all()
        for row in rows:
            self._add_due_runs(db, build_digest(row), row["reached"], now)
        return len(rows)

    def _add_due_runs(self, db: Connection, digest: Digest, reached_at: datetime, now: datetime) -> None:
        list_since = max(reached_at, now - _MAX_LISTED_AGE)
        due_times = []
        try:
            for next_due_at in digest.config.schedule.iterate_runs(list_since, digest.config.zone):
                if next_due_at > now:
                    break
                due_times.append(next_due_at)
        except ZoneInfoNotFoundError:
            self._advance(db, digest, now)
            return
        last_due_at = due_times.pop() if due_times and now - due_times[-1] <= self._policy.grace_period else None
        rows = [build_waiting_row(digest.id, last_due_at)] if last_due_at else []
        if due_times:
            since = f"{reached_at.day} {reached_at:%B %Y %H:%M} UTC"
            earlier_note = f" It had not been running since {since}." if list_since > reached_at else ""
            reasons = [_MISSED_REASON + earlier_note, *[_MISSED_REASON] * (len(due_times) - 1)]
            final_values = {"state": RunState.SKIPPED.value, "lease_until": None}
            rows += [
                build_waiting_row(digest.id, due_at) | final_values | {"why": reason}
                for due_at, reason in zip(due_times, reasons, strict=True)
            ]
            self._add_audit_entry(db, digest, "skipped", {"runs": len(due_times), "since": due_times[0].isoformat()})
        for row in rows:
            db.execute(build_insert(db, run_table).values({"why": None} | row).on_conflict_do_nothing())
        db.execute(update(digests).where(digests.c.id == digest.id).values(reached=now, next_due=next_due_at))

    def _advance(self, db: Connection, digest: Digest, reached_at: datetime) -> None:
        """Mark all runs up to `reached_at` as planned, and compute the next due time."""
        values: dict[str, Any] = {"reached": reached_at}
        try:
            values["next_due"] = next(digest.config.schedule.iterate_runs(reached_at, digest.config.zone))
        except ZoneInfoNotFoundError:
            reason = f"The time zone {digest.config.zone} no longer exists. Type /digest edit there to choose another."
            values |= {"next_due": None, "state": DigestState.PAUSED.value, "why": reason}
            self._add_audit_entry(db, digest, "paused", {"code": "no such zone"})
            _notify(db, digest, _format_pause_notice([digest], reason), reached_at)
        db.execute(update(digests).where(digests.c.id == digest.id).values(values))

    def _claim_due(self, db: Connection, until: datetime, now: datetime, holder: str, limit: int) -> list[Claim]:
        statement = (
            select(run_table, digests.c.team, digests.c.channel)
            .join(digests, digests.c.id == run_columns.digest)
            .where(run_columns.due <= until, run_columns.lease_until.is_not(None), self._build_unleased_condition(now))
            .where(tuple_(digests.c.team, digests.c.channel).not_in(self._select_busy_channels(now)))
            .order_by(run_columns.due, run_columns.digest)
            .limit(4 * limit)
            .with_for_update(of=run_table, skip_locked=True)
        )
        keys: dict[tuple[str, str], tuple[int, datetime]] = {}
        for row in db.execute(statement):
            keys.setdefault((row.team, row.channel), (row.digest, row.due))
        return self._lease_runs(db, list(keys.values())[:limit], now, holder) if keys else []

    def _build_unleased_condition(self, now: datetime) -> ColumnElement[bool]:
        # a lease further ahead than any real one comes from a wrong clock
        return or_(run_columns.lease_until <= now, run_columns.lease_until > now + 2 * self._policy.lease_duration)

    def _select_busy_channels(self, now: datetime) -> Select[tuple[str, str]]:
        """Select the channels with a run in progress. The next run must know what that one posts."""
        conditions = (
            run_columns.holder.is_not(None),
            run_columns.lease_until > now,
            run_columns.lease_until <= now + 2 * self._policy.lease_duration,
        )
        return (
            select(digests.c.team, digests.c.channel)
            .join(run_table, run_columns.digest == digests.c.id)
            .where(*conditions)
        )

    def _lease_runs(
        self, db: Connection, keys: Sequence[tuple[int, datetime]], now: datetime, holder: str
    ) -> list[Claim]:
        next_state = case(
            (run_columns.state == RunState.WAITING.value, RunState.CLAIMED.value), else_=run_columns.state
        )
        lease = {"holder": holder, "lease_until": now + self._policy.lease_duration}
        statement = update(run_table).where(tuple_(run_columns.digest, run_columns.due).in_(keys))
        rows = db.execute(
            statement.values(lease | {"state": next_state, "attempts": run_columns.attempts + 1}).returning(run_table)
        ).mappings()
        digest_statement = select(digests).where(digests.c.id.in_([digest for digest, _ in keys]))
        by_id = {row["id"]: build_digest(row) for row in db.execute(digest_statement).mappings()}
        claims = []
        for row in rows:
            content = row["content"] and deserialize_content(row["content"])
            claims.append(Claim(build_run(row), by_id[row["digest"]], holder, content, row["tried_at"]))
        return sorted(claims, key=lambda claim: (claim.run.due_at, claim.run.digest))

    def _mark_in_channel(
        self,
        db: Connection,
        claim: Claim,
        ts: str,
        items: Sequence[HistoryItem],
        now: datetime,
        extra_values: dict[str, Any],
    ) -> bool:
        is_late = now - claim.run.due_at >= self._policy.late_after
        if not _update_claimed_run(db, claim, {"message_ts": ts, "late": is_late} | extra_values):
            return False
        store_items(db, claim.digest, claim.run.due_at, ts, items)
        return True

    def _update_with_lease(self, db: Connection, claim: Claim, now: datetime, values: dict[str, Any]) -> bool:
        return _update_claimed_run(db, claim, {"lease_until": now + self._policy.lease_duration} | values)

    def _finish(
        self, db: Connection, claim: Claim, state: RunState, reason: str | None, notice: str | None, now: datetime
    ) -> bool:
        if not _update_claimed_run(db, claim, _build_final_values(state, reason)):
            return False
        if state not in (RunState.DELIVERED, RunState.SILENT):
            self._add_audit_entry(db, claim.digest, state.value, {"due": claim.run.due_at.isoformat(), "why": reason})
        if notice:
            _notify(db, claim.digest, notice, now)
        return True

    def _add_audit_entry(self, db: Connection, digest: Digest, action: str, extra_detail: Detail) -> None:
        detail = {"channel": digest.config.channel, "number": digest.number, **extra_detail}
        self._audit_log.add_in_transaction(
            db, AuditAction(digest.config.team, None, action, f"digest {digest.id}", detail)
        )


def _find_next_due(row: RowMapping, after: datetime) -> datetime | None:
    digest = build_digest(row)
    try:
        return next(digest.config.schedule.iterate_runs(after, digest.config.zone))
    except ZoneInfoNotFoundError:
        return None


def _update_claimed_run(db: Connection, claim: Claim, values: dict[str, Any]) -> bool:
    condition = (
        (run_columns.digest == claim.run.digest)
        & (run_columns.due == claim.run.due_at)
        & (run_columns.holder == claim.holder)
    )
    statement = update(run_table).where(condition, run_columns.lease_until.is_not(None)).values(values)
    return db.execute(statement).rowcount == 1


def _build_final_values(state: RunState, reason: str | None) -> dict[str, Any]:
    return {"state": state.value, "why": reason, "lease_until": None, "holder": None, "content": None}


def _notify(db: Connection, digest: Digest, text: str, now: datetime) -> None:
    recipients = (digest.config.owner, digest.config.channel)
    store_notice(db, Notice(digest.config.team, recipients, text, now, 0), now)


def _format_pause_notice(paused_digests: Sequence[Digest], next_step: str) -> str:
    digest_list = ", ".join(f"{digest.number} in <#{digest.config.channel}>" for digest in paused_digests[:20])
    more_note = f" and {len(paused_digests) - 20} more" if len(paused_digests) > 20 else ""
    noun, verb = ("Digest", "is") if len(paused_digests) == 1 else ("Digests", "are")
    return f"{noun} {digest_list}{more_note} {verb} paused. {next_step}"
