"""The workspace's clock goes by itself, is turned forwards only, and wakes whoever sleeps by it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.state.clock import TurnableClock, format_moment
from bot.simulator.state.model import SlackError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(lambda: NOON)


def test_it_is_the_machines_until_it_is_turned(clock: TurnableClock) -> None:
    assert (clock(), clock.offset) == (NOON, timedelta(0))
    clock.turn(NOON + timedelta(hours=20, minutes=30))
    assert format_moment(clock()) == "Mon 23 Nov 2026, 08:30"
    assert clock.get_timestamp() == (NOON + clock.offset).timestamp()


def test_it_goes_on_by_itself_after_it_was_turned() -> None:
    moments = [NOON]
    clock = TurnableClock(lambda: moments[-1])
    clock.turn(NOON + timedelta(hours=1))
    moments.append(NOON + timedelta(minutes=5))
    assert clock() == NOON + timedelta(hours=1, minutes=5)


@pytest.mark.parametrize(
    "to", [NOON, NOON - timedelta(seconds=1), NOON + timedelta(days=367), datetime(2027, 1, 1, 0, 0)]  # noqa: DTZ001  # which has no zone, and is refused for it
)  # fmt: skip
def test_it_goes_forwards_only_and_by_a_year_at_most(clock: TurnableClock, to: datetime) -> None:
    with pytest.raises(SlackError) as refused:
        clock.turn(to)
    assert refused.value.details.messages[0].startswith("The clock ")
    assert clock() == NOON


async def test_who_sleeps_is_woken_when_it_is_turned_far_enough(clock: TurnableClock) -> None:
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    clock.turn(NOON + timedelta(minutes=59))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not sleeper.done()
    clock.turn(NOON + timedelta(minutes=60))
    async with asyncio.timeout(60):
        await sleeper


async def test_a_sleep_of_no_time_is_over_at_once(clock: TurnableClock) -> None:
    await clock.sleep(0)
