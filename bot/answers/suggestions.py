"""Suggested topics, computed once while the articles, the workspace's topics and the muted sources are unchanged.

Rule: a form and App Home wait for new suggestions only a moment, and are shown without them after that.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import date

from bot.answers.current_topics import load_topics_key
from bot.answers.executor import Executor
from bot.answers.left_out import FindLeftOut, LeftOut, leave_out_nothing
from bot.core.logs import format_traceback, get_logger
from briefings import BriefingsError, BriefingService, TopicSuggestions

#: workspaces and channels whose suggestions are kept, and seconds that a form waits for them
_MAX_WORKSPACES, _WAIT_SECONDS = 100, 1.0
#: what suggestions depend on besides the articles: the topics, and what is left out
_Key = tuple[str, LeftOut]


class SuggestionFinder:
    """Finds suggested topics. `today` returns the current day in UTC. For one event loop.

    `find_left_out` finds what the services of `executor` leave out.
    """

    def __init__(
        self, executor: Executor, today: Callable[[], date], find_left_out: FindLeftOut = leave_out_nothing
    ) -> None:
        self._executor = executor
        self._today = today
        self._find_left_out = find_left_out
        self._entries: OrderedDict[_Key, tuple[tuple[str, date], TopicSuggestions]] = OrderedDict()
        self._in_progress: dict[_Key, asyncio.Task[TopicSuggestions]] = {}

    async def find(self) -> TopicSuggestions:
        """Return the suggested topics for the request that is handled. Raises BriefingsError."""
        key = (await load_topics_key(), await self._find_left_out())
        task = self._in_progress.get(key)
        if task is None:
            task = self._in_progress[key] = asyncio.create_task(self._find(key))
            task.add_done_callback(lambda finished_task: self._finish(key, finished_task))
        return await asyncio.shield(task)

    async def find_soon(self) -> TopicSuggestions | None:
        """Return the suggested topics, or None if they are not known in a moment. Never raises."""
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                return await self.find()
        except (BriefingsError, TimeoutError):
            return None
        except Exception as error:  # noqa: BLE001  # a form works without suggestions
            get_logger().error("suggestions failed", error=type(error).__name__, place=format_traceback(error))
            return None

    async def _find(self, key: _Key) -> TopicSuggestions:
        today, entry = self._today(), self._entries.get(key)

        def work(service: BriefingService) -> tuple[tuple[str, date], TopicSuggestions]:
            stamp = (service.get_change_token(), today)
            if entry and entry[0] == stamp:
                return entry
            return stamp, service.news.suggest_topics(today)

        self._entries[key] = await self._executor.call(work)
        self._entries.move_to_end(key)
        while len(self._entries) > _MAX_WORKSPACES:
            self._entries.popitem(last=False)
        return self._entries[key][1]

    def _finish(self, key: _Key, finished_task: asyncio.Task[TopicSuggestions]) -> None:
        self._in_progress.pop(key, None)
        if not finished_task.cancelled():
            finished_task.exception()  # marks it as retrieved
