"""The bot for many workspaces, with two of them, and a visitor from the first."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import ClientResponse
from sqlalchemy import Connection, Engine, create_engine, insert

from bot.core.configuration.mail_settings import MailSettings
from bot.core.record_policy import RecordMode, RecordSettings
from bot.core.settings import Settings
from bot.digests.mail.links import MailLinks
from bot.links.signing import LinkSigner
from bot.records.record import SharedRecord
from bot.records.team_records import TeamRecords
from bot.server.feed_poller import open_feed_builder, open_feed_service
from bot.server.server import BOT, build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage import TeamDatabases
from briefings.storage.db.schema import feeds
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import SECRET, Slack, run_app
from tests.stand_ins.page_access import PUBLIC, Browser, build_path, get_key
from tests.support.keys import KEYS
from tests.tenants.evidence import dump_record, dump_rows, find_secrets, read_response, take_output
from tests.tenants.registry import Door, record_doors
from tests.tenants.workspaces import CLIENT_ID, FAR, NOON, OTHER, OWN, Workspace, add_installation, add_rows


def _build_article(article_id: str, secret: Callable[[str], str] = lambda name: name) -> Article:
    """Return an article. `secret` marks the words that only its own workspace may read, if it is not shared."""
    return Article(
        article_id,
        f"The river Tarn burst its banks at Milldon on Monday and flooded the {secret('town')}.\n\n"
        f'"We saw the water come over the {secret("wall")} within minutes," said Ada Morley, the mayor of Milldon.',
        f"The {secret('post').title()}",
        datetime(2031, 3, 3, tzinfo=UTC).date(),
        f"https://paper.example/{secret(article_id)}",
        f"River Tarn floods the {secret('quay')} at Milldon",
    )


#: the articles of the shared record, or of the own workspace; and those of the other workspace's own record
ARTICLES = (_build_article("flood"),)
OTHER_ARTICLES = (_build_article("flood", OTHER.secret), _build_article("dam", OTHER.secret))
#: a feed that the shared record follows, or the other workspace's
FEED = "http://10.0.0.1/feed"
#: the topic of the operator's file, which every workspace gets
FILE_TOPICS = (Topic("easton-vote", "The Easton vote", ("Easton",)),)


@dataclass(slots=True)
class World:
    """The bot, Slack's stand-in, the doors, and what belongs to the other workspace."""

    mode: RecordMode
    slack: Slack
    store: Store
    #: the database, and the record that no request may change: the shared one, or the other workspace's
    engine: Engine
    record_engine: Engine
    doors: list[Door]
    #: a browser with a session of the own workspace
    browser: Browser
    links: LinkSigner
    mail_links: MailLinks
    #: the other workspace's rows and that record, which no request may change
    protected_rows: dict[str, list[str]]

    async def send(self, body: str) -> str:
        """Send a request of Slack. Return everything that the bot answered and sent."""
        response = await self.slack.post(body)
        return await self.collect(response)

    async def collect(self, response: ClientResponse) -> str:
        """Wait until the bot has finished. Return a response and everything that the bot sent to Slack."""
        output = read_response(response.headers, await response.read())
        assert await self.slack.bot.app[BOT].executor.drain(10) == 0
        return output + take_output(self.slack.stand_in)

    def dump(self, workspace: Workspace) -> dict[str, list[str]]:
        """Return the rows of a workspace in the bot's tables."""
        return dump_rows(self.engine, workspace)

    def dump_protected(self) -> dict[str, list[str]]:
        """Return what no request may change."""
        return self.dump(OTHER) | dump_record(self.record_engine)

    def check(self, output: str) -> None:
        """Fail if an output has a secret of the other workspace, or if something of this one changed."""
        self.check_output(output)
        self.check_rows()

    def check_output(self, output: str, case: object = "") -> None:
        """Fail if an output has a secret of the other workspace. `case` is named then."""
        assert "went wrong" not in output, f"the request failed, so it tried nothing: {case}"
        assert find_secrets(output, OTHER) == set(), case

    def check_rows(self) -> None:
        """Fail if something of the other workspace changed."""
        rows = self.dump_protected()
        assert {table for table in rows if rows[table] != self.protected_rows[table]} == set()


@asynccontextmanager
async def run_world(url: str, mode: RecordMode) -> AsyncIterator[World]:
    """Run the bot with two workspaces. The other one has used it before, so that caches are full of what it has."""
    with (
        closing(open_repository(url, lambda: datetime(2031, 3, 3, tzinfo=UTC))) as repository,
        closing(open_store(url, RateLimit(100_000), time.time, KEYS)) as store,
    ):
        service = BriefingService(repository, FILE_TOPICS)
        for workspace in (OWN, OTHER):
            await add_installation(store, workspace)
        async with AsyncExitStack() as stack:
            # only until the bot has started: what other tests register while this world is open is none of its doors
            with record_doors() as doors:
                slack = await stack.enter_async_context(_run_bot(service, store, url, mode))
            _add_articles(slack.bot.app[BOT].records)
            await _finish_first_passes(slack)
            for workspace in (OWN, OTHER):
                add_rows(store, workspace)
            browser, links = Browser(slack), slack.bot.app[BOT].answers.links
            mail_links = MailLinks(PUBLIC, (SECRET,), time.time)
            engine = create_engine(url)
            is_per_team = mode is RecordMode.PER_TEAM
            record_engine = create_engine(TeamDatabases(url).build_address(OTHER.team) if is_per_team else url)
            with engine.begin() as db, record_engine.begin() as record_db:
                _add_feed(record_db if is_per_team else db, OTHER.secret("feed") if is_per_team else "The Post's feed")
            world = World(mode, slack, store, engine, record_engine, doors, browser, links, mail_links, {})
            await _use_bot(world, OTHER)
            take_output(slack.stand_in)
            await browser.follow(build_path(get_key(links, OWN.team)))
            world.protected_rows = world.dump_protected()
            yield world
            engine.dispose()
            record_engine.dispose()


def _add_articles(records: SharedRecord | TeamRecords) -> None:
    """Add the articles to the shared record, or to those of both workspaces."""
    with records.borrow(OWN.team) as record:
        record.service.add(ARTICLES)
    if records.is_per_team:
        with records.borrow(OTHER.team) as record:
            record.service.add(OTHER_ARTICLES)


def _add_feed(db: Connection, title: str) -> None:
    times = {"followed_at": NOON, "due_at": FAR}
    row = {"address": FEED, "title": title, "followed_by": OTHER.user, "failures": 0, "unusable": 0} | times
    db.execute(insert(feeds).values(row))


@asynccontextmanager
async def _run_bot(service: BriefingService, store: Store, url: str, mode: RecordMode) -> AsyncIterator[Slack]:
    async def never_again(_seconds: float) -> None:
        await asyncio.Event().wait()

    values = {
        "bot_token": None,
        "client_id": CLIENT_ID,
        "client_secret": "made-up",
        "public_url": PUBLIC,
        "database_url": url,
        "record": RecordSettings(mode),
        "admins": (OWN.user, OTHER.user),
        "rate_per_minute": 100_000,
        "mail": MailSettings("127.0.0.1", 9, "news@bot.example"),
    }
    settings = Settings(database_url=url)
    async with (
        open_feed_service(settings, service) as feed_service,
        open_feed_builder(settings) as build_feeds,
        run_app(
            lambda settings: build_web_app(
                settings, service, store=store, feed_service=feed_service, build_feeds=build_feeds, sleep=never_again
            ),
            **values,
        ) as slack,
    ):
        yield slack


async def _finish_first_passes(slack: Slack) -> None:
    """Let the runners finish what they do at the start. After that, `never_again` holds them."""
    bot = slack.bot.app[BOT]
    for runner in (bot.runner, bot.watch_runner, bot.mail_runner):
        assert runner
        await runner.run_due()


async def _use_bot(world: World, workspace: Workspace) -> None:
    """Let a workspace ask for its own things, which fills the caches. Each of them must show its secret."""
    slack = world.slack
    own = {"team_id": workspace.team, "user_id": workspace.user, "channel_id": workspace.channel}
    for name, text in (("/topic", ""), ("/digest", "list"), ("/watch", "list"), ("/sources", "")):
        output = await world.send(slack.command(name, text, **own))
        assert find_secrets(output, workspace), f"{name} {text} shows nothing of its own workspace"
    await world.send(slack.command("/briefing", "topics", **own))
    for name, text in (("/briefing", workspace.slug), ("/briefing", "Milldon"), ("/whosaid", "water")):
        output = await world.send(slack.command(name, text, **own))
        if world.mode is RecordMode.PER_TEAM:
            assert find_secrets(output, workspace), f"{name} {text} shows nothing of its own record"
