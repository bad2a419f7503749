"""Bundles what every listener needs to answer: executor, cache, poster, link signer and today's date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.answers.answer_cache import AnswerCache, parse_button_query
from bot.answers.asker_days import Asker, AskerDays
from bot.answers.executor import Executor
from bot.answers.suggestions import SuggestionFinder
from bot.links.signing import LinkSigner
from bot.links.urls import PageLinks
from bot.queries.natural_language import ParsedQuery
from bot.queries.news import is_relative
from bot.queries.queries import Command, NewsQuery, Query
from bot.slack.blocks.button_values import ButtonValue
from bot.slack.blocks.citations import AnswerResult, Citation, find_citation
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.slack.transport.request_verification import get_team_id, is_maybe_visible_outside, is_visible_outside
from briefings import NothingFound, TopicSuggestions


@dataclass(frozen=True, slots=True)
class AnswerService:
    """The tools to answer a question."""

    executor: Executor
    cache: AnswerCache
    poster: QueuedChannelPoster
    #: returns the UTC date from which "yesterday" is counted
    today: Callable[[], date]
    links: LinkSigner
    #: returns the current day of a user; None for that of UTC
    asker_days: AskerDays | None = None
    #: finds suggested topics; None for no suggestions
    suggestions: SuggestionFinder | None = None

    async def find_suggestions_soon(self) -> TopicSuggestions | None:
        """Return the suggested topics, or None if they are not known in a moment."""
        return await self.suggestions.find_soon() if self.suggestions else None

    def get_page_links(
        self, context: AsyncBoltContext, body: Mapping[str, Any], *, is_shared: bool = False
    ) -> PageLinks | None:
        """Return the builder of page links for the team of a request.

        `is_shared` is for answers that the whole channel reads. Returns None if people of another organisation would
        see the links. Where they might, the links have no key: readers must sign in.
        """
        if is_visible_outside(context, body):
            return None
        must_sign_in = is_maybe_visible_outside(context, body)
        links = self.links.build_page_links(get_team_id(context), is_shared=is_shared or must_sign_in)
        return None if must_sign_in and links and links.key else links

    async def read_question(self, text: str, command: Command | None = None, asker: Asker | None = None) -> ParsedQuery:
        """Return the query in a typed text: after a command, or in plain words. Raises BriefingsError.

        For the news, "today" is the day of `asker`.
        """
        today = self.today()
        query = await self.cache.questions.read(command, text, today)
        if isinstance(query, NewsQuery) and asker and self.asker_days and is_relative(text):
            own_today = await self.asker_days.get_today(asker)
            if own_today != today:
                return await self.cache.questions.read(command, text, own_today)
        return query

    def get_query(self, button: ButtonValue) -> Query:
        """Return the query of a button.

        Raises BadQuestion if the button is from an older version of the bot and its question can no longer be read.
        """
        return parse_button_query(button.command_text, self.today())

    async def find_citation(self, button: ButtonValue) -> tuple[AnswerResult, Citation]:
        """Return the answer of a button and its citation (the first one if it names none). Raises BriefingsError."""
        result = (await self.cache.get_answer(self.get_query(button))).result
        citation = find_citation(result, button.citation_id)
        if citation is None:
            raise NothingFound("The articles have changed since this answer. Please ask again.")
        return result, citation
