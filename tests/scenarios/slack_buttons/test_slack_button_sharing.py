"""Sharing an answer over HTTP: it is posted once, in the sharer's name."""

import asyncio
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, find_button, run_bot, sign
from tests.scenarios.slack_buttons.conftest import ask, press
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import get_visible_text


async def close_bot(slack: Slack) -> None:
    """Close the bot, which waits for its pending work."""
    await slack.bot.close()


async def test_answers_shared_between_people_are_audited(slack: Slack, store: Store) -> None:
    """Slack posts them itself and does not tell their ts."""
    slack.stand_in.member = False
    for typed in ("labour-crisis", "labour-crisis since:2016-06-24"):
        answer = await ask(slack, "/briefing", typed)
        count = len(slack.stand_in.answers) + 2
        await press(slack, answer, "Share to the channel", channel={"id": "D7", "name": "directmessage"}, message=typed)
        confirmation = await slack.stand_in.wait_for_answer(count)
        assert "Shared in this conversation" in get_visible_text(confirmation)
    await close_bot(slack)
    assert [entry.action.subject for entry in await store.audit_log.list_entries("T1")] == ["D7", "D7"]


async def test_shared_answer_names_the_sharer(slack: Slack, store: Store) -> None:
    """The answer is posted once and audited. The sharer's own answer confirms it and loses the button."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Share to the channel")
    private = await slack.stand_in.wait_for_answer(2)
    (post,) = slack.stand_in.posts
    assert post["channel"] == "C1"
    assert "Shared by <@U1>" in post["text"]
    assert "Shared by <@U1>" in get_visible_text(post)
    assert "lynch-mob without the rope" in post["text"]
    assert private["replace_original"] is True
    assert "Shared in this channel with your name." in get_visible_text(private)
    for message in (post, private):
        with pytest.raises(StopIteration):
            find_button(message, "Share to the channel")
    await close_bot(slack)
    share = await store.shares.find("T1", "C1", post["ts"])
    assert share
    assert (share.person, share.question) == ("U1", "/briefing labour-crisis")
    (line,) = await store.audit_log.list_entries("T1")
    assert (line.action.person, line.action.action, line.action.subject) == ("U1", "shared", "C1")


async def test_repeated_press_posts_once(slack: Slack) -> None:
    """Double presses and retried requests post one message. Another answer can still be shared."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    button = find_button(answer, "Share")
    twice = [slack.press(button["action_id"], button["value"]) for _ in range(2)]
    again = twice[0], sign(twice[0])
    await asyncio.gather(*(slack.post(body) for body in twice), *(slack.post(*again[:1], headers=again[1]),))
    await slack.post(again[0], headers=again[1])
    await slack.stand_in.wait_for_answer(3)
    assert len(slack.stand_in.posts) == 1
    texts = [answer["text"] for answer in slack.stand_in.answers[1:]]
    assert sum("You've already shared this answer" in text for text in texts) == 1
    await press(slack, answer, "Share", message="5.2")
    await slack.stand_in.wait_for_answer(4)
    await close_bot(slack)
    assert len(slack.stand_in.posts) == 2


async def test_press_on_two_replicas_posts_once(tmp_path: Path, service: FakeBriefingService, slack: Slack) -> None:
    """Replicas share the deduplication claim."""
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as other_store:
        async with run_bot(service, other_store) as replica:
            answer = await ask(slack, "/briefing", "labour-crisis")
            button = find_button(answer, "Share")
            bodies = [slack.press(button["action_id"], button["value"]) for _ in range(2)]
            await asyncio.gather(slack.post(bodies[0]), replica.post(bodies[1]))
            await close_bot(replica)
            await close_bot(slack)
            assert len(slack.stand_in.posts) + len(replica.stand_in.posts) == 1


async def test_post_stored_before_connection_drop_is_not_repeated(slack: Slack) -> None:
    """The bot finds the message in the channel history by its key."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    slack.stand_in.drop_posts = 1
    await press(slack, answer, "Share")
    assert "Shared in this channel" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert len(slack.stand_in.posts) == 1
    assert slack.stand_in.calls == ["chat.postMessage", "conversations.history"]
    assert slack.stand_in.posts[0]["metadata"]["event_payload"]["key"]


async def test_failed_post_is_retried(slack: Slack) -> None:
    """The channel history shows that the message is missing."""
    slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "internal_error"}]
    await press(slack, await ask(slack, "/briefing", "labour-crisis"), "Share")
    assert "Shared in this channel" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert len(slack.stand_in.posts) == 1
    assert slack.stand_in.calls == ["chat.postMessage", "conversations.history", "chat.postMessage"]


async def test_unconfirmed_post_is_not_repeated_without_history(slack: Slack) -> None:
    """The sharer is asked to check the channel."""
    slack.stand_in.readable, slack.stand_in.drop_posts = False, 1
    await press(slack, await ask(slack, "/briefing", "labour-crisis"), "Share")
    assert "Check the channel" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert slack.stand_in.calls.count("chat.postMessage") == 1


async def test_share_without_membership_can_be_retried_after_invite(slack: Slack) -> None:
    """The reply says how to invite the bot. The answer stays, and its button then works."""
    slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "not_in_channel"}]
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Share")
    reply = await slack.stand_in.wait_for_answer(2)
    assert "/invite @On the Record" in reply["text"]
    assert reply["replace_original"] is False
    await press(slack, answer, "Share")
    await slack.stand_in.wait_for_answer(3)
    assert len(slack.stand_in.posts) == 1


async def test_rejected_blocks_are_shared_as_text(slack: Slack) -> None:
    slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "invalid_blocks"}]
    await press(slack, await ask(slack, "/briefing", "labour-crisis"), "Share")
    await slack.stand_in.wait_for_answer(2)
    (post,) = slack.stand_in.posts
    assert "blocks" not in post
    assert "lynch-mob" in post["text"]


async def test_button_of_shared_answer_replies_privately(slack: Slack) -> None:
    """The shared message is never replaced."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Full briefing", private=False)
    whole = await slack.stand_in.wait_for_answer(2)
    assert (whole["response_type"], whole["replace_original"]) == ("ephemeral", False)
