"""The welcome after an invitation or installation, over HTTP: sent once to each channel or person."""

import asyncio
import json
from typing import Any

import pytest

from bot.slack.views import welcome
from bot.storage.store import Store
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.scenarios.slack_welcome.conftest import ADMIN, drain, join
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import get_visible_text, send


class TestInvitation:
    async def test_channel_gets_one_message_with_three_buttons_and_help(self, slack: Slack) -> None:
        await send(slack, join(slack, inviter=ADMIN))
        message = await slack.stand_in.wait_for(slack.stand_in.posts)
        assert message["channel"] == "C7"
        text = get_visible_text(message)
        assert "quotes copied word for word from articles" in text
        assert "`/briefing help`" in text
        (row,) = [block for block in message["blocks"] if block["type"] == "actions"]
        labels = [element["text"]["text"] for element in row["elements"]]
        assert labels == ["Brief me: Labour's leadership crisis", "Who said it?", "Add your first feed"]

    async def test_channel_is_greeted_once_even_if_slack_repeats_it_or_it_joins_again(
        self, slack: Slack, service: FakeBriefingService, store: Store
    ) -> None:
        """Another replica, which has not greeted the channel itself, does not greet it either."""
        body = join(slack)
        await asyncio.gather(send(slack, body), send(slack, body), send(slack, join(slack)))
        await drain(slack)
        async with run_bot(service, store) as other:
            await send(other, join(other))
            await drain(other)
            assert other.stand_in.posts == []
        assert len(slack.stand_in.posts) == 1

    async def test_each_channel_and_workspace_has_its_own_welcome(self, slack: Slack) -> None:
        for body in (join(slack, "C1"), join(slack, "G2"), join(slack, "C1").replace('"T1"', '"T2"')):
            await send(slack, body)
        await drain(slack)
        assert sorted(post["channel"] for post in slack.stand_in.posts) == ["C1", "C1", "G2"]

    @pytest.mark.parametrize(
        ("channel", "user"),
        [
            ("C7", "U2"),
            ("C7", None),
            (None, "U9"),
            ({"id": "C7"}, "U9"),
            ("<!channel>", "U9"),
            ("C7", ["U9"]),
            ("", "U9"),
        ],
    )
    async def test_other_members_and_malformed_events_are_not_greeted(
        self, slack: Slack, channel: object, user: object
    ) -> None:
        await send(slack, join(slack, channel, user))
        await drain(slack)
        assert slack.stand_in.posts == []

    @pytest.mark.parametrize("authorizations", [None, "x", [], [7], [{"user_id": "U9"}]])
    async def test_malformed_authorizations_greet_nobody(self, slack: Slack, authorizations: object) -> None:
        body = json.loads(join(slack)) | {"authorizations": authorizations}
        assert (await slack.post(json.dumps(body))).status in (200, 400)
        await drain(slack)
        assert slack.stand_in.posts == []

    async def test_refused_welcome_is_sent_at_the_next_occasion(self, slack: Slack) -> None:
        slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "restricted_action"}]
        await send(slack, join(slack))
        await drain(slack)
        assert slack.stand_in.posts == []
        await send(slack, join(slack))
        await slack.stand_in.wait_for(slack.stand_in.posts)

    async def test_unconfirmed_welcome_is_not_repeated(self, slack: Slack) -> None:
        """Slack stored the message, but its answer was lost. The message is found in the channel."""
        slack.stand_in.drop_posts = 1
        for _ in range(2):
            await send(slack, join(slack))
            await drain(slack)
        assert len(slack.stand_in.posts) == 1

    async def test_channel_is_greeted_without_articles_and_its_button_opens_the_form(self, store: Store) -> None:
        service = FakeBriefingService(error=RuntimeError("broken"))
        async with run_bot(service, store) as slack:
            await send(slack, join(slack))
            message = await slack.stand_in.wait_for(slack.stand_in.posts)
            assert find_button(message, "Get a briefing")["action_id"] == welcome.START_BRIEFING

    async def test_bot_without_database_greets_nobody(self, service: FakeBriefingService) -> None:
        async with run_bot(service) as slack:
            await send(slack, join(slack))
            await drain(slack)
            assert slack.stand_in.posts == []


class TestFirstOpening:
    async def test_first_user_who_opens_a_tab_gets_the_welcome_once(self, slack: Slack) -> None:
        """The bot was installed without OAuth, so it learns of the workspace when a tab is opened."""
        for user, tab in (("U5", "messages"), ("U5", "home"), ("U6", "home")):
            await send(slack, slack.event(type="app_home_opened", user=user, channel=f"D{user}", tab=tab))
            await drain(slack)
        (message,) = slack.stand_in.posts
        assert message["channel"] == "DU5"
        assert "On the Record is ready" in message["text"]
        assert find_button(message, "Add your first feed")
        assert [prompts["channel_id"] for prompts in slack.stand_in.prompts] == ["DU5"]

    async def test_welcome_goes_to_the_user_if_the_event_has_no_channel(self, slack: Slack) -> None:
        await send(slack, slack.event(type="app_home_opened", user="U5", tab="home"))
        await drain(slack)
        assert [post["channel"] for post in slack.stand_in.posts] == ["U5"]

    @pytest.mark.parametrize(
        "event", [{}, {"user": 7}, {"user": "<!channel>"}, {"channel": {"id": "D1"}}, {"channel": "C1"}]
    )
    async def test_malformed_opening_greets_nobody(self, slack: Slack, event: dict[str, Any]) -> None:
        assert (await slack.post(slack.event(type="app_home_opened", tab="other", **event))).status in (200, 400)
        await drain(slack)
        assert slack.stand_in.posts == []
