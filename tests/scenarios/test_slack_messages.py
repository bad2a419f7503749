"""Tests of mentions, direct messages and the Assistant panel over HTTP.

The stand-in checks every message and view against Slack's limits.
"""

from typing import Any

import pytest

from briefings.errors import DatabaseUnavailable
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import HOSTILE_TEXTS, close_bot, get_visible_text, send, send_message


class TestMentionsAndDirectMessages:
    async def test_mention_is_answered_publicly_in_its_thread(self, slack: Slack) -> None:
        """The bot's own mention is ignored, and the answer has no share button."""
        post = await send_message(slack, "<@U9> who said “lynch-mob”?", ts="9.5")
        assert (post["channel"], post["thread_ts"]) == ("C1", "9.5")
        assert "John McDonnell" in post["text"]
        with pytest.raises(StopIteration):
            find_button(post, "Share")

    async def test_mention_in_thread_is_answered_there(self, slack: Slack) -> None:
        post = await send_message(slack, "<@U9> brief me on labour-crisis", ts="9.6", thread_ts="9.1")
        assert post["thread_ts"] == "9.1"
        assert "Latest" in post["text"]

    async def test_direct_message_is_answered_in_its_thread_with_a_status(self, slack: Slack) -> None:
        post = await send_message(slack, "what did Corbyn say?", channel_type="im", ts="9.7")
        assert (post["channel"], post["thread_ts"]) == ("D1", "9.7")
        assert "I did all I could" in post["text"]
        assert slack.stand_in.calls == ["assistant.threads.setStatus", "chat.postMessage"]
        assert slack.stand_in.arguments[0]["thread_ts"] == "9.7"

    @pytest.mark.parametrize("text", ["help", "<@U9>", "hello"])
    async def test_help_is_shown_for_help_empty_mention_and_greeting(
        self, slack: Slack, service: FakeBriefingService, text: str
    ) -> None:
        assert "Ask me in plain words" in (await send_message(slack, text))["text"]
        assert service.queries == []

    async def test_topic_button_replies_privately(self, slack: Slack) -> None:
        post = await send_message(slack, "<@U9> topics")
        button = find_button(post, "Labour's")
        await send(slack, slack.press(button["action_id"], button["value"], private=False))
        answer = await slack.stand_in.wait_for_answer()
        assert answer["response_type"] == "ephemeral"
        assert answer["replace_original"] is False

    async def test_page_in_direct_message_replaces_previous_page(self, slack: Slack) -> None:
        post = await send_message(slack, "labour-crisis", channel_type="im")
        button = find_button(post, "Full briefing")
        body = slack.press(button["action_id"], button["value"], private=False, channel={"id": "D1"})
        await send(slack, body)
        answer = await slack.stand_in.wait_for_answer()
        assert answer["replace_original"] is True
        with pytest.raises(StopIteration):
            find_button(answer, "Share")

    async def test_button_in_thread_is_answered_in_thread(self, slack: Slack) -> None:
        post = await send_message(slack, "<@U9> labour-crisis", ts="9.5")
        button = find_button(post, "Full briefing")
        await send(slack, slack.press(button["action_id"], button["value"], private=False, thread="9.5"))
        assert (await slack.stand_in.wait_for_answer())["thread_ts"] == "9.5"

    async def test_retried_event_is_answered_once(self, slack: Slack, service: FakeBriefingService) -> None:
        """Slack's retries repeat the event, with the attempt number and reason in headers."""
        body = slack.message("<@U9> who said lynch-mob?")
        for attempt in ("", "1", "2"):
            again = {"X-Slack-Retry-Num": attempt, "X-Slack-Retry-Reason": "http_timeout"} if attempt else None
            assert (await slack.post(body, headers=again)).status == 200
        await slack.stand_in.wait_for(slack.stand_in.posts)
        await close_bot(slack)
        assert len(slack.stand_in.posts) == 1
        assert service.queries == ["lynch-mob"]

    async def test_post_stored_before_connection_drop_is_not_repeated(self, slack: Slack) -> None:
        """The bot finds the message in the thread."""
        slack.stand_in.drop_posts = 1
        await send_message(slack, "<@U9> who said lynch-mob?")
        await close_bot(slack)
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
            {"app_id": "A2"},
            {"bot_profile": {"app_id": "A2"}},
            {"hidden": True},
            {"channel_type": "channel", "type": "message"},
            {"text": None},
            {"channel": ["C1"]},
        ],
    )
    async def test_events_not_addressed_to_the_bot_are_ignored(
        self, slack: Slack, service: FakeBriefingService, event: dict[str, Any]
    ) -> None:
        """This covers its own messages, other bots, edits, joins and messages without a mention."""
        for direct in ({}, {"channel_type": "im"}, {"channel_type": "im", "thread_ts": "9.1"}):
            await send(slack, slack.message(**({"text": "who said lynch-mob?"} | direct | event)))
        await close_bot(slack)
        assert slack.stand_in.posts == []
        assert service.queries == []

    @pytest.mark.parametrize("text", HOSTILE_TEXTS)
    async def test_hostile_text_in_mention_stays_plain_text(self, slack: Slack, text: str) -> None:
        post = await send_message(slack, f"<@U9> {text}")
        for forbidden in ("<!", "<@", "\0", "\u202e"):
            assert forbidden not in post["text"] + get_visible_text(post)

    async def test_unknown_channel_does_not_break_later_answers(self, slack: Slack) -> None:
        """The answer cannot be delivered, but the next question is answered."""
        await send(slack, slack.message("who said lynch-mob?", channel="C404"))
        post = await send_message(slack, "help")
        assert post["channel"] == "C1"

    async def test_unexpected_error_is_reported_with_reference(self) -> None:
        async with run_bot(FakeBriefingService(error=RuntimeError("secret"))) as slack:
            post = await send_message(slack, "<@U9> who said lynch-mob?")
        assert "reference" in post["text"]
        assert "secret" not in post["text"]

    async def test_rate_limit_notice_is_private_in_thread(self, service: FakeBriefingService) -> None:
        async with run_bot(service, rate_per_minute=1) as slack:
            for _ in range(3):
                await send(slack, slack.message("help", ts="9.5", thread_ts="9.1"))
            reply = await slack.stand_in.wait_for_answer()
        assert "Please try again in" in reply["text"]
        assert (reply["user"], reply["thread_ts"]) == ("U1", "9.1")
        assert len(slack.stand_in.posts) == 2

    async def test_bot_messages_do_not_count_against_the_rate_limit(self, service: FakeBriefingService) -> None:
        async with run_bot(service, rate_per_minute=1) as slack:
            for _ in range(5):
                await send(slack, slack.message("who said lynch-mob?", channel_type="im", bot_id="B9"))
            await send_message(slack, "help", channel_type="im")
            assert slack.stand_in.answers == []


class TestAssistant:
    async def test_assistant_suggests_topics(self, slack: Slack) -> None:
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
        await send(slack, slack.event(type="assistant_thread_started", assistant_thread=thread, event_ts="9.2"))
        suggestions = await slack.stand_in.wait_for(slack.stand_in.prompts)
        assert (suggestions["channel_id"], suggestions["thread_ts"]) == ("D1", "9.1")
        assert suggestions["prompts"][0] == {
            "title": "Labour's leadership crisis",
            "message": "brief me on labour-crisis",
        }
        assert len(suggestions["prompts"]) <= 4
        post = await send_message(slack, suggestions["prompts"][0]["message"], channel_type="im", thread_ts="9.1")
        assert "Latest" in post["text"]

    async def test_assistant_suggests_help_without_database(self) -> None:
        async with run_bot(FakeBriefingService(error=DatabaseUnavailable("The database cannot be opened."))) as slack:
            thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
            await send(slack, slack.event(type="assistant_thread_started", assistant_thread=thread))
            suggestions = await slack.stand_in.wait_for(slack.stand_in.prompts)
        assert [prompt["message"] for prompt in suggestions["prompts"]] == ["help"]

    async def test_assistant_shows_status_and_answers_in_thread(self, slack: Slack) -> None:
        post = await send_message(slack, "who said lynch-mob?", channel_type="im", thread_ts="9.1")
        assert (post["channel"], post["thread_ts"]) == ("D1", "9.1")
        assert "John McDonnell" in post["text"]
        assert slack.stand_in.calls.index("assistant.threads.setStatus") < slack.stand_in.calls.index(
            "chat.postMessage"
        )

    async def test_rejected_status_does_not_affect_answer(self, slack: Slack) -> None:
        slack.stand_in.replies["assistant.threads.setStatus"] = [{"ok": False, "error": "missing_scope"}]
        post = await send_message(slack, "who said lynch-mob?", channel_type="im", thread_ts="9.1")
        assert "John McDonnell" in post["text"]

    async def test_channel_change_needs_no_web_api_call(self, slack: Slack) -> None:
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {"channel_id": "C2"}}
        await send(slack, slack.event(type="assistant_thread_context_changed", assistant_thread=thread))
        await close_bot(slack)
        assert slack.stand_in.calls == []
