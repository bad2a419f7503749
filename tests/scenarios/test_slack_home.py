"""App Home, over real HTTP.

Every message and every view is checked against Slack's limits as it arrives.
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
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.errors import DatabaseUnavailable
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import SOURCES, FakeBriefingService
from tests.stand_ins.slack import sent, settled, shown


class TestHome:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
            yield store

    @pytest.fixture
    async def slack(self, service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
        async with run_bot(service, store, admins=("U1",)) as slack:
            yield slack

    @staticmethod
    async def open_home(
        slack: Slack, current_view: dict[str, Any] | None = None, *, user: str = "U1", tab: str = "home"
    ) -> None:
        view = {"view": current_view | {"id": "V1", "hash": "1.2"}} if current_view else {}
        await sent(slack, slack.event(type="app_home_opened", user=user, channel="D1", tab=tab, **view))

    async def test_it_shows_topics_the_latest_and_what_the_record_holds(self, slack: Slack) -> None:
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        text = shown(home)
        assert "Labour's leadership crisis · Thu 30 Jun 2016" in text
        assert "|The Guardian>" in text
        assert "published Sat 25 Jun 2016 · added Fri 1 Jul 2016" in text
        assert "4 articles and 40 quotations, published Sat 25 Jun 2016 to Thu 30 Jun 2016" in text
        assert "From International Business Times UK (2), The Guardian (1), Sharecast (1)" in text
        assert "Ask me in plain words" in text

    async def test_what_is_seen_already_is_not_published_again(
        self, slack: Slack, service: FakeBriefingService
    ) -> None:
        """Slack says what that is; without a change of the record, nothing is read twice."""
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        await self.open_home(slack, home)
        await settled(slack)
        assert slack.stand_in.homes == [home]
        assert service.asked == ["topics"]

    async def test_it_is_published_again_when_it_shows_something_else(
        self, slack: Slack, service: FakeBriefingService
    ) -> None:
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        service.stamp, service.latest = "changed", SOURCES[:1]
        await self.open_home(slack, home)
        again = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
        assert "Sharecast ·" in shown(home)
        assert "Sharecast ·" not in shown(again)

    async def test_those_who_look_after_it_see_how_much_looks_wrong(self, slack: Slack, store: Store) -> None:
        await store.feedback.add(FeedbackItem("T1", "U2", "C1", "/whosaid x", "a", 0, 1, "other"))
        await store.feedback.add(FeedbackItem("T2", "U2", "C1", "/whosaid x", "a", 0, 1, "other"))
        await self.open_home(slack)
        assert "1 line looks wrong to somebody here" in shown(await slack.stand_in.wait_for(slack.stand_in.homes))
        await self.open_home(slack, user="U2")
        assert "looks wrong" not in shown(await slack.stand_in.wait_for(slack.stand_in.homes, 2))

    async def test_the_other_tabs_publish_nothing(self, slack: Slack) -> None:
        await self.open_home(slack, tab="messages")
        await settled(slack)
        assert slack.stand_in.calls == []

    async def test_a_topic_opens_in_a_modal_that_can_be_paged_and_read_in_context(self, slack: Slack) -> None:
        await self.open_home(slack)
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        await sent(slack, slack.press_in(home, find_button(home, "Labour's")))
        modal = await slack.stand_in.wait_for_view()
        assert modal["type"] == "modal"
        assert "Where it stands" in shown(modal)
        with pytest.raises(StopIteration):
            find_button(modal, "Share")
        await sent(slack, slack.press_in(modal, find_button(modal, "Whole briefing")))
        whole = await slack.stand_in.wait_for_view(3)
        assert "Where the sources differ" in shown(whole)
        await sent(slack, slack.press_in(whole, find_button(whole, "Read in context")))
        reading = await slack.stand_in.wait_for_view(5)
        assert reading["title"]["text"] == "Read in context"
        assert slack.stand_in.calls.count("views.push") == 1
        assert (slack.stand_in.posts, slack.stand_in.answers) == ([], [])

    async def test_without_a_record_it_says_so(self) -> None:
        async with run_bot(FakeBriefingService(error=DatabaseUnavailable("The record cannot be opened."))) as slack:
            await self.open_home(slack)
            home = await slack.stand_in.wait_for(slack.stand_in.homes)
        assert "The record cannot be opened." in shown(home)

    async def test_a_home_that_slack_does_not_take_is_survived(self, slack: Slack) -> None:
        slack.stand_in.replies["views.publish"] = [{"ok": False, "error": "hash_conflict"}]
        await self.open_home(slack)
        await self.open_home(slack)
        await slack.stand_in.wait_for(slack.stand_in.homes)
        assert slack.bot.app[BOT].executor.in_progress_count == 0

    async def test_an_event_of_no_sense_is_survived(self, slack: Slack) -> None:
        for event in ({"type": "app_home_opened", "tab": "home"}, {"type": "message"}, {"type": "nothing"}, {}):
            body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"E{len(event)}", "event": event})
            assert (await slack.post(body)).status == 200
        await self.open_home(slack)
        await slack.stand_in.wait_for(slack.stand_in.homes)
