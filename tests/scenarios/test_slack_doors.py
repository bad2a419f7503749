"""The other doors, over real HTTP: App Home, message shortcuts, mentions, direct messages, the Assistant panel.

Every message and every view is checked against Slack's limits as it arrives.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.serve import BOT
from bot.store.feedback import Doubt
from bot.store.rate import Rate
from bot.store.store import Store, open_store
from briefings.errors import RecordUnavailable
from tests.fakes import SOURCES, FakeDesk
from tests.scenarios.conftest import Slack, button_of, running
from tests.slack_limits import texts

HOSTILE = [
    "x" * 8_000,
    "\0\0 who said \0lynch-mob\0",
    "\u202ewho said lynch-mob\u202c",
    "who said <!channel> <!here|here> <@U1> <!subteam^S1|@all>",
    "who said *_~`bold`~_*",
    "who said 𝔩𝔶𝔫𝔠𝔥\u0301\u0301\u0301 👩‍👩‍👧‍👦 \ud83d",
    "<<>>&amp;&lt;!channel&gt;|<http://x|y>",
    "",
    '"' * 3_000,
]


def shown(holder: dict[str, Any]) -> str:
    return "\n".join(text for block in holder["blocks"] for text in texts(block))


async def sent(slack: Slack, body: str) -> None:
    """Sends it, and sees it acknowledged with nothing."""
    response = await slack.post(body)
    assert (response.status, await response.text()) == (200, "")


async def settled(slack: Slack) -> None:
    """Closes the bot, and with that sees out all it was doing."""
    await slack.bot.close()


async def said(slack: Slack, text: str, count: int = 1, **more: Any) -> dict[str, Any]:
    await sent(slack, slack.said(text, **more))
    return await slack.stand_in.heard(slack.stand_in.posts, count)


class TestMentionsAndDirectMessages:
    async def test_a_mention_is_answered_in_its_thread_for_everybody(self, slack: Slack) -> None:
        """With the bot's own name taken out, and nothing to share."""
        post = await said(slack, "<@U9> who said “lynch-mob”?", ts="9.5")
        assert (post["channel"], post["thread_ts"]) == ("C1", "9.5")
        assert "John McDonnell" in post["text"]
        with pytest.raises(StopIteration):
            button_of(post, "Share")

    async def test_a_mention_in_a_thread_is_answered_in_that_thread(self, slack: Slack) -> None:
        post = await said(slack, "<@U9> brief me on labour-crisis", ts="9.6", thread_ts="9.1")
        assert post["thread_ts"] == "9.1"
        assert "Where it stands" in post["text"]

    async def test_a_direct_message_is_answered_where_it_stands(self, slack: Slack) -> None:
        post = await said(slack, "what did Corbyn say?", channel_type="im")
        assert post["channel"] == "D1"
        assert "thread_ts" not in post
        assert "I did all I could" in post["text"]

    @pytest.mark.parametrize("said_so", ["help", "<@U9>", "hello"])
    async def test_help_tells_what_can_be_asked(self, slack: Slack, desk: FakeDesk, said_so: str) -> None:
        assert "Ask me in plain words" in (await said(slack, said_so))["text"]
        assert desk.asked == []

    async def test_topics_are_buttons_that_answer_who_presses_them_alone(self, slack: Slack) -> None:
        post = await said(slack, "<@U9> topics")
        button = button_of(post, "Labour's")
        await sent(slack, slack.press(button["action_id"], button["value"], private=False))
        answer = await slack.stand_in.answer()
        assert answer["response_type"] == "ephemeral"
        assert answer["replace_original"] is False

    async def test_a_page_of_a_direct_message_takes_the_place_of_the_last(self, slack: Slack) -> None:
        post = await said(slack, "labour-crisis", channel_type="im")
        button = button_of(post, "Whole briefing")
        body = slack.press(button["action_id"], button["value"], private=False, channel={"id": "D1"})
        await sent(slack, body)
        answer = await slack.stand_in.answer()
        assert answer["replace_original"] is True
        with pytest.raises(StopIteration):
            button_of(answer, "Share")

    async def test_an_answer_to_a_button_in_a_thread_stands_in_that_thread(self, slack: Slack) -> None:
        post = await said(slack, "<@U9> labour-crisis", ts="9.5")
        button = button_of(post, "Whole briefing")
        await sent(slack, slack.press(button["action_id"], button["value"], private=False, thread="9.5"))
        assert (await slack.stand_in.answer())["thread_ts"] == "9.5"

    async def test_a_retried_event_is_answered_once(self, slack: Slack, desk: FakeDesk) -> None:
        """As Slack retries it: the same event, with the number of the attempt and why in its headers."""
        body = slack.said("<@U9> who said lynch-mob?")
        for attempt in ("", "1", "2"):
            again = {"X-Slack-Retry-Num": attempt, "X-Slack-Retry-Reason": "http_timeout"} if attempt else None
            assert (await slack.post(body, headers=again)).status == 200
        await slack.stand_in.heard(slack.stand_in.posts)
        await settled(slack)
        assert len(slack.stand_in.posts) == 1
        assert desk.asked == ["lynch-mob"]

    async def test_an_answer_whose_connection_drops_is_posted_once(self, slack: Slack) -> None:
        """Looked up in the thread, where it stands."""
        slack.stand_in.drop_posts = 1
        await said(slack, "<@U9> who said lynch-mob?")
        await settled(slack)
        assert len(slack.stand_in.posts) == 1
        assert "conversations.replies" in slack.stand_in.calls

    @pytest.mark.parametrize(
        "event",
        [
            {"bot_id": "B9"},
            {"user": "U9"},
            {"user": "USLACKBOT"},
            {"subtype": "bot_message", "user": None},
            {"subtype": "message_changed", "message": {"text": "who said lynch-mob?", "thread_ts": "9.1"}},
            {"subtype": "message_deleted", "previous_message": {"text": "x", "thread_ts": "9.1"}},
            {"subtype": "channel_join"},
            {"edited": {"user": "U1", "ts": "9.9"}},
            {"hidden": True},
            {"channel_type": "channel", "type": "message"},
            {"text": None},
            {"channel": ["C1"]},
        ],
    )
    async def test_what_no_person_says_to_it_is_passed_over(
        self, slack: Slack, desk: FakeDesk, event: dict[str, Any]
    ) -> None:
        """Its own messages, other bots, edits, joins, and channels that it was not mentioned in."""
        for direct in ({}, {"channel_type": "im"}, {"channel_type": "im", "thread_ts": "9.1"}):
            await sent(slack, slack.said(**({"text": "who said lynch-mob?"} | direct | event)))
        await settled(slack)
        assert slack.stand_in.posts == []
        assert desk.asked == []

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_texts_get_an_answer_that_does_nothing(self, slack: Slack, text: str) -> None:
        post = await said(slack, f"<@U9> {text}")
        for forbidden in ("<!", "<@", "\0", "\u202e"):
            assert forbidden not in post["text"] + shown(post)

    async def test_a_channel_that_slack_does_not_know_is_survived(self, slack: Slack) -> None:
        """Nobody can be told, and the next question is answered."""
        await sent(slack, slack.said("who said lynch-mob?", channel="C404"))
        post = await said(slack, "help")
        assert post["channel"] == "C1"

    async def test_what_breaks_is_told_with_a_reference(self) -> None:
        async with running(FakeDesk(error=RuntimeError("secret"))) as slack:
            post = await said(slack, "<@U9> who said lynch-mob?")
        assert "reference" in post["text"]
        assert "secret" not in post["text"]

    async def test_who_asks_too_much_is_told_to_wait_in_the_thread(self, desk: FakeDesk) -> None:
        async with running(desk, rate_per_minute=1) as slack:
            for _ in range(3):
                await sent(slack, slack.said("help", ts="9.5", thread_ts="9.1"))
            word = await slack.stand_in.answer()
        assert "please ask this again" in word["text"]
        assert (word["user"], word["thread_ts"]) == ("U1", "9.1")
        assert len(slack.stand_in.posts) == 2

    async def test_the_bots_own_messages_cost_nobody_anything(self, desk: FakeDesk) -> None:
        async with running(desk, rate_per_minute=1) as slack:
            for _ in range(5):
                await sent(slack, slack.said("who said lynch-mob?", channel_type="im", bot_id="B9"))
            await said(slack, "help", channel_type="im")
            assert slack.stand_in.answers == []


class TestAssistant:
    async def test_it_suggests_the_topics(self, slack: Slack) -> None:
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
        await sent(slack, slack.event(type="assistant_thread_started", assistant_thread=thread, event_ts="9.2"))
        told = await slack.stand_in.heard(slack.stand_in.prompts)
        assert (told["channel_id"], told["thread_ts"]) == ("D1", "9.1")
        assert told["prompts"][0] == {"title": "Labour's leadership crisis", "message": "brief me on labour-crisis"}
        assert len(told["prompts"]) <= 4
        post = await said(slack, told["prompts"][0]["message"], channel_type="im", thread_ts="9.1")
        assert "Where it stands" in post["text"]

    async def test_without_a_record_it_still_suggests_help(self) -> None:
        async with running(FakeDesk(error=RecordUnavailable("The record cannot be opened."))) as slack:
            thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
            await sent(slack, slack.event(type="assistant_thread_started", assistant_thread=thread))
            told = await slack.stand_in.heard(slack.stand_in.prompts)
        assert [prompt["message"] for prompt in told["prompts"]] == ["help"]

    async def test_it_shows_that_it_works_and_answers_in_the_thread(self, slack: Slack) -> None:
        post = await said(slack, "who said lynch-mob?", channel_type="im", thread_ts="9.1")
        assert (post["channel"], post["thread_ts"]) == ("D1", "9.1")
        assert "John McDonnell" in post["text"]
        assert slack.stand_in.calls.index("assistant.threads.setStatus") < slack.stand_in.calls.index(
            "chat.postMessage"
        )

    async def test_a_status_that_slack_refuses_takes_nothing_from_the_answer(self, slack: Slack) -> None:
        slack.stand_in.replies["assistant.threads.setStatus"] = [{"ok": False, "error": "missing_scope"}]
        post = await said(slack, "who said lynch-mob?", channel_type="im", thread_ts="9.1")
        assert "John McDonnell" in post["text"]

    async def test_a_change_of_channel_asks_slack_nothing(self, slack: Slack) -> None:
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {"channel_id": "C2"}}
        await sent(slack, slack.event(type="assistant_thread_context_changed", assistant_thread=thread))
        await settled(slack)
        assert slack.stand_in.calls == []


class TestShortcuts:
    async def test_who_said_this_looks_up_the_quoted_part_for_the_asker_alone(
        self, slack: Slack, desk: FakeDesk
    ) -> None:
        await sent(slack, slack.shortcut("who_said_this", "Did you see “lynch-mob” in *the paper*?", thread_ts="8.0"))
        answer = await slack.stand_in.answer()
        assert answer["response_type"] == "ephemeral"
        assert answer["thread_ts"] == "8.0"
        assert "John McDonnell" in answer["text"]
        assert desk.asked == ["lynch-mob"]
        assert slack.stand_in.posts == []

    async def test_a_short_message_is_looked_up_whole(self, slack: Slack, desk: FakeDesk) -> None:
        await sent(slack, slack.shortcut("who_said_this", "lynch-mob &amp; by:rope <@U3>"))
        await slack.stand_in.answer()
        assert desk.asked == ["lynch-mob & by:rope"]

    @pytest.mark.parametrize(("text", "told"), [("x " * 400, "is too long to look up"), ("<@U1> :", "no words")])
    async def test_what_cannot_be_looked_up_is_one_sentence(self, slack: Slack, text: str, told: str) -> None:
        await sent(slack, slack.shortcut("who_said_this", text))
        assert told in (await slack.stand_in.answer())["text"]

    async def test_the_quotes_are_checked_in_the_thread(self, slack: Slack) -> None:
        """The verdicts for everybody, the words that differ marked on both sides, the asker named and told."""
        draft = (
            "Corbyn: “I did all I could”, it was “like a lynch-mob without a noose”. “I never liked Europe”, he said."
        )
        await sent(slack, slack.shortcut("check_the_quotes", draft))
        post = await slack.stand_in.heard(slack.stand_in.posts)
        assert (post["channel"], post["thread_ts"]) == ("C1", "8.1")
        for words in (
            "3 quotations checked: 1 exact, 1 differing, 1 not found",
            "Checked for <@U1>",
            "*a noose*",
            "*the rope*",
            "the draft has “a noose”, the record “the rope”",
            "|International Business Times UK>",
            "*Not found*, given to nobody",
        ):
            assert words in post["text"], words
            assert words in shown(post), words
        assert "verdicts stand in the message's thread" in (await slack.stand_in.answer())["text"]

    async def test_outside_its_channels_the_verdicts_go_to_the_asker_with_how_to_invite_it(self, slack: Slack) -> None:
        slack.stand_in.member = False
        await sent(slack, slack.shortcut("check_the_quotes", "“I did all I could”"))
        answer = await slack.stand_in.answer()
        assert slack.stand_in.posts == []
        assert "1 quotation checked: 1 exact" in answer["text"]
        assert "/invite @On the Record" in shown(answer)

    @pytest.mark.parametrize(
        ("draft", "told"),
        [
            ("no quotation here", "holds no quotation"),
            ("“I did all I could” " * 1_001, "check it in parts"),
            ("", "holds no"),
        ],
    )
    async def test_what_cannot_be_checked_is_told_to_the_asker_alone(self, slack: Slack, draft: str, told: str) -> None:
        await sent(slack, slack.shortcut("check_the_quotes", draft))
        assert told in (await slack.stand_in.answer())["text"]
        assert slack.stand_in.posts == []

    @pytest.mark.parametrize("name", ["who_said_this", "check_the_quotes"])
    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_messages_get_an_answer_that_does_nothing(self, slack: Slack, name: str, text: str) -> None:
        await sent(slack, slack.shortcut(name, text))
        answer = await slack.stand_in.answer()
        for forbidden in ("<!", "<@U1", "\0", "\u202e"):
            assert forbidden not in answer["text"] + shown(answer)

    async def test_a_shortcut_that_comes_twice_has_one_effect(self, slack: Slack) -> None:
        body = slack.shortcut("check_the_quotes", "“I did all I could”")
        for _ in range(3):
            assert (await slack.post(body)).status == 200
        await slack.stand_in.answer()
        await settled(slack)
        assert (len(slack.stand_in.posts), len(slack.stand_in.answers)) == (1, 1)

    async def test_a_shortcut_that_is_not_offered_is_survived(self, slack: Slack) -> None:
        assert (await slack.post(slack.shortcut("add_to_the_record", "https://example.org"))).status == 200
        await sent(slack, slack.shortcut("who_said_this", "lynch-mob"))
        assert "John McDonnell" in (await slack.stand_in.answer())["text"]


class TestHome:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with closing(open_store(f"sqlite:///{tmp_path}/record.db", Rate(60), time.time)) as found:
            yield found

    @pytest.fixture
    async def slack(self, desk: FakeDesk, store: Store) -> AsyncIterator[Slack]:
        async with running(desk, store, admins=("U1",)) as found:
            yield found

    @staticmethod
    async def opens(slack: Slack, seen: dict[str, Any] | None = None, *, user: str = "U1", tab: str = "home") -> None:
        view = {"view": seen | {"id": "V1", "hash": "1.2"}} if seen else {}
        await sent(slack, slack.event(type="app_home_opened", user=user, channel="D1", tab=tab, **view))

    async def test_it_shows_topics_the_latest_and_what_the_record_holds(self, slack: Slack) -> None:
        await self.opens(slack)
        home = await slack.stand_in.heard(slack.stand_in.homes)
        text = shown(home)
        assert "Labour's leadership crisis · Thu 30 Jun 2016" in text
        assert "|The Guardian>" in text
        assert "published Sat 25 Jun 2016 · added Fri 1 Jul 2016" in text
        assert "4 articles and 40 quotations, published Sat 25 Jun 2016 to Thu 30 Jun 2016" in text
        assert "From International Business Times UK (2), The Guardian (1), Sharecast (1)" in text
        assert "Ask me in plain words" in text

    async def test_what_is_seen_already_is_not_published_again(self, slack: Slack, desk: FakeDesk) -> None:
        """Slack says what that is; without a change of the record, nothing is read twice."""
        await self.opens(slack)
        home = await slack.stand_in.heard(slack.stand_in.homes)
        await self.opens(slack, home)
        await settled(slack)
        assert slack.stand_in.homes == [home]
        assert desk.asked == ["topics"]

    async def test_it_is_published_again_when_it_shows_something_else(self, slack: Slack, desk: FakeDesk) -> None:
        await self.opens(slack)
        home = await slack.stand_in.heard(slack.stand_in.homes)
        desk.stamp, desk.latest = "changed", SOURCES[:1]
        await self.opens(slack, home)
        again = await slack.stand_in.heard(slack.stand_in.homes, 2)
        assert "Sharecast ·" in shown(home)
        assert "Sharecast ·" not in shown(again)

    async def test_those_who_look_after_it_see_how_much_looks_wrong(self, slack: Slack, store: Store) -> None:
        await store.feedback.add(Doubt("T1", "U2", "C1", "/whosaid x", "a", 0, 1, "other"))
        await store.feedback.add(Doubt("T2", "U2", "C1", "/whosaid x", "a", 0, 1, "other"))
        await self.opens(slack)
        assert "1 line looks wrong to somebody here" in shown(await slack.stand_in.heard(slack.stand_in.homes))
        await self.opens(slack, user="U2")
        assert "looks wrong" not in shown(await slack.stand_in.heard(slack.stand_in.homes, 2))

    async def test_the_other_tabs_publish_nothing(self, slack: Slack) -> None:
        await self.opens(slack, tab="messages")
        await settled(slack)
        assert slack.stand_in.calls == []

    async def test_a_topic_opens_in_a_modal_that_can_be_paged_and_read_in_context(self, slack: Slack) -> None:
        await self.opens(slack)
        home = await slack.stand_in.heard(slack.stand_in.homes)
        await sent(slack, slack.press_in(home, button_of(home, "Labour's")))
        modal = await slack.stand_in.view()
        assert modal["type"] == "modal"
        assert "Where it stands" in shown(modal)
        with pytest.raises(StopIteration):
            button_of(modal, "Share")
        await sent(slack, slack.press_in(modal, button_of(modal, "Whole briefing")))
        whole = await slack.stand_in.view(3)
        assert "Where the sources differ" in shown(whole)
        await sent(slack, slack.press_in(whole, button_of(whole, "Read in context")))
        reading = await slack.stand_in.view(5)
        assert reading["title"]["text"] == "Read in context"
        assert slack.stand_in.calls.count("views.push") == 1
        assert (slack.stand_in.posts, slack.stand_in.answers) == ([], [])

    async def test_without_a_record_it_says_so(self) -> None:
        async with running(FakeDesk(error=RecordUnavailable("The record cannot be opened."))) as slack:
            await self.opens(slack)
            home = await slack.stand_in.heard(slack.stand_in.homes)
        assert "The record cannot be opened." in shown(home)

    async def test_a_home_that_slack_does_not_take_is_survived(self, slack: Slack) -> None:
        slack.stand_in.replies["views.publish"] = [{"ok": False, "error": "hash_conflict"}]
        await self.opens(slack)
        await self.opens(slack)
        await slack.stand_in.heard(slack.stand_in.homes)
        assert slack.bot.app[BOT].answering.under_way == 0

    async def test_an_event_of_no_sense_is_survived(self, slack: Slack) -> None:
        for event in ({"type": "app_home_opened", "tab": "home"}, {"type": "message"}, {"type": "nothing"}, {}):
            body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"E{len(event)}", "event": event})
            assert (await slack.post(body)).status == 200
        await self.opens(slack)
        await slack.stand_in.heard(slack.stand_in.homes)
