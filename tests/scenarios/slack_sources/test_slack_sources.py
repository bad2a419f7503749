"""A channel mutes and unmutes sources by command, menu, button and in plain words, over HTTP."""

import pytest

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.storage.store import Store
from tests.scenarios.conftest import Slack, find_button, list_choices
from tests.scenarios.slack_sources.conftest import send
from tests.stand_ins.slack import get_visible_text

NOTE = "1 muted source is left out. To see it, type `/sources`."


async def test_a_muted_outlet_is_left_out_of_every_answer_of_its_channel(slack: Slack) -> None:
    assert "The Tribune" in (await send(slack, "/briefing", "milldon-flood"))["text"]
    answer = await send(slack, "/sources", "mute the tribune")
    assert "Muted in this channel: *The Tribune*." in answer["text"]
    briefing = await send(slack, "/briefing", "milldon-flood")
    assert "The Tribune" not in get_visible_text(briefing)
    assert "1,400 residents" in briefing["text"]
    assert NOTE in briefing["text"]
    assert NOTE in get_visible_text(briefing)
    quotes = await send(slack, "/whosaid", "water come over the wall")
    assert "Ada Morley" not in get_visible_text(quotes)
    assert NOTE in quotes["text"]
    nothing = await send(slack, "/briefing", "lower town")
    assert NOTE in nothing["text"]


async def test_other_channels_and_teams_keep_the_source(slack: Slack) -> None:
    await send(slack, "/sources", "mute The Tribune")
    for elsewhere in ({"channel_id": "C2"}, {"team_id": "T2"}, {"channel_id": "D1"}):
        answer = await send(slack, "/briefing", "milldon-flood", **elsewhere)
        assert "The Tribune" in answer["text"]
        assert "muted" not in answer["text"]


async def test_a_section_is_muted_by_its_address_or_by_name(slack: Slack) -> None:
    answer = await send(slack, "/sources", "mute <https://www.tribune.example/sport/>")
    assert "*tribune.example/sport*" in answer["text"]
    assert "The Tribune" not in (await send(slack, "/briefing", "milldon-flood"))["text"]
    await send(slack, "/sources", "unmute all")
    assert "*tribune.example/sport*" in (await send(slack, "/sources", "mute sport in The Tribune"))["text"]


async def test_the_list_shows_who_muted_and_brings_a_source_back(slack: Slack) -> None:
    assert "no muted sources" in (await send(slack, "/sources", ""))["text"]
    await send(slack, "/sources", "mute The Tribune, The Courier")
    listing = await send(slack, "/sources", "list", user_id="U2")
    assert "1. *The Tribune*" in listing["text"] or "1. *The Courier*" in listing["text"]
    assert "muted by <@U1>" in listing["text"]
    first, _ = [choice for choice in list_choices(listing) if choice["text"]["text"] == "Unmute"]
    response = await slack.post(slack.press(first["action_id"], first["value"]))
    assert response.status == 200
    answer = await slack.stand_in.wait_for_answer(4)
    assert "reads these again" in answer["text"]
    await slack.post(slack.press(first["action_id"], first["value"]))
    assert "isn't muted here anymore" in (await slack.stand_in.wait_for_answer(5))["text"]


async def test_a_line_mutes_its_source_from_its_menu(slack: Slack) -> None:
    quotes = await send(slack, "/whosaid", "water come over the wall")
    choice = find_button(quotes, "Mute this source here")
    body = slack.press(choice["action_id"], choice["value"])
    await slack.post(body)
    answer = await slack.stand_in.wait_for_answer(2)
    assert "Muted in this channel: *The Tribune*." in answer["text"]
    undo = find_button(answer, "Unmute")
    assert "Ada Morley" not in (await send(slack, "/whosaid", "water come over the wall"))["text"]
    await slack.post(slack.press(undo["action_id"], undo["value"]))
    await slack.stand_in.wait_for_answer(4)
    assert "Ada Morley" in (await send(slack, "/whosaid", "water come over the wall"))["text"]


async def test_a_mention_mutes_in_its_channel(slack: Slack) -> None:
    await slack.post(slack.message("<@U9> please mute The Tribune here"))
    assert "Muted in this channel: *The Tribune*." in (await slack.stand_in.wait_for(slack.stand_in.posts))["text"]
    await slack.post(slack.message("<@U9> what is muted?"))
    assert "The Tribune" in (await slack.stand_in.wait_for(slack.stand_in.posts, 2))["text"]
    await slack.post(slack.message("<@U9> brief me on milldon-flood"))
    text = (await slack.stand_in.wait_for(slack.stand_in.posts, 3))["text"]
    assert "The Tribune" not in text
    assert NOTE in text


async def test_a_direct_message_has_its_own_muted_sources(slack: Slack) -> None:
    await slack.post(slack.message("mute The Courier", channel_type="im"))
    assert "*The Courier*" in (await slack.stand_in.wait_for(slack.stand_in.posts))["text"]
    await slack.post(slack.message("brief me on milldon-flood", channel_type="im"))
    assert "The Courier" not in (await slack.stand_in.wait_for(slack.stand_in.posts, 2))["text"]
    assert "The Courier" in (await send(slack, "/briefing", "milldon-flood"))["text"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mute The Tribbune", "Did you mean The Tribune?"),
        ("mute everything", "I can't leave out every source"),
        ("unmute The Tribune", "no muted sources"),
        ("mute <!channel> &amp; <script>", "/sources mute"),
        ("help", "*/sources* sets what this channel does not want to read"),
        ("gibberish", "I don't understand “gibberish”"),
    ],
)
async def test_every_text_is_answered(slack: Slack, text: str, part: str) -> None:
    assert part in (await send(slack, "/sources", text))["text"]


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("/mute", "The Tribune", "Muted in this channel: *The Tribune*."),
        ("/mute", "list", "no muted sources"),
        ("/unmute", "The Tribune", "no muted sources"),
        ("/mute", "help", "*/sources*"),
    ],
)
async def test_requests_under_other_names_are_answered(slack: Slack, name: str, text: str, part: str) -> None:
    assert part in (await send(slack, name, text))["text"]


async def test_a_forged_button_is_answered(slack: Slack) -> None:
    await slack.post(slack.press("sources-unmute:1", "outlet:nothing"))
    assert "isn't muted here anymore" in (await slack.stand_in.wait_for_answer())["text"]
    await slack.post(slack.press("mute:1", "{}"))
    assert "older answer" in (await slack.stand_in.wait_for_answer(2))["text"]


async def test_a_digest_leaves_muted_sources_out(slack: Slack, store: Store) -> None:
    await send(slack, "/digest", "milldon-flood weekdays at 8:30")
    await send(slack, "/sources", "mute The Tribune")
    preview = await send(slack, "/digest", "preview 1")
    assert "The Tribune" not in get_visible_text(preview)
    assert "Nobody told us how high it would rise" in preview["text"]
    assert NOTE in get_visible_text(preview)
    assert await open_digest_repository(store).list_digests("T1")


async def test_changes_are_audited(slack: Slack, store: Store) -> None:
    await send(slack, "/sources", "mute The Tribune")
    await send(slack, "/sources", "unmute 1")
    entries = [entry.action for entry in await store.audit_log.list_entries("T1")]
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("unmuted", "The Tribune"),
        ("muted", "The Tribune"),
    ]


async def test_muting_needs_a_database(news: object) -> None:
    from tests.scenarios.conftest import run_bot

    async with run_bot(news) as slack:  # type: ignore[arg-type]  # the fixture's service
        assert "needs a database" in (await send(slack, "/sources", "mute The Tribune"))["text"]
