"""What every door that takes questions works with: the answers, the ways to deliver them, today's date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.answering import Answering
from bot.answers import question_of
from bot.ask import Question
from bot.blocks.cited import Found, Place, place_at
from bot.blocks.pages import Pages
from bot.blocks.press import Press
from bot.composed import Composed
from bot.posting import Posting
from bot.teams import reaches_outside, team_of
from bot.web.links import Links
from briefings.errors import NothingFound


@dataclass(frozen=True, slots=True)
class Asking:
    """`today` is the day that "yesterday" is counted from, in UTC."""

    answering: Answering
    composed: Composed
    posting: Posting
    today: Callable[[], date]
    links: Links

    def pages(self, context: AsyncBoltContext, body: Mapping[str, Any], *, shared: bool = False) -> Pages | None:
        """Where the team of a request finds the pages; `shared` for what others in the channel read.

        None where people of another organisation would see it.
        """
        return None if reaches_outside(context, body) else self.links.of(team_of(context), shared=shared)

    def question(self, what: Press) -> Question:
        """The question behind a button. Raises BadQuestion."""
        return question_of(what.asked, self.today())

    async def place(self, what: Press) -> tuple[Found, Place]:
        """The answer behind a button, and the line of it that is meant, or the first. Raises BriefingsError."""
        found = (await self.composed.answer(self.question(what))).found
        place = place_at(found, what.line)
        if place is None:
            raise NothingFound("The record has changed since this answer: ask again to see what stands there now.")
        return found, place
