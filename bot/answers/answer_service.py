"""What every door that takes questions works with: the answers, the ways to deliver them, today's date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.answers.answer_cache import AnswerCache, parse_button_query
from bot.answers.executor import Executor
from bot.links.signing import LinkSigner
from bot.links.urls import PageLinks
from bot.queries.queries import Query
from bot.slack.blocks.button_values import ButtonValue
from bot.slack.blocks.citations import AnswerResult, Citation, find_citation
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.slack.transport.request_verification import get_team_id, is_visible_outside
from briefings import NothingFound


@dataclass(frozen=True, slots=True)
class AnswerService:
    """`today` is the day that "yesterday" is counted from, in UTC."""

    executor: Executor
    cache: AnswerCache
    poster: QueuedChannelPoster
    today: Callable[[], date]
    links: LinkSigner

    def get_page_links(
        self, context: AsyncBoltContext, body: Mapping[str, Any], *, is_shared: bool = False
    ) -> PageLinks | None:
        """Where the team of a request finds the pages; `shared` for what others in the channel read.

        None where people of another organisation would see it.
        """
        return (
            None
            if is_visible_outside(context, body)
            else self.links.build_page_links(get_team_id(context), is_shared=is_shared)
        )

    def get_query(self, button: ButtonValue) -> Query:
        """The question behind a button. Raises BadQuestion."""
        return parse_button_query(button.command_text, self.today())

    async def find_citation(self, button: ButtonValue) -> tuple[AnswerResult, Citation]:
        """The answer behind a button, and the line of it that is meant, or the first. Raises BriefingsError."""
        result = (await self.cache.get_answer(self.get_query(button))).result
        citation = find_citation(result, button.citation_id)
        if citation is None:
            raise NothingFound("The record has changed since this answer: ask again to see what stands there now.")
        return result, citation
