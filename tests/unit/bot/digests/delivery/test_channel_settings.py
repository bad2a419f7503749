"""Where the details of a channel's digests go, as stored, and content that a run has saved."""

import asyncio

import pytest

from bot.digests.delivery.channel_settings import ChannelSettings, open_channel_settings
from bot.digests.model import Content, DetailsPlace, deserialize_content, serialize_content
from bot.slack.blocks.message import Message
from tests.unit.bot.digests.conftest import World
from tests.unit.bot.storage.conftest import address  # noqa: F401 - a fixture


async def test_each_channel_has_its_own_setting_with_the_thread_as_default(world: World) -> None:
    settings = open_channel_settings(world.store)
    await settings.set_details_place("T1", "C1", "U1", DetailsPlace.NONE)
    await settings.set_details_place("T1", "C1", "U2", DetailsPlace.CHANNEL)
    assert await settings.get_details_place("T1", "C1") is DetailsPlace.CHANNEL
    assert await settings.get_details_place("T1", "C2") is DetailsPlace.THREAD
    assert await settings.get_details_place("T2", "C1") is DetailsPlace.THREAD
    actions = [entry.action for entry in await world.store.audit_log.list_entries("T1")]
    assert [(action.person, action.subject, action.detail["details"]) for action in actions] == [
        ("U2", "C1", "channel"),
        ("U1", "C1", "none"),
    ]


async def test_setting_can_be_changed_by_two_people_at_once(world: World) -> None:
    settings = open_channel_settings(world.store)
    changes = (
        settings.set_details_place("T1", "C1", "U1", place) for place in (DetailsPlace.NONE, DetailsPlace.CHANNEL)
    )
    await asyncio.gather(*changes)
    assert await settings.get_details_place("T1", "C1") is not DetailsPlace.THREAD


async def test_uninstall_deletes_the_setting(world: World) -> None:
    world.store.uninstall_cleanup.register(ChannelSettings.forget_team)
    settings = open_channel_settings(world.store)
    await settings.set_details_place("T1", "C1", "U1", DetailsPlace.NONE)
    await world.store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", world.now())
    assert await settings.get_details_place("T1", "C1") is DetailsPlace.THREAD


@pytest.mark.parametrize("place", DetailsPlace)
def test_saved_content_keeps_the_place_of_its_details(place: DetailsPlace) -> None:
    content = Content(Message("news"), (Message("more"),), (), place)
    assert deserialize_content(serialize_content(content)).details_place is place


def test_content_saved_by_an_older_version_goes_to_the_thread() -> None:
    saved = serialize_content(Content(Message("news"), (Message("more"),)))
    del saved["place"]
    assert deserialize_content(saved).details_place is DetailsPlace.THREAD
