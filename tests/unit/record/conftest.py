"""Records in real databases, SQLite's files and PostgreSQL's server alike, with a clock that stands still.

A test that asks for `path` is about SQLite's file and runs there alone; every other test runs on both.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.record.store import Record, open_record
from tests.records import Emptied, empty

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def noon() -> datetime:
    return datetime(2016, 7, 1, 12, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ("sqlite",) if "path" in metafunc.fixturenames else BOTH)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "record.db"


@pytest.fixture
def address(database: str, request: pytest.FixtureRequest) -> str:
    if database == "postgresql":
        return str(request.getfixturevalue("postgresql_address"))
    return f"sqlite:///{request.getfixturevalue('path')}"


@pytest.fixture
def record(address: str) -> Iterator[Record]:
    with closing(open_record(address, noon)) as opened:
        yield opened


@pytest.fixture
def emptied(database: str, request: pytest.FixtureRequest) -> Iterator[Emptied]:
    if database == "sqlite":
        yield lambda: closing(open_record("sqlite://", noon))
        return
    record, address = request.getfixturevalue("record"), request.getfixturevalue("address")
    with request.getfixturevalue("postgresql").connect(address.rsplit("/")[-1]) as db:

        @contextmanager
        def of_postgresql() -> Iterator[Record]:
            empty(db)
            yield record

        yield of_postgresql
