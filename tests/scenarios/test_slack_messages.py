"""Mentions, direct messages and the Assistant panel, over real HTTP.

Every message and every view is checked against Slack's limits as it arrives.
"""

from typing import Any

import pytest

from briefings.errors import DatabaseUnavailable
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import HOSTILE, said, sent, settled, shown


class TestMentionsAndDirectMessages:
    async def test_a_mention_is_answered_in_its_thread_for_everybody(self, slack: Slack) -> None:
        """With the bot's own name taken out, and nothing to share."""
        post = await said(slack, "<@U9> who said “lynch-mob”?", ts="9.5")
        assert (post["channel"], post["thread_ts"]) == ("C1", "9.5")
        assert "John McDonnell" in post["text"]
        with pytest.raises(StopIteration):
            find_button(post, "Share")

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
    async def test_help_tells_what_can_be_asked(self, slack: Slack, service: FakeBriefingService, said_so: str) -> None:
        assert "Ask me in plain words" in (await said(slack, said_so))["text"]
        assert service.asked == []

    async def test_topics_are_buttons_that_answer_who_presses_them_alone(self, slack: Slack) -> None:
        post = await said(slack, "<@U9> topics")
        button = find_button(post, "Labour's")
        await sent(slack, slack.press(button["action_id"], button["value"], private=False))
        answer = await slack.stand_in.wait_for_answer()
        assert answer["response_type"] == "ephemeral"
        assert answer["replace_original"] is False

    async def test_a_page_of_a_direct_message_takes_the_place_of_the_last(self, slack: Slack) -> None:
        post = await said(slack, "labour-crisis", channel_type="im")
        button = find_button(post, "Whole briefing")
        body = slack.press(button["action_id"], button["value"], private=False, channel={"id": "D1"})
        await sent(slack, body)
        answer = await slack.stand_in.wait_for_answer()
        assert answer["replace_original"] is True
        with pytest.raises(StopIteration):
            find_button(answer, "Share")

    async def test_an_answer_to_a_button_in_a_thread_stands_in_that_thread(self, slack: Slack) -> None:
        post = await said(slack, "<@U9> labour-crisis", ts="9.5")
        button = find_button(post, "Whole briefing")
        await sent(slack, slack.press(button["action_id"], button["value"], private=False, thread="9.5"))
        assert (await slack.stand_in.wait_for_answer())["thread_ts"] == "9.5"

    async def test_a_retried_event_is_answered_once(self, slack: Slack, service: FakeBriefingService) -> None:
        """As Slack retries it: the same event, with the number of the attempt and why in its headers."""
        body = slack.message("<@U9> who said lynch-mob?")
        for attempt in ("", "1", "2"):
            again = {"X-Slack-Retry-Num": attempt, "X-Slack-Retry-Reason": "http_timeout"} if attempt else None
            assert (await slack.post(body, headers=again)).status == 200
        await slack.stand_in.wait_for(slack.stand_in.posts)
        await settled(slack)
        assert len(slack.stand_in.posts) == 1
        assert service.asked == ["lynch-mob"]

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
        self, slack: Slack, service: FakeBriefingService, event: dict[str, Any]
    ) -> None:
        """Its own messages, other bots, edits, joins, and channels that it was not mentioned in."""
        for direct in ({}, {"channel_type": "im"}, {"channel_type": "im", "thread_ts": "9.1"}):
            await sent(slack, slack.message(**({"text": "who said lynch-mob?"} | direct | event)))
        await settled(slack)
        assert slack.stand_in.posts == []
        assert service.asked == []

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_texts_get_an_answer_that_does_nothing(self, slack: Slack, text: str) -> None:
        post = await said(slack, f"<@U9> {text}")
        for forbidden in ("<!", "<@", "\0", "\u202e"):
            assert forbidden not in post["text"] + shown(post)

    async def test_a_channel_that_slack_does_not_know_is_survived(self, slack: Slack) -> None:
        """Nobody can be told, and the next question is answered."""
        await sent(slack, slack.message("who said lynch-mob?", channel="C404"))
        post = await said(slack, "help")
        assert post["channel"] == "C1"

    async def test_what_breaks_is_told_with_a_reference(self) -> None:
        async with run_bot(FakeBriefingService(error=RuntimeError("secret"))) as slack:
            post = await said(slack, "<@U9> who said lynch-mob?")
        assert "reference" in post["text"]
        assert "secret" not in post["text"]

    async def test_who_asks_too_much_is_told_to_wait_in_the_thread(self, service: FakeBriefingService) -> None:
        async with run_bot(service, rate_per_minute=1) as slack:
            for _ in range(3):
                await sent(slack, slack.message("help", ts="9.5", thread_ts="9.1"))
            reply = await slack.stand_in.wait_for_answer()
        assert "please ask this again" in reply["text"]
        assert (reply["user"], reply["thread_ts"]) == ("U1", "9.1")
        assert len(slack.stand_in.posts) == 2

    async def test_the_bots_own_messages_cost_nobody_anything(self, service: FakeBriefingService) -> None:
        async with run_bot(service, rate_per_minute=1) as slack:
            for _ in range(5):
                await sent(slack, slack.message("who said lynch-mob?", channel_type="im", bot_id="B9"))
            await said(slack, "help", channel_type="im")
            assert slack.stand_in.answers == []


class TestAssistant:
    async def test_it_suggests_the_topics(self, slack: Slack) -> None:
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
        await sent(slack, slack.event(type="assistant_thread_started", assistant_thread=thread, event_ts="9.2"))
        suggestions = await slack.stand_in.wait_for(slack.stand_in.prompts)
        assert (suggestions["channel_id"], suggestions["thread_ts"]) == ("D1", "9.1")
        assert suggestions["prompts"][0] == {
            "title": "Labour's leadership crisis",
            "message": "brief me on labour-crisis",
        }
        assert len(suggestions["prompts"]) <= 4
        post = await said(slack, suggestions["prompts"][0]["message"], channel_type="im", thread_ts="9.1")
        assert "Where it stands" in post["text"]

    async def test_without_a_record_it_still_suggests_help(self) -> None:
        async with run_bot(FakeBriefingService(error=DatabaseUnavailable("The record cannot be opened."))) as slack:
            thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
            await sent(slack, slack.event(type="assistant_thread_started", assistant_thread=thread))
            suggestions = await slack.stand_in.wait_for(slack.stand_in.prompts)
        assert [prompt["message"] for prompt in suggestions["prompts"]] == ["help"]

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
