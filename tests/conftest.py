"""PostgreSQL fixtures: one server per test session, and a fresh database per test."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Never

import pytest
from hypothesis import settings

from bot.core.tenancy import use_all_teams
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings.storage.repository import open_repository
from tests.support.postgresql import PostgresqlMissing, Server, run_server

# no deadlines, because a slow machine must not fail a test; `make bench` measures time
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def _all_teams() -> Iterator[None]:
    """Let tests read and write the bot's tables of all teams. A bot under test has its own scope (tests/scenarios)."""
    with use_all_teams("tests set up and look at the rows of all teams"):
        yield


@pytest.fixture(autouse=True)
def _leave_no_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail a test that leaves a key file where the databases of other tests look for theirs: it must set KEY_FILE."""
    yield
    file = tmp_path_factory.getbasetemp() / "ontherecord.key"
    if file.exists():
        file.unlink()
        pytest.fail("The test left a key file outside of its folder. Set KEY_FILE.")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Start a fast server without durability. If PostgreSQL is missing, skip, or fail when REQUIRE_ALL=1."""
    yield from _server(is_fast=True)


@pytest.fixture(scope="session")
def durable_postgresql() -> Iterator[Server]:
    """Start a server with production durability: committed data is on disk."""
    yield from _server(is_fast=False)


@pytest.fixture(scope="session")
def migrated_database(postgresql: Server) -> Iterator[str]:
    """Return the name of an empty migrated database, used as a template."""
    with postgresql.temporary_database() as name:
        open_repository(postgresql.build_url(name), lambda: datetime.now(UTC)).close()
        yield name


@pytest.fixture(scope="session")
def migrated_bot_database(postgresql: Server, migrated_database: str) -> Iterator[str]:
    """Return the name of an empty database with the bot's tables too, used as a template."""
    with postgresql.temporary_database(migrated_database) as name:
        open_store(postgresql.build_url(name), RateLimit(20), time.time).close()
        yield name


@pytest.fixture
def postgresql_bot_address(postgresql: Server, migrated_bot_database: str) -> Iterator[str]:
    """Return the address of a fresh, empty database with the tables of the record and the bot."""
    with postgresql.temporary_database(migrated_bot_database) as name:
        yield postgresql.build_url(name)


@pytest.fixture
def postgresql_address(postgresql: Server, migrated_database: str) -> Iterator[str]:
    """Return the address of a fresh, empty, migrated database."""
    with postgresql.temporary_database(migrated_database) as name:
        yield postgresql.build_url(name)


def _server(*, is_fast: bool) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(run_server(is_fast=is_fast))
        except PostgresqlMissing as missing:
            _skip_or_fail(str(missing))
        yield server


def _skip_or_fail(reason: str) -> Never:
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
