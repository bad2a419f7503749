"""Tests of an answer's buttons over HTTP: sharing, paging, context, wordings and reports.

The stand-in checks every message and modal against Slack's limits.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Slot
from tests.scenarios.conftest import Slack, find_button, list_choices, run_bot, sign
from tests.stand_ins import briefing_service
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import get_visible_text


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


async def test_pages_replace_the_answer_until_response_url_expires(slack: Slack) -> None:
    """After the response_url expires, the next page is a new private message."""
    short = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, short, "Full briefing")
    whole = await slack.stand_in.wait_for_answer(2)
    await press(slack, whole, "Back")
    back = await slack.stand_in.wait_for_answer(3)
    assert back["replace_original"] is True
    assert get_visible_text(back) == get_visible_text(short)
    slack.stand_in.statuses = [404]
    await press(slack, short, "Full briefing")
    fresh = await slack.stand_in.wait_for_answer(5)
    assert (fresh["channel"], fresh["user"]) == ("C1", "U1")
    assert get_visible_text(fresh) == get_visible_text(whole)


#: heading of each slot with words that only its own lines have, in the order of the briefing
SLOT_WORDS = {
    "Latest": "has vowed to stay on",
    "Day by day": "tabled a vote of no-confidence",
    "Who said what": "it’s just not good enough",
    "Where the sources differ": "almost 60% of the vote",
    "Not in these articles": "The day the second article was published",
}


def list_labels(answer: dict[str, Any]) -> list[str]:
    return [choice["text"]["text"] for choice in list_choices(answer)]


async def test_each_slot_is_one_press_away(slack: Slack, service: FakeBriefingService) -> None:
    """The short form has a button for every slot that has more lines. It shows the lines of that slot only."""
    service.briefing = briefing_service.make_long_briefing()
    short = await ask(slack, "/briefing", "labour-crisis")
    labels = [label for label in list_labels(short) if label.partition(" (")[0] in SLOT_WORDS]
    assert [label.partition(" (")[0] for label in labels] == list(SLOT_WORDS)
    for number, (label, slot) in enumerate(zip(labels, Slot, strict=False), start=1):
        await press(slack, short, label)
        answer = await slack.stand_in.wait_for_answer(2 * number)
        assert answer["replace_original"] is True
        lines = service.briefing.get_slot_lines(slot)
        assert label.endswith(f" ({len(lines)})")
        for text in (get_visible_text(answer), answer["text"]):
            assert [heading for heading, words in SLOT_WORDS.items() if words in text] == [label.partition(" (")[0]]
            assert all(line.text.split(" … ")[0] in text for line in lines)
        await press(slack, answer, "Back")
        back = await slack.stand_in.wait_for_answer(2 * number + 1)
        assert get_visible_text(back) == get_visible_text(short)


async def test_slot_leads_to_the_whole_form_and_can_be_shared(slack: Slack) -> None:
    short = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, short, "Full briefing")
    whole = await slack.stand_in.wait_for_answer(2)
    await press(slack, short, "Who said what")
    quotes = await slack.stand_in.wait_for_answer(3)
    await press(slack, quotes, "Full briefing")
    assert get_visible_text(await slack.stand_in.wait_for_answer(4)) == get_visible_text(whole)
    await press(slack, quotes, "Share to the channel")
    await slack.stand_in.wait_for_answer(5)
    (post,) = slack.stand_in.posts
    assert SLOT_WORDS["Who said what"] in get_visible_text(post)
    assert SLOT_WORDS["Day by day"] not in get_visible_text(post)


async def test_slot_with_all_its_lines_in_the_short_form_has_no_button(slack: Slack) -> None:
    short = await ask(slack, "/briefing", "labour-crisis")
    assert SLOT_WORDS["Where the sources differ"] in get_visible_text(short)
    assert not [label for label in list_labels(short) if label.startswith("Where the sources differ")]


async def test_short_form_opens_with_the_news_in_at_most_120_words(slack: Slack, service: FakeBriefingService) -> None:
    service.briefing = briefing_service.make_long_briefing()
    text = get_visible_text(await ask(slack, "/briefing", "labour-crisis"))
    words_behind_the_bar = [line for line in text.splitlines() if line.startswith(">")]
    assert words_behind_the_bar[0] == f">{service.briefing.lines[0].text}"
    assert sum(len(line.split()) for line in words_behind_the_bar) <= 120
    assert "*Sources*" in text


async def test_read_in_context_shows_words_in_article(slack: Slack) -> None:
    """The modal opens at once with the publisher's link and marked words. Its menu switches to another line."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Read in context")
    view = await slack.stand_in.wait_for_view(2)
    assert slack.stand_in.calls == ["views.open", "views.update"]
    assert "Loading…" in get_visible_text(slack.stand_in.views[0])
    text = get_visible_text(view)
    assert text.splitlines()[0].startswith("<https://www.ibtimes.co.uk/")
    assert ">*former shadow business secretary Angela Eagle is expected to announce a leadership bid*" in text
    menu = next(block for block in view["blocks"] if block["type"] == "actions")["elements"][0]
    lynch_mob_option = next(option for option in menu["options"] if "lynch-mob" in option["text"]["text"])
    await slack.post(slack.pick(view, menu["action_id"], lynch_mob_option["value"]))
    other_view = await slack.stand_in.wait_for_view(3)
    assert ">*like a lynch-mob without the rope*" in get_visible_text(other_view)


async def test_changed_article_is_explained(slack: Slack, service: FakeBriefingService) -> None:
    """The modal explains that the articles have changed."""
    answer = await ask(slack, "/whosaid", "lynch-mob")
    service.change_token, service.build_who_said = (
        "changed",
        lambda _: briefing_service.WhoSaid("lynch-mob", briefing_service.SEARCH_TOTALS),
    )
    slack.bot.app[BOT].answers.cache._checked_at = 0.0  # expire the cached change token
    await press(slack, answer, "Read in context")
    assert "The articles have changed since this answer" in get_visible_text(await slack.stand_in.wait_for_view(2))


async def test_wordings_are_compared(slack: Slack) -> None:
    answer = await ask(slack, "/whosaid", "lynch-mob")
    await press(slack, answer, "Compare the wordings")
    text = get_visible_text(await slack.stand_in.wait_for_view(2))
    assert "without the rope" in text
    assert "without *a* rope" in text
    assert "“a” instead of “the”" in text


async def test_report_is_stored(slack: Slack, store: Store) -> None:
    """The form shows the line of the menu. The report has line, kind and comment. The same modal thanks the person."""
    answer = await ask(slack, "/briefing", "labour-crisis since:2016-06-24")
    (section,) = [block for block in answer["blocks"] if "lynch-mob" in block.get("text", {}).get("text", "")]
    await press(slack, {"blocks": [section]}, "This looks wrong")
    form = await slack.stand_in.wait_for_view(2)
    assert "line" not in [block.get("block_id") for block in form["blocks"]]
    assert "*John McDonnell*\n>like a lynch-mob without the rope" in get_visible_text(form)
    comment = "<!channel> *She* said it\0"
    response = await slack.post(slack.submit(form, kind="wrong speaker", comment=comment))
    thanks = await response.json()
    assert thanks["response_action"] == "update"
    assert "Thank you" in get_visible_text(thanks["view"])
    (entry,) = await store.feedback.list_items("T1")
    words = briefing_service.make_evidence(briefing_service.RALLY, "like a lynch-mob without the rope")
    assert (entry.item.article, entry.item.start, entry.item.end) == (briefing_service.RALLY, words.start, words.end)
    assert (entry.item.kind, entry.item.channel, entry.item.person) == ("wrong speaker", "C1", "U1")
    assert entry.item.question == "/briefing labour-crisis since:2016-06-24"
    assert "She" in entry.item.comment


async def test_report_of_a_difference_is_about_the_chosen_side(slack: Slack, store: Store) -> None:
    """The form shows both sides in full, and asks which one is wrong."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    (section,) = [block for block in answer["blocks"] if "figures differ" in str(block).lower()]
    await press(slack, {"blocks": [section]}, "This looks wrong")
    form = await slack.stand_in.wait_for_view(2)
    side = "60% of Labour members and supporters"
    assert f">{side}" in get_visible_text(form)
    assert ">almost 60% of the vote" in get_visible_text(form)
    menu = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]
    value = next(option["value"] for option in menu["options"] if side in option["text"]["text"])
    await slack.post(slack.submit(form, line=value, kind="wrong words"))
    (entry,) = await store.feedback.list_items("T1")
    words = briefing_service.make_evidence(briefing_service.SHARECAST, side)
    assert (entry.item.article, entry.item.start, entry.item.end) == (words.article, words.start, words.end)


async def test_report_on_a_whole_answer_asks_which_line(slack: Slack, store: Store) -> None:
    """A button of an older answer does not know its line."""
    await slack.post(slack.press("wrong", '{"asked": "/briefing labour-crisis"}'))
    form = await slack.stand_in.wait_for_view(2)
    menu = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]
    assert "initial_option" not in menu
    value = next(option["value"] for option in menu["options"] if "lynch-mob" in option["text"]["text"])
    await slack.post(slack.submit(form, line=value, kind="other"))
    (entry,) = await store.feedback.list_items("T1")
    assert entry.item.article == briefing_service.RALLY


async def test_question_that_is_too_long_for_menus_has_buttons(slack: Slack) -> None:
    """Each answer still leads to its lines in context and to a report."""
    outlet = " ".join(sha256(str(number).encode()).hexdigest() for number in range(14))
    answer = await ask(slack, "/briefing", f'labour-crisis from:"{outlet}"')
    assert not [choice for choice in list_choices(answer) if choice["type"] == "overflow"]
    await press(slack, answer, "Read in context")
    assert "Angela Eagle" in get_visible_text(await slack.stand_in.wait_for_view(2))


@pytest.mark.parametrize("question", ["/briefing", "/whosaid"])
async def test_answer_has_one_row_of_at_most_three_buttons(
    slack: Slack, service: FakeBriefingService, question: str
) -> None:
    service.briefing = briefing_service.make_long_briefing()
    answer = await ask(slack, question, "labour-crisis" if question == "/briefing" else "lynch-mob")
    (row,) = [block["elements"] for block in answer["blocks"] if block["type"] == "actions"]
    assert len([element for element in row if element["type"] == "button"]) <= 3
    assert [element["type"] for element in row].count("overflow") <= 1


@pytest.mark.parametrize("fields", [{}, {"kind": "made up"}, {"kind": "other"}, {"line": "0000", "kind": "other"}])
async def test_invalid_report_form_stores_nothing(slack: Slack, store: Store, fields: dict[str, str]) -> None:
    """The form shows errors and keeps the input."""
    await slack.post(slack.press("wrong", '{"asked": "/briefing labour-crisis"}'))
    form = await slack.stand_in.wait_for_view(2)
    reply = await (await slack.post(slack.submit(form, **fields))).json()
    assert reply["response_action"] == "errors"
    assert await store.feedback.list_items("T1") == ()


async def test_expired_trigger_is_explained(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "labour-crisis")
    slack.stand_in.replies["views.open"] = [{"ok": False, "error": "expired_trigger_id"}]
    await press(slack, answer, "Read in context")
    assert "press the button again" in (await slack.stand_in.wait_for_answer(2))["text"]


@pytest.mark.parametrize(
    "value", ["", "labour-crisis", "{}", '{"asked": "/briefing"}', '{"asked": "rm -rf"}', "[" * 1999]
)
@pytest.mark.parametrize("action", ["page", "ask:0", "share", "page:+"])
async def test_unknown_button_value_is_explained(slack: Slack, action: str, value: str) -> None:
    """The value may come from an older version or be forged."""
    await slack.post(slack.press(action, value))
    assert "Ask again" in (await slack.stand_in.wait_for_answer())["text"]
    assert slack.stand_in.posts == []


async def test_suggested_topic_keeps_filters(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "labour-crisys since:2016-06-24")
    assert find_button(answer, "labour-crisis")["value"] == '{"asked": "/briefing labour-crisis since:2016-06-24"}'
    await press(slack, answer, "labour-crisis")
    assert "Labour's leadership crisis" in (await slack.stand_in.wait_for_answer(2))["text"]


async def test_answer_is_cached_until_articles_change(slack: Slack, service: FakeBriefingService) -> None:
    """Twenty simultaneous questions run once, and again only after an article is added."""
    bodies = [slack.command("/briefing", "labour-crisis", user_id=f"U{i}") for i in range(20)]
    await asyncio.gather(*map(slack.post, bodies))
    await slack.stand_in.wait_for_answer(20)
    assert service.queries == ["labour-crisis"]
    await ask(slack, "/briefing", "labour-crisis")
    assert service.queries == ["labour-crisis"]
    service.change_token = "an article more"
    slack.bot.app[BOT].answers.cache._checked_at = 0.0  # expire the cached change token
    await ask(slack, "/briefing", "labour-crisis")
    assert service.queries == ["labour-crisis"] * 2


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
async def test_hostile_article_text_stays_plain_text(
    slack: Slack, service: FakeBriefingService, words: str, never: str
) -> None:
    """This covers the channel message, the modals and `text`."""
    hostile = briefing_service.Variant(words + " other", briefing_service.RALLY, 1, 2, words, None)
    hit = briefing_service.make_hit(
        briefing_service.RALLY, "without the rope", briefing_service.Speaker(words), quote=words, variants=(hostile,)
    )
    service.build_who_said = lambda _: briefing_service.WhoSaid("rope", briefing_service.SEARCH_TOTALS, (hit,))
    answer = await ask(slack, "/whosaid", "rope")
    await press(slack, answer, "Share")
    await slack.stand_in.wait_for_answer(2)
    await press(slack, answer, "Compare the wordings")
    await slack.stand_in.wait_for_view(2)
    await press(slack, answer, "This looks wrong")
    await slack.stand_in.wait_for_view(4)
    for message in (answer, *slack.stand_in.posts):
        assert never not in message["text"]
        assert never not in get_visible_text(message)
    mrkdwn_texts = [text for view in slack.stand_in.views for block in view["blocks"] for text in _find_mrkdwn(block)]
    assert not [text for text in mrkdwn_texts if never in text]


def _find_mrkdwn(value: object) -> Iterator[str]:
    """Yield the texts in which Slack interprets markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from _find_mrkdwn(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _find_mrkdwn(inner)
