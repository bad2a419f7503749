"""Fixtures: a workspace with a manual clock and sequential ids."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.simulator.state.model import Clock, Command
from bot.simulator.state.workspace import Workspace


class _Clock:
    """A clock that only `turn` changes."""

    now = datetime(2016, 6, 30, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **change: float) -> None:
        self.now += timedelta(**change)


@pytest.fixture
def clock() -> Clock:
    return _Clock()


@pytest.fixture
def turn(clock: _Clock) -> Callable[..., None]:
    """Set the clock forward by `seconds=` or `minutes=`."""
    return clock.turn


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    numbers = count(1)
    commands = (Command("/briefing", "topic", ""), Command("/escaped", "", "", should_escape=True))
    return Workspace(clock, lambda: f"{next(numbers):05x}" * 4, commands)
