"""Notices about problems: to the owner, or to the channel and the admins if the owner is gone."""

from datetime import datetime
from typing import Any

import pytest

from bot.core.permissions.admin_list import AdminList
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import Content, Digest, DigestState
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.schema import digest_notices
from briefings.errors import NothingFound
from tests.unit.bot.digests.conftest import World
from tests.unit.bot.storage.conftest import address  # noqa: F401 - a fixture


def use_admins(world: World, *admins: str) -> None:
    """Replace the runner by one with these admins."""

    async def find_client(_team: str) -> Any:
        return world.slack

    poster = QueuedChannelPoster(now=world.clock, sleep=world.clock.sleep)
    world.runner = DigestRunner(world.store, world.source, poster, find_client, world.now, admins=AdminList(admins))


def reject(world: World, **codes: str) -> None:
    """Let Slack reject all posts to these people and channels, with an error code each."""

    def fault(method: str, arguments: dict[str, Any]) -> str | None:
        return codes.get(str(arguments.get("channel"))) if method == "chat.postMessage" else None

    world.slack.fault = fault


def break_content(world: World) -> None:
    """Let every run fail, which is the owner's to know."""

    async def fail(_digest: Digest, _now: datetime) -> Content | None:
        raise NothingFound("No articles about “strike” yet.")

    world.source.fetch_content = fail  # type: ignore[method-assign]  # a fake source


async def test_owner_gets_the_notice(world: World) -> None:
    break_content(world)
    await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    assert len(world.list_texts("U1")) == 1
    assert world.list_texts("C1") == []


@pytest.mark.parametrize("code", ["channel_not_found", "user_disabled", "account_inactive", "messages_tab_disabled"])
async def test_channel_is_told_once_if_the_owner_cannot_be_reached(world: World, code: str) -> None:
    break_content(world)
    reject(world, U1=code)
    await world.add_digest()
    for day in (25, 26, 27):
        await world.run_at(f"2026-06-{day} 07:30")
    (text,) = world.list_texts("C1")
    assert text.startswith("The person who scheduled this digest can't be reached (<@U1>). Digest 1 in <#C1>")
    assert "No articles about “strike” yet." in text
    assert "type /digest take and its number in its channel" in text


async def test_channel_is_told_if_the_owner_is_deactivated(world: World) -> None:
    """Slack may accept a message to a person who has left, so it is asked first."""
    break_content(world)
    world.slack.deactivated_users.add("U1")
    await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    assert world.list_texts("U1") == []
    assert len(world.list_texts("C1")) == 1


async def test_admin_is_told_if_the_channel_is_closed_too(world: World) -> None:
    use_admins(world, "S1", "U7", "U8")
    reject(world, C1="is_archived", U1="user_disabled", U7="user_disabled")
    digest = await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    assert (await world.reload(digest)).state is DigestState.PAUSED
    assert world.list_texts("C1") == []
    (text,) = world.list_texts("U8")
    assert "The channel is archived" in text
    assert "(<@U1>)" in text


async def test_notice_without_anybody_to_tell_is_dropped(world: World) -> None:
    break_content(world)
    reject(world, U1="user_disabled", C1="channel_not_found")
    await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    assert world.slack.messages == []
    assert world.store.database.read(lambda db: db.execute(digest_notices.select()).all()) == []


async def test_temporary_error_is_retried_with_the_owner(world: World) -> None:
    break_content(world)
    reject(world, U1="message_limit_exceeded")
    await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    reject(world)
    await world.run_at("2026-06-25 07:40")
    assert len(world.list_texts("U1")) == 1
    assert world.list_texts("C1") == []


async def test_new_owner_gets_the_next_notice(world: World) -> None:
    break_content(world)
    reject(world, U1="user_disabled")
    digest = await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    await open_digest_repository(world.store).take_over(digest, "U7")
    await world.run_at("2026-06-26 07:30")
    assert len(world.list_texts("C1")) == 1
    assert len(world.list_texts("U7")) == 1
