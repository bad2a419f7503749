"""Fixtures: repositories in SQLite files and on a PostgreSQL server, with a fixed clock.

A test that uses `path` runs on SQLite only; every other test runs on both databases.
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

BOTH_DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def noon() -> datetime:
    return datetime(2016, 7, 1, 12, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ("sqlite",) if "path" in metafunc.fixturenames else BOTH_DATABASES)


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
    """An empty database file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "record.db"
    open_repository(f"sqlite:///{path}", noon).close()
    return path


@pytest.fixture
def repository(database: str, address: str, request: pytest.FixtureRequest) -> Iterator[Repository]:
    if database == "sqlite" and not (path := request.getfixturevalue("path")).exists():
        path.parent.mkdir(exist_ok=True)
        copyfile(request.getfixturevalue("migrated_file"), path)
    with closing(open_repository(address, noon)) as opened_repository:
        yield opened_repository


@pytest.fixture
def empty_repository(repository: Repository, address: str) -> Iterator[Emptied]:
    """Return a function that empties the test's repository and yields it, as often as it is called."""
    engine = connect(address)

    @contextmanager
    def open_empty() -> Iterator[Repository]:
        empty(engine)
        yield repository

    yield open_empty
    engine.dispose()


@pytest.fixture
def filled_repository(repository: Repository) -> Repository:
    """The seed articles, one of them in two versions and with a story."""
    first, *other_articles = seeds()
    fill(repository, Article(first.id, "An older text."), first, *other_articles)
    repository.set_stories({first.id: Story("one", "The story")})
    return repository


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file name with every character that a database URL must escape."""
    folder = tmp_path / "back ups?"
    folder.mkdir()
    return folder / "of 100% #1.db"
