"""The bot with two workspaces: one for all tests with each kind of record, and a fresh one for those that end one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core import slack_limits
from bot.core.record_policy import RecordMode
from tests.support.postgresql import Server
from tests.tenants.world import World, run_world


@pytest.fixture(autouse=True)
def _post_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Post without the second between two messages of a channel, which hundreds of requests would wait for."""
    monkeypatch.setattr(slack_limits, "POST_SECONDS", 0.0)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with run_world(_build_url(tmp_path_factory.mktemp("tenants")), RecordMode.SHARED) as world:
        yield world


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def per_team_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with run_world(_build_url(tmp_path_factory.mktemp("tenants")), RecordMode.PER_TEAM) as world:
        yield world


@pytest.fixture(params=["shared_world", "per_team_world"])
def world(request: pytest.FixtureRequest) -> World:
    """The world with one kind of record. Tests in random order would start a world with parameters again and again."""
    world: World = request.getfixturevalue(request.param)
    return world


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgresql_world(postgresql: Server) -> AsyncIterator[World]:
    """A world whose records are schemas, and whose database user is a plain one, as in production."""
    with postgresql.temporary_plain_database() as address:
        async with run_world(address, RecordMode.PER_TEAM) as world:
            yield world


@pytest.fixture
async def fresh_world(tmp_path: Path) -> AsyncIterator[World]:
    async with run_world(_build_url(tmp_path), RecordMode.SHARED) as world:
        yield world


@pytest.fixture
async def fresh_per_team_world(tmp_path: Path) -> AsyncIterator[World]:
    async with run_world(_build_url(tmp_path), RecordMode.PER_TEAM) as world:
        yield world


def _build_url(folder: Path) -> str:
    return f"sqlite:///{folder}/record.db"
