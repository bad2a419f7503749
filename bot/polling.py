"""Polls the feeds while the bot serves.

Rule: a pass that fails is logged and tried again at the next turn. It never ends the bot, and nothing of it is posted.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.logs import logger, place
from briefings.errors import BriefingsError
from briefings.gathering.gathering import Gathering, Wanted
from briefings.gathering.listed import FILE
from briefings.gathering.report import Report

#: seconds from one look for what is due to the next
EVERY = 60.0


class Polling:
    """The passes of one process. `listed` are the feeds of feeds.toml, None without the file."""

    def __init__(
        self,
        gathering: Gathering,
        listed: Sequence[Wanted] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gathering = gathering
        self._listed = listed
        self._sleep = sleep
        self._outcomes: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()

        #: feeds that are followed, and those of them that fail, as of this process's last look
        self.feeds = 0
        self.failing = 0

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many pages had which outcome since this process began, for metrics."""
        return self._outcomes

    @property
    def failures(self) -> Mapping[str, int]:
        """How many feeds, entries and pages failed, by the kind of failure, for metrics."""
        return self._failures

    async def run(self) -> None:
        """Polls until it is cancelled."""
        listed = self._listed
        while True:
            try:
                if listed is not None:
                    await self._gathering.keep_to(listed, FILE)
                    listed = None
                self._note(await self._gathering.poll())
                followed = await self._gathering.feeds()
                self.feeds, self.failing = len(followed), sum(feed.failures > 0 for feed in followed)
            except BriefingsError as error:
                logger().error("feeds not polled", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - whatever breaks, the bot goes on and the next pass tries again
                logger().error("feeds not polled", error=type(error).__name__, place=place(error))
            await self._sleep(EVERY)

    def _note(self, report: Report | None) -> None:
        """Counts a pass, and logs it when there was something to do; None when another process polls."""
        if report is None:
            return
        self._outcomes.update({one.value: number for one, number in report.outcomes.items()})
        self._failures.update({one.value: number for one, number in report.failures.items()})
        if report.polled or report.feeds_failed or report.outcomes:
            logger().info(
                "feeds polled",
                feeds=report.polled,
                failed_feeds=report.feeds_failed,
                added=len(report.articles),
                failures={one.value: number for one, number in report.failures.items()},
            )
