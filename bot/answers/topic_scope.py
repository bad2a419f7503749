"""Chooses the briefing service for a request: its record, the workspace's topics, without what the channel mutes.

Rule: the record is that of the current team (`bot.core.tenancy`). Only the topics are chosen here.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.answers.current_topics import (
    get_team_topics,
    load_topics,
    set_team_topics,
    set_topics_source,
    use_topics,
)
from bot.answers.left_out import FindLeftOut, leave_out_nothing
from bot.core.logs import get_logger
from bot.core.tenancy import get_team, use_all_teams, use_team
from bot.records.record import RecordLease, Records, SharedRecord, borrow_record
from bot.slack.transport.request_verification import get_team_id
from bot.storage.topics.changes import TeamTopics
from bot.storage.topics.repository import TopicRepository
from briefings import BriefingService, DatabaseUnavailable

#: services kept for the workspaces that asked last
_MAX_SERVICES = 100
#: longest wait for the database, in seconds
_WAIT_SECONDS = 0.5


class TopicScope:
    """Gives the service for the current request. Without `repository`, its topics are always those of `service`.

    `find_left_out` finds what the answer to the current request leaves out. `records` opens the record of the request's
    workspace (default: `service` is the record of all). Thread-safe.
    """

    def __init__(
        self,
        service: BriefingService,
        repository: TopicRepository | None = None,
        find_left_out: FindLeftOut = leave_out_nothing,
        records: Records | None = None,
    ) -> None:
        self._records = records or SharedRecord(service)
        self._find_left_out = find_left_out
        self._repository = repository
        #: services with topics, each beside the one that it was made from
        self._services: OrderedDict[tuple[str, str], tuple[BriefingService, BriefingService]] = OrderedDict()
        self._lock = Lock()

    @property
    def is_per_team(self) -> bool:
        """Whether each workspace has its own record."""
        return self._records.is_per_team

    async def load(self, team: str) -> TeamTopics | None:
        """Return the topics of a workspace, or None for those of the file. Raises DatabaseUnavailable or TimeoutError.

        "" means the only workspace, if there is just one.
        """
        if self._repository is None:
            return None
        if team:
            return await self._repository.load(team)
        with use_all_teams("a local workspace's page names no team, and its database has one"):
            team = await self._repository.find_only_team()
        with use_team(team):
            return await self._repository.load(team) if team else None

    async def select(self, team: str) -> None:
        """Use the topics of a workspace in the rest of the current task. Call it again after a change. Never raises.

        While the database does not answer, they are those that were read last.
        """
        set_team_topics(await self._try_load(team), shares_record=not self.is_per_team)

    @contextmanager
    def use(self, topics: TeamTopics | None) -> Iterator[None]:
        """Use these topics for the work within the block."""
        with use_topics(topics, shares_record=not self.is_per_team):
            yield

    async def _try_load(self, team: str) -> TeamTopics | None:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                return await self.load(team)
        except (DatabaseUnavailable, TimeoutError) as error:
            # the answer itself will say so, if it needs the database
            get_logger().error("topics not read", error=type(error).__name__)
            return self._repository.get_last(team) if self._repository else None

    async def borrow_service(self) -> RecordLease:
        """Return the record for an answer to the current request. Raises NoRecord, DatabaseUnavailable."""
        await load_topics()
        sources = (await self._find_left_out()).sources
        lease = await self.borrow_whole_service()
        return lease.with_service(lease.record.service.leave_out(sources)) if sources else lease

    async def borrow_whole_service(self) -> RecordLease:
        """Return the record with the topics of the current request, which are set or read, with all sources."""
        lease = await borrow_record(self._records)
        return lease.with_service(self._add_topics(lease.record.service))

    def _add_topics(self, service: BriefingService) -> BriefingService:
        topics = get_team_topics()
        if topics is None or set(topics.topics) == set(service.topics):
            return service
        key = (get_team() if self.is_per_team else "", topics.key)
        with self._lock:
            known_base, known_service = self._services.get(key, (None, service))
            if known_base is not service:  # the record was opened again
                known_service = service.with_topics(topics.topics)
            self._services[key] = service, known_service
            self._services.move_to_end(key)
            while len(self._services) > _MAX_SERVICES:
                self._services.popitem(last=False)
            return known_service

    async def enter(self, context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]) -> None:
        """Bolt middleware: use the topics of the workspace that sent a request, in the rest of its task."""
        load = partial(self._try_load, get_team_id(context))
        set_topics_source(load, shares_record=not self.is_per_team)
        await next_()
