"""Finds out whether the owner of a watch has left, so that someone can take the watch over.

Rule: each owner is looked up at most once a day, some time after a message was posted, and never between messages. The
watch goes on without its owner.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.delivery.ports import FindClient, RunOnThread
from bot.slack.transport.clients import is_deactivated
from bot.watches.delivery.notice_repository import NoticeRepository
from bot.watches.model import ChannelWatch

_INTERVAL = timedelta(days=1)
#: most owners that are remembered, and most that are looked up in one pass
_MAX_OWNERS, _MAX_LOOKUPS = 10_000, 20

#: team, channel and owner of a watch
_Key = tuple[str, str, str]


class OwnerCheck:
    """Looks up owners. `clock` returns the current time with its time zone."""

    def __init__(
        self,
        repository: NoticeRepository,
        find_client: FindClient,
        clock: Callable[[], datetime],
        run_on_thread: RunOnThread,
    ) -> None:
        self._repository = repository
        self._find_client = find_client
        self._clock = clock
        self._run_on_thread = run_on_thread
        self._last_checks: dict[_Key, datetime] = {}
        self._waiting: dict[_Key, ChannelWatch] = {}
        #: whether a pass looks owners up; Slack may take long, and the other passes must not wait for it
        self._is_checking = False

    def add(self, watch: ChannelWatch) -> None:
        """Note that a message of this watch was posted."""
        config, now = watch.config, self._clock()
        key = (config.team, config.channel, config.owner)
        if key in self._last_checks and timedelta(0) <= now - self._last_checks[key] < _INTERVAL:
            return
        if len(self._waiting) < _MAX_OWNERS:
            self._waiting.setdefault(key, watch)

    async def check_all(self) -> None:
        """Store a notice for each channel whose owner's account is deactivated; some owners wait for the next pass.

        Raises DatabaseUnavailable.
        """
        if self._is_checking:
            return
        self._is_checking = True
        try:
            await self._check_waiting()
        finally:
            self._is_checking = False

    async def _check_waiting(self) -> None:
        left_by_owner: dict[tuple[str, str], bool] = {}
        for key, watch in list(self._waiting.items()):
            owner = (watch.config.team, watch.config.owner)
            if owner not in left_by_owner and len(left_by_owner) >= _MAX_LOOKUPS:
                break
            del self._waiting[key]
            self._remember(key)
            if owner not in left_by_owner:
                client = await self._find_client(watch.config.team)
                left_by_owner[owner] = client is not None and await is_deactivated(client, watch.config.owner)
            if left_by_owner[owner]:
                text = f"Watch {watch.number} in <#{watch.config.channel}> still runs."
                await self._run_on_thread(self._repository.notify_owner, watch, text, self._clock())

    def _remember(self, key: _Key) -> None:
        if len(self._last_checks) >= _MAX_OWNERS:
            self._last_checks.clear()
        self._last_checks[key] = self._clock()
