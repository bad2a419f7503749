"""Tests of the App Home over HTTP.

The stand-in checks every message and view against Slack's limits.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.server.server import BOT
from bot.storage.feedback import FeedbackItem
from bot.storage.greetings import WORKSPACE
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.errors import DatabaseUnavailable
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import SOURCES, FakeBriefingService
from tests.stand_ins.slack import close_bot, get_visible_text, send


class TestHome:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
            yield store

    @pytest.fixture
    async def slack(self, service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
        await store.greetings.claim("T1", WORKSPACE)  # the workspace got its welcome before
        async with run_bot(service, store, admins=("U1",)) as slack:
            yield slack

    @staticmethod
    async def open_home(
        slack: Slack, current_view: dict[str, Any] | None = None, *, user: str = "U1", tab: str = "home"
    ) -> None:
        view = {"view": current_view | {"id": "V1", "hash": "1.2"}} if current_view else {}
        await send(slack, slack.event(type="app_home_opened", user=user, channel="D1", tab=tab, **view))

    async def test_home_shows_topics_latest_articles_and_counts(self, slack: Slack) -> None:
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        text = get_visible_text(home)
        assert "Labour's leadership crisis · Thu 30 Jun 2016" in text
        assert "|Untitled article> · The Guardian · published" in text
        assert "published Sat 25 Jun 2016 · added Fri 1 Jul 2016" in text
        assert "4 articles and 40 quotes, published Sat 25 Jun 2016 to Thu 30 Jun 2016" in text
        assert "From International Business Times UK (2), The Guardian (1), Sharecast (1)" in text
        assert "Ask me in plain words" in text

    async def test_unchanged_home_is_not_published_again(self, slack: Slack, service: FakeBriefingService) -> None:
        """Slack sends the current view. Topics are not read again unless articles changed."""
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        await self.open_home(slack, home)
        await close_bot(slack)
        assert slack.stand_in.homes == [home]
        assert service.queries == ["topics"]

    async def test_changed_home_is_published_again(self, slack: Slack, service: FakeBriefingService) -> None:
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        service.change_token, service.latest_sources = "changed", SOURCES[:1]
        await self.open_home(slack, home)
        again = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
        assert "Sharecast ·" in get_visible_text(home)
        assert "Sharecast ·" not in get_visible_text(again)

    async def test_only_admins_see_report_count(self, slack: Slack, store: Store) -> None:
        await store.feedback.add(FeedbackItem("T1", "U2", "C1", "/whosaid x", "a", 0, 1, "other"))
        await store.feedback.add(FeedbackItem("T2", "U2", "C1", "/whosaid x", "a", 0, 1, "other"))
        await self.open_home(slack)
        assert "1 report to review" in get_visible_text(await slack.stand_in.wait_for(slack.stand_in.homes))
        await self.open_home(slack, user="U2")
        assert "to review" not in get_visible_text(await slack.stand_in.wait_for(slack.stand_in.homes, 2))

    async def test_other_tabs_publish_nothing(self, slack: Slack) -> None:
        await self.open_home(slack, tab="messages")
        await self.open_home(slack, tab="about")
        await close_bot(slack)
        assert slack.stand_in.homes == []

    async def test_topic_modal_has_pages_and_context(self, slack: Slack) -> None:
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        await send(slack, slack.press_in(home, find_button(home, "Labour's")))
        modal = await slack.stand_in.wait_for_view()
        assert modal["type"] == "modal"
        assert "Latest" in get_visible_text(modal)
        with pytest.raises(StopIteration):
            find_button(modal, "Share")
        await send(slack, slack.press_in(modal, find_button(modal, "Full briefing")))
        whole = await slack.stand_in.wait_for_view(3)
        assert "Where the sources differ" in get_visible_text(whole)
        await send(slack, slack.press_in(whole, find_button(whole, "Read in context")))
        reading = await slack.stand_in.wait_for_view(5)
        assert reading["title"]["text"] == "Read in context"
        assert slack.stand_in.calls.count("views.push") == 1
        assert (slack.stand_in.posts, slack.stand_in.answers) == ([], [])

    async def test_database_error_is_shown_in_home(self) -> None:
        async with run_bot(FakeBriefingService(error=DatabaseUnavailable("The database cannot be opened."))) as slack:
            await self.open_home(slack)
            home = await slack.stand_in.wait_for(slack.stand_in.homes)
        text = get_visible_text(home)
        assert "The record is not available." in text
        assert "The database cannot be opened." not in text

    async def test_rejected_home_is_survived(self, slack: Slack) -> None:
        slack.stand_in.replies["views.publish"] = [{"ok": False, "error": "hash_conflict"}]
        await self.open_home(slack)
        await self.open_home(slack)
        await slack.stand_in.wait_for(slack.stand_in.homes)
        assert slack.bot.app[BOT].executor.in_progress_count == 0

    async def test_malformed_event_is_survived(self, slack: Slack) -> None:
        for event in ({"type": "app_home_opened", "tab": "home"}, {"type": "message"}, {"type": "nothing"}, {}):
            body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"E{len(event)}", "event": event})
            assert (await slack.post(body)).status == 200
        await self.open_home(slack)
        await slack.stand_in.wait_for(slack.stand_in.homes)
