"""The bot over the seeds, at noon of one day, with a Slack and a person who uses it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from bot.serve import build_web_app
from bot.store.rate import Rate
from bot.store.store import Store, open_store
from briefings.desk import Desk
from tests.clock import Clock
from tests.golden.command import filled, folder, run
from tests.golden.person import Person
from tests.golden.seeded import NOON, seeds_at_noon
from tests.scenarios.conftest import over

__all__ = ["filled", "folder", "run"]

PUBLIC = "https://bot.example.org"


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The seeds, to be read alone."""
    with seeds_at_noon(f"sqlite:///{tmp_path_factory.mktemp('seeds') / 'record.db'}") as found:
        yield found


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON.timestamp())


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", Rate(60), clock)) as found:
        yield found


@pytest.fixture
async def person(desk: Desk, store: Store, clock: Clock) -> AsyncIterator[Person]:
    """With a database and pages, as in a newsroom; U1 looks after the bot."""
    async with over(
        lambda told: build_web_app(told, desk, store=store, now=clock, sleep=clock.sleep),
        admins=("U1",),
        public_url=PUBLIC,
    ) as slack:
        yield Person(slack, clock)
