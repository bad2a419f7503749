"""Tests of watches over HTTP: the notices for articles that arrive, and watches in plain words.

The stand-in checks every message and view against Slack's limits.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.storage.store import Store
from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack, find_button
from tests.stand_ins.slack import get_visible_text, send_message
from tests.stand_ins.watch_bot import (  # noqa: F401 - with fixtures
    BUTTONS,
    list_watches,
    news,
    press_option,
    run_watches,
    slack,
    store,
    watch,
)
from tests.stand_ins.watch_world import ROE_WORDS, make_article

# ruff: noqa: F811 - fixtures are arguments


async def test_new_article_is_posted_with_speaker_quotation_and_link(slack: Slack, news: BriefingService) -> None:
    """The message has the whole quotation, the sentence around it, outlet, day, link and who set up the watch."""
    answer = get_visible_text(await watch(slack, '"hand the harbour"'))
    assert "“hand the harbour”" in answer
    assert "in <#C1>" in answer
    assert "Nothing in the last 7 days" in answer
    news.add([make_article("a1")])
    await run_watches(slack)
    (post,) = slack.stand_in.posts
    text = get_visible_text(post)
    assert post["channel"] == "C1"
    assert "*Jane Roe*" in text
    assert f">“{ROE_WORDS}”" in text
    assert "<https://tribune.example/a1" in text
    assert "The Tribune" in text
    assert "3 Mar 2031" in text
    assert "said Jane Roe, the mayor of Easton." in text
    assert "Watch 1" in text
    assert "<@U1>" in text
    for line in text.split("\n"):
        assert line in post["text"] or line in BUTTONS, line


async def test_answer_reads_back_what_is_watched_with_a_preview(slack: Slack, news: BriefingService) -> None:
    """What happens next, the latest match so far, and three buttons."""
    news.add([replace(make_article("a1"), published=date(2020, 1, 2))])
    answer = await watch(slack, '"hand the harbour" by Roe in The Tribune')
    text = get_visible_text(answer)
    assert "*Watch 1:* “hand the harbour” by Roe in The Tribune" in text
    assert "I'll post who said it in <#C1>, within seconds" in text
    assert "The latest before that:\n*Jane Roe*" in text
    assert ROE_WORDS in text
    assert [find_button(answer, label)["type"] for label in ("Pause", "Edit", "Stop")] == ["button"] * 3
    assert ROE_WORDS in answer["text"]


async def test_preview_shows_a_few_quoted_words_in_their_sentence(slack: Slack, news: BriefingService) -> None:
    """A few words by themselves tell little."""
    text = 'Jane Roe, the mayor of Easton, told the council that the port was "a burning bridge" for the town.'
    news.add([replace(make_article("a1"), text=text, published=date(2020, 1, 2))])
    answer = get_visible_text(await watch(slack, "by:Roe"))
    assert "“a burning bridge”\nin the sentence\n>Jane Roe, the mayor of Easton, told the council" in answer


async def test_preview_counts_the_articles_of_the_last_week(slack: Slack, news: BriefingService) -> None:
    today = datetime.now(UTC).date()
    articles = [make_article("a1"), make_article("a2", "The Courier"), make_article("a3", "The Harbour Post")]
    days = (today, today - timedelta(days=5), today - timedelta(days=30))
    news.add([replace(article, published=day) for article, day in zip(articles, days, strict=True)])
    text = get_visible_text(await watch(slack, "by:Roe"))
    assert "In the last 7 days it would have matched 2 articles, for example:\n*Jane Roe*" in text


async def test_words_not_seen_yet_are_watched(slack: Slack) -> None:
    text = get_visible_text(await watch(slack, "Tooting by-election"))
    assert "the words “Tooting by-election”" in text
    assert "Nothing in the last 7 days, or before. I'll post when there is something." in text


async def test_message_of_a_match_opens_the_passage_and_the_menu_of_the_watch(
    slack: Slack, news: BriefingService, store: Store
) -> None:
    await watch(slack, '"hand the harbour"')
    news.add([make_article("a1")])
    await run_watches(slack)
    (post,) = slack.stand_in.posts
    button = find_button(post, "Read in context")
    await slack.post(slack.press(button["action_id"], button["value"], message=post["ts"], private=False))
    view = await slack.stand_in.wait_for_view()
    assert "The council of Easton met on Monday" in get_visible_text(view)
    option = find_button(post, "Pause")
    await press_option(slack, option, private=False)
    answer = await slack.stand_in.wait_for_answer(2)
    assert "Watch 1 is paused." in get_visible_text(answer)
    assert answer["replace_original"] is False, "the message is everyone's"
    assert [stored.is_active for stored in await list_watches(store)] == [False]


async def test_further_reports_edit_one_reply(slack: Slack, news: BriefingService) -> None:
    await watch(slack, "by:Roe")
    news.add([make_article("a1")])
    await run_watches(slack)
    news.add([make_article("a2", "The Courier")])
    await run_watches(slack)
    news.add([make_article("a3", "The Harbour Post", f"{ROE_WORDS}, I promise")])
    await run_watches(slack)
    head, reply = slack.stand_in.posts
    assert reply["thread_ts"] == head["ts"]
    assert "Also in one outlet:" in get_visible_text(reply)
    (edit,) = [
        arguments
        for method, arguments in zip(slack.stand_in.calls, slack.stand_in.arguments, strict=True)
        if method == "chat.update"
    ]
    assert edit["ts"] == reply["ts"]
    assert "Also in two outlets, with two wordings:" in edit["text"]


async def test_running_bot_notices_arrivals_by_itself(slack: Slack, news: BriefingService) -> None:
    await watch(slack, '"hand the harbour"')
    news.add([make_article("a1")])
    post = await slack.stand_in.wait_for(slack.stand_in.posts)
    assert ROE_WORDS in post["text"]


async def test_watch_in_a_direct_message_to_oneself_posts_in_the_bots_conversation(
    slack: Slack, news: BriefingService, store: Store
) -> None:
    """The bot cannot post between people, so it opens its own conversation with the user."""
    slack.stand_in.replies["conversations.history"] = [{"ok": False, "error": "channel_not_found"}]
    slack.stand_in.replies["chat.postMessage"] = [{"ok": True, "ts": "1.1", "channel": "D77"}]
    answer = await watch(slack, '"hand the harbour"', channel_id="D5", channel_name="directmessage")
    assert "in our direct messages" in get_visible_text(answer)
    (stored,) = await list_watches(store)
    assert stored.config.channel == "D77"
    news.add([make_article("a1")])
    await run_watches(slack)
    assert [post["channel"] for post in slack.stand_in.posts] == ["D77"]


async def test_watch_where_the_bot_is_no_member_says_how_to_invite_it(slack: Slack, store: Store) -> None:
    slack.stand_in.member = False
    text = get_visible_text(await watch(slack, 'by:"Jane Roe" about:harbour'))
    assert "/invite @On the Record" in text
    assert '/watch by:"Jane Roe" about:"harbour"' in text
    assert await list_watches(store) == ()


@pytest.mark.parametrize(
    ("text", "thread"),
    [
        ("<@U9> alert us when Roe speaks about the harbour", ""),
        ("<@U9> watch for “hand the harbour”", ""),
        ("<@U9> /watch by:Roe", ""),
        ("<@U9> notify us of “hand the harbour”", "3.1"),
    ],
)
async def test_watch_is_set_up_in_plain_words(
    slack: Slack, news: BriefingService, store: Store, text: str, thread: str
) -> None:
    """In a thread, its matches are posted in the thread."""
    news.add([make_article("a0", words="Hello everyone, and welcome to the meeting of the council")])
    await run_watches(slack)
    more = {"thread_ts": thread} if thread else {}
    answer = await send_message(slack, text, **more)
    assert "*Watch 1:*" in get_visible_text(answer)
    (stored,) = await list_watches(store)
    assert stored.config.thread == thread
    news.add([make_article("a1")])
    await run_watches(slack)
    assert slack.stand_in.posts[-1].get("thread_ts", "") == thread
    assert ROE_WORDS in slack.stand_in.posts[-1]["text"]


async def test_watch_is_set_up_in_a_direct_message(slack: Slack, store: Store) -> None:
    answer = await send_message(slack, "tell me when Roe speaks about the harbour", channel_type="im")
    assert "in our direct messages" in get_visible_text(answer)
    (stored,) = await list_watches(store)
    assert (stored.config.channel, stored.config.thread) == ("D1", "")
    answer = await send_message(slack, "list my watches", 2, channel_type="im")
    assert "by Roe about" in get_visible_text(answer)
    answer = await send_message(slack, "pause watch 1", 3, channel_type="im")
    assert "Watch 1 is paused." in get_visible_text(answer)


@pytest.mark.parametrize("text", ["who said lynch-mob?", "watch", "what did Roe say about the watch?", "help"])
async def test_questions_stay_questions(slack: Slack, store: Store, text: str) -> None:
    await send_message(slack, f"<@U9> {text}")
    assert await list_watches(store) == ()
