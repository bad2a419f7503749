"""Deduplicates requests and limits each user's rate, for a batch of requests in one transaction of two statements.

Rule: of requests with the same key, one replica gets the first; the others are duplicates until
`slack_limits.DEDUPLICATION_SECONDS` have passed. A rejected question costs nothing, so it is accepted after the wait.

The rate limit is the generic cell rate algorithm of ATM traffic management. Each user has one time up to which
questions are paid for. Each question moves it on by 60 / per_minute seconds. A user can ask `BURST_MINUTES` minutes'
worth of questions at once, then `per_minute` evenly. Fixed windows would allow twice as many around their edges.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, delete, update

from bot.core import slack_limits
from bot.core.tenancy import use_all_teams
from bot.storage.database import Database, build_insert
from bot.storage.schema import handled_requests, rate_limits

_REASON = "one transaction counts the requests of several teams, and shows none of its rows"
#: size of a burst: the questions of this many minutes
BURST_MINUTES = 2.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The rate limit of one user: `per_minute` questions, at least 1. Pure arithmetic."""

    per_minute: int

    @property
    def interval(self) -> float:
        """Return the seconds that one question costs."""
        return 60 / self.per_minute

    def count_allowed(self, paid_until: float, now: float, requested_count: int) -> int:
        """Return how many of `requested_count` questions are allowed, for a user who has paid until `paid_until`."""
        available_seconds = now + 60 * BURST_MINUTES - max(paid_until, now)
        return min(requested_count, max(0, math.floor(available_seconds / self.interval + 1e-6)))

    def compute_wait(self, paid_until: float, now: float) -> int:
        """Return the whole seconds until the next question is allowed, at least 1."""
        return max(1, math.ceil(max(paid_until, now) + self.interval - now - 60 * BURST_MINUTES - 1e-6))


#: team id and user id
PersonKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request: the key that identifies it, and the user to charge, or None for a free request."""

    key: str
    person_key: PersonKey | None = None


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Whether a request is new, and the seconds to wait if its user is over the limit (0 if not)."""

    is_new: bool
    wait_seconds: int = 0


class RequestLog:
    """Repository of the tables `handled` and `asked`. `now` returns seconds since 1970. Calls block."""

    def __init__(self, database: Database, rate_limit: RateLimit, now: Callable[[], float]) -> None:
        self._database = database
        self._rate_limit = rate_limit
        self._now = now

    def admit(self, requests: Sequence[Request]) -> list[GateDecision]:
        """Return a decision for each request, in order. Raises DatabaseUnavailable."""
        with use_all_teams(_REASON):
            return self._database.write(lambda db: self._admit(db, requests))

    def charge(self, person_key: PersonKey) -> int:
        """Pays for one question; the seconds to wait when that is too much (0: welcome). Raises RecordUnavailable."""
        with use_all_teams(_REASON):
            return self._database.write(lambda db: self._charge_all(db, Counter([person_key]))[person_key][0])

    def release(self, key: str) -> None:
        """Forgets a key. Raises RecordUnavailable."""
        self._database.write(lambda db: db.execute(delete(handled_requests).where(handled_requests.c.key == key)))

    def delete_expired(self) -> None:
        """Delete expired keys and rate limits. Raises DatabaseUnavailable."""
        now = self._now()

        def delete_rows(db: Connection) -> None:
            db.execute(delete(handled_requests).where(handled_requests.c.until <= now))
            db.execute(delete(rate_limits).where(rate_limits.c.paid_until <= now))

        with use_all_teams(_REASON):
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
        statement = build_insert(db, handled_requests)
        upsert = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"until": statement.excluded.until},
            where=handled_requests.c.until <= now,
        ).returning(handled_requests.c.key)
        # sorted, so that replicas lock the rows in the same order
        rows = [{"key": key, "until": now + slack_limits.DEDUPLICATION_SECONDS} for key in sorted(keys)]
        return set(db.execute(upsert, rows).scalars())

    def _charge_all(self, db: Connection, counts: Counter[PersonKey]) -> dict[PersonKey, list[int]]:
        """Return the seconds to wait for each user's questions, in order."""
        if not counts:
            return {}
        now, interval = self._now(), self._rate_limit.interval
        statement = build_insert(db, rate_limits)
        # a time too far ahead was written by a wrong clock
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
