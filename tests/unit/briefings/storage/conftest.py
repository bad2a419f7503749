"""Records in real databases, SQLite's files and PostgreSQL's server alike, with a clock that stands still.

A test that asks for `path` is about SQLite's file and runs there alone; every other test runs on both.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

import pytest

from briefings.model import Article
from briefings.storage.db.database import connect
from briefings.storage.db.types import Story
from briefings.storage.repository import Repository, open_repository
from tests.support.analysed_articles import fill
from tests.support.articles import seeds
from tests.support.repositories import Emptied, empty

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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds an empty record, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "record.db"
    open_repository(f"sqlite:///{path}", noon).close()
    return path


@pytest.fixture
def record(database: str, address: str, request: pytest.FixtureRequest) -> Iterator[Repository]:
    if database == "sqlite" and not (path := request.getfixturevalue("path")).exists():
        path.parent.mkdir(exist_ok=True)
        copyfile(request.getfixturevalue("migrated_file"), path)
    with closing(open_repository(address, noon)) as opened:
        yield opened


@pytest.fixture
def emptied(record: Repository, address: str) -> Iterator[Emptied]:
    """Gives the test's own record, emptied, as often as it is called."""
    engine = connect(address)

    @contextmanager
    def fresh() -> Iterator[Repository]:
        empty(engine)
        yield record

    yield fresh
    engine.dispose()


@pytest.fixture
def full(record: Repository) -> Repository:
    """The seeds, one of them in two versions, and stories."""
    first, *others = seeds()
    fill(record, Article(first.id, "An older text."), first, *others)
    record.set_stories({first.id: Story("one", "The story")})
    return record


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A name with all that an address of a database would stumble over."""
    folder = tmp_path / "back ups?"
    folder.mkdir()
    return folder / "of 100% #1.db"
