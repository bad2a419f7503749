"""Fixtures for the delivery of watches: a record and a store in one database, a fake Slack and a fake clock."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.permissions.admin_list import AdminList
from bot.mutes.repository import open_mute_repository
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.schema import watch_notices
from bot.storage.store import Store, open_store
from bot.storage.topics.repository import TopicRepository
from bot.watches.delivery.channel_settings import WatchChannelSettings, open_watch_channel_settings
from bot.watches.delivery.runner import WatchRunner
from bot.watches.delivery.stored_articles import StoredArticles
from bot.watches.delivery.watch_repository import WatchRepository, open_watch_repository
from bot.watches.model import ChannelSettings, ChannelWatch, WatchConfig
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.watches import WatchQuery
from tests.stand_ins.digest_world import InMemorySlack, make_api_error, parse_utc
from tests.support.clock import InstantClock
from tests.unit.bot.storage.conftest import address  # noqa: F401 - a fixture


class EditableSlack(InMemorySlack):
    """In-memory Slack that accepts edits."""

    async def chat_update(self, **arguments: Any) -> Any:
        self.calls.append("chat.update")
        if code := self.fault("chat.update", arguments):
            raise make_api_error(code)
        for message in self.messages:
            if message["ts"] == arguments["ts"]:
                message |= {name: arguments[name] for name in ("text", "blocks")}
        return {"ok": True, "ts": arguments["ts"]}


class World:
    """A runner with its store, its record, its Slack and their clock."""

    def __init__(self, store: Store, repository: Repository, clock: InstantClock) -> None:
        self.store, self.clock = store, clock
        self.service = BriefingService(repository)
        store.uninstall_cleanup.register(WatchRepository.forget_team)
        store.uninstall_cleanup.register(WatchChannelSettings.forget_team)
        self.topic_repository = TopicRepository(store.database, store.audit_log, self.now)
        self.mute_repository = open_mute_repository(store)
        self.slack = EditableSlack(clock)
        self.is_installed = True
        self.runner = self.make_runner()

    def make_runner(self, *admins: str) -> WatchRunner:
        """Return a runner like that of another process."""
        return WatchRunner(
            self.store,
            StoredArticles(self.service, self.topic_repository),
            QueuedChannelPoster(now=self.clock, sleep=self.clock.sleep),
            self._find_client,
            self.now,
            admins=AdminList(admins),
        )

    async def _find_client(self, _team: str) -> EditableSlack | None:
        return self.slack if self.is_installed else None

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now, UTC)

    async def run_at(self, time_text: str) -> None:
        """Set the clock to a UTC time and make one pass."""
        self.clock.now = parse_utc(time_text).timestamp()
        await self.runner.run_due()

    async def add(self, *articles: Article) -> None:
        """Let articles arrive, and make one pass."""
        self.service.add(articles)
        await self.runner.run_due()

    async def watch(self, phrase: str = "hand the harbour", channel: str = "C1", **fields: Any) -> ChannelWatch:
        """Set up a watch of U1 on a phrase, or on the `query`."""
        query = fields.pop("query", None) or WatchQuery(phrase)
        config = WatchConfig("T1", channel, fields.pop("owner", "U1"), query, **fields)
        return await open_watch_repository(self.store).add(config)

    async def set(self, settings: ChannelSettings, channel: str = "C1") -> None:
        await open_watch_channel_settings(self.store).save("T1", channel, "U1", settings)

    async def reload(self, watch: ChannelWatch) -> ChannelWatch:
        stored_watch = await open_watch_repository(self.store).find("T1", watch.config.channel, watch.number)
        assert stored_watch is not None
        return stored_watch

    def list_texts(self, channel: str = "C1", thread: str | None = None) -> list[str]:
        """Return the texts posted to a channel or a person, outside threads or in one."""
        return [
            message["text"]
            for message in self.slack.messages
            if message["channel"] == channel and message.get("thread_ts") == thread
        ]

    def list_states(self) -> list[tuple[str, str]]:
        """Return kind and state of all messages in the database."""
        rows = self.store.database.read(lambda db: db.execute(select(watch_notices).order_by(watch_notices.c.id)).all())
        return [(row.kind, row.state) for row in rows]


@pytest.fixture
def world(address: str) -> Iterator[World]:  # noqa: F811 - the fixture
    """A world on 24 June 2026 at 12:00 UTC, with London on summer time."""
    clock = InstantClock(parse_utc("2026-06-24 12:00").timestamp())
    with (
        closing(open_repository(address, lambda: datetime.fromtimestamp(clock.now, UTC))) as repository,
        closing(open_store(address, RateLimit(20), clock)) as store,
    ):
        yield World(store, repository, clock)
