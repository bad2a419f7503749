"""Matches what has arrived and posts the messages that are due, in one pass."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.logs import format_traceback, get_logger
from bot.core.permissions.admin_list import NO_ENTRIES, AdminList
from bot.core.tenancy import use_all_teams, use_team
from bot.delivery.owner_notices import NoticeOutbox, NoticeSender
from bot.delivery.ports import ChannelPoster, FindClient, RunOnThread
from bot.delivery.slack_errors import RetryPolicy
from bot.delivery.worker_thread import WorkerThread
from bot.storage.store import Store
from bot.watches.delivery.delivery import NoticeDelivery
from bot.watches.delivery.matching.matcher import ArrivalMatcher, ArticleSource
from bot.watches.delivery.notice_repository import NoticeClaim, NoticeRepository
from bot.watches.delivery.owner_check import OwnerCheck

#: a message that could not be posted for a day is old news; many channels can watch the same words, and Slack takes a
#: quarter of a second for a post
DEFAULT_POLICY = replace(
    RetryPolicy(), grace_period=timedelta(days=1), first_backoff=timedelta(seconds=5), max_concurrency=100
)
#: groups of matches that are recorded before messages are posted
_MAX_GROUPS = 10
_CLEANUP_INTERVAL = timedelta(hours=6)


class Matcher(Protocol):
    """Matches arrivals with the watches. Calls block, and never overlap."""

    @property
    def watch_count(self) -> int:
        """Number of active watches."""
        ...

    def process_group(self) -> tuple[int, int] | None:
        """Record a group of matches. Return the numbers of finished arrivals and of matches, or None at the end."""
        ...


class WatchRunner:
    """Runs the watches. `clock` returns the current time with its time zone.

    `admins` get a notice if neither its owner nor the channel can be reached. `matcher` matches what has arrived
    (default: what is in the bot's database).
    """

    def __init__(
        self,
        store: Store,
        source: ArticleSource,
        poster: ChannelPoster,
        find_client: FindClient,
        clock: Callable[[], datetime],
        policy: RetryPolicy = DEFAULT_POLICY,
        admins: AdminList = NO_ENTRIES,
        matcher: Matcher | None = None,
    ) -> None:
        self._policy = policy
        # one thread: batches must not overlap, and more would only wait for each other's transactions
        self._thread = WorkerThread("watches")
        self._run_on_thread = self._thread.run
        self._clock = clock
        self._matcher = matcher or ArrivalMatcher(store.database, source, clock)
        self._repository = NoticeRepository(store.database, store.audit_log, policy)
        self._owner_check = OwnerCheck(self._repository, find_client, clock, self._run_on_thread)
        self._delivery = NoticeDelivery(
            self._repository, poster, find_client, clock, policy, self._run_on_thread, self._owner_check.add
        )
        self._notice_sender = NoticeSender(
            NoticeOutbox(store), poster, find_client, clock, policy, self._run_on_thread, admins
        )
        self._last_cleanup: datetime | None = None
        #: set during shutdown, so that nothing more is claimed
        self.is_stopping = False
        #: numbers of articles that were matched, of matches, and of attempts to post, since the start
        self.arrival_count = self.match_count = self.attempt_count = 0

    @property
    def watch_count(self) -> int:
        """Number of active watches, as of the last arrival."""
        return self._matcher.watch_count

    async def run_due(self) -> int:
        """Make one pass. Return the number of attempts to post a message.

        Raises DatabaseUnavailable. The error of a single message is logged, and the message is retried.
        """
        with use_all_teams("an article can match the watches of many teams"):
            return await self._run_due()

    async def _run_due(self) -> int:
        await self._clean_up()
        attempt_count = 0
        while not self.is_stopping:
            has_more = await self._match_arrivals()
            attempt_count += await self._post_due()
            if not has_more:
                break
        if not self.is_stopping:
            await self._owner_check.check_all()
        await self._notice_sender.send_all()
        return attempt_count

    def close(self) -> None:
        """Stop the worker thread."""
        self._thread.close()

    async def _match_arrivals(self) -> bool:
        """Record some groups of matches. Return whether there may be more."""
        for _ in range(_MAX_GROUPS):
            if self.is_stopping:
                return False
            counts = await self._run_on_thread(self._matcher.process_group)
            if counts is None:
                return False
            arrival_count, match_count = counts
            self.arrival_count += arrival_count
            self.match_count += match_count
        return True

    async def _post_due(self) -> int:
        """Post all messages that are due, several at a time. Return the number of attempts."""
        posting_pass = _PostingPass(self._repository, self._clock, self._policy.max_concurrency, self._run_on_thread)

        async def work() -> None:
            while not self.is_stopping and (claim := await posting_pass.next_claim()):
                await self._send(claim)
                posting_pass.note_end()

        try:
            results = await asyncio.gather(
                *(work() for _ in range(self._policy.max_concurrency)), return_exceptions=True
            )
        finally:
            await posting_pass.release_claims()
        self.attempt_count += posting_pass.claimed_count
        for error in results:
            if error is not None:
                raise error
        return posting_pass.claimed_count

    async def _send(self, claim: NoticeClaim) -> None:
        try:
            with use_team(claim.notice.team):
                await self._delivery.send(claim)
        except Exception as error:  # noqa: BLE001  # its lease expires; the other messages continue
            get_logger().error(
                "watch notice failed", notice=claim.notice.id, error=type(error).__name__, place=format_traceback(error)
            )

    async def _clean_up(self) -> None:
        now = self._clock()
        if self._last_cleanup is None or not timedelta(0) <= now - self._last_cleanup < _CLEANUP_INTERVAL:
            await self._run_on_thread(self._repository.delete_old, now)
            self._last_cleanup = now


class _PostingPass:
    """Claims the messages of one pass, a few at a time."""

    def __init__(
        self,
        repository: NoticeRepository,
        clock: Callable[[], datetime],
        max_concurrency: int,
        run_on_thread: RunOnThread,
    ) -> None:
        self._repository, self._clock = repository, clock
        self._max_concurrency, self._run_on_thread = max_concurrency, run_on_thread
        self._holder = secrets.token_hex(8)
        self._claims: deque[NoticeClaim] = deque()
        self._lock = asyncio.Lock()
        #: whether nothing was left at the last claim, and no message of this pass has ended since
        self._is_exhausted = False
        self.claimed_count = 0

    async def next_claim(self) -> NoticeClaim | None:
        """Claim and return the next message, or None if none is available."""
        async with self._lock:
            if not self._claims and not self._is_exhausted:
                # set before the claim, so that a message that ends meanwhile counts
                self._is_exhausted = True
                self._claims.extend(
                    await self._run_on_thread(
                        self._repository.claim_due, self._clock(), self._holder, self._max_concurrency
                    )
                )
                self._is_exhausted = self._is_exhausted and not self._claims
            if not self._claims:
                return None
            self.claimed_count += 1
            return self._claims.popleft()

    def note_end(self) -> None:
        """Note that a message was posted, so that the next one of its channel can be claimed."""
        self._is_exhausted = False

    async def release_claims(self) -> None:
        """Release the claimed messages whose delivery has not started."""
        if self._claims:
            await self._run_on_thread(self._repository.release, list(self._claims), self._clock())
            self._claims.clear()
