"""A year of digests in twelve time zones matches an independently computed calendar."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.delivery.slack_errors import RetryPolicy
from bot.digests.delivery.run_repository import RunRepository
from bot.digests.model import RunState
from bot.digests.schedule import MIN_INTERVAL, Schedule, build_weekly_schedule
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import open_store
from tests.stand_ins.digest_world import add_digests, make_config
from tests.support.depth import choose

#: zones whose clocks change at midnight, by half an hour, by two hours, for Ramadan, in the south, by new rules, never
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Almaty",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Chatham",
)
#: three of each zone, or one hundred
DIGESTS = choose(36, 100)
#: a leap year
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
#: times that clocks skip or repeat are as likely as all other times together
TIMES = [time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(2, 45), time(3)] + [
    time(hour, minute) for hour in (5, 8, 12, 17, 23) for minute in (0, 30)
]


def draw_schedule(chance: random.Random) -> Schedule:
    days = chance.sample(range(7), chance.choice((1,) * 15 + (7,)))
    while True:
        times = chance.sample(TIMES, chance.choice((1, 1, 1, 1, 2)))
        schedule = build_weekly_schedule(tuple(sorted(days)), tuple(sorted(times)))
        if schedule.shortest_interval >= MIN_INTERVAL:
            return schedule


def expected_runs(schedule: Schedule, zone: ZoneInfo) -> set[datetime]:
    """Return the year's runs in UTC. A time skipped by the clocks runs at the moment of the change."""
    runs = set()
    day = date(2023, 12, 30)
    while day < date(2025, 1, 3):
        for rule in schedule.rules:
            for at in rule.times if day.weekday() in rule.days else ():
                runs.add(_first_moment(datetime.combine(day, at), zone))
        day += timedelta(days=1)
    return {due for due in runs if BEGIN < due < END}


def _first_moment(local: datetime, zone: ZoneInfo) -> datetime:
    early = local.replace(tzinfo=zone).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == local:
        return early
    before, after = early - timedelta(hours=4), early + timedelta(hours=4)
    while after - before > timedelta(minutes=1):  # the offset changes once in this range
        middle = before + (after - before) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        if middle == before:
            break
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after


def draw_passes(chance: random.Random, dues: Iterable[datetime]) -> Iterator[datetime]:
    """Draw the moments of the bot's passes. Each is within 50 minutes of a run, less than the shortest interval."""
    at = BEGIN
    for due in sorted(dues):
        if due > at:
            at = min(due + timedelta(seconds=chance.uniform(0, 50 * 60)), END - timedelta(seconds=1))
            yield at


def test_every_run_of_a_year_is_claimed_exactly_once() -> None:
    """Checks planning and claims. `test_digest_kills` checks the posts."""
    chance = random.Random(20240229)  # noqa: S311 - no secrets
    configs = [make_config(f"C{n}", zone=ZONES[n % len(ZONES)], schedule=draw_schedule(chance)) for n in range(DIGESTS)]
    calendar = {
        (config.channel, due) for config in configs for due in expected_runs(config.schedule, ZoneInfo(config.zone))
    }
    claim_counts = Counter[tuple[str, datetime]]()
    with closing(open_store("sqlite://", RateLimit(20), BEGIN.timestamp)) as store:
        add_digests(store, configs, BEGIN)
        runs = RunRepository(store.database, store.audit_log, RetryPolicy())
        for now in draw_passes(chance, {due for _, due in calendar}):
            while runs.plan_runs(now):
                pass
            while claims := runs.claim_due(now, now, "one", 100):
                for claim in claims:
                    claim_counts[claim.digest.config.channel, claim.run.due_at] += 1
                    assert runs.finish(claim, RunState.DELIVERED, None, None, now)
        rows = store.database.read(lambda db: db.execute(select(digest_runs.c.state)).scalars().all())
    assert set(claim_counts) == calendar
    assert set(claim_counts.values()) == {1}
    assert list(rows) == [RunState.DELIVERED.value] * len(calendar)
    assert len(calendar) > 60 * DIGESTS
