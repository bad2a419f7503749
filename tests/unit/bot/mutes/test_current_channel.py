"""The channel of a request, and what its answers leave out."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.answers.left_out import EVERYTHING
from bot.mutes.current_channel import find_channel, get_channel_id, get_current_channel, make_middleware, use_channel
from bot.mutes.left_out import find_current_left_out
from bot.mutes.model import MuteTarget, SourceKind
from bot.mutes.repository import MuteRepository, open_mute_repository, read_filters
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store

TRIBUNE = MuteTarget(SourceKind.OUTLET, "The Tribune")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(20), time.time)) as store:
        yield store


@pytest.fixture
def repository(store: Store) -> MuteRepository:
    return open_mute_repository(store)


@pytest.mark.parametrize(
    ("body", "channel"),
    [
        ({"channel_id": "C1", "command": "/briefing"}, "C1"),
        ({"channel": {"id": "G1"}, "type": "block_actions"}, "G1"),
        ({"event": {"type": "app_mention", "channel": "C1"}}, "C1"),
        ({"event": {"type": "link_shared", "channel": "COMPOSER!"}}, ""),
        ({"event": {"type": "member_joined_channel", "channel": "C1"}}, "C1"),
        ({"container": {"channel_id": "D1"}}, "D1"),
        ({"view": {"private_metadata": "C1"}}, "C1"),
        ({"view": {"private_metadata": "C1 7 thread"}}, "C1"),
        ({"view": {"private_metadata": '{"asked": "/whosaid x", "channel": "C1"}'}}, "C1"),
        ({"view": {"private_metadata": '{"channel": "not a channel"}'}}, ""),
        ({"view": {"private_metadata": "[" * 9_000}}, ""),
        ({"view": {"type": "home", "private_metadata": "c0ffee"}}, ""),
        ({"channel_id": 7, "channel": ["C1"], "event": "x", "container": None, "view": []}, ""),
        ({}, ""),
    ],
)
def test_channel_is_read_from_every_kind_of_request(body: dict[str, Any], channel: str) -> None:
    assert find_channel(body) == channel


@pytest.mark.parametrize(
    ("event", "channel"),
    [
        ({"type": "app_home_opened", "tab": "home", "channel": "D1"}, ""),
        ({"type": "app_home_opened", "tab": "messages", "channel": "D1"}, "D1"),
    ],
)
async def test_app_home_has_no_channel_and_the_messages_tab_has(event: dict[str, str], channel: str) -> None:
    channels: list[str] = []

    async def note() -> None:
        channels.append(get_channel_id())

    context = type("Context", (dict,), {"team_id": "T1", "enterprise_id": None, "is_enterprise_install": False})()
    await make_middleware()({"event": event}, context, note)
    assert channels == [channel]


async def test_a_request_leaves_out_the_same_sources_until_its_end(repository: MuteRepository) -> None:
    await repository.add("T1", "C1", "U1", [TRIBUNE])
    with use_channel("T1", "C1"):
        first = await find_current_left_out(repository)
        assert first.sources.matches("Tribune", None)
        await repository.remove("T1", "C1", "U1", [TRIBUNE])
        assert await asyncio.create_task(find_current_left_out(repository)) is first
    with use_channel("T1", "C1"):
        assert await find_current_left_out(repository) == EVERYTHING


@pytest.mark.parametrize(("team", "channel"), [("T1", ""), ("", "C1"), ("T2", "C1"), ("T1", "C2")])
async def test_other_places_leave_out_nothing(repository: MuteRepository, team: str, channel: str) -> None:
    await repository.add("T1", "C1", "U1", [TRIBUNE])
    with use_channel(team, channel):
        assert await find_current_left_out(repository) == EVERYTHING
    assert get_current_channel() is None


async def test_filters_of_many_channels_are_read_together(repository: MuteRepository, store: Store) -> None:
    await repository.add("T1", "C1", "U1", [TRIBUNE])
    await repository.add("T2", "C2", "U1", [TRIBUNE])
    places = [("T1", "C1"), ("T1", "C2"), ("T2", "C1"), ("T2", "C2"), *(("T1", f"C{number}X") for number in range(900))]
    filters = store.database.read(lambda db: read_filters(db, places))
    assert filters.keys() == {("T1", "C1"), ("T2", "C2")}
    assert store.database.read(lambda db: read_filters(db, [])) == {}
