"""What a digest posts, over HTTP: only news, with details where the channel wants them."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.digests.content_source import UpdateSource
from bot.digests.delivery.channel_settings import ChannelSettings, open_channel_settings
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import DetailsPlace
from bot.server.server import BOT
from bot.storage.store import Store
from briefings.errors import DatabaseUnavailable
from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack
from tests.scenarios.slack_digests.conftest import FLOOD, list_digests, send_digest_command
from tests.stand_ins.slack import get_visible_text


async def test_channel_chooses_where_details_go(slack: Slack, store: Store, news: BriefingService) -> None:
    """Details go to the channel, or are left out, from the next digest on. Other words are quoted back."""
    bot, minutes = slack.bot.app[BOT], count(1)

    async def get_client(_team: str) -> AsyncWebClient:
        return bot.bolt.client

    async def send_now() -> None:
        """Request a run now and execute it."""
        moment = datetime.now(UTC) + timedelta(minutes=next(minutes))
        await send_digest_command(slack, "now")
        source = UpdateSource(bot.executor, open_digest_repository(store), open_channel_settings(store))
        await DigestRunner(store, source, bot.poster, get_client, lambda: moment).run_due()

    def change_figure(number: int) -> None:
        text = f"Rescuers at Milldon have now brought {number:,} residents to the school on the hill."
        title = f"Rescuers at Milldon bring {number:,} residents to the school"
        news.add([replace(FLOOD, id=f"n{number}", text=text, title=title, published=date(2031, 3, number // 700))])

    await send_digest_command(slack, f"milldon-flood daily at {(datetime.now(UTC).hour + 6) % 24}:30 UTC")
    await send_now()
    assert "go in each digest's thread" in (await send_digest_command(slack, "details"))["text"]
    assert "“sideways”" in (await send_digest_command(slack, "details sideways"))["text"]
    assert "go in the channel" in (await send_digest_command(slack, "details in the channel"))["text"]
    change_figure(2_800)
    await send_now()
    message, details = slack.stand_in.posts[1:]
    assert "Details follow." in get_visible_text(message)
    assert (details["channel"], details.get("thread_ts")) == ("C1", None)
    assert "*The Milldon flood*, details" in get_visible_text(details)
    assert "are left out" in (await send_digest_command(slack, "no details"))["text"]
    change_figure(3_500)
    await send_now()
    (message,) = slack.stand_in.posts[3:]
    assert "Open the full briefing for more." in get_visible_text(message)
    assert "go in the channel" in (await send_digest_command(slack, "details channel", user_id="U7"))["text"]


async def test_form_sets_where_details_go(slack: Slack) -> None:
    await send_digest_command(slack, "milldon-flood every Monday at 9")
    await slack.post(slack.command("/digest", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "week", "days": ["Monday"], "time": "10:15"}
    values |= {"zone": "Europe/London", "nothing": "silent"}
    reply = json.loads(await (await slack.post(slack.submit(view, **values, details="none"))).text())
    assert "details of this channel's digests are left out" in get_visible_text(reply["view"])
    for untouched in ("keep", "sideways", "thread"):
        reply = json.loads(await (await slack.post(slack.submit(view, **values, details=untouched))).text())
        assert "details" not in get_visible_text(reply["view"])
    assert "are left out" in (await send_digest_command(slack, "details"))["text"]


def get_details_field(view: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the chosen place of the details, and all choices."""
    (element,) = (block["element"] for block in view["blocks"] if block.get("block_id") == "details")
    return element["initial_option"]["value"], [option["value"] for option in element["options"]]


@pytest.mark.parametrize("command", ["edit 1", "new"])
async def test_form_shows_where_details_of_the_channel_go_now(slack: Slack, command: str) -> None:
    await send_digest_command(slack, "milldon-flood every Monday at 9")
    await send_digest_command(slack, "details channel")
    await slack.post(slack.command("/digest", command))
    view = await slack.stand_in.wait_for_view()
    assert get_details_field(view) == ("channel", ["thread", "channel", "none"])


async def test_new_digest_in_another_channel_keeps_its_details_and_says_where_they_go(
    slack: Slack, store: Store
) -> None:
    settings = open_channel_settings(store)
    await settings.set_details_place("T1", "C2", "U9", DetailsPlace.NONE)
    await slack.post(slack.command("/digest", "new"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "week", "days": ["Monday"], "time": "10:15"}
    values |= {"zone": "Europe/London", "nothing": "silent", "channel": "C2", "details": "thread"}
    reply = json.loads(await (await slack.post(slack.submit(view, **values))).text())
    assert "Details of this channel's digests are left out." in get_visible_text(reply["view"])
    assert await settings.get_details_place("T1", "C2") is DetailsPlace.NONE


async def test_digest_is_saved_once_if_its_details_cannot_be_set(
    slack: Slack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: object) -> None:
        raise DatabaseUnavailable("The database can't be reached. Please try again in a minute.")

    monkeypatch.setattr(ChannelSettings, "set_details_place", fail)
    await slack.post(slack.command("/digest", "new"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "week", "days": ["Monday"], "time": "10:15"}
    values |= {"zone": "Europe/London", "nothing": "silent", "channel": "C1", "details": "none"}
    reply = json.loads(await (await slack.post(slack.submit(view, **values))).text())
    assert "The digest is saved, but where its details go was not changed" in get_visible_text(reply["view"])
    assert len(await list_digests(store)) == 1


async def test_only_owners_of_digests_and_admins_change_where_details_go(slack: Slack, store: Store) -> None:
    settings = open_channel_settings(store)
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refusal = (await send_digest_command(slack, "details none", user_id="U2"))["text"]
    assert "Only people who scheduled a digest in this channel" in refusal
    assert await settings.get_details_place("T1", "C1") is DetailsPlace.THREAD
    assert "go in each digest's thread" in (await send_digest_command(slack, "details", user_id="U2"))["text"]
    await send_digest_command(slack, "details none", user_id="U7")
    assert await settings.get_details_place("T1", "C1") is DetailsPlace.NONE


async def test_each_digest_contains_only_news(slack: Slack, store: Store, news: BriefingService) -> None:
    """Runs post a first digest, then nothing, then a changed figure, then a correction."""
    bot, minutes = slack.bot.app[BOT], count(1)

    async def get_client(_team: str) -> AsyncWebClient:
        return bot.bolt.client

    async def send_now() -> None:
        """Request a run now and execute it."""
        moment = datetime.now(UTC) + timedelta(minutes=next(minutes))
        await send_digest_command(slack, "now")
        source = UpdateSource(bot.executor, open_digest_repository(store))
        await DigestRunner(store, source, bot.poster, get_client, lambda: moment).run_due()

    await send_digest_command(slack, f"milldon-flood daily at {(datetime.now(UTC).hour + 6) % 24}:30 UTC")
    await send_now()
    await send_now()
    (first,) = slack.stand_in.posts
    assert first["channel"] == "C1"
    assert re.search(r"Latest: \d+ new facts?, 1 new quote", get_visible_text(first))
    assert "burst its banks" in first["text"]
    assert "1,400 residents" in first["text"]
    later = "Rescuers at Milldon have now brought 2,100 residents to the school on the hill."
    title = "Rescuers at Milldon bring 2,100 residents to the school"
    news.add([replace(FLOOD, id="more", text=later, title=title, published=date(2031, 3, 4))])
    await send_now()
    message, thread = slack.stand_in.posts[1:]
    assert "*Changed figure*\n>Rescuers at Milldon have now brought 2,100 residents" in get_visible_text(message)
    assert thread["thread_ts"] == message["ts"]
    assert "Posted here on" in get_visible_text(thread)
    news.add([replace(FLOOD, text=FLOOD.text.replace("burst its banks", "rose"))])
    await send_now()
    assert "*Corrected*\nPosted here on" in get_visible_text(slack.stand_in.posts[3])
