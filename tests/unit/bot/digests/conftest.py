"""Fixtures for the delivery of digests: a store on either database, a fake Slack and a fake clock."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.digests.delivery.digest_repository import DigestRepository, open_digest_repository
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import Digest, Run
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.stand_ins.digest_world import Slack, Source, moment, wish
from tests.support.clock import Hurried
from tests.unit.bot.storage.conftest import address  # noqa: F401 - a fixture


class World:
    """A runner with its store, its Slack and their clock."""

    def __init__(self, store: Store, clock: Hurried) -> None:
        self.store, self.clock = store, clock
        store.uninstall_cleanup.register(DigestRepository.forget_team)
        self.slack, self.source = Slack(clock), Source()
        self.is_installed = True
        self.runner = self.make_runner()

    def make_runner(self) -> DigestRunner:
        """Return a runner like that of another process."""
        return DigestRunner(
            self.store,
            self.source,
            QueuedChannelPoster(now=self.clock, sleep=self.clock.sleep),
            self._find_client,
            self.now,
        )

    async def _find_client(self, _team: str) -> Slack | None:
        return self.slack if self.is_installed else None

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.at, UTC)

    async def run_at(self, time_text: str) -> None:
        """Set the clock to a UTC time and make one pass."""
        self.clock.at = moment(time_text).timestamp()
        await self.runner.run_due()

    async def list_runs(self, digest: Digest) -> list[Run]:
        return list(await open_digest_repository(self.store).list_runs(digest))

    async def list_states(self, digest: Digest) -> list[str]:
        return [run.state.value for run in await self.list_runs(digest)]

    async def add_digest(self, **options: Any) -> Digest:
        return await open_digest_repository(self.store).add(wish(**options))

    async def reload(self, digest: Digest) -> Digest:
        stored_digest = await open_digest_repository(self.store).find("T1", digest.config.channel, digest.number)
        assert stored_digest is not None
        return stored_digest

    def list_texts(self, channel: str) -> list[str]:
        """Return the texts posted to a channel or a person."""
        return [message["text"] for message in self.slack.posted if message["channel"] == channel]


@pytest.fixture
def world(address: str) -> Iterator[World]:  # noqa: F811 - the fixture
    """A world on 24 June 2026 at 12:00 UTC, with London on summer time."""
    clock = Hurried(moment("2026-06-24 12:00").timestamp())
    with closing(open_store(address, RateLimit(20), clock)) as store:
        yield World(store, clock)
