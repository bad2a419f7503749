"""Records in real SQLite files, with a clock that stands still."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.record.store import Record, open_record


def noon() -> datetime:
    return datetime(2016, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "record.db"


@pytest.fixture
def address(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def record(address: str) -> Iterator[Record]:
    with closing(open_record(address, noon)) as opened:
        yield opened
