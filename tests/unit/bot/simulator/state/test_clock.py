"""Tests of the workspace clock: it runs, can be set forward, and wakes sleeping tasks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.state.clock import TurnableClock, format_moment
from bot.simulator.state.model import SlackError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(lambda: NOON)


def test_clock_follows_the_machine_until_it_is_changed(clock: TurnableClock) -> None:
    assert (clock(), clock.offset) == (NOON, timedelta(0))
    clock.turn(NOON + timedelta(hours=20, minutes=30))
    assert format_moment(clock()) == "Mon 23 Nov 2026, 08:30"
    assert clock.get_timestamp() == (NOON + clock.offset).timestamp()


def test_clock_keeps_running_after_a_change() -> None:
    moments = [NOON]
    clock = TurnableClock(lambda: moments[-1])
    clock.turn(NOON + timedelta(hours=1))
    moments.append(NOON + timedelta(minutes=5))
    assert clock() == NOON + timedelta(hours=1, minutes=5)


@pytest.mark.parametrize(
    "target", [NOON, NOON - timedelta(seconds=1), NOON + timedelta(days=367), datetime(2027, 1, 1, 0, 0)]  # noqa: DTZ001  # a time without a zone is refused
)  # fmt: skip
def test_clock_goes_forward_by_at_most_one_year(clock: TurnableClock, target: datetime) -> None:
    with pytest.raises(SlackError) as error:
        clock.turn(target)
    assert error.value.details.messages[0].startswith("The clock ")
    assert clock() == NOON


async def test_sleeping_task_wakes_after_a_large_enough_change(clock: TurnableClock) -> None:
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.turn(NOON + timedelta(minutes=59))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not sleeper.done()
    clock.turn(NOON + timedelta(minutes=60))
    async with asyncio.timeout(60):
        await sleeper


async def test_sleep_of_zero_seconds_returns_at_once(clock: TurnableClock) -> None:
    await clock.sleep(0)
