"""A bot with RECORD=per-team and two workspaces, each with its own articles, behind a stand-in for Slack."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.core.record_policy import RecordMode, RecordSettings
from bot.core.settings import Settings
from bot.records.team_records import BuildFeeds, TeamRecords
from bot.server.server import BOT, build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, run_app
from tests.support.keys import KEYS, open_installations

CLIENT = "1.2"
TOKENS = {"T1": "xoxb-made-up-one", "T2": "xoxb-made-up-two"}
DAY = date(2031, 3, 3)
#: the topic that both workspaces have, and a word that only the articles of one workspace contain
HARBOURS = Topic("harbours", "Harbours", ("harbour",))
MARKERS = {"T1": "lighthouse", "T2": "windmill"}
PEOPLE = {"T1": "Jane Roe", "T2": "John Poe"}


def make_article(team: str, article_id: str = "a", marker: str = "") -> Article:
    """Return an article of a workspace. Both workspaces can have one with the same id."""
    marker, person = marker or MARKERS[team], PEOPLE[team]
    text = (
        f"The council of Easton met on Monday to decide on the {marker} at the harbour.\n\n"
        f"“We will never sell the {marker} of this harbour to anybody,” said {person}, the mayor of Easton.\n\n"
        f"About 200 people stood outside the town hall while the vote on the {marker} was taken."
    )
    address = f"https://{marker}.example/{article_id}"
    return Article(article_id, text, f"The {marker.title()} Post", DAY, address, f"Easton votes on its {marker}")


@dataclass(frozen=True, slots=True)
class TwoWorkspaces:
    """The bot with the workspaces T1 and T2."""

    slack: Slack
    store: Store
    records: TeamRecords
    settings: Settings

    async def ask(self, team: str, command: str, text: str, **more: str) -> dict[str, Any]:
        """Send a slash command from a workspace and return the answer."""
        count = len(self.slack.stand_in.answers) + 1
        await self.slack.post(self.slack.command(command, text, team_id=team, **more))
        return await self.slack.stand_in.wait_for_answer(count)

    async def finish(self) -> None:
        """Wait until the bot has answered everything."""
        assert await self.slack.bot.app[BOT].executor.drain(20) == 0

    def add(self, team: str, *articles: Article) -> None:
        """Add articles to the record of a workspace."""
        with self.records.borrow(team) as record:
            record.service.add(articles)

    def list_ids(self, team: str) -> list[str]:
        """Return the ids of a workspace's articles."""
        with self.records.borrow(team) as record:
            return sorted(article.id for article in record.service._repository.get_articles())


def from_team(body: str, team: str) -> str:
    """Return the body of a request of T1, as another workspace sends it."""
    return body.replace('"T1"', f'"{team}"').replace("%22T1%22", f"%22{team}%22").replace("=T1&", f"={team}&")


async def install(store: Store, team: str) -> None:
    """Store an installation of the bot in a workspace."""
    installation = Installation(
        app_id="A1", team_id=team, user_id="U1", bot_token=TOKENS.get(team, "xoxb-3"), bot_id="B1", bot_user_id="UBOT"
    )
    await open_installations(store, CLIENT).async_save(installation)


async def _sleep_forever(_: float) -> None:
    """Let the schedulers run once, so that tests call the runners themselves."""
    await asyncio.Event().wait()


@asynccontextmanager
async def run_two_workspaces(
    address: str,
    *,
    topics: Sequence[Topic] = (HARBOURS,),
    build_feeds: BuildFeeds | None = None,
    articles: Mapping[str, Sequence[Article]] | None = None,
    **more: Any,
) -> AsyncIterator[TwoWorkspaces]:
    """Run the bot on the database at an SQLAlchemy URL. `more` are settings.

    Each workspace has the article "a" with its own words, and one more, "T1-only" or "T2-only".
    """
    defaults: dict[str, Any] = {
        "bot_token": None,
        "client_id": CLIENT,
        "client_secret": "made-up-client-secret",
        "public_url": "https://bot.example.org",
        "database_url": address,
        "record": RecordSettings(RecordMode.PER_TEAM),
        "admins": ("U1",),
        "rate_per_minute": 1_000,
    }
    all_settings: list[Settings] = []
    with (
        closing(open_repository("sqlite://", lambda: datetime.now(UTC))) as no_articles,
        closing(open_store(address, RateLimit(1_000), time.time, KEYS)) as store,
    ):
        for team in TOKENS:
            await install(store, team)

        def build(settings: Settings) -> Any:
            all_settings.append(settings)
            service = BriefingService(no_articles, topics)
            return build_web_app(settings, service, store=store, build_feeds=build_feeds, sleep=_sleep_forever)

        async with run_app(build, **(defaults | more)) as slack:
            records = slack.bot.app[BOT].records
            assert isinstance(records, TeamRecords)
            world = TwoWorkspaces(slack, store, records, all_settings[0])
            for team in TOKENS:
                own = (articles or {}).get(team, (make_article(team), make_article(team, f"{team}-only")))
                world.add(team, *own)
            yield world


@pytest.fixture
async def two_workspaces(tmp_path: Path) -> AsyncIterator[TwoWorkspaces]:
    """Run the bot on SQLite with the workspaces T1 and T2."""
    async with run_two_workspaces(f"sqlite:///{tmp_path}/record.db") as world:
        yield world
