"""Records which messages were posted: those that end at the same time in one transaction.

Rule: a message counts as recorded only after the commit. If the process dies before, the next attempt finds the
message in its channel.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.core.tenancy import use_all_teams
from bot.delivery.ports import RunOnThread
from bot.watches.delivery.notice_repository import NoticeRepository, PostedMessage


class PostLog:
    """Records posted messages. `clock` returns the current time with its time zone."""

    def __init__(self, repository: NoticeRepository, clock: Callable[[], datetime], run_on_thread: RunOnThread) -> None:
        self._repository = repository
        self._clock = clock
        self._run_on_thread = run_on_thread
        self._lock = asyncio.Lock()
        self._waiting: list[tuple[PostedMessage, asyncio.Future[None]]] = []

    async def add(self, posted_message: PostedMessage) -> None:
        """Record a message, together with those that came during the last write. Raises DatabaseUnavailable."""
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((posted_message, recorded))
        async with self._lock:
            if not recorded.done():
                await self._write_waiting()
        await recorded

    async def _write_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            with use_all_teams("messages of several teams that end at the same time are one transaction"):
                await self._run_on_thread(
                    self._repository.mark_all_posted, [message for message, _ in batch], self._clock()
                )
        except BaseException as error:
            for _, recorded in batch:
                if isinstance(error, Exception):
                    _set(recorded, error)
                else:
                    recorded.cancel()
            if not isinstance(error, Exception):
                raise
        else:
            for _, recorded in batch:
                _set(recorded, None)


def _set(recorded: "asyncio.Future[None]", error: Exception | None) -> None:
    if recorded.done():  # its task was cancelled
        return
    if error is None:
        recorded.set_result(None)
    else:
        recorded.set_exception(error)
