"""Sends due digests, in one pass; `PassScheduler` makes passes continuously.

Rule: a pass claims a few runs at a time, oldest first, and releases each when it is finished. So ten thousand runs need
as little memory as ten.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.logs import format_traceback, get_logger
from bot.core.permissions.admin_list import NO_ENTRIES, AdminList
from bot.core.tenancy import use_all_teams, use_team
from bot.delivery.owner_notices import NoticeOutbox, NoticeSender
from bot.delivery.ports import ChannelPoster, FindClient, RunOnThread
from bot.delivery.slack_errors import RetryPolicy
from bot.delivery.worker_thread import WorkerThread
from bot.digests.delivery.delivery import RunDelivery, make_message_key
from bot.digests.delivery.run_repository import Claim, OnSaved, RunRepository
from bot.digests.mail.service import MailService
from bot.digests.model import Content, ContentSource
from bot.storage.store import Store

#: interval between two checks for changes of the clock or of the time zone rules
_REFRESH_INTERVAL = timedelta(hours=1)


class DigestRunner:
    """Sends due digests. `clock` returns the current time with its time zone.

    `admins` get a notice if neither its owner nor the channel can be reached. `mail_service` freezes the mails.
    """

    def __init__(
        self,
        store: Store,
        source: ContentSource,
        poster: ChannelPoster,
        find_client: FindClient,
        clock: Callable[[], datetime],
        policy: RetryPolicy | None = None,
        admins: AdminList = NO_ENTRIES,
        mail_service: MailService | None = None,
    ) -> None:
        self._policy = policy or RetryPolicy()
        # one thread: more would only wait for each other's transactions
        self._thread = WorkerThread("digests")
        self._run_on_thread = self._thread.run
        self._run_repository = RunRepository(
            store.database, store.audit_log, self._policy, _make_mail_freezer(mail_service) if mail_service else None
        )
        self._clock = clock
        self._delivery = RunDelivery(
            self._run_repository, source, poster, find_client, clock, self._policy, self._run_on_thread
        )
        self._notice_sender = NoticeSender(
            NoticeOutbox(store), poster, find_client, clock, self._policy, self._run_on_thread, admins
        )
        self._last_refresh: datetime | None = None
        #: set during shutdown, so that further runs are not claimed
        self.is_stopping = False

    async def run_due(self, until: datetime | None = None) -> int:
        """Make one pass over the runs that are due by `until` (default: now). Return the number of claimed runs.

        Raises DatabaseUnavailable. The error of a single run is logged, and the run is retried.
        """
        with use_all_teams("the digests that are due belong to many teams"):
            return await self._run_due(until)

    async def _run_due(self, until: datetime | None) -> int:
        now = self._clock()
        until = until or now
        if self._last_refresh is None or not timedelta(0) <= now - self._last_refresh < _REFRESH_INTERVAL:
            await self._run_on_thread(self._run_repository.refresh, now)
            self._last_refresh = now
        runner_pass = _RunnerPass(
            self._run_repository, self._clock, until, self._policy.max_concurrency, self._run_on_thread
        )
        try:
            results = await asyncio.gather(
                *(self._process_claims(runner_pass) for _ in range(self._policy.max_concurrency)),
                return_exceptions=True,
            )
        finally:
            await runner_pass.release_claims()
        for error in results:
            if error is not None:
                raise error
        await self._notice_sender.send_all()
        return runner_pass.claimed_count

    def close(self) -> None:
        """Stop the worker thread."""
        self._thread.close()

    async def _process_claims(self, runner_pass: "_RunnerPass") -> None:
        while not self.is_stopping and (claim := await runner_pass.next_claim()):
            try:
                with use_team(claim.digest.config.team):
                    await self._delivery.send(claim)
            except Exception as error:  # noqa: BLE001  # its lease expires; the other runs continue
                get_logger().error(
                    "digest run failed",
                    digest=claim.digest.id,
                    error=type(error).__name__,
                    place=format_traceback(error),
                )
            runner_pass.finished_count += 1


def _make_mail_freezer(mail_service: MailService) -> OnSaved:
    """Return the function that freezes the mails of a run when its content is saved."""

    def freeze(db: Connection, claim: Claim, content: Content, now: datetime) -> None:
        if content.mail:
            mail_service.freeze(db, claim.digest, claim.run.due_at, make_message_key(claim), content.mail, now)

    return freeze


class _RunnerPass:
    """Claims the runs of one pass, a few at a time."""

    def __init__(
        self,
        run_repository: RunRepository,
        clock: Callable[[], datetime],
        until: datetime,
        max_concurrency: int,
        run_on_thread: RunOnThread,
    ) -> None:
        self._run_repository, self._clock, self._until, self._max_concurrency, self._run_on_thread = (
            run_repository,
            clock,
            until,
            max_concurrency,
            run_on_thread,
        )
        self._holder = secrets.token_hex(8)
        self._claims: deque[Claim] = deque()
        self._lock = asyncio.Lock()
        #: number of claimed runs, and of finished attempts; a run in progress blocks others of its channel
        self.claimed_count = self.finished_count = 0
        #: value of `finished_count` when no run was available
        self._empty_at_count = -1

    async def next_claim(self) -> Claim | None:
        """Claim and return the next run, or None if none is available."""
        async with self._lock:
            while not self._claims:
                if self._empty_at_count == self.finished_count:
                    return None
                finished_count = self.finished_count
                self._claims.extend(await self._run_on_thread(self._claim_due))
                if not self._claims and not await self._run_on_thread(self._run_repository.plan_runs, self._until):
                    self._empty_at_count = finished_count
            self.claimed_count += 1
            return self._claims.popleft()

    async def release_claims(self) -> None:
        """Release the claimed runs that have not started."""
        while self._claims:
            claim = self._claims.popleft()
            await self._run_on_thread(self._run_repository.postpone, claim, self._clock(), claim.run.reason)

    def _claim_due(self) -> list[Claim]:
        return self._run_repository.claim_due(self._until, self._clock(), self._holder, self._max_concurrency)
