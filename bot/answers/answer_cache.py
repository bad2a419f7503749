"""Runs queries, renders their pages, and caches the answers, so that equal questions are computed once.

Rule: a cached answer is valid for TTL_SECONDS and while the stored articles are unchanged; changes are noticed within
CHECK_SECONDS. Equal questions at the same time wait for one computation. Errors are not cached.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from bot.answers.question_reader import QuestionReader
from bot.links.urls import PageLinks
from bot.queries.queries import BriefingQuery, Query, parse_command
from bot.slack.blocks.citations import AnswerResult
from bot.slack.blocks.message import Message
from bot.slack.views import briefing, notices, question_line, who_said
from briefings import BadQuestion, Briefing, BriefingService, NothingFound, Slot

T = TypeVar("T")
#: most cached answers; the least recently used one is removed first
MAX_ANSWERS = 200
#: seconds until a cached answer expires, and between two checks whether the stored articles have changed
TTL_SECONDS, CHECK_SECONDS = 300.0, 1.0


def run_query(service: BriefingService, query: Query) -> AnswerResult:
    """Return the service's answer to a query. Blocks. Raises BriefingsError."""
    if isinstance(query, BriefingQuery):
        return service.brief(query.words, outlet=query.outlet, since=query.since, until=query.until, relax=True)
    return service.who_said(
        query.words,
        by=query.by,
        about=query.about,
        outlet=query.outlet,
        since=query.since,
        until=query.until,
        relax=True,
    )


def render_page(
    result: AnswerResult,
    query: Query,
    page_number: int,
    *,
    slot: Slot | None = None,
    sharable: bool = True,
    page_links: PageLinks | None = None,
) -> Message:
    """Return one page of an answer, counted from 0; with `slot`, of this slot of a briefing.

    `page_links` builds links to the web pages; None for no links.
    """
    if isinstance(result, Briefing):
        message = briefing.build_message(
            result,
            query.command_text,
            page_number,
            slot=slot,
            sharable=sharable,
            page_links=page_links,
            wider_queries=question_line.list_wider_queries(query, result.dropped_filters),
        )
        return question_line.add_filters(message, result)
    return who_said.build_message(
        result,
        query.command_text,
        page_number,
        sharable=sharable,
        page_links=page_links,
        wider_queries=question_line.list_wider_queries(query, result.dropped),
    )


def parse_button_query(command_text: str, today: date) -> Query:
    """Return the query in a button's command. Raises BadQuestion if it is not a valid command."""
    if query := parse_command(command_text, today):
        return query
    raise BadQuestion("This button belongs to an older answer. Ask again.")


class ServiceCall(Protocol):
    """Runs a function with the briefing service, off the event loop."""

    async def __call__(self, work: Callable[[BriefingService], T]) -> T:
        """Return the result of `work`."""


@dataclass(slots=True)
class CachedAnswer:
    """An answer with its rendered pages. `stamp` is the change token of the articles it is based on."""

    query: Query
    result: AnswerResult
    stamp: str
    created_at: float
    pages: dict[tuple[int, Slot | None, bool, PageLinks | None], Message] = field(default_factory=dict)


class AnswerCache:
    """Cache of answers. `call` runs queries, `now` returns seconds. For one event loop."""

    def __init__(self, call: ServiceCall, now: Callable[[], float]) -> None:
        self._call = call
        self._now = now
        #: reads typed questions
        self.questions = QuestionReader(call, now)
        self._answers: OrderedDict[Query, CachedAnswer] = OrderedDict()
        self._in_progress: dict[Query, asyncio.Task[CachedAnswer]] = {}
        self._stamp, self._checked_at = "", float("-inf")

    async def get_first_page(
        self, query: Query, *, sharable: bool = True, page_links: PageLinks | None = None
    ) -> Message:
        """Return the first page, or suggestions if nothing matches. Raises the same other errors as `get_page`."""
        try:
            return await self.get_page(query, 0, sharable=sharable, page_links=page_links)
        except NothingFound as error:
            briefing_query = query if isinstance(query, BriefingQuery) else None
            return notices.build_not_found(str(error), error.nearest, briefing_query)

    async def get_page(
        self,
        query: Query,
        page_number: int,
        *,
        slot: Slot | None = None,
        sharable: bool = True,
        page_links: PageLinks | None = None,
    ) -> Message:
        """Return one page of the answer to `query`. Raises BriefingsError (also Busy) or TimeoutError."""
        answer = await self.get_answer(query, page_links)
        message = answer.pages.get((page_number, slot, sharable, page_links))
        if message is None:
            message = await self._call(
                lambda _: render_page(
                    answer.result, query, page_number, slot=slot, sharable=sharable, page_links=page_links
                )
            )
            answer.pages[page_number, slot, sharable, page_links] = message
        return message

    async def get_answer(self, query: Query, page_links: PageLinks | None = None) -> CachedAnswer:
        """Return the cached answer or a new one with its first page. Raises the same errors as `get_page`."""
        now = self._now()
        cached_answer = self._answers.get(query)
        if (
            cached_answer
            and cached_answer.stamp == self._stamp
            and now - self._checked_at < CHECK_SECONDS
            and now - cached_answer.created_at < TTL_SECONDS
        ):
            self._answers.move_to_end(query)
            return cached_answer
        task = self._in_progress.get(query)
        if task is None:
            task = self._in_progress[query] = asyncio.create_task(self._compose(query, page_links))
            task.add_done_callback(lambda finished_task: self._finish_task(query, finished_task))
        return await asyncio.shield(task)  # one cancelled caller must not cancel the others

    def _finish_task(self, query: Query, finished_task: asyncio.Task[CachedAnswer]) -> None:
        self._in_progress.pop(query, None)
        if not finished_task.cancelled():
            finished_task.exception()  # marks it as retrieved, so that asyncio does not warn if all callers are gone

    async def _compose(self, query: Query, page_links: PageLinks | None) -> CachedAnswer:
        now = self._now()
        cached_answer = self._answers.get(query)
        reusable_answer = cached_answer if cached_answer and now - cached_answer.created_at < TTL_SECONDS else None
        answer = await self._call(lambda service: _refresh_answer(service, query, reusable_answer, now, page_links))
        self._stamp, self._checked_at = answer.stamp, now
        self._answers[query] = answer
        self._answers.move_to_end(query)
        while len(self._answers) > MAX_ANSWERS:
            self._answers.popitem(last=False)
        return answer


def _refresh_answer(
    service: BriefingService,
    query: Query,
    reusable_answer: CachedAnswer | None,
    now: float,
    page_links: PageLinks | None,
) -> CachedAnswer:
    """Return `reusable_answer` if the articles are unchanged, else a new answer with its first page."""
    # read before the query: a change in between makes the new answer outdated, never an old one valid
    stamp = service.get_change_token()
    if reusable_answer and reusable_answer.stamp == stamp:
        return reusable_answer
    result = run_query(service, query)
    return CachedAnswer(
        query, result, stamp, now, {(0, None, True, page_links): render_page(result, query, 0, page_links=page_links)}
    )
