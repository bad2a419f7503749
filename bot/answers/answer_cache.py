"""Answers that were composed a moment ago, so that a question asked by many is worked on once.

Rule: an answer is given again only while the record has not changed since it was asked, as far as was looked
`LOOKED_SECONDS` ago, and for `KEPT_SECONDS` at most. Who asks while it is composed waits for that. Errors are not kept.

From a question to the pages of its answer. Blocking and pure but for the desk.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from bot.links.urls import PageLinks
from bot.queries.queries import BriefingQuery, Query, parse_command
from bot.slack.blocks.citations import AnswerResult
from bot.slack.blocks.message import Message
from bot.slack.views import briefing, notices, who_said
from briefings import BadQuestion, Briefing, BriefingService, NothingFound


def run_query(service: BriefingService, query: Query) -> AnswerResult:
    """What the desk answers. Raises BriefingsError."""
    if isinstance(query, BriefingQuery):
        return service.brief(query.words, outlet=query.outlet, since=query.since, until=query.until)
    return service.who_said(
        query.words,
        by=query.by,
        about=query.about,
        outlet=query.outlet,
        since=query.since,
        until=query.until,
    )


def render_page(
    result: AnswerResult, query: Query, page_number: int, *, sharable: bool = True, page_links: PageLinks | None = None
) -> Message:
    """One page of an answer; 0 is the first that is shown. `pages` are where to read on, for those who may."""
    if isinstance(result, Briefing):
        return briefing.build_message(result, query.command_text, page_number, sharable=sharable, page_links=page_links)
    return who_said.build_message(result, query.command_text, page_number, sharable=sharable, page_links=page_links)


def parse_button_query(command_text: str, today: date) -> Query:
    """What a button's line asks. Raises BadQuestion for what none of ours says."""
    if query := parse_command(command_text, today):
        return query
    raise BadQuestion("This button belongs to an older answer: please ask again.")


T = TypeVar("T")

#: answers kept, the ones asked for last
MAX_ANSWERS = 200
#: seconds for which one is good, and for which it is believed that the record is as it was
TTL_SECONDS, CHECK_SECONDS = 300.0, 1.0


class ServiceCall(Protocol):
    """Works on the desk, off the event loop."""

    async def __call__(self, work: Callable[[BriefingService], T]) -> T:
        """What `work` makes of the desk."""


@dataclass(slots=True)
class CachedAnswer:
    """What was found, and the pages that were shown of it."""

    query: Query
    result: AnswerResult
    stamp: str
    created_at: float
    pages: dict[tuple[int, bool, PageLinks | None], Message] = field(default_factory=dict)


class AnswerCache:
    """Composes with `call`; `now` gives seconds. For one event loop."""

    def __init__(self, call: ServiceCall, now: Callable[[], float]) -> None:
        self._call = call
        self._now = now
        self._answers: OrderedDict[Query, CachedAnswer] = OrderedDict()
        self._in_progress: dict[Query, asyncio.Task[CachedAnswer]] = {}
        self._stamp, self._checked_at = "", float("-inf")

    async def get_first_page(
        self, query: Query, *, sharable: bool = True, page_links: PageLinks | None = None
    ) -> Message:
        """The first page; of a briefing on nothing that is held, what may have been meant. Raises as `page` does."""
        try:
            return await self.get_page(query, 0, sharable=sharable, page_links=page_links)
        except NothingFound as error:
            briefing_query = query if isinstance(query, BriefingQuery) else None
            return notices.build_not_found(str(error), error.nearest, briefing_query)

    async def get_page(
        self, query: Query, page_number: int, *, sharable: bool = True, page_links: PageLinks | None = None
    ) -> Message:
        """One page of the answer to `question`, linked to `pages`. Raises what the desk raises, Busy, TimeoutError."""
        answer = await self.get_answer(query, page_links)
        message = answer.pages.get((page_number, sharable, page_links))
        if message is None:
            message = await self._call(
                lambda _: render_page(answer.result, query, page_number, sharable=sharable, page_links=page_links)
            )
            answer.pages[page_number, sharable, page_links] = message
        return message

    async def get_answer(self, query: Query, page_links: PageLinks | None = None) -> CachedAnswer:
        """What was found, a moment ago or now; `pages` for its first page, if it is new. Raises as `page` does."""
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
        return await asyncio.shield(task)  # whoever gives up takes it from nobody else

    def _finish_task(self, query: Query, finished_task: asyncio.Task[CachedAnswer]) -> None:
        self._in_progress.pop(query, None)
        if not finished_task.cancelled():
            finished_task.exception()  # looked at, so that asyncio does not complain where everybody has given up waiting

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
    """`known` when the record is as it was, else a new answer with its first page."""
    stamp = (
        service.get_change_token()
    )  # before the question: what comes in between makes the answer old, never the other way round
    if reusable_answer and reusable_answer.stamp == stamp:
        return reusable_answer
    result = run_query(service, query)
    return CachedAnswer(
        query, result, stamp, now, {(0, True, page_links): render_page(result, query, 0, page_links=page_links)}
    )
