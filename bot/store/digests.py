"""The digests, their runs, and what their channels have had.

Rule: a change of a digest and its line in the audit log are one transaction, and so are the end of a run and what the
channel has had by it. What the runner needs is in `runs.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from bot.digests.model import Digest, Had, Run, RunState, State, Told, WhenNothing, Wish
from bot.digests.schedule import from_written
from bot.store.audit import Audit, Deed, Detail
from bot.store.database import Database
from bot.store.schema import digest_notices, digest_runs, digest_told, digests
from bot.store.store import Store
from briefings.errors import BadQuestion

#: digests of one channel that are not stopped
MOST = 20
#: what a channel has had, the last of it, that is looked at
MOST_HAD = 2_000
#: rows that one call gives
MOST_ROWS = 1_000


class Digests:
    """The digests of every team. `clock` gives the moment with its zone. Every call may raise RecordUnavailable."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    async def add(self, wish: Wish) -> Digest:
        """Keeps a new digest, active from now on. Raises BadQuestion when the channel has it, or has too many."""
        return await self._database.writing(lambda db: self._added(db, wish))

    async def of(
        self, team: str | None = None, channel: str | None = None, *, stopped: bool = False
    ) -> tuple[Digest, ...]:
        """The digests of a team, or of all, by channel and number; those that are stopped only with `stopped`."""
        its = () if team is None else (digests.c.team == team,)
        there = () if channel is None else (digests.c.channel == channel,)
        alive = () if stopped else (digests.c.state != State.STOPPED.value,)
        wanted = (
            select(digests).where(*its, *there, *alive).order_by(digests.c.team, digests.c.channel, digests.c.number)
        )
        return await self._database.reading(lambda db: tuple(map(digest_of, db.execute(wanted).mappings())))

    async def find(self, team: str, channel: str, number: int) -> Digest | None:
        """The digest that a channel calls by that number, in whatever state."""
        its = (digests.c.team == team) & (digests.c.channel == channel) & (digests.c.number == number)
        row = await self._database.reading(lambda db: db.execute(select(digests).where(its)).mappings().one_or_none())
        return digest_of(row) if row else None

    async def pause(self, digest: Digest, person: str) -> Digest:
        """It does not run until it is resumed."""
        why = f"<@{person}> paused it."
        return await self._database.writing(lambda db: self._changed(db, digest, State.PAUSED, person, why))

    async def resume(self, digest: Digest, person: str) -> Digest:
        """It runs again; what it missed meanwhile is not made up for."""
        return await self._database.writing(lambda db: self._changed(db, digest, State.ACTIVE, person, None))

    async def stop(self, digest: Digest, person: str) -> Digest:
        """It never runs again; what the channel has had is still known."""
        why = f"<@{person}> stopped it."
        return await self._database.writing(lambda db: self._changed(db, digest, State.STOPPED, person, why))

    async def request(self, digest: Digest) -> Run:
        """A run that is due now, besides those of the schedule; the next pass of the runner sends it.

        Raises BadQuestion unless the digest is active.
        """
        return await self._database.writing(lambda db: self._requested(db, digest))

    async def runs(self, digest: Digest, most: int = 20) -> tuple[Run, ...]:
        """What became of its runs, the last one due first."""
        its = select(digest_runs).where(digest_runs.c.digest == digest.id)
        newest = its.order_by(digest_runs.c.due.desc()).limit(min(most, MOST_ROWS))
        return await self._database.reading(lambda db: tuple(map(run_of, db.execute(newest).mappings())))

    async def run(self, digest: Digest, due: datetime) -> Run | None:
        """What became of the run that was due then."""
        its = (digest_runs.c.digest == digest.id) & (digest_runs.c.due == due)
        found = select(digest_runs).where(its)
        row = await self._database.reading(lambda db: db.execute(found).mappings().one_or_none())
        return run_of(row) if row else None

    async def had(self, team: str, channel: str, fingerprints: Sequence[str] | None = None) -> tuple[Had, ...]:
        """What the channel has had, in the order it had it; of these fingerprints alone, if they are given.

        The last `MOST_HAD` alone, so that a channel of many years takes no longer than one of a few months.
        """
        its = (digest_told.c.team == team) & (digest_told.c.channel == channel)
        wanted = select(digest_told).where(its).order_by(digest_told.c.due.desc(), digest_told.c.place.desc())
        if fingerprints is not None:
            wanted = wanted.where(digest_told.c.fingerprint.in_(fingerprints))
        newest = await self._database.reading(lambda db: db.execute(wanted.limit(MOST_HAD)).mappings().all())
        return tuple(map(_had_of, reversed(newest)))

    @staticmethod
    def forget(db: Connection, team: str) -> None:
        """Deletes a team's, in a transaction that deletes more."""
        its = select(digests.c.id).where(digests.c.team == team)
        db.execute(delete(digest_runs).where(digest_runs.c.digest.in_(its)))
        for table in (digest_told, digest_notices, digests):
            db.execute(delete(table).where(table.c.team == team))

    def _added(self, db: Connection, wish: Wish) -> Digest:
        _alone(db, wish)
        now = self._clock()
        mine = (digests.c.team == wish.team) & (digests.c.channel == wish.channel)
        there = [digest_of(row) for row in db.execute(select(digests).where(mine)).mappings()]
        _refuse(wish, [digest for digest in there if digest.state is not State.STOPPED])
        number = 1 + max((digest.number for digest in there), default=0)
        row = {
            "number": number,
            "team": wish.team,
            "channel": wish.channel,
            "owner": wish.owner,
            "ask": wish.ask,
            "schedule": wish.schedule.written,
            "zone": wish.zone,
            "when_nothing": wish.when_nothing.value,
            "state": State.ACTIVE.value,
            "created_at": now,
            "reached": now,
            "next_due": next(wish.schedule.runs(now, wish.zone)),
        }
        made = digest_of(db.execute(insert(digests).values(row).returning(digests)).mappings().one())
        self._noted(db, made, wish.owner, "scheduled", {"when": str(wish.schedule), "zone": wish.zone})
        return made

    def _changed(self, db: Connection, digest: Digest, state: State, person: str, why: str | None) -> Digest:
        now = self._clock()
        wish = digest.wish
        due = next(wish.schedule.runs(now, wish.zone)) if state is State.ACTIVE else None
        its = (digests.c.id == digest.id) & digests.c.state.not_in((state.value, State.STOPPED.value))
        new: dict[str, Any] = {"state": state.value, "why": why, "next_due": due}
        if state is State.ACTIVE:
            new["reached"] = now
        row = db.execute(update(digests).where(its).values(new).returning(digests)).mappings().one_or_none()
        if row is None:  # it is so already, or was stopped
            return digest_of(db.execute(select(digests).where(digests.c.id == digest.id)).mappings().one())
        self._noted(db, digest, person, _DEEDS[state], {})
        return digest_of(row)

    def _requested(self, db: Connection, digest: Digest) -> Run:
        state = db.execute(select(digests.c.state).where(digests.c.id == digest.id)).scalar()
        if state != State.ACTIVE.value:
            raise BadQuestion(f"Digest {digest.number} does not run: /digest resume {digest.number} starts it again.")
        now = self._clock().replace(microsecond=0)
        mine = (digest_runs.c.digest == digest.id) & (digest_runs.c.due >= now)
        last = db.execute(select(func.max(digest_runs.c.due)).where(mine)).scalar()
        row = waiting(digest.id, last + timedelta(seconds=1) if last else now)
        return run_of(db.execute(insert(digest_runs).values(row).returning(digest_runs)).mappings().one())

    def _noted(self, db: Connection, digest: Digest, person: str, deed: str, more: dict[str, str]) -> None:
        told: Detail = {"channel": digest.wish.channel, "number": digest.number, "ask": digest.wish.ask, **more}
        self._audit.noted(db, Deed(digest.wish.team, person, deed, f"digest {digest.id}", told))


_DEEDS = {State.ACTIVE: "resumed", State.PAUSED: "paused", State.STOPPED: "stopped"}


def digest_of(row: RowMapping) -> Digest:
    """The digest that a row of `digests` keeps."""
    wish = Wish(
        row["team"],
        row["channel"],
        row["owner"],
        row["ask"],
        from_written(row["schedule"]),
        row["zone"],
        WhenNothing(row["when_nothing"]),
    )
    state = State(row["state"])
    return Digest(row["id"], row["number"], wish, state, row["why"], row["created_at"], row["next_due"])


def run_of(row: RowMapping) -> Run:
    """The run that a row of `digest_runs` keeps."""
    told = {name: row[name] for name in ("digest", "due", "late", "message_ts", "why", "lease_until", "attempts")}
    return Run(state=RunState(row["state"]), **told)


def waiting(digest: int, due: datetime) -> dict[str, Any]:
    """The row of a run that anybody may take up."""
    state = RunState.WAITING.value
    return {"digest": digest, "due": due, "state": state, "late": False, "lease_until": due, "attempts": 0}


def _had_of(row: RowMapping) -> Had:
    return Had(Told(row["fingerprint"], row["detail"]), row["digest"], row["due"], row["message_ts"])


def _alone(db: Connection, wish: Wish) -> None:
    """Nobody else gives a number in this channel until the transaction ends; SQLite has one writer anyway."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"digest {wish.team} {wish.channel}"))))


def _refuse(wish: Wish, there: Sequence[Digest]) -> None:
    for digest in there:
        if digest.wish == replace(wish, owner=digest.wish.owner, when_nothing=digest.wish.when_nothing):
            raise BadQuestion(f"This channel has that digest already: it is number {digest.number}, see /digest list.")
    if len(there) >= MOST:
        raise BadQuestion(f"This channel has {MOST} digests, and more would not be read: stop one, /digest stop 1.")


def open_digests(store: Store) -> Digests:
    """Return the digests in the bot's database."""
    return Digests(store.database, store.audit, store.clock)
