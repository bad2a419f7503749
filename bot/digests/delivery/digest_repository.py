"""Stores digests, and reads their runs and history. The runner uses `run_repository`.

Rule: a change of a digest and its audit entry are one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from bot.digests.mail.recipients import forget_digest
from bot.digests.mail.recipients import forget_team as forget_mail
from bot.digests.model import Digest, DigestConfig, DigestState, HistoryEntry, HistoryItem, Run, RunState, WhenNothing
from bot.digests.schedule import build_missing_zone_error, parse_stored_schedule
from bot.digests.scheduling.local_time import load_zone
from bot.storage.audit_log import AuditAction, AuditLog, Detail
from bot.storage.database import Database
from bot.storage.schema import digest_history, digest_notices, digest_runs, digests
from bot.storage.store import Store
from briefings import BadQuestion

#: most digests of one channel, without stopped ones
MAX_DIGESTS = 20
#: most history entries to read for one channel; the newest ones are read
MAX_HISTORY = 2_000
#: most rows that one call returns
MAX_ROWS = 1_000


class DigestRepository:
    """The digests of all teams. `clock` returns the current time with its time zone.

    Every call can raise DatabaseUnavailable.
    """

    def __init__(self, database: Database, audit_log: AuditLog, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit_log = audit_log
        self._clock = clock

    async def add(self, config: DigestConfig) -> Digest:
        """Save a new, active digest. Raises BadQuestion if the channel already has it, or has too many."""
        return await self._database.write_async(lambda db: self._add(db, config))

    async def list_digests(
        self, team: str | None = None, channel: str | None = None, *, include_stopped: bool = False
    ) -> tuple[Digest, ...]:
        """Return the digests of a team, or of all teams, by channel and number.

        Stopped digests are left out unless `include_stopped` is set.
        """
        team_condition = () if team is None else (digests.c.team == team,)
        channel_condition = () if channel is None else (digests.c.channel == channel,)
        state_condition = () if include_stopped else (digests.c.state != DigestState.STOPPED.value,)
        statement = (
            select(digests)
            .where(*team_condition, *channel_condition, *state_condition)
            .order_by(digests.c.team, digests.c.channel, digests.c.number)
        )
        return await self._database.read_async(lambda db: tuple(map(build_digest, db.execute(statement).mappings())))

    async def find(self, team: str, channel: str, number: int) -> Digest | None:
        """Return the channel's digest with this number, in any state, or None."""
        condition = (digests.c.team == team) & (digests.c.channel == channel) & (digests.c.number == number)
        row = await self._database.read_async(
            lambda db: db.execute(select(digests).where(condition)).mappings().one_or_none()
        )
        return build_digest(row) if row else None

    async def pause(self, digest: Digest, person: str) -> Digest:
        """Pause the digest until it is resumed. Return its new state."""
        reason = f"<@{person}> paused it."
        return await self._database.write_async(
            lambda db: self._change_state(db, digest, DigestState.PAUSED, person, reason)
        )

    async def resume(self, digest: Digest, person: str) -> Digest:
        """Resume a paused digest. The runs that it missed are not sent. Raises BadQuestion if its zone is gone."""
        return await self._database.write_async(
            lambda db: self._change_state(db, digest, DigestState.ACTIVE, person, None)
        )

    async def stop(self, digest: Digest, person: str) -> Digest:
        """Stop the digest for good. The channel's history is kept."""
        reason = f"<@{person}> stopped it."
        return await self._database.write_async(
            lambda db: self._change_state(db, digest, DigestState.STOPPED, person, reason)
        )

    async def edit(self, digest: Digest, config: DigestConfig, person: str) -> Digest:
        """Save new settings, but keep the team, channel and owner. Raises BadQuestion for a duplicate."""
        return await self._database.write_async(lambda db: self._edit(db, digest, config, person))

    async def take_over(self, digest: Digest, person: str) -> Digest:
        """Make `person` the owner. Return the digest's new state."""
        return await self._database.write_async(lambda db: self._take_over(db, digest, person))

    async def request_run(self, digest: Digest) -> Run:
        """Add a run that is due now, outside the schedule. The next pass of the runner sends it.

        Raises BadQuestion unless the digest is active.
        """
        return await self._database.write_async(lambda db: self._request_run(db, digest))

    async def list_runs(self, digest: Digest, limit: int = 20) -> tuple[Run, ...]:
        """Return the runs of a digest, newest first."""
        statement = select(digest_runs).where(digest_runs.c.digest == digest.id)
        newest_statement = statement.order_by(digest_runs.c.due.desc()).limit(min(limit, MAX_ROWS))
        return await self._database.read_async(
            lambda db: tuple(map(build_run, db.execute(newest_statement).mappings()))
        )

    async def list_history(self, team: str, channel: str) -> tuple[HistoryEntry, ...]:
        """Return what the channel has seen, oldest first.

        Only the newest MAX_HISTORY entries are read, so a channel with years of history takes no longer.
        """
        condition = (digest_history.c.team == team) & (digest_history.c.channel == channel)
        statement = (
            select(digest_history).where(condition).order_by(digest_history.c.due.desc(), digest_history.c.place.desc())
        )
        rows = await self._database.read_async(lambda db: db.execute(statement.limit(MAX_HISTORY)).mappings().all())
        return tuple(map(_build_history_entry, reversed(rows)))

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's digests, runs, history and notices, in the given transaction."""
        forget_mail(db, team)
        digest_ids = select(digests.c.id).where(digests.c.team == team)
        db.execute(delete(digest_runs).where(digest_runs.c.digest.in_(digest_ids)))
        for table in (digest_history, digest_notices, digests):
            db.execute(delete(table).where(table.c.team == team))

    def _add(self, db: Connection, config: DigestConfig) -> Digest:
        _lock_channel(db, config)
        now = self._clock()
        condition = (digests.c.team == config.team) & (digests.c.channel == config.channel)
        channel_digests = [build_digest(row) for row in db.execute(select(digests).where(condition)).mappings()]
        _check_allowed(config, [digest for digest in channel_digests if digest.state is not DigestState.STOPPED])
        number = 1 + max((digest.number for digest in channel_digests), default=0)
        row = {
            "number": number,
            "team": config.team,
            "channel": config.channel,
            "owner": config.owner,
            "ask": config.query,
            "schedule": config.schedule.stored_text,
            "zone": config.zone,
            "when_nothing": config.when_nothing.value,
            "state": DigestState.ACTIVE.value,
            "created_at": now,
            "reached": now,
            "next_due": next(config.schedule.iterate_runs(now, config.zone)),
        }
        new_digest = build_digest(db.execute(insert(digests).values(row).returning(digests)).mappings().one())
        self._add_audit_entry(
            db, new_digest, config.owner, "scheduled", {"when": str(config.schedule), "zone": config.zone}
        )
        return new_digest

    def _edit(self, db: Connection, digest: Digest, config: DigestConfig, person: str) -> Digest:
        config = replace(config, team=digest.config.team, channel=digest.config.channel, owner=digest.config.owner)
        _lock_channel(db, config)
        now = self._clock()
        due_at = _find_next_run(config, now)
        conditions = (digests.c.team == config.team, digests.c.channel == config.channel, digests.c.id != digest.id)
        others = db.execute(select(digests).where(*conditions, digests.c.state != DigestState.STOPPED.value)).mappings()
        _check_new(config, [build_digest(row) for row in others])
        state = db.execute(select(digests.c.state).where(digests.c.id == digest.id)).scalar()
        if state is None or state == DigestState.STOPPED.value:
            raise BadQuestion("This digest was stopped. Schedule a new one: /digest labour-crisis weekdays at 8:30")
        # a digest that was paused because its time zone is gone runs again in the new one
        is_active = state == DigestState.ACTIVE.value or load_zone(digest.config.zone) is None
        values: dict[str, Any] = {
            "ask": config.query,
            "schedule": config.schedule.stored_text,
            "zone": config.zone,
            "when_nothing": config.when_nothing.value,
            "reached": now,
            "next_due": due_at if is_active else None,
        }
        if is_active:
            values |= {"state": DigestState.ACTIVE.value, "why": None}
        row = db.execute(update(digests).where(digests.c.id == digest.id).values(values).returning(digests)).mappings()
        edited_digest = build_digest(row.one())
        self._add_audit_entry(db, edited_digest, person, "edited", {"when": str(config.schedule), "zone": config.zone})
        return edited_digest

    def _take_over(self, db: Connection, digest: Digest, person: str) -> Digest:
        statement = update(digests).where(digests.c.id == digest.id).values(owner=person).returning(digests)
        taken_digest = build_digest(db.execute(statement).mappings().one())
        self._add_audit_entry(db, taken_digest, person, "taken over", {"owner": digest.config.owner})
        return taken_digest

    def _change_state(
        self, db: Connection, digest: Digest, state: DigestState, person: str, reason: str | None
    ) -> Digest:
        now = self._clock()
        config = digest.config
        due_at = _find_next_run(config, now) if state is DigestState.ACTIVE else None
        condition = (digests.c.id == digest.id) & digests.c.state.not_in((state.value, DigestState.STOPPED.value))
        values: dict[str, Any] = {"state": state.value, "why": reason, "next_due": due_at}
        if state is DigestState.ACTIVE:
            values["reached"] = now
        row = db.execute(update(digests).where(condition).values(values).returning(digests)).mappings().one_or_none()
        if row is None:  # it already has this state, or it is stopped
            return build_digest(db.execute(select(digests).where(digests.c.id == digest.id)).mappings().one())
        if state is DigestState.STOPPED:
            forget_digest(db, digest.id)
        self._add_audit_entry(db, digest, person, _AUDIT_ACTIONS[state], {})
        return build_digest(row)

    def _request_run(self, db: Connection, digest: Digest) -> Run:
        state = db.execute(select(digests.c.state).where(digests.c.id == digest.id)).scalar()
        if state != DigestState.ACTIVE.value:
            raise BadQuestion(
                f"Digest {digest.number} isn't running. To resume it, type /digest resume {digest.number}."
            )
        now = self._clock().replace(microsecond=0)
        condition = (digest_runs.c.digest == digest.id) & (digest_runs.c.due >= now)
        last_due_at = db.execute(select(func.max(digest_runs.c.due)).where(condition)).scalar()
        row = build_waiting_row(digest.id, last_due_at + timedelta(seconds=1) if last_due_at else now)
        return build_run(db.execute(insert(digest_runs).values(row).returning(digest_runs)).mappings().one())

    def _add_audit_entry(
        self, db: Connection, digest: Digest, person: str, action: str, extra_detail: dict[str, str]
    ) -> None:
        detail: Detail = {
            "channel": digest.config.channel,
            "number": digest.number,
            "ask": digest.config.query,
            **extra_detail,
        }
        self._audit_log.add_in_transaction(
            db, AuditAction(digest.config.team, person, action, f"digest {digest.id}", detail)
        )


_AUDIT_ACTIONS = {DigestState.ACTIVE: "resumed", DigestState.PAUSED: "paused", DigestState.STOPPED: "stopped"}


def build_digest(row: RowMapping) -> Digest:
    """Return the digest for a row of the table `digests`."""
    config = DigestConfig(
        row["team"],
        row["channel"],
        row["owner"],
        row["ask"],
        parse_stored_schedule(row["schedule"]),
        row["zone"],
        WhenNothing(row["when_nothing"]),
    )
    state = DigestState(row["state"])
    return Digest(row["id"], row["number"], config, state, row["why"], row["created_at"], row["next_due"])


def build_run(row: RowMapping) -> Run:
    """Return the run for a row of the table `digest_runs`."""
    values = {name: row[name] for name in ("digest", "late", "message_ts", "lease_until", "attempts")}
    return Run(state=RunState(row["state"]), due_at=row["due"], reason=row["why"], **values)


def build_waiting_row(digest: int, due_at: datetime) -> dict[str, Any]:
    """Return the row of a new run, free to be claimed."""
    state = RunState.WAITING.value
    return {"digest": digest, "due": due_at, "state": state, "late": False, "lease_until": due_at, "attempts": 0}


def open_digest_repository(store: Store) -> DigestRepository:
    """Return the repository of the digests in the bot's database."""
    return DigestRepository(store.database, store.audit_log, store.clock)


def _build_history_entry(row: RowMapping) -> HistoryEntry:
    return HistoryEntry(HistoryItem(row["fingerprint"], row["detail"]), row["digest"], row["due"], row["message_ts"])


def _find_next_run(config: DigestConfig, now: datetime) -> datetime:
    """Return the first due time after `now`. Raises BadQuestion if the time zone no longer exists."""
    try:
        return next(config.schedule.iterate_runs(now, config.zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # ZoneInfo refuses some names with other errors
        raise build_missing_zone_error(config.zone) from error


def _lock_channel(db: Connection, config: DigestConfig) -> None:
    """Lock the numbering of the channel's digests for the transaction. SQLite has only one writer anyway."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"digest {config.team} {config.channel}"))))


def _check_allowed(config: DigestConfig, channel_digests: Sequence[Digest]) -> None:
    _check_new(config, channel_digests)
    if len(channel_digests) >= MAX_DIGESTS:
        raise BadQuestion(
            f"This channel already has {MAX_DIGESTS} digests, the limit. Stop one first, for example: /digest stop 1"
        )


def _check_new(config: DigestConfig, channel_digests: Sequence[Digest]) -> None:
    """Raise BadQuestion if the channel has a digest with the same topic, schedule and zone."""
    for digest in channel_digests:
        if digest.config == replace(config, owner=digest.config.owner, when_nothing=digest.config.when_nothing):
            raise BadQuestion(f"This channel already has this digest. It is number {digest.number} in /digest list.")
