"""A channel that mutes an outlet gets nothing from it in any kind of answer, over HTTP."""

import json
import time
from typing import Any

import pytest

from bot.core.settings import Settings
from bot.links import urls
from bot.links.signing import LinkSigner
from bot.links.urls import add_key
from bot.storage.store import Store
from briefings.service.service import BriefingService
from tests.scenarios.conftest import SECRET, Slack, find_button, run_bot
from tests.scenarios.slack_sources.conftest import TRIBUNE, send
from tests.stand_ins.slack import get_visible_text

PUBLIC = "https://bot.example"
#: what only the muted outlet has
MUTED_TEXTS = ("Tribune", "Ada Morley", "water come over the wall", "burst its banks")
DRAFT = (
    'She said: "We saw the water come over the wall within minutes." He said: "Nobody told us how high it would rise."'
)


def list_leaks(payload: object) -> list[str]:
    text = json.dumps(payload, ensure_ascii=False)
    return [words for words in MUTED_TEXTS if words in text]


@pytest.mark.parametrize(
    ("command", "text", "leak_of_all"),
    [
        ("/briefing", "milldon-flood", "Tribune"),
        ("/briefing", "Milldon", "Tribune"),
        ("/briefing", "Milldon since:2031-03-01", "Tribune"),
        ("/briefing", "since:2031-03-03 until:2031-03-03 news", "Tribune"),
        ("/whosaid", "come over the wall", "Tribune"),
        ("/whosaid", "within minutes about:milldon-flood", "Ada Morley"),
        ("/whosaid", "by:mayor about:milldon-flood", ""),
        ("/whosaid", 'by:"Alder" about:flood', ""),
        ("/whosaid", "by:Alder timeline", ""),
        ("/whosaid", 'compare:"Alder and Morley"', "come over the wall"),
        ("/topic", "milldon-flood", ""),
    ],
)
async def test_no_command_shows_a_muted_outlet(slack: Slack, command: str, text: str, leak_of_all: str) -> None:
    everything = await send(slack, command, text, channel_id="C2")
    assert leak_of_all in json.dumps(everything, ensure_ascii=False)
    await send(slack, "/sources", "mute The Tribune")
    # a name that the user typed is quoted back
    leaks = list_leaks(await send(slack, command, text))
    assert [words for words in leaks if words not in text and "Morley" not in text] == []
    assert await send(slack, command, text, channel_id="C2") == everything


async def test_a_draft_check_does_not_find_the_words_of_a_muted_outlet(slack: Slack) -> None:
    await slack.post(slack.shortcut("check_the_quotes", DRAFT))
    verdicts = await slack.stand_in.wait_for(slack.stand_in.posts)
    assert "Ada Morley" in get_visible_text(verdicts)
    await slack.stand_in.wait_for_answer()
    await send(slack, "/sources", "mute The Tribune")
    await slack.post(slack.shortcut("check_the_quotes", DRAFT))
    verdicts = await slack.stand_in.wait_for(slack.stand_in.posts, 2)
    assert "Ada Morley" not in get_visible_text(verdicts)
    assert "Ben Alder" in get_visible_text(verdicts)
    assert "1 muted source is left out." in verdicts["text"]


async def test_who_said_this_does_not_find_a_muted_outlet(slack: Slack) -> None:
    await send(slack, "/sources", "mute The Tribune")
    await slack.post(slack.shortcut("who_said_this", '"We saw the water come over the wall within minutes"'))
    assert "Ada Morley" not in (await slack.stand_in.wait_for_answer(2))["text"]


@pytest.mark.parametrize("label", ["Save as canvas or file", "Copy as quote"])
async def test_an_export_leaves_out_what_is_muted_since_the_answer(slack: Slack, label: str) -> None:
    """The button is that of the first answer, which had the outlet."""
    answer = await send(slack, "/briefing", "milldon-flood")
    assert "Ada Morley" in get_visible_text(answer)
    await send(slack, "/sources", "mute The Tribune")
    button = find_button(answer, label)
    await slack.post(slack.press(button["action_id"], button["value"]))
    modal = await slack.stand_in.wait_for_view()
    if label == "Save as canvas or file":
        await slack.post(slack.submit(modal, target="json"))
        await slack.stand_in.wait_for(slack.stand_in.files)
        (upload,) = slack.stand_in.uploads
        content = upload["content"].decode()
        assert "Ben Alder" in content
        assert list_leaks(content) == []
    else:
        assert "Ada Morley" not in get_visible_text(modal)


async def test_an_answer_in_a_modal_keeps_the_channel(slack: Slack) -> None:
    answer = await send(slack, "/whosaid", "by:Alder")
    await send(slack, "/sources", "mute The Tribune")
    compare = find_button(answer, "Compare")
    await slack.post(slack.press(compare["action_id"], compare["value"]))
    form = await slack.stand_in.wait_for_view()
    count = len(slack.stand_in.views)
    await slack.post(slack.submit(form, person="Ada Morley"))
    comparison = await slack.stand_in.wait_for_view(count + 1)
    assert "come over the wall" not in get_visible_text(comparison)
    assert comparison["private_metadata"] == "C1"


async def test_suggested_topics_need_outlets_that_are_not_muted(slack: Slack) -> None:
    everything = await send(slack, "/topic", "suggest", channel_id="C2")
    await send(slack, "/sources", "mute The Tribune, The Courier")
    suggestions = await send(slack, "/topic", "suggest")
    assert "Milldon" not in suggestions["text"]
    assert "2 muted sources are left out." in suggestions["text"]
    assert (await send(slack, "/topic", "suggest", channel_id="C2"))["text"] == everything["text"]


async def test_what_a_watch_would_have_found_has_no_muted_outlet_and_says_so(slack: Slack) -> None:
    everywhere = await send(slack, "/watch", '"come over the wall"', channel_id="C2")
    assert "come over the wall within" in everywhere["text"]
    assert "left out" not in everywhere["text"]
    await send(slack, "/sources", "mute The Tribune")
    for text in ('"come over the wall"', "preview 1", "edit 1 Milldon wall"):
        answer = await send(slack, "/watch", text)
        assert "Tribune" not in answer["text"]
        assert "1 muted source is left out." in answer["text"]


async def test_home_and_direct_messages_show_every_source(slack: Slack) -> None:
    await send(slack, "/sources", "mute The Tribune")
    await slack.post(slack.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
    home = await slack.stand_in.wait_for(slack.stand_in.homes)
    await send(slack, "/sources", "mute The Tribune, The Courier", channel_id="D1")
    await slack.post(slack.event(type="app_home_opened", user="U2", channel="D1", tab="home"))
    other_home = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
    assert home["blocks"] == other_home["blocks"]


@pytest.mark.parametrize(("channel", "is_shown"), [("C1", False), ("C2", True)])
async def test_a_link_to_a_muted_article_has_no_preview(
    news: BriefingService, store: Store, channel: str, is_shown: bool
) -> None:
    async with run_bot(news, store, public_url=PUBLIC) as slack:
        await send(slack, "/sources", "mute The Tribune")
        links = LinkSigner(
            Settings(bot_token="xoxb-made-up", signing_secret=SECRET, public_url=PUBLIC),
            time.time,
        ).build_page_links("T1")
        assert links is not None
        link = PUBLIC + add_key(urls.article(TRIBUNE.id), links.key)
        event: dict[str, Any] = {"channel": channel, "user": "U1", "message_ts": "7.1", "unfurl_id": "1"}
        event |= {"source": "conversations_history", "links": [{"domain": "bot.example", "url": link}]}
        await slack.post(slack.event(type="link_shared", **event))
        await slack.bot.close()
        assert bool(slack.stand_in.unfurls) is is_shown
