"""The runs of digests as the runner works on them: planned, taken up, settled, over.

Rule: of several replicas one has a run, for as long as its lease lasts; what it then writes is refused when another has
taken the run up since (`Claim.holder`). A moment comes from whoever calls, never from the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, case, delete, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.digests.frozen import frozen, thawed
from bot.digests.model import Content, Digest, Run, RunState, State, Told
from bot.digests.pace import Pace
from bot.store.audit import Audit, Deed, Detail
from bot.store.database import Database
from bot.store.digests import digest_of, run_of, waiting
from bot.store.schema import digest_notices, digest_runs, digest_told, digests

#: digests whose runs are planned in one transaction
_TOGETHER = 100
#: missed runs further back are told of in the first one's sentence
_LISTED = timedelta(days=7)
#: replicas' clocks may differ by so much; a digest that has reached further than now is put back
_SKEW = timedelta(minutes=5)
#: runs that are over are kept so long
_KEPT = timedelta(days=90)
_MISSED = "On the Record was not running then."

runs, its = digest_runs, digest_runs.c


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that was taken up, its digest, and what an earlier attempt has left."""

    run: Run
    digest: Digest
    holder: str
    #: settled by an earlier attempt, which may have posted it since `tried_at`
    content: Content | None
    tried_at: datetime | None


class Runs:
    """The tables of runs and of what was told. Every call blocks, and may raise RecordUnavailable."""

    def __init__(self, database: Database, audit: Audit, pace: Pace) -> None:
        self._database = database
        self._audit = audit
        self._pace = pace

    def refresh(self, now: datetime) -> None:
        """Puts right what a change of the zones' rules, or of the clock, made wrong; forgets runs of long ago."""
        active = select(digests).where(digests.c.state == State.ACTIVE.value).order_by(digests.c.id)
        rows = self._database.read(lambda db: db.execute(active).mappings().all())
        wrong = [row for row in rows if row["reached"] > now or row["next_due"] != _next(row, row["reached"])]
        self._database.write(lambda db: self._refreshed(db, [row["id"] for row in wrong], now))

    def plan(self, now: datetime) -> int:
        """Gives runs that have come due their rows, of the digests due longest first; how many digests that were.

        Of the runs that a digest missed, the last one is still sent, within the grace; the others are skipped.
        """
        return self._database.write(lambda db: self._planned(db, now))

    def take(self, until: datetime, now: datetime, holder: str, most: int) -> list[Claim]:
        """Takes up runs that were due until then, due longest first, of each channel one at a time."""
        return self._database.write(lambda db: self._taken(db, until, now, holder, most))

    def freeze(self, claim: Claim, content: Content, now: datetime) -> bool:
        """Settles what the run says; False when another has taken it up, as for all below."""
        told = {"content": frozen(content), "tried_at": now, "state": RunState.FROZEN.value}
        return self._database.write(lambda db: self._still(db, claim, now, told))

    def renew(self, claim: Claim, now: datetime) -> bool:
        """The lease begins anew."""
        return self._database.write(lambda db: self._still(db, claim, now, {}))

    def posted(self, claim: Claim, ts: str, told: Sequence[Told], now: datetime) -> bool:
        """Its message stands in the channel, which has had `told` with it; there is more to post below it."""
        kept = {"lease_until": now + self._pace.lease}
        return self._database.write(lambda db: self._stands(db, claim, ts, told, now, kept))

    def sent(self, claim: Claim, ts: str, told: Sequence[Told], now: datetime) -> bool:
        """Its message stands in the channel, which has had `told` with it, and that is all."""
        return self._database.write(lambda db: self._stands(db, claim, ts, told, now, _over(RunState.SENT, None)))

    def later(self, claim: Claim, until: datetime, why: str | None) -> bool:
        """Leaves it to whoever comes after that moment."""
        told = {"lease_until": until, "holder": None, "why": why}
        if claim.run.state is RunState.CLAIMED:
            told["state"] = RunState.WAITING.value
        return self._database.write(lambda db: _changed(db, claim, told))

    def end(self, claim: Claim, state: RunState, why: str | None, notice: str | None, now: datetime) -> bool:
        """It is over. `notice` is for the owner."""
        return self._database.write(lambda db: self._ended(db, claim, state, why, notice, now))

    def end_all(self, claim: Claim, why: str, code: str, now: datetime, *, channel: bool) -> bool:
        """It has failed, and with it the digests of its channel, or of its team, are paused; their owners hear why."""

        def work(db: Connection) -> bool:
            if not self._ended(db, claim, RunState.FAILED, f"{why}.", None, now):
                return False
            wish = claim.digest.wish
            where = (digests.c.team == wish.team) & (digests.c.state == State.ACTIVE.value)
            where &= digests.c.channel == wish.channel if channel else True
            paused = update(digests).where(where).values(state=State.PAUSED.value, why=f"{why}.", next_due=None)
            stopped = [digest_of(row) for row in db.execute(paused.returning(digests)).mappings()]
            for digest in stopped:
                self._noted(db, digest, "paused", {"code": code})
            for owner in sorted({digest.wish.owner for digest in stopped}):
                mine = [digest for digest in stopped if digest.wish.owner == owner]
                _notify(db, wish.team, owner, _paused(mine, why), now)
            return True

        return self._database.write(work)

    def _refreshed(self, db: Connection, wrong: Sequence[int], now: datetime) -> None:
        db.execute(delete(runs).where(its.due > now + _SKEW, its.state == RunState.SKIPPED.value))
        db.execute(delete(runs).where(its.due < now - _KEPT, its.lease_until.is_(None)))
        for number in wrong:
            one = select(digests).where(digests.c.id == number, digests.c.state == State.ACTIVE.value)
            if row := db.execute(one.with_for_update()).mappings().one_or_none():
                self._reach(db, digest_of(row), min(row["reached"], now))

    def _planned(self, db: Connection, now: datetime) -> int:
        # a clock that was put back: what has its row keeps it, and the rest is due again
        ahead = (digests.c.reached > now + _SKEW) & (digests.c.state == State.ACTIVE.value)
        for row in db.execute(select(digests).where(ahead).with_for_update(skip_locked=True)).mappings().all():
            self._reach(db, digest_of(row), now)
        wanted = select(digests).where(digests.c.next_due <= now).order_by(digests.c.next_due, digests.c.id)
        rows = db.execute(wanted.limit(_TOGETHER).with_for_update(skip_locked=True)).mappings().all()
        for row in rows:
            self._came_due(db, digest_of(row), row["reached"], now)
        return len(rows)

    def _came_due(self, db: Connection, digest: Digest, reached: datetime, now: datetime) -> None:
        since = max(reached, now - _LISTED)
        due = []
        try:
            for ahead in digest.wish.schedule.runs(since, digest.wish.zone):
                if ahead > now:
                    break
                due.append(ahead)
        except ZoneInfoNotFoundError:
            self._reach(db, digest, now)
            return
        last = due.pop() if due and now - due[-1] <= self._pace.grace else None
        rows = [waiting(digest.id, last)] if last else []
        if due:
            before = (
                f" Nor was it before that, since {reached.day} {reached:%B %Y %H:%M} UTC." if since > reached else ""
            )
            told = [_MISSED + before, *[_MISSED] * (len(due) - 1)]
            over = {"state": RunState.SKIPPED.value, "lease_until": None}
            rows += [waiting(digest.id, one) | over | {"why": why} for one, why in zip(due, told, strict=True)]
            self._noted(db, digest, "skipped", {"runs": len(due), "since": due[0].isoformat()})
        for row in rows:
            db.execute(_insert(db).values({"why": None} | row).on_conflict_do_nothing())
        db.execute(update(digests).where(digests.c.id == digest.id).values(reached=now, next_due=ahead))

    def _reach(self, db: Connection, digest: Digest, reached: datetime) -> None:
        """Every run until `reached` has its row, or will never have one; the next one is the first after it."""
        new: dict[str, Any] = {"reached": reached}
        try:
            new["next_due"] = next(digest.wish.schedule.runs(reached, digest.wish.zone))
        except ZoneInfoNotFoundError:
            why = f"This computer knows no time zone {digest.wish.zone} any more. Stop it and schedule it anew"
            new |= {"next_due": None, "state": State.PAUSED.value, "why": f"{why}."}
            self._noted(db, digest, "paused", {"code": "no such zone"})
            _notify(db, digest.wish.team, digest.wish.owner, _paused([digest], why), reached)
        db.execute(update(digests).where(digests.c.id == digest.id).values(new))

    def _taken(self, db: Connection, until: datetime, now: datetime, holder: str, most: int) -> list[Claim]:
        wanted = (
            select(runs, digests.c.team, digests.c.channel)
            .join(digests, digests.c.id == its.digest)
            .where(its.due <= until, its.lease_until.is_not(None), self._free(now))
            .where(tuple_(digests.c.team, digests.c.channel).not_in(self._busy(now)))
            .order_by(its.due, its.digest)
            .limit(4 * most)
            .with_for_update(of=runs, skip_locked=True)
        )
        keys: dict[tuple[str, str], tuple[int, datetime]] = {}
        for row in db.execute(wanted):
            keys.setdefault((row.team, row.channel), (row.digest, row.due))
        return self._claimed(db, list(keys.values())[:most], now, holder) if keys else []

    def _free(self, now: datetime) -> ColumnElement[bool]:
        # a lease further ahead than any can be comes from a clock that was wrong
        return or_(its.lease_until <= now, its.lease_until > now + 2 * self._pace.lease)

    def _busy(self, now: datetime) -> Select[tuple[str, str]]:
        """The channels where somebody works on a run, whose news the next one should know."""
        at_work = (its.holder.is_not(None), its.lease_until > now, its.lease_until <= now + 2 * self._pace.lease)
        return select(digests.c.team, digests.c.channel).join(runs, its.digest == digests.c.id).where(*at_work)

    def _claimed(self, db: Connection, keys: Sequence[tuple[int, datetime]], now: datetime, holder: str) -> list[Claim]:
        begun = case((its.state == RunState.WAITING.value, RunState.CLAIMED.value), else_=its.state)
        lease = {"holder": holder, "lease_until": now + self._pace.lease}
        taken = update(runs).where(tuple_(its.digest, its.due).in_(keys))
        rows = db.execute(
            taken.values(lease | {"state": begun, "attempts": its.attempts + 1}).returning(runs)
        ).mappings()
        whose = select(digests).where(digests.c.id.in_([digest for digest, _ in keys]))
        by_id = {row["id"]: digest_of(row) for row in db.execute(whose).mappings()}
        claims = [
            Claim(run_of(row), by_id[row["digest"]], holder, row["content"] and thawed(row["content"]), row["tried_at"])
            for row in rows
        ]
        return sorted(claims, key=lambda claim: (claim.run.due, claim.run.digest))

    def _stands(
        self, db: Connection, claim: Claim, ts: str, told: Sequence[Told], now: datetime, more: dict[str, Any]
    ) -> bool:
        late = now - claim.run.due >= self._pace.late
        if not _changed(db, claim, {"message_ts": ts, "late": late} | more):
            return False
        _remember(db, claim, ts, told)
        return True

    def _still(self, db: Connection, claim: Claim, now: datetime, told: dict[str, Any]) -> bool:
        return _changed(db, claim, {"lease_until": now + self._pace.lease} | told)

    def _ended(
        self, db: Connection, claim: Claim, state: RunState, why: str | None, notice: str | None, now: datetime
    ) -> bool:
        if not _changed(db, claim, _over(state, why)):
            return False
        if state not in (RunState.SENT, RunState.SILENT):
            self._noted(db, claim.digest, state.value, {"due": claim.run.due.isoformat(), "why": why})
        if notice:
            _notify(db, claim.digest.wish.team, claim.digest.wish.owner, notice, now)
        return True

    def _noted(self, db: Connection, digest: Digest, deed: str, more: Detail) -> None:
        told = {"channel": digest.wish.channel, "number": digest.number, **more}
        self._audit.noted(db, Deed(digest.wish.team, None, deed, f"digest {digest.id}", told))


def _next(row: RowMapping, after: datetime) -> datetime | None:
    digest = digest_of(row)
    try:
        return next(digest.wish.schedule.runs(after, digest.wish.zone))
    except ZoneInfoNotFoundError:
        return None


def _changed(db: Connection, claim: Claim, told: dict[str, Any]) -> bool:
    mine = (its.digest == claim.run.digest) & (its.due == claim.run.due) & (its.holder == claim.holder)
    return db.execute(update(runs).where(mine, its.lease_until.is_not(None)).values(told)).rowcount == 1


def _over(state: RunState, why: str | None) -> dict[str, Any]:
    return {"state": state.value, "why": why, "lease_until": None, "holder": None, "content": None}


def _insert(db: Connection) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(runs) if db.dialect.name == "postgresql" else sqlite.insert(runs)


def _remember(db: Connection, claim: Claim, ts: str, told: Sequence[Told]) -> None:
    """What was had before is known by its newest detail."""
    wish = claim.digest.wish
    table = digest_told
    mine = (table.c.team == wish.team) & (table.c.channel == wish.channel)
    latest = {one.fingerprint: one for one in told}
    for start in range(0, len(told), _TOGETHER):
        some = list(latest)[start : start + _TOGETHER]
        db.execute(delete(table).where(mine, table.c.fingerprint.in_(some)))
    where = {"team": wish.team, "channel": wish.channel, "digest": claim.digest.id, "due": claim.run.due}
    rows = [
        {**where, "message_ts": ts, "place": place, "fingerprint": one.fingerprint, "detail": dict(one.detail)}
        for place, one in enumerate(latest.values())
    ]
    if rows:
        db.execute(insert(table), rows)


def _notify(db: Connection, team: str, person: str, text: str, now: datetime) -> None:
    row = {"team": team, "person": person, "text": text, "at": now, "next_try": now, "attempts": 0}
    db.execute(insert(digest_notices).values(row))


def _paused(stopped: Sequence[Digest], why: str) -> str:
    named = ", ".join(f"{digest.number} in <#{digest.wish.channel}>" for digest in stopped[:20])
    more = f" and {len(stopped) - 20} more" if len(stopped) > 20 else ""
    digest_is = "Digest {} is" if len(stopped) == 1 else "Digests {} are"
    return f"{digest_is.format(named + more)} paused. {why}, then type /digest resume {stopped[0].number} there."
