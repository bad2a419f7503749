"""The databases of the tests: one PostgreSQL a session, and of it a fresh database a test."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Never

import pytest
from hypothesis import settings

from briefings.storage.repository import open_repository
from tests.support.postgresql import Missing, Server, running

# a slow machine fails nothing: time is measured by `make bench`
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server that is fast and careless. Without PostgreSQL the test is skipped, or fails when REQUIRE_ALL=1."""
    yield from _server(careless=True)


@pytest.fixture(scope="session")
def durable_postgresql() -> Iterator[Server]:
    """A server as a newsroom runs it: what is committed is on the disk."""
    yield from _server(careless=False)


@pytest.fixture(scope="session")
def migrated_database(postgresql: Server) -> Iterator[str]:
    """The name of a database that holds an empty record, to be copied."""
    with postgresql.database() as name:
        open_repository(postgresql.address(name), lambda: datetime.now(UTC)).close()
        yield name


@pytest.fixture
def postgresql_address(postgresql: Server, migrated: str) -> Iterator[str]:
    """The address of an empty record of the test's own."""
    with postgresql.database(migrated) as name:
        yield postgresql.address(name)


def _server(*, careless: bool) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running(careless=careless))
        except Missing as missing:
            _skip_or_fail(str(missing))
        yield server


def _skip_or_fail(reason: str) -> Never:
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
