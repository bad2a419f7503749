"""Fixtures: stores in real databases, with a clock that tests set."""

from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


class Clock:
    """Returns `seconds`: seconds since 1970, which tests change."""

    def __init__(self) -> None:
        self.seconds = 1_467_374_400.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without rows. In PostgreSQL it is a copy: migrating takes longer than most tests."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_bot_address"))
    return f"sqlite:///{tmp_path}/record.db"


@pytest.fixture(params=BOTH)
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a database without tables."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    with server.temporary_database() if server else nullcontext("") as name:
        yield server.build_url(name) if server else f"sqlite:///{tmp_path}/record.db"


@pytest.fixture
def store(address: str, clock: Clock) -> Iterator[Store]:
    """Open a store with a limit of twenty questions a minute."""
    with closing(open_store(address, RateLimit(20), clock)) as opened_store:
        yield opened_store
