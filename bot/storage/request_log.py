"""Notes that requests came and who asked, in one transaction for all of a moment: two statements, however many.

Rule: of the same key, one is new, whichever replica takes it, until `limits.REMEMBER_SECONDS` have passed. A question
over the rate costs nothing, so that who waits as told is served.

How often one person may ask. Pure arithmetic; the numbers are kept by `admission`.

Rule: whoever was quiet may ask `BURST_MINUTES` minutes' worth at once, and after that `per_minute` evenly. Kept as one
moment a person, up to which their questions are paid for: each question moves it on by 60 / per_minute seconds
(the generic cell rate algorithm of ATM traffic management), so there is no window at whose edge twice as much is free.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core import slack_limits
from bot.storage.database import Database
from bot.storage.schema import handled_requests, rate_limits

#: minutes' worth of questions that may come at once
BURST_MINUTES = 2.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`per_minute` questions a person, at least 1."""

    per_minute: int

    @property
    def interval(self) -> float:
        """Seconds that one question costs."""
        return 60 / self.per_minute

    def count_allowed(self, paid_until: float, now: float, requested_count: int) -> int:
        """How many of `asked` questions are free, for somebody who has paid until then."""
        available_seconds = now + 60 * BURST_MINUTES - max(paid_until, now)
        return min(requested_count, max(0, math.floor(available_seconds / self.interval + 1e-6)))

    def compute_wait(self, paid_until: float, now: float) -> int:
        """Whole seconds until the next question is free, at least 1, for somebody who has paid until then."""
        return max(1, math.ceil(max(paid_until, now) + self.interval - now - 60 * BURST_MINUTES - 1e-6))


PersonKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its key (`bot.once`), and the (team, person) who pays for it, if anybody."""

    key: str
    person_key: PersonKey | None = None


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Whether a request is new, and the seconds to wait when its person has asked too much (0: welcome)."""

    is_new: bool
    wait_seconds: int = 0


class RequestLog:
    """The tables `handled` and `asked`. `now` gives seconds since 1970. Its calls block."""

    def __init__(self, database: Database, rate_limit: RateLimit, now: Callable[[], float]) -> None:
        self._database = database
        self._rate_limit = rate_limit
        self._now = now

    def admit(self, requests: Sequence[Request]) -> list[GateDecision]:
        """The verdict on each, in order. Raises RecordUnavailable."""
        return self._database.write(lambda db: self._admit(db, requests))

    def charge(self, person_key: PersonKey) -> int:
        """Pays for one question; the seconds to wait when that is too much (0: welcome). Raises RecordUnavailable."""
        return self._database.write(lambda db: self._charge_all(db, Counter([person_key]))[person_key][0])

    def release(self, key: str) -> None:
        """Forgets a key. Raises RecordUnavailable."""
        self._database.write(lambda db: db.execute(delete(handled_requests).where(handled_requests.c.key == key)))

    def delete_expired(self) -> None:
        """Forgets what need not be remembered any more. Raises RecordUnavailable."""
        now = self._now()

        def delete_rows(db: Connection) -> None:
            db.execute(delete(handled_requests).where(handled_requests.c.until <= now))
            db.execute(delete(rate_limits).where(rate_limits.c.paid_until <= now))

        self._database.write(delete_rows)

    def _admit(self, db: Connection, requests: Sequence[Request]) -> list[GateDecision]:
        new_keys = self._claim(db, {request.key for request in requests})
        new_flags = []
        for request in requests:
            new_flags.append(request.key in new_keys)
            new_keys.discard(request.key)
        waits = self._charge_all(
            db,
            Counter(
                request.person_key
                for request, is_new in zip(requests, new_flags, strict=True)
                if is_new and request.person_key
            ),
        )
        return [
            GateDecision(is_new, waits[request.person_key].pop(0) if is_new and request.person_key else 0)
            for request, is_new in zip(requests, new_flags, strict=True)
        ]

    def _claim(self, db: Connection, keys: set[str]) -> set[str]:
        now = self._now()
        statement = _build_insert(db, handled_requests)
        upsert = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"until": statement.excluded.until},
            where=handled_requests.c.until <= now,
        ).returning(handled_requests.c.key)
        # sorted, so that two replicas take the rows' locks in one order
        rows = [{"key": key, "until": now + slack_limits.DEDUPLICATION_SECONDS} for key in sorted(keys)]
        return set(db.execute(upsert, rows).scalars())

    def _charge_all(self, db: Connection, counts: Counter[PersonKey]) -> dict[PersonKey, list[int]]:
        """The seconds to wait of each person's questions, in order."""
        if not counts:
            return {}
        now, interval = self._now(), self._rate_limit.interval
        statement = _build_insert(db, rate_limits)
        # a moment further ahead than any can be comes from a clock that was wrong, or turned
        is_plausible = (rate_limits.c.paid_until > now) & (rate_limits.c.paid_until <= now + 2 * 60 * BURST_MINUTES)
        start = case((is_plausible, rate_limits.c.paid_until), else_=now)
        upsert = statement.on_conflict_do_update(
            index_elements=["team", "person"],
            set_={"paid_until": start + (statement.excluded.paid_until - now)},
        ).returning(rate_limits.c.team, rate_limits.c.person, rate_limits.c.paid_until)
        rows = [
            {"team": team, "person": person, "paid_until": now + count * interval}
            for (team, person), count in sorted(counts.items())
        ]
        waits: dict[PersonKey, list[int]] = {}
        for team, person, paid_until in db.execute(upsert, rows):
            person_key, count = (team, person), counts[team, person]
            free_count = self._rate_limit.count_allowed(paid_until - count * interval, now, count)
            adjusted_until = paid_until - (count - free_count) * interval
            if free_count < count:
                self._refund(db, person_key, adjusted_until)
            waits[person_key] = [0] * free_count + [self._rate_limit.compute_wait(adjusted_until, now)] * (
                count - free_count
            )
        return waits

    @staticmethod
    def _refund(db: Connection, person_key: PersonKey, paid_until: float) -> None:
        team, person = person_key
        condition = (rate_limits.c.team == team) & (rate_limits.c.person == person)
        db.execute(update(rate_limits).where(condition).values(paid_until=paid_until))


def _build_insert(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)
