"""Tests of what goes wrong between Slack and the bot, over HTTP: expired triggers, 429s, bad requests, edits.

The stand-in checks every message and view against Slack's limits.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import close_bot, get_visible_text, send, send_message

QUESTION = "<@U9> who said lynch-mob?"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def stored_slack(service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(service, store) as slack:
        yield slack


def encode(**payload: Any) -> str:
    """Build the body of an interaction of any shape."""
    return urlencode({"payload": json.dumps(payload)})


class TestFailures:
    async def test_expired_trigger_in_home_is_said_there(self, slack: Slack) -> None:
        await send(slack, slack.event(type="app_home_opened", tab="home", user="U1", channel="D1"))
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        for count in (2, 3):
            slack.stand_in.replies["views.open"] = [{"ok": False, "error": "expired_trigger_id"}]
            await send(slack, slack.press_in(home, find_button(home, "Labour's")))
            home = await slack.stand_in.wait_for(slack.stand_in.homes, count)
            assert get_visible_text(home).count("This took too long to open.") == 1
            assert find_button(home, "Labour's")

    @pytest.mark.parametrize("status", [429, 404])
    async def test_unusable_response_url_falls_back_to_an_ephemeral_message(self, slack: Slack, status: int) -> None:
        slack.stand_in.statuses = [status] * 5
        await send(slack, slack.command("/whosaid", "lynch-mob"))
        await close_bot(slack)
        answer = slack.stand_in.answers[-1]
        assert (answer["channel"], answer["user"]) == ("C1", "U1")
        assert "John McDonnell" in answer["text"]

    async def test_answer_becomes_a_direct_message_where_the_bot_is_no_member(self, slack: Slack) -> None:
        slack.stand_in.statuses = [429] * 5
        slack.stand_in.replies["chat.postEphemeral"] = [{"ok": False, "error": "channel_not_found"}]
        await send(slack, slack.command("/whosaid", "lynch-mob", channel_id="D7"))
        await close_bot(slack)
        (post,) = slack.stand_in.posts
        assert post["channel"] == "U1"
        assert "John McDonnell" in post["text"]

    async def test_unreadable_pause_does_not_lose_the_answer(self, slack: Slack) -> None:
        slack.stand_in.statuses, slack.stand_in.retry_after = [429] * 5, "soon"
        await send(slack, slack.command("/whosaid", "lynch-mob"))
        await close_bot(slack)
        assert slack.stand_in.calls == ["chat.postEphemeral"]

    async def test_certificate_check_is_empty(self, slack: Slack) -> None:
        for _ in range(2):
            await send(slack, "ssl_check=1&token=x")
        address = slack.bot.make_url("/slack/events")
        for query, status in (({"ssl_check": "1"}, 200), ({}, 405)):
            response = await slack.session.get(address, params=query)
            assert response.status == status
            assert status == 405 or await response.text() == ""

    @pytest.mark.parametrize(
        "fields",
        [
            {"type": "view_submission", "view": {"callback_id": "doubt", "state": []}},
            {"type": "view_submission", "view": {"callback_id": "doubt", "state": {"values": {"line": []}}}},
            {"type": "view_submission", "view": {"callback_id": "digest", "state": "x"}},
            {"type": "block_actions", "actions": {}},
            {"type": "block_actions", "actions": []},
            {"type": "block_actions", "actions": [{"action_id": 7}], "response_url": []},
            {"type": "block_actions", "actions": [None]},
            {"type": "block_actions", "actions": [{}]},
            {"type": "block_suggestion", "action_id": []},
            {"type": "message_action", "callback_id": {}, "message": []},
            {"type": "block_suggestion", "view": 7},
            {"type": 7},
            {"type": "event_callback", "event": None},
            {"type": "view_submission", "view": None},
            {"type": "block_actions", "actions": [{"action_id": "gone"}], "user": "\ud83d"},
        ],
    )
    async def test_malformed_request_is_refused_with_one_log_line(
        self, slack: Slack, fields: dict[str, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        body = encode(**({"user": {"id": "U1"}, "team": {"id": "T1"}, "trigger_id": "3.1"} | fields))
        assert (await slack.post(body)).status in (200, 400)
        await close_bot(slack)
        assert len(capsys.readouterr().out.splitlines()) == 1

    @pytest.mark.parametrize("event_id", ["Ev\ud83d", "Ev\0"])
    async def test_event_id_that_cannot_be_stored_is_refused(self, stored_slack: Slack, event_id: str) -> None:
        event = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "9.1", "text": QUESTION}
        body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event})
        assert (await stored_slack.post(body)).status in (200, 400)
        assert "Latest" in (await send_message(stored_slack, "<@U9> labour-crisis"))["text"]

    @pytest.mark.parametrize("name", ["team_id", "enterprise_id", "user_id"])
    @pytest.mark.parametrize(
        "event",
        [
            {"type": "app_home_opened", "tab": "home", "user": "U1", "channel": "D1"},
            {"type": "member_joined_channel", "user": "U9", "channel": "C7"},
        ],
    )
    async def test_installation_that_cannot_be_stored_is_refused(
        self, stored_slack: Slack, event: dict[str, Any], name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        body = json.loads(stored_slack.event(**event))
        body["authorizations"][0][name] = "T\ud83d"
        assert (await stored_slack.post(json.dumps(body))).status == 400
        await close_bot(stored_slack)
        assert len(capsys.readouterr().out.splitlines()) == 1


class TestMentions:
    async def test_mention_added_by_an_edit_is_answered_once(self, slack: Slack, service: FakeBriefingService) -> None:
        for edited_ts in ("9.6", "9.6", "9.7"):
            await send(slack, slack.message(QUESTION, ts="9.5", edited={"user": "U1", "ts": edited_ts}))
        post = await slack.stand_in.wait_for(slack.stand_in.posts)
        await close_bot(slack)
        assert post["thread_ts"] == "9.5"
        assert len(slack.stand_in.posts) == 1
        assert service.queries == ["lynch-mob"]

    async def test_edit_of_an_answered_mention_is_not_answered(self, slack: Slack) -> None:
        await send_message(slack, QUESTION, ts="9.5")
        await send(slack, slack.message(QUESTION, ts="9.5", edited={"user": "U1", "ts": "9.9"}))
        await close_bot(slack)
        assert len(slack.stand_in.posts) == 1

    async def test_late_edit_of_an_answered_mention_is_not_answered(self, service: FakeBriefingService) -> None:
        """After a restart, the answer is found in the thread."""
        async with run_bot(service) as slack:
            await send_message(slack, QUESTION, ts="9.5")
            posts = slack.stand_in.posts
        async with run_bot(service) as slack:
            slack.stand_in.posts.extend(posts)
            await send(slack, slack.message(QUESTION, ts="9.5", edited={"user": "U1", "ts": "9.9"}))
            await close_bot(slack)
            assert len(slack.stand_in.posts) == 1

    @pytest.mark.parametrize("marks", [{"app_id": "A2"}, {"bot_profile": {"id": "B2"}}, {"bot_id": "B2"}])
    async def test_messages_of_apps_are_ignored(self, slack: Slack, marks: dict[str, Any]) -> None:
        for place in ({}, {"channel_type": "im"}, {"channel_type": "im", "thread_ts": "9.1"}):
            await send(slack, slack.message("<@U9> who said lynch-mob?", **place, **marks))
        await close_bot(slack)
        assert slack.stand_in.posts == []

    async def test_mention_where_the_bot_is_no_member_is_answered_privately(self, slack: Slack) -> None:
        slack.stand_in.member = False
        await send(slack, slack.message(QUESTION, ts="9.5"))
        answer = await slack.stand_in.wait_for_answer()
        assert (answer["channel"], answer["user"]) == ("C1", "U1")
        assert "thread_ts" not in answer
        assert "John McDonnell" in answer["text"]
        assert "Type /invite @On the Record here" in get_visible_text(answer)

    async def test_mention_where_nothing_can_be_shown_is_answered_by_direct_message(self, slack: Slack) -> None:
        slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "not_in_channel"}]
        slack.stand_in.replies["chat.postEphemeral"] = [{"ok": False, "error": "user_not_in_channel"}]
        post = await send_message(slack, QUESTION, ts="9.5")
        assert post["channel"] == "U1"
        assert "John McDonnell" in post["text"]
        assert "I'm not in that channel. Type /invite @On the Record there." in get_visible_text(post)
