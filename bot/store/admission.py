"""Notes that requests came and who asked, in one transaction for all of a moment: two statements, however many.

Rule: of the same key, one is new, whichever replica takes it, until `limits.REMEMBER_SECONDS` have passed. A question
over the rate costs nothing, so that who waits as told is served.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from bot import limits
from bot.store.database import Database
from bot.store.rate import BURST_MINUTES, Rate
from bot.store.schema import asked, handled

Person = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Came:
    """A request: its key (`bot.once`), and the (team, person) who pays for it, if anybody."""

    key: str
    who: Person | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is new, and the seconds to wait when its person has asked too much (0: welcome)."""

    new: bool
    wait: int = 0


class Admission:
    """The tables `handled` and `asked`. `now` gives seconds since 1970. Its calls block."""

    def __init__(self, database: Database, rate: Rate, now: Callable[[], float]) -> None:
        self._database = database
        self._rate = rate
        self._now = now

    def admit(self, came: Sequence[Came]) -> list[Verdict]:
        """The verdict on each, in order. Raises RecordUnavailable."""
        return self._database.write(lambda db: self._admit(db, came))

    def pay(self, who: Person) -> int:
        """Pays for one question; the seconds to wait when that is too much (0: welcome). Raises RecordUnavailable."""
        return self._database.write(lambda db: self._paid(db, Counter([who]))[who][0])

    def release(self, key: str) -> None:
        """Forgets a key. Raises RecordUnavailable."""
        self._database.write(lambda db: db.execute(delete(handled).where(handled.c.key == key)))

    def sweep(self) -> None:
        """Forgets what need not be remembered any more. Raises RecordUnavailable."""
        now = self._now()

        def swept(db: Connection) -> None:
            db.execute(delete(handled).where(handled.c.until <= now))
            db.execute(delete(asked).where(asked.c.paid_until <= now))

        self._database.write(swept)

    def _admit(self, db: Connection, came: Sequence[Came]) -> list[Verdict]:
        new = self._claimed(db, {one.key for one in came})
        fresh = []
        for one in came:
            fresh.append(one.key in new)
            new.discard(one.key)
        waits = self._paid(db, Counter(one.who for one, is_new in zip(came, fresh, strict=True) if is_new and one.who))
        return [
            Verdict(is_new, waits[one.who].pop(0) if is_new and one.who else 0)
            for one, is_new in zip(came, fresh, strict=True)
        ]

    def _claimed(self, db: Connection, keys: set[str]) -> set[str]:
        now = self._now()
        statement = _insert(db, handled)
        claimed = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"until": statement.excluded.until},
            where=handled.c.until <= now,
        ).returning(handled.c.key)
        # sorted, so that two replicas take the rows' locks in one order
        rows = [{"key": key, "until": now + limits.REMEMBER_SECONDS} for key in sorted(keys)]
        return set(db.execute(claimed, rows).scalars())

    def _paid(self, db: Connection, counts: Counter[Person]) -> dict[Person, list[int]]:
        """The seconds to wait of each person's questions, in order."""
        if not counts:
            return {}
        now, interval = self._now(), self._rate.interval
        statement = _insert(db, asked)
        # a moment further ahead than any can be comes from a clock that was wrong, or turned
        sound = (asked.c.paid_until > now) & (asked.c.paid_until <= now + 2 * 60 * BURST_MINUTES)
        started = case((sound, asked.c.paid_until), else_=now)
        paid = statement.on_conflict_do_update(
            index_elements=["team", "person"],
            set_={"paid_until": started + (statement.excluded.paid_until - now)},
        ).returning(asked.c.team, asked.c.person, asked.c.paid_until)
        rows = [
            {"team": team, "person": person, "paid_until": now + count * interval}
            for (team, person), count in sorted(counts.items())
        ]
        waits: dict[Person, list[int]] = {}
        for team, person, paid_until in db.execute(paid, rows):
            who, count = (team, person), counts[team, person]
            free = self._rate.allowed(paid_until - count * interval, now, count)
            kept = paid_until - (count - free) * interval
            if free < count:
                self._give_back(db, who, kept)
            waits[who] = [0] * free + [self._rate.wait(kept, now)] * (count - free)
        return waits

    @staticmethod
    def _give_back(db: Connection, who: Person, paid_until: float) -> None:
        team, person = who
        whose = (asked.c.team == team) & (asked.c.person == person)
        db.execute(update(asked).where(whose).values(paid_until=paid_until))


def _insert(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)
