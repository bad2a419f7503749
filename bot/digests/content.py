"""What a digest tells, asked of the desk off the event loop: the `Source` of the runner.

Rule: a channel is told nothing twice, whichever of its digests told it; what was told of a story is taken back in a
digest of that story. What is remembered of a line is the line, where it stood and when, never an article.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answering import Answering
from bot.blocks import digest as blocks
from bot.digests import remembered
from bot.digests.model import Content, Digest, Had, WhenNothing
from bot.store.digests import Digests
from briefings.desk import Desk


class NewsSource:
    """Asks `answering` for the desk; `kept` says what channels have had."""

    def __init__(self, answering: Answering, kept: Digests) -> None:
        self._answering = answering
        self._kept = kept

    async def news(self, digest: Digest, now: datetime) -> Content | None:
        """What the channel has not had; None when there is nothing to post. Raises BriefingsError."""
        wish = digest.wish
        had = await self._kept.had(wish.team, wish.channel)
        return await self._answering.call(lambda desk: content(desk, digest, had, now))


def content(desk: Desk, digest: Digest, had: Sequence[Had], now: datetime) -> Content | None:
    """The same, for what the channel has had. Blocking. Raises BriefingsError."""
    wish = digest.wish
    today = now.astimezone(ZoneInfo(wish.zone)).date()
    found = desk.news(wish.ask, remembered.had(wish.ask, [one.told for one in had]), today=today)
    if found is None:
        line = Content(blocks.nothing(desk.title(wish.ask)))
        return line if wish.when_nothing is WhenNothing.ONE_LINE else None
    message, thread = blocks.messages(found, wish.ask)
    return Content(message, thread, remembered.told(wish.ask, found))
