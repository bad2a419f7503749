"""Tests of the news of some days over HTTP: /briefing today, plain words, digests of the news, App Home and pages.

The stand-in checks every message and view against Slack's limits.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.web.pages import news as pages_news
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, find_button, list_choices, run_bot
from tests.scenarios.test_slack_topics import ARTICLES, TODAY
from tests.stand_ins.slack import get_visible_text, send

YESTERDAY = TODAY - timedelta(days=1)
STRIKE = Article(
    "strike",
    "No boat left Milldon on Tuesday, because the ferry crews began a strike over their pay in the morning.",
    "The Tribune",
    YESTERDAY,
    "https://paper1.example/strike",
    "Milldon ferry strike stops boats",
)
TOPICS = (Topic("budget", "The budget", ("budget",)),)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of the database that has the articles and the bot's tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_bot_address"))
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(open_store(database_url, RateLimit(600), time.time)) as store:
        yield store


@pytest.fixture
def news(database_url: str) -> Iterator[BriefingService]:
    with closing(open_repository(database_url, lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, TOPICS)
        service.add([*ARTICLES, STRIKE])
        yield service


@pytest.fixture
async def slack(news: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(news, store, admins=("U7",)) as slack:
        slack.stand_in.zone = "UTC"
        yield slack


async def ask(slack: Slack, command: str, text: str, **more: str) -> dict[str, Any]:
    count = len(slack.stand_in.answers) + 1
    await slack.post(slack.command(command, text, **more))
    return await slack.stand_in.wait_for_answer(count)


async def press(slack: Slack, message: dict[str, Any], label: str) -> dict[str, Any]:
    count, choice = len(slack.stand_in.answers) + 1, find_button(message, label)
    await slack.post(slack.press(choice["action_id"], choice["value"]))
    return await slack.stand_in.wait_for_answer(count)


async def run_digests(slack: Slack) -> None:
    await asyncio.sleep(1.1)  # a second digest now is due a second later
    runner = slack.bot.app[BOT].runner  # type: ignore[union-attr]  # a local test server
    assert runner is not None
    await runner.run_due()


@pytest.mark.parametrize("text", ["today", "the news today", "what's the news?", "top stories"])
async def test_news_of_today_leads_with_the_story_of_most_outlets(slack: Slack, text: str) -> None:
    answer = await ask(slack, "/briefing", text)
    assert "*Easton flood* · 3 independent outlets · 3 articles" in answer["text"]
    assert "ferry" not in answer["text"]
    assert any(article.text.split(". ")[0] in answer["text"] for article in ARTICLES)
    assert "the mayor of Easton" in (await press(slack, answer, "Briefing"))["text"]


async def test_news_of_several_days_is_ordered_by_outlets_and_shows_few_buttons(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", f"since:{YESTERDAY}")
    assert answer["text"].index("Easton flood") < answer["text"].index("Milldon ferry strike")
    rows = [block for block in answer["blocks"] if block["type"] == "actions"]
    assert all(len(row["elements"]) <= 3 for row in rows)
    assert len([choice for choice in list_choices(answer) if choice["text"]["text"] == "Briefing"]) == 2


async def test_yesterdays_line_is_read_in_context_and_shared(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "yesterday")
    choice = find_button(answer, "Read in context")
    await slack.post(slack.press(choice["action_id"], choice["value"]))
    assert "No boat left Milldon" in get_visible_text(await slack.stand_in.wait_for_view())
    choice = find_button(answer, "Share")
    await slack.post(slack.press(choice["action_id"], choice["value"]))
    assert "No boat left Milldon" in (await slack.stand_in.wait_for(slack.stand_in.posts))["text"]


async def test_empty_day_offers_the_newest_day(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "since:2035-01-01 until:2035-01-01")
    assert "No articles from 1 January 2035" in answer["text"]
    assert "Easton flood" in (await press(slack, answer, "News of"))["text"]


async def test_today_is_the_day_of_the_asker(slack: Slack) -> None:
    """The bot asks Slack for the zone of the person: where they are it is already tomorrow, or still yesterday."""
    # UTC+14 is a day ahead from 10:00 UTC on, and UTC-11 a day behind until 11:00: every hour has one of them.
    is_tomorrow = datetime.now(UTC).hour >= 10
    slack.stand_in.zone = "Pacific/Kiritimati" if is_tomorrow else "Pacific/Pago_Pago"
    expected = "No articles from" if is_tomorrow else "ferry strike"
    assert expected in (await ask(slack, "/briefing", "today"))["text"]
    assert "users.info" in slack.stand_in.calls


async def test_news_is_answered_in_a_direct_message(slack: Slack) -> None:
    await slack.post(slack.message("what's the news today?", channel_type="im"))
    assert "Easton flood" in (await slack.stand_in.wait_for(slack.stand_in.posts))["text"]


async def test_digest_of_today_leads_with_the_news_and_never_repeats_it(
    slack: Slack, news: BriefingService, store: Store
) -> None:
    answer = await ask(slack, "/digest", "today weekdays at 8:30 UTC")
    assert "The news of the day" in answer["text"]
    await ask(slack, "/digest", "now 1")
    await run_digests(slack)
    (post,) = slack.stand_in.posts
    assert post["text"].startswith("*The news of the day*\n\n*Easton flood*")
    assert "Milldon ferry strike" in post["text"]
    await ask(slack, "/digest", "now 1")
    await run_digests(slack)
    assert len(slack.stand_in.posts) == 1
    news.add(
        [
            Article(
                "new",
                "A bridge at Norwick fell into the river on Sunday.",
                "The Echo",
                TODAY,
                None,
                "Norwick bridge falls",
            )
        ]
    )
    await ask(slack, "/digest", "now 1")
    await run_digests(slack)
    assert "A bridge at Norwick" in slack.stand_in.posts[-1]["text"]
    assert "Easton flood" not in slack.stand_in.posts[-1]["text"]
    (digest,) = await open_digest_repository(store).list_digests("T1")
    assert digest.config.query == "today"


async def test_digest_of_this_week_covers_seven_days(slack: Slack) -> None:
    assert "The news of the week" in (await ask(slack, "/digest", "this week fridays at 16:00 UTC"))["text"]
    preview = await ask(slack, "/digest", "preview 1")
    assert "Milldon ferry strike" in preview["text"]


async def test_digest_of_a_removed_topic_says_so_once(slack: Slack) -> None:
    await ask(slack, "/topic", "new Easton flood: Easton")
    await ask(slack, "/digest", "easton-flood weekdays at 8:30 UTC")
    await ask(slack, "/topic", "remove easton-flood")
    for _ in range(2):
        await ask(slack, "/digest", "now 1")
        await run_digests(slack)
    (post,) = slack.stand_in.posts
    assert "The topic *Easton flood* was removed" in post["text"]


@pytest.mark.parametrize("change", ["rename easton-flood to Floods in the east", "merge easton-flood into budget"])
async def test_digest_of_a_renamed_or_merged_topic_goes_on(slack: Slack, change: str) -> None:
    await ask(slack, "/topic", "new Easton flood: Easton")
    await ask(slack, "/digest", "easton-flood weekdays at 8:30 UTC")
    await ask(slack, "/topic", change)
    await ask(slack, "/digest", "now 1")
    await run_digests(slack)
    post = slack.stand_in.posts[0]
    assert post["text"].startswith("*Floods in the east*" if "rename" in change else "*The budget*")
    assert "Easton" in post["text"]


async def test_home_suggests_topics_and_makes_one_by_one_press(slack: Slack) -> None:
    await send(slack, slack.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
    home = await slack.stand_in.wait_for(slack.stand_in.homes)
    assert "*Easton flood* · 3 independent outlets" in get_visible_text(home)
    await slack.post(slack.press_in(home, find_button(home, "Make it a topic")))
    home = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
    assert "Made the topic *Easton flood*" in get_visible_text(home)
    assert "Suggested topics" not in get_visible_text(home)


async def test_digest_form_offers_the_news_and_suggested_topics(slack: Slack) -> None:
    response = await (await slack.post(slack.suggest("topic", ""))).json()
    labels = [option["text"]["text"] for option in response["options"]]
    assert labels == ["The budget", "Suggested: Easton flood", "The news of the day", "The news of the week"]


async def test_pages_show_the_news_of_the_workspace(news: BriefingService, store: Store) -> None:
    async with run_bot(news, store, loopback="http://127.0.0.1") as slack:
        await ask(slack, "/topic", "new The flood at Easton: Easton")
        for path, expected in (
            ("/record/", "The flood at Easton"),
            ("/record/news?days=yesterday", "Milldon ferry strike"),
            (f"/record/news?since={TODAY}", "The flood at Easton"),
            ("/record/news?since=1990-01-01&amp;until=1990-01-02", "No articles from these days"),
            ("/record/stories/the-flood-at-easton", "The flood at Easton"),
        ):
            response = await slack.session.get(slack.bot.make_url(path.replace("&amp;", "&")))  # type: ignore[union-attr]  # is open
            assert response.status == 200, path
            assert expected in await response.text(), path
        for path in (
            "/record/news?days=flarp",
            "/record/news?since=blurg",
            "/record/news?since=2030-01-02&until=2030-01-01",
        ):
            assert (await slack.session.get(slack.bot.make_url(path))).status == 400  # type: ignore[union-attr]  # is open


async def test_first_page_does_not_wait_for_slow_news(
    news: BriefingService, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_news, "_FRONT_WAIT_SECONDS", 0.0)
    async with run_bot(news, store, loopback="http://127.0.0.1") as slack:
        response = await slack.session.get(slack.bot.make_url("/record/"))  # type: ignore[union-attr]  # is open
        assert response.status == 200
        page = await response.text()
        assert "Stories and articles" in page
        assert 'id="news"' not in page


async def test_digest_of_other_days_is_refused_and_of_the_day_accepted(slack: Slack) -> None:
    answer = await ask(slack, "/digest", "this month weekdays at 8:30")
    assert "A digest of the news is on today or this week" in answer["text"]
    answer = await ask(slack, "/digest", "today weekdays at 8:30")
    assert "The news of the day" in answer["text"]
