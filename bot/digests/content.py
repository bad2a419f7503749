"""What a digest tells, asked of the desk off the event loop: the `Source` of the runner.

Rule: a channel is told nothing twice, whichever of its digests told it; what was told of a story is taken back in a
digest of that story. What is remembered of a line is the line, where it stood and when, never an article.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.executor import Executor
from bot.blocks import digest as blocks
from bot.digests import remembered
from bot.digests.model import Content, Digest, HistoryEntry, WhenNothing
from bot.store.digests import DigestRepository
from briefings.service.service import BriefingService


class UpdateSource:
    """Asks `answering` for the desk; `kept` says what channels have had."""

    def __init__(self, executor: Executor, repository: DigestRepository) -> None:
        self._executor = executor
        self._repository = repository

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """What the channel has not had; None when there is nothing to post. Raises BriefingsError."""
        config = digest.config
        history = await self._repository.list_history(config.team, config.channel)
        return await self._executor.call(lambda service: build_content(service, digest, history, now))


def build_content(
    service: BriefingService, digest: Digest, history: Sequence[HistoryEntry], now: datetime
) -> Content | None:
    """The same, for what the channel has had. Blocking. Raises BriefingsError."""
    config = digest.config
    today = now.astimezone(ZoneInfo(config.zone)).date()
    update = service.get_update(
        config.query, remembered.build_seen(config.query, [entry.item for entry in history]), today=today
    )
    if update is None:
        empty_content = Content(blocks.build_empty_message(service.get_title(config.query)))
        return empty_content if config.when_nothing is WhenNothing.ONE_LINE else None
    message, thread = blocks.build_messages(update, config.query)
    return Content(message, thread, remembered.build_history_items(config.query, update))
