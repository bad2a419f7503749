"""A world in which digests run: a store of either kind, a Slack and one clock."""

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
    """A runner over a store and a Slack, by one clock."""

    def __init__(self, store: Store, clock: Hurried) -> None:
        self.store, self.clock = store, clock
        store.uninstall_cleanup.register(DigestRepository.forget_team)
        self.slack, self.source = Slack(clock), Source()
        self.installed = True
        self.runner = self.another()

    def another(self) -> DigestRunner:
        """A runner of another process."""
        return DigestRunner(
            self.store, self.source, QueuedChannelPoster(now=self.clock, sleep=self.clock.sleep), self._client, self.now
        )

    async def _client(self, _: str) -> Slack | None:
        return self.slack if self.installed else None

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.at, UTC)

    async def at(self, when: str) -> None:
        """A pass at that moment."""
        self.clock.at = moment(when).timestamp()
        await self.runner.run_due()

    async def runs(self, digest: Digest) -> list[Run]:
        return list(await open_digest_repository(self.store).list_runs(digest))

    async def states(self, digest: Digest) -> list[str]:
        return [run.state.value for run in await self.runs(digest)]

    async def digest(self, **more: Any) -> Digest:
        return await open_digest_repository(self.store).add(wish(**more))

    async def found(self, digest: Digest) -> Digest:
        again = await open_digest_repository(self.store).find("T1", digest.config.channel, digest.number)
        assert again is not None
        return again

    def said_to(self, person: str) -> list[str]:
        return [one["text"] for one in self.slack.posted if one["channel"] == person]


@pytest.fixture
def world(address: str) -> Iterator[World]:  # noqa: F811 - the fixture
    """On 24 June 2026 at noon, London in its summer time."""
    clock = Hurried(moment("2026-06-24 12:00").timestamp())
    with closing(open_store(address, RateLimit(20), clock)) as store:
        yield World(store, clock)
