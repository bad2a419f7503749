"""Tests of Slack as it is used today: agent view, own command names, old buttons, threads, posts of other apps.

The stand-in checks every message and view against Slack's limits.
"""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.core.command_names import parse_command_names
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import close_bot, get_visible_text, send, send_message

OLD_BUTTON = "This button belongs to an older answer. Ask again."
QUESTION = "<@U9> who said lynch-mob?"


def encode(**payload: Any) -> str:
    """Build the body of an interaction of any shape."""
    return urlencode({"payload": json.dumps(payload)})


async def ask(slack: Slack, command: str, text: str, **more: str) -> dict[str, Any]:
    await send(slack, slack.command(command, text, **more))
    return await slack.stand_in.wait_for_answer(len(slack.stand_in.answers) + 1)


class TestAgentView:
    async def test_opened_messages_tab_gets_prompts_without_a_thread(self, slack: Slack) -> None:
        await send(slack, slack.event(type="app_home_opened", tab="messages", user="U1", channel="D1"))
        prompts = await slack.stand_in.wait_for(slack.stand_in.prompts)
        assert prompts["channel_id"] == "D1"
        assert "thread_ts" not in prompts
        assert prompts["prompts"][-1]["message"] == "help"
        assert slack.stand_in.homes == []

    async def test_direct_message_gets_a_status_and_its_answer_in_its_thread(self, slack: Slack) -> None:
        post = await send_message(slack, "who said lynch-mob?", channel_type="im", ts="9.7")
        assert post["thread_ts"] == "9.7"
        assert slack.stand_in.calls[0] == "assistant.threads.setStatus"
        reply = await send_message(slack, "topics", count=2, channel_type="im", thread_ts="9.7")
        assert reply["thread_ts"] == "9.7"

    async def test_answer_does_not_need_the_status(self, slack: Slack) -> None:
        slack.stand_in.replies["assistant.threads.setStatus"] = [{"ok": False, "error": "not_allowed"}]
        assert "John McDonnell" in (await send_message(slack, "who said lynch-mob?", channel_type="im"))["text"]

    @pytest.mark.parametrize("context", [{}, {"entities": [{"type": "slack#/types/channel_id", "value": "C1"}]}, None])
    async def test_changed_context_is_ignored(self, slack: Slack, context: object) -> None:
        await send(slack, slack.event(type="app_context_changed", user="U1", channel="D1", context=context))
        await close_bot(slack)
        assert slack.stand_in.calls == []


class TestCommandNames:
    async def test_own_names_are_answered_and_shown(self, service: FakeBriefingService) -> None:
        async with run_bot(service, command_names=parse_command_names("otr-", "")) as slack:
            assert "John McDonnell" in (await ask(slack, "/otr-whosaid", "lynch-mob"))["text"]
            help_message = await ask(slack, "/otr-briefing", "help")
            for text in (help_message["text"], get_visible_text(help_message)):
                assert "/otr-briefing labour-crisis" in text
                assert "`/briefing" not in text
            post = await send_message(slack, "<@U9> help")
            assert "`/otr-whosaid`" in post["text"]
            home_event = slack.event(type="app_home_opened", tab="home", user="U1", channel="D1")
            await send(slack, home_event)
            assert "`/otr-briefing`" in get_visible_text(await slack.stand_in.wait_for(slack.stand_in.homes))
        assert service.queries[:1] == ["lynch-mob"]

    @pytest.mark.parametrize("command", ["/otr-briefing", "/news", "/brief\u202e<!channel>" + "x" * 100])
    async def test_unknown_command_gets_one_sentence(self, slack: Slack, command: str) -> None:
        answer = await ask(slack, command, "labour-crisis")
        assert "I don't know /" in answer["text"]
        assert "Try /briefing, /whosaid, /digest, /watch, /topic or /sources." in answer["text"]
        assert "\n" not in answer["text"]
        assert "<!channel>" not in answer["text"]


class TestOlderVersions:
    @pytest.mark.parametrize("action", ["gone", "page-2:7", "topic:labour", "start:gone", "start:", ""])
    async def test_unknown_button_in_a_message_is_explained(self, slack: Slack, action: str) -> None:
        await send(slack, slack.press(action, "{}", thread="8.1"))
        answer = await slack.stand_in.wait_for_answer()
        assert answer["text"] == OLD_BUTTON
        assert answer["thread_ts"] == "8.1"
        assert answer["replace_original"] is False

    @pytest.mark.parametrize("kind", ["static_select", "external_select", "checkboxes"])
    async def test_unknown_menu_in_home_is_explained(self, slack: Slack, kind: str) -> None:
        await send(slack, slack.press_in({"type": "home", "blocks": []}, {"type": kind, "action_id": "gone"}))
        assert OLD_BUTTON in get_visible_text(await slack.stand_in.wait_for_view(1))

    @pytest.mark.parametrize(("submit", "is_answered"), [({"text": "Send"}, False), (None, True)])
    async def test_unknown_menu_in_a_modal_is_explained_unless_a_form_keeps_the_choice(
        self, slack: Slack, submit: object, is_answered: bool
    ) -> None:
        view = {"type": "modal", "blocks": [], "submit": submit}
        await send(slack, slack.press_in(view, {"type": "static_select", "action_id": "gone"}))
        await close_bot(slack)
        assert bool(slack.stand_in.views) is is_answered

    async def test_unknown_menu_is_explained(self, slack: Slack) -> None:
        element = {"type": "overflow", "action_id": "gone", "block_id": "b", "selected_option": {"value": "x"}}
        await send(slack, slack.press("x", "x", actions=[element]))
        assert (await slack.stand_in.wait_for_answer())["text"] == OLD_BUTTON

    @pytest.mark.parametrize(("kind", "method"), [("home", "views.open"), ("modal", "views.push")])
    async def test_unknown_button_in_a_view_is_explained_in_a_modal(self, slack: Slack, kind: str, method: str) -> None:
        await send(slack, slack.press_in({"type": kind, "blocks": []}, {"action_id": "gone", "value": "x"}))
        assert OLD_BUTTON in get_visible_text(await slack.stand_in.wait_for_view(1))
        assert slack.stand_in.calls == [method]

    async def test_link_button_and_choice_in_a_form_need_no_answer(self, slack: Slack) -> None:
        button = {"type": "button", "action_id": "link", "block_id": "b", "url": "https://tribune.example"}
        await send(slack, slack.press("x", "x", actions=[button]))
        await send(slack, slack.press_in({"type": "modal", "blocks": []}, {"type": "checkboxes", "action_id": "x"}))
        await close_bot(slack)
        assert (slack.stand_in.answers, slack.stand_in.calls) == ([], [])

    async def test_unknown_shortcut_is_explained(self, slack: Slack) -> None:
        await send(slack, slack.shortcut("gone", "lynch-mob"))
        assert "belongs to an older version" in (await slack.stand_in.wait_for_answer())["text"]

    async def test_unknown_global_shortcut_is_explained_in_a_modal(self, slack: Slack) -> None:
        user = {"id": "U1", "team_id": "T1"}
        await send(slack, encode(type="shortcut", callback_id="gone", trigger_id="3.1", user=user, team={"id": "T1"}))
        assert "belongs to an older version" in get_visible_text(await slack.stand_in.wait_for_view(1))

    async def test_unknown_form_becomes_a_message(self, slack: Slack) -> None:
        view = {"type": "modal", "callback_id": "gone", "blocks": []}
        response = await slack.post(slack.submit(view))
        body = await response.json()
        assert (response.status, body["response_action"]) == (200, "update")
        assert "older version" in get_visible_text(body["view"])

    async def test_closed_form_and_unknown_event_are_only_acknowledged(self, slack: Slack) -> None:
        user = {"id": "U1", "team_id": "T1"}
        await send(slack, encode(type="view_closed", view={"callback_id": "gone"}, user=user, team={"id": "T1"}))
        await send(slack, slack.event(type="reaction_added", user="U1"))
        await send(slack, encode(type="made_up", user=user, team={"id": "T1"}))
        await close_bot(slack)
        assert slack.stand_in.calls == []

    async def test_unknown_menu_has_no_options(self, slack: Slack) -> None:
        fields = {"type": "block_suggestion", "action_id": "gone", "block_id": "b", "value": "x"}
        response = await slack.post(encode(**fields, user={"id": "U1"}, team={"id": "T1"}, container={}))
        assert (response.status, await response.json()) == (200, {"options": []})


class TestPostsOfOtherApps:
    QUOTE = "“I did all I could”"
    RICH = (
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": f"He said: {QUOTE}"}]}],
        },
    )
    MESSAGES = (
        {"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"He said: {QUOTE}"}}]},
        {"text": "", "blocks": [*RICH]},
        {"text": "", "blocks": [{"type": "markdown", "text": f"**He said:** {QUOTE}"}]},
        {"text": "", "attachments": [{"text": f"He said: {QUOTE}", "fallback": "[no preview available]"}]},
        {
            "text": "[no preview available]",
            "attachments": [
                {
                    "is_share": True,
                    "fallback": "[no preview available]",
                    "message_blocks": [{"team": "T1", "channel": "C2", "ts": "1.1", "message": {"blocks": [*RICH]}}],
                }
            ],
        },
        {"text": "", "files": [{"title": f"He said {QUOTE}"}]},
    )

    @pytest.mark.parametrize("message", MESSAGES)
    async def test_who_said_this_reads_them(
        self, slack: Slack, service: FakeBriefingService, message: dict[str, Any]
    ) -> None:
        await send(slack, slack.shortcut("who_said_this", **message))
        await slack.stand_in.wait_for_answer()
        assert service.queries == ["I did all I could"]

    @pytest.mark.parametrize("message", MESSAGES)
    async def test_their_quotes_are_checked(self, slack: Slack, message: dict[str, Any]) -> None:
        await send(slack, slack.shortcut("check_the_quotes", **message))
        assert "Checked 1 quote" in (await slack.stand_in.wait_for(slack.stand_in.posts))["text"]


class TestConversationsBetweenPeople:
    @pytest.mark.parametrize(
        "channel",
        [
            {"id": "D7", "name": "directmessage"},
            {"id": "C7", "name": "mpdm-a--b-1"},
            {"id": "G7", "name": "privategroup"},
        ],
    )
    async def test_answer_is_shared_through_slack(self, slack: Slack, channel: dict[str, str]) -> None:
        answer = await ask(slack, "/whosaid", "lynch-mob", channel_id=channel["id"])
        slack.stand_in.member = False
        button = find_button(answer, "Share")
        await send(slack, slack.press(button["action_id"], button["value"], channel=channel))
        await slack.stand_in.wait_for_answer(3)
        shared, confirmation = slack.stand_in.answers[1:]
        assert (shared["response_type"], shared["replace_original"]) == ("in_channel", False)
        assert "Shared by <@U1>" in get_visible_text(shared)
        assert "Shared in this conversation with your name." in get_visible_text(confirmation)

    async def test_refused_share_says_what_is_possible_and_can_be_repeated(self, slack: Slack) -> None:
        answer = await ask(slack, "/whosaid", "lynch-mob", channel_id="D7")
        slack.stand_in.member = False
        button = find_button(answer, "Share")
        for count in (3, 5):
            slack.stand_in.statuses = [500, 200]
            await send(slack, slack.press(button["action_id"], button["value"], channel={"id": "D7"}))
            text = (await slack.stand_in.wait_for_answer(count))["text"]
            assert "Copy the answer, or ask in a channel" in text
            assert "/invite" not in text

    async def test_lost_connection_does_not_share_an_answer_twice(self, slack: Slack) -> None:
        """Slack stored the message, but its reply was lost."""
        answer = await ask(slack, "/whosaid", "lynch-mob", channel_id="D7")
        slack.stand_in.member, slack.stand_in.drop = False, True
        button = find_button(answer, "Share")
        await send(slack, slack.press(button["action_id"], button["value"], channel={"id": "D7"}))
        await slack.stand_in.wait_for_answer(3)
        await send(slack, slack.press(button["action_id"], button["value"], channel={"id": "D7"}))
        assert "already shared" in (await slack.stand_in.wait_for_answer(4))["text"]
        assert [answer["response_type"] for answer in slack.stand_in.answers].count("in_channel") == 1
        assert "couldn't confirm that the message was posted" in slack.stand_in.answers[2]["text"]

    async def test_channel_still_says_to_invite_the_bot(self, slack: Slack) -> None:
        answer = await ask(slack, "/whosaid", "lynch-mob")
        slack.stand_in.member = False
        button = find_button(answer, "Share")
        await send(slack, slack.press(button["action_id"], button["value"]))
        assert "/invite @On the Record" in (await slack.stand_in.wait_for_answer(2))["text"]

    @pytest.mark.parametrize("channel", [("D7", "directmessage"), ("C7", "mpdm-a--b-1"), ("G7", "mpdm-a--b--c-2")])
    async def test_checked_quotes_do_not_ask_for_an_invitation(self, slack: Slack, channel: tuple[str, str]) -> None:
        slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "channel_not_found"}]
        body = slack.shortcut("check_the_quotes", "“I did all I could”")
        await send(slack, body.replace("%22C1%22", f"%22{channel[0]}%22").replace("%22news%22", f"%22{channel[1]}%22"))
        answer = await slack.stand_in.wait_for_answer()
        assert "Checked 1 quote" in answer["text"]
        assert "can't post in a conversation between people" in answer["text"]
        assert "/invite" not in answer["text"]

    async def test_conversation_of_either_kind_gets_both_sentences(self, slack: Slack) -> None:
        """Slack names a private channel and some group conversations the same."""
        slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "channel_not_found"}]
        body = slack.shortcut("check_the_quotes", "“I did all I could”").replace("%22news%22", "%22privategroup%22")
        await send(slack, body)
        text = (await slack.stand_in.wait_for_answer())["text"]
        assert "In a channel, type /invite @On the Record" in text
        assert "In a conversation between people it can't post." in text


class TestThreads:
    @pytest.mark.parametrize("is_container_complete", [True, False])
    async def test_share_stays_in_the_thread(self, slack: Slack, is_container_complete: bool) -> None:
        """Slack does not always say the thread of a private message, so the blocks carry it."""
        await send(slack, slack.shortcut("who_said_this", "“lynch-mob”", thread_ts="8.0"))
        answer = await slack.stand_in.wait_for_answer()
        button = find_button(answer, "Share")
        action = {name: button[name] for name in ("type", "block_id", "action_id", "value")}
        thread = "8.0" if is_container_complete else ""
        await send(slack, slack.press("x", "x", thread=thread, actions=[action]))
        confirmation = await slack.stand_in.wait_for_answer(2)
        (post,) = slack.stand_in.posts
        assert (post["channel"], post["thread_ts"]) == ("C1", "8.0")
        assert "Shared in this thread with your name." in get_visible_text(confirmation)
