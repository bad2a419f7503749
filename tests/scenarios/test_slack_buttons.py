"""The buttons of an answer, over real HTTP: share, page, read in context, compare the wordings, this looks wrong.

Every message and every modal is checked against Slack's limits as it arrives.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, find_button, run_bot, sign
from tests.stand_ins import briefing_service
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import shown


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(service, store) as slack:
        yield slack


async def ask(slack: Slack, command: str, typed: str) -> dict[str, Any]:
    await slack.post(slack.command(command, typed))
    return await slack.stand_in.wait_for_answer(len(slack.stand_in.answers) + 1)


async def press(slack: Slack, answer: dict[str, Any], label: str, **more: Any) -> None:
    button = find_button(answer, label)
    response = await slack.post(slack.press(button["action_id"], button["value"], **more))
    assert (response.status, await response.text()) == (200, "")


async def close_bot(slack: Slack) -> None:
    """Closes the bot, and with that sees out all it was doing."""
    await slack.bot.close()


async def test_an_answer_is_shared_by_the_bot_with_the_name_of_who_shared_it(slack: Slack, store: Store) -> None:
    """Posted once, noted, and the sharer's own answer says so and can be shared no more."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Share to the channel")
    private = await slack.stand_in.wait_for_answer(2)
    (post,) = slack.stand_in.posts
    assert post["channel"] == "C1"
    assert "Shared by <@U1>" in post["text"]
    assert "Shared by <@U1>" in shown(post)
    assert "lynch-mob without the rope" in post["text"]
    assert private["replace_original"] is True
    assert "Shared in this channel, with your name." in shown(private)
    for message in (post, private):
        with pytest.raises(StopIteration):
            find_button(message, "Share to the channel")
    await close_bot(slack)
    share = await store.shares.find("T1", "C1", post["ts"])
    assert share
    assert (share.person, share.question) == ("U1", "/briefing labour-crisis")
    (line,) = await store.audit_log.list_entries("T1")
    assert (line.action.person, line.action.action, line.action.subject) == ("U1", "shared", "C1")


async def test_pressing_twice_or_a_retried_press_posts_once(slack: Slack) -> None:
    """Two presses of one answer, and one request that Slack sends again: one message. Another answer is another."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    button = find_button(answer, "Share")
    twice = [slack.press(button["action_id"], button["value"]) for _ in range(2)]
    again = twice[0], sign(twice[0])
    await asyncio.gather(*(slack.post(body) for body in twice), *(slack.post(*again[:1], headers=again[1]),))
    await slack.post(again[0], headers=again[1])
    await slack.stand_in.wait_for_answer(3)
    assert len(slack.stand_in.posts) == 1
    texts = [answer["text"] for answer in slack.stand_in.answers[1:]]
    assert sum("You have pressed this already" in text for text in texts) == 1
    await press(slack, answer, "Share", message="5.2")
    await slack.stand_in.wait_for_answer(4)
    await close_bot(slack)
    assert len(slack.stand_in.posts) == 2


async def test_a_press_on_two_replicas_posts_once(tmp_path: Path, service: FakeBriefingService, slack: Slack) -> None:
    """They share the claim."""
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as other_store:
        async with run_bot(service, other_store) as replica:
            answer = await ask(slack, "/briefing", "labour-crisis")
            button = find_button(answer, "Share")
            bodies = [slack.press(button["action_id"], button["value"]) for _ in range(2)]
            await asyncio.gather(slack.post(bodies[0]), replica.post(bodies[1]))
            await close_bot(replica)
            await close_bot(slack)
            assert len(slack.stand_in.posts) + len(replica.stand_in.posts) == 1


async def test_a_connection_dropped_after_slack_took_the_message_leaves_one(slack: Slack) -> None:
    """It is found in the channel's history by its key, and not sent again."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    slack.stand_in.drop_posts = 1
    await press(slack, answer, "Share")
    assert "Shared in this channel" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert len(slack.stand_in.posts) == 1
    assert slack.stand_in.calls == ["chat.postMessage", "conversations.history"]
    assert slack.stand_in.posts[0]["metadata"]["event_payload"]["key"]


async def test_a_connection_dropped_before_slack_took_it_is_tried_again(slack: Slack) -> None:
    """The history says that it is not there."""
    slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "internal_error"}]
    await press(slack, await ask(slack, "/briefing", "labour-crisis"), "Share")
    assert "Shared in this channel" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert len(slack.stand_in.posts) == 1
    assert slack.stand_in.calls == ["chat.postMessage", "conversations.history", "chat.postMessage"]


async def test_without_a_history_nothing_is_sent_twice(slack: Slack) -> None:
    """The sharer is asked to look."""
    slack.stand_in.readable, slack.stand_in.drop_posts = False, 1
    await press(slack, await ask(slack, "/briefing", "labour-crisis"), "Share")
    assert "look at the channel" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert slack.stand_in.calls.count("chat.postMessage") == 1


async def test_a_channel_without_the_bot_is_one_sentence_and_may_be_tried_again(slack: Slack) -> None:
    """How to invite it; then the same button works. The answer itself stays."""
    slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "not_in_channel"}]
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Share")
    reply = await slack.stand_in.wait_for_answer(2)
    assert "/invite @On the Record" in reply["text"]
    assert reply["replace_original"] is False
    await press(slack, answer, "Share")
    await slack.stand_in.wait_for_answer(3)
    assert len(slack.stand_in.posts) == 1


async def test_blocks_that_slack_refuses_are_shared_as_text(slack: Slack) -> None:
    slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "invalid_blocks"}]
    await press(slack, await ask(slack, "/briefing", "labour-crisis"), "Share")
    await slack.stand_in.wait_for_answer(2)
    (post,) = slack.stand_in.posts
    assert "blocks" not in post
    assert "lynch-mob" in post["text"]


async def test_a_button_of_a_shared_answer_answers_its_presser_alone(slack: Slack) -> None:
    """What everybody sees is never replaced."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Whole briefing", private=False)
    whole = await slack.stand_in.wait_for_answer(2)
    assert (whole["response_type"], whole["replace_original"]) == ("ephemeral", False)


async def test_pages_turn_in_place_until_the_address_is_used_up(slack: Slack) -> None:
    """Forth and back; when Slack says that the address is gone, a fresh message comes for the asker alone."""
    short = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, short, "Whole briefing")
    whole = await slack.stand_in.wait_for_answer(2)
    await press(slack, whole, "Back")
    back = await slack.stand_in.wait_for_answer(3)
    assert back["replace_original"] is True
    assert shown(back) == shown(short)
    slack.stand_in.statuses = [404]
    await press(slack, short, "Whole briefing")
    fresh = await slack.stand_in.wait_for_answer(5)
    assert (fresh["channel"], fresh["user"]) == ("C1", "U1")
    assert shown(fresh) == shown(whole)


async def test_words_are_read_in_their_article(slack: Slack) -> None:
    """The modal opens at once, the publisher's link first, the words marked; the menu goes to another line."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Read in context")
    view = await slack.stand_in.wait_for_view(2)
    assert slack.stand_in.calls == ["views.open", "views.update"]
    assert "One moment" in shown(slack.stand_in.views[0])
    text = shown(view)
    assert text.splitlines()[0].startswith("<https://www.ibtimes.co.uk/")
    assert ">*former shadow business secretary Angela Eagle is expected to announce a leadership bid*" in text
    menu = next(block for block in view["blocks"] if block["type"] == "actions")["elements"][0]
    lynch_mob_option = next(option for option in menu["options"] if "lynch-mob" in option["text"]["text"])
    await slack.post(slack.pick(view, menu["action_id"], lynch_mob_option["value"]))
    other_view = await slack.stand_in.wait_for_view(3)
    assert ">*like a lynch-mob without the rope*" in shown(other_view)


async def test_an_article_that_is_gone_is_one_sentence(slack: Slack, service: FakeBriefingService) -> None:
    """So is a line that the record has no more."""
    answer = await ask(slack, "/whosaid", "lynch-mob")
    service.stamp, service.who = "changed", lambda _: briefing_service.WhoSaid("lynch-mob", briefing_service.SEARCHED)
    slack.bot.app[BOT].answers.cache._checked_at = 0.0  # as after a second
    await press(slack, answer, "Read in context")
    assert "The record has changed" in shown(await slack.stand_in.wait_for_view(2))


async def test_wordings_stand_side_by_side(slack: Slack) -> None:
    answer = await ask(slack, "/whosaid", "lynch-mob")
    await press(slack, answer, "Compare the wordings")
    text = shown(await slack.stand_in.wait_for_view(2))
    assert "without the rope" in text
    assert "without *a* rope" in text
    assert "“a” for “the”" in text


async def test_what_looks_wrong_is_kept(slack: Slack, store: Store) -> None:
    """The line, the kind, the comment; thanks in the same modal."""
    answer = await ask(slack, "/briefing", "labour-crisis since:2016-06-24")
    await press(slack, answer, "This looks wrong")
    form = await slack.stand_in.wait_for_view(2)
    menu = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]
    assert "initial_option" not in menu
    lynch_mob_value = next(option["value"] for option in menu["options"] if "lynch-mob" in option["text"]["text"])
    comment = "<!channel> *She* said it\0"
    response = await slack.post(slack.submit(form, line=lynch_mob_value, kind="wrong speaker", comment=comment))
    thanks = await response.json()
    assert thanks["response_action"] == "update"
    assert "Thank you" in shown(thanks["view"])
    (entry,) = await store.feedback.list_items("T1")
    words = briefing_service.evidence(briefing_service.RALLY, "like a lynch-mob without the rope")
    assert (entry.item.article, entry.item.start, entry.item.end) == (briefing_service.RALLY, words.start, words.end)
    assert (entry.item.kind, entry.item.channel, entry.item.person) == ("wrong speaker", "C1", "U1")
    assert entry.item.question == "/briefing labour-crisis since:2016-06-24"
    assert "She" in entry.item.comment


@pytest.mark.parametrize("fields", [{}, {"kind": "made up"}, {"kind": "other"}, {"line": "0000", "kind": "other"}])
async def test_a_form_that_no_form_of_ours_sent_keeps_nothing(
    slack: Slack, store: Store, fields: dict[str, str]
) -> None:
    """The person is told, and keeps what they typed."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "This looks wrong")
    form = await slack.stand_in.wait_for_view(2)
    reply = await (await slack.post(slack.submit(form, **fields))).json()
    assert reply["response_action"] == "errors"
    assert await store.feedback.list_items("T1") == ()


async def test_a_modal_that_opens_too_late_is_a_sentence(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "labour-crisis")
    slack.stand_in.replies["views.open"] = [{"ok": False, "error": "expired_trigger_id"}]
    await press(slack, answer, "Read in context")
    assert "press the button again" in (await slack.stand_in.wait_for_answer(2))["text"]


@pytest.mark.parametrize(
    "value", ["", "labour-crisis", "{}", '{"asked": "/briefing"}', '{"asked": "rm -rf"}', "[" * 1999]
)
@pytest.mark.parametrize("action", ["page", "ask:0", "share", "page:+"])
async def test_a_value_none_of_our_buttons_has_is_one_sentence(slack: Slack, action: str, value: str) -> None:
    """As from an older version of the bot, or from nobody's."""
    await slack.post(slack.press(action, value))
    assert "ask again" in (await slack.stand_in.wait_for_answer())["text"]
    assert slack.stand_in.posts == []


async def test_did_you_mean_keeps_the_bounds(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "labour-crisys since:2016-06-24")
    assert find_button(answer, "labour-crisis")["value"] == '{"asked": "/briefing labour-crisis since:2016-06-24"}'
    await press(slack, answer, "labour-crisis")
    assert "Labour's leadership crisis" in (await slack.stand_in.wait_for_answer(2))["text"]


async def test_a_question_is_worked_on_once_while_the_record_is_as_it_was(
    slack: Slack, service: FakeBriefingService
) -> None:
    """Twenty ask at once, one asks again, then an article comes in."""
    bodies = [slack.command("/briefing", "labour-crisis", user_id=f"U{i}") for i in range(20)]
    await asyncio.gather(*map(slack.post, bodies))
    await slack.stand_in.wait_for_answer(20)
    assert service.asked == ["labour-crisis"]
    await ask(slack, "/briefing", "labour-crisis")
    assert service.asked == ["labour-crisis"]
    service.stamp = "an article more"
    slack.bot.app[BOT].answers.cache._checked_at = 0.0  # as after a second
    await ask(slack, "/briefing", "labour-crisis")
    assert service.asked == ["labour-crisis"] * 2


@pytest.mark.parametrize(
    ("words", "never"),
    [
        ("before <!channel> after", "<!channel>"),
        ("before <@U2> after", "<@U2>"),
        ("nul \0 end", "\0"),
        ("rtl \u202e end", "\u202e"),
        ("a *bold* _it_ ~st~ `code`", "*bold*"),
        ("<http://evil.example|x> y", "<http://evil.example|"),
        ("Z\u0351\u036b\u0343\u034b 👩‍👩‍👧 𝔘𝔫𝔦 \U0010ffff", "\0"),
        ("word " * 1600, "\0"),
    ],
)
async def test_hostile_articles_are_shared_and_read_as_plain_text(
    slack: Slack, service: FakeBriefingService, words: str, never: str
) -> None:
    """In the channel, in the modals, in `text`."""
    hostile = briefing_service.Variant(words + " other", briefing_service.RALLY, 1, 2, words, None)
    hit = briefing_service.hit(
        briefing_service.RALLY, "without the rope", briefing_service.Speaker(words), quote=words, variants=(hostile,)
    )
    service.who = lambda _: briefing_service.WhoSaid("rope", briefing_service.SEARCHED, (hit,))
    answer = await ask(slack, "/whosaid", "rope")
    await press(slack, answer, "Share")
    await slack.stand_in.wait_for_answer(2)
    await press(slack, answer, "Compare the wordings")
    await slack.stand_in.wait_for_view(2)
    await press(slack, answer, "This looks wrong")
    await slack.stand_in.wait_for_view(4)
    for message in (answer, *slack.stand_in.posts):
        assert never not in message["text"]
        assert never not in shown(message)
    mrkdwn_texts = [text for view in slack.stand_in.views for block in view["blocks"] for text in _find_mrkdwn(block)]
    assert not [text for text in mrkdwn_texts if never in text]


def _find_mrkdwn(value: object) -> Iterator[str]:
    """The texts in which Slack reads markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from _find_mrkdwn(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _find_mrkdwn(inner)
