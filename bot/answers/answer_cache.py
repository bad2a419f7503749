"""Runs queries, renders their pages, and caches the answers, so that equal questions are computed once.

Rule: an answer leaves out the sources that its channel mutes, and says so. Channels that mute different sources have
different answers.
Rule: a cached answer is valid for TTL_SECONDS and while the stored articles and the topics are unchanged. Changes of
articles are noticed within CHECK_SECONDS. Equal questions at the same time wait for one computation. Errors are not
cached.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, TypeVar

from bot.answers.current_topics import load_topics_key
from bot.answers.left_out import FindLeftOut, LeftOut, add_left_out_note, leave_out_nothing
from bot.answers.person_answers import render_person_page, run_person_query
from bot.answers.question_reader import QuestionReader
from bot.links.urls import PageLinks
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import BriefingQuery, NewsQuery, Query, WhoSaidQuery, parse_command
from bot.slack.blocks.citations import AnswerResult
from bot.slack.blocks.message import Message, add_note
from bot.slack.views import briefing, news, notices, question_line, who_said
from briefings import (
    BadQuestion,
    Briefing,
    BriefingService,
    NewsBriefing,
    NothingFound,
    Slot,
    WhoSaid,
)
from briefings.storage import collect_damage

T = TypeVar("T")
#: most cached answers; the least recently used one is removed first
MAX_ANSWERS = 200
#: seconds until a cached answer expires, and between two checks whether the stored articles have changed
TTL_SECONDS, CHECK_SECONDS = 300.0, 1.0


@dataclass(frozen=True, slots=True)
class _CacheKey:
    """What an answer depends on besides the articles: the record and topics, the question, and what is left out."""

    topics: str
    query: Query
    left_out: LeftOut


def run_query(service: BriefingService, query: Query) -> AnswerResult:
    """Return the service's answer to a query. Blocks. Raises BriefingsError."""
    if isinstance(query, BriefingQuery):
        return service.brief(query.words, outlet=query.outlet, since=query.since, until=query.until, relax=True)
    if isinstance(query, TimelineQuery | ComparisonQuery):
        return run_person_query(service, query)
    if isinstance(query, NewsQuery):
        return service.news.get_news(query.since, query.until, outlet=query.outlet)
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
    note: str = "",
) -> Message:
    """Return one page of an answer, counted from 0; with `slot`, of this slot of a briefing.

    `page_links` builds links to the web pages; None for no links. `note` is a line of markup below the answer.
    """
    message = _render_answer(result, query, page_number, slot=slot, sharable=sharable, page_links=page_links)
    return add_note(message, note) if note else message


def _render_answer(
    result: AnswerResult,
    query: Query,
    page_number: int,
    *,
    slot: Slot | None,
    sharable: bool,
    page_links: PageLinks | None,
) -> Message:
    if isinstance(result, NewsBriefing) and isinstance(query, NewsQuery):
        return news.build_message(result, query, page_number, sharable=sharable)
    if isinstance(result, Briefing):
        message = briefing.build_message(
            result,
            query.command_text,
            page_number,
            slot=slot,
            sharable=sharable,
            page_links=page_links,
            wider_queries=question_line.list_wider_queries(query, result.dropped_filters),
            page_params=query.page_params if isinstance(query, BriefingQuery) else {},
        )
        return question_line.add_filters(message, result)
    if not isinstance(result, WhoSaid):
        return render_person_page(result, query, page_number, sharable=sharable, page_links=page_links)
    return who_said.build_message(
        result,
        query.command_text,
        page_number,
        sharable=sharable,
        page_links=page_links,
        wider_queries=question_line.list_wider_queries(query, result.dropped),
        has_timeline=isinstance(query, WhoSaidQuery) and query.by is not None,
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
    left_out: LeftOut
    result: AnswerResult
    stamp: str
    created_at: float
    pages: dict[tuple[int, Slot | None, bool, PageLinks | None], Message] = field(default_factory=dict)


class AnswerCache:
    """Cache of answers. `call` runs queries, `now` returns seconds. For one event loop."""

    def __init__(
        self, call: ServiceCall, now: Callable[[], float], find_left_out: FindLeftOut = leave_out_nothing
    ) -> None:
        self._call = call
        self._now = now
        #: finds what the answer to the current request leaves out
        self.find_left_out = find_left_out
        #: reads typed questions
        self.questions = QuestionReader(call, now, find_left_out)
        self._answers: OrderedDict[_CacheKey, CachedAnswer] = OrderedDict()
        self._in_progress: dict[_CacheKey, asyncio.Task[CachedAnswer]] = {}
        #: the change token of the articles, and when it was read, by record and topics
        self._checks: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def get_first_page(
        self, query: Query, *, sharable: bool = True, page_links: PageLinks | None = None
    ) -> Message:
        """Return the first page, or suggestions if nothing matches. Raises the same other errors as `get_page`."""
        try:
            return await self.get_page(query, 0, sharable=sharable, page_links=page_links)
        except NothingFound as error:
            briefing_query = query if isinstance(query, BriefingQuery) else None
            message = notices.build_not_found(str(error), error.nearest, briefing_query)
            return await add_left_out_note(message, self.find_left_out)

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
                    answer.result,
                    query,
                    page_number,
                    slot=slot,
                    sharable=sharable,
                    page_links=page_links,
                    note=answer.left_out.note,
                )
            )
            answer.pages[page_number, slot, sharable, page_links] = message
        return message

    async def get_answer(self, query: Query, page_links: PageLinks | None = None) -> CachedAnswer:
        """Return the cached answer or a new one with its first page. Raises the same errors as `get_page`."""
        key = _CacheKey(await load_topics_key(), query, await self.find_left_out())
        now = self._now()
        cached_answer = self._answers.get(key)
        stamp, checked_at = self._checks.get(key.topics, ("", float("-inf")))
        if (
            cached_answer
            and cached_answer.stamp == stamp
            and now - checked_at < CHECK_SECONDS
            and now - cached_answer.created_at < TTL_SECONDS
        ):
            self._answers.move_to_end(key)
            return cached_answer
        task = self._in_progress.get(key)
        if task is None:
            task = self._in_progress[key] = asyncio.create_task(self._compose(key, page_links))
            task.add_done_callback(lambda finished_task: self._finish_task(key, finished_task))
        return await asyncio.shield(task)  # one cancelled caller must not cancel the others

    def _finish_task(self, key: _CacheKey, finished_task: asyncio.Task[CachedAnswer]) -> None:
        self._in_progress.pop(key, None)
        if not finished_task.cancelled():
            finished_task.exception()  # marks it as retrieved, so that asyncio does not warn if all callers are gone

    async def _compose(self, key: _CacheKey, page_links: PageLinks | None) -> CachedAnswer:
        now = self._now()
        cached_answer = self._answers.get(key)
        reusable_answer = cached_answer if cached_answer and now - cached_answer.created_at < TTL_SECONDS else None
        answer = await self._call(lambda service: _refresh_answer(service, key, reusable_answer, now, page_links))
        self._checks[key.topics] = answer.stamp, now
        self._checks.move_to_end(key.topics)
        while len(self._checks) > MAX_ANSWERS:
            self._checks.popitem(last=False)
        self._answers[key] = answer
        self._answers.move_to_end(key)
        while len(self._answers) > MAX_ANSWERS:
            self._answers.popitem(last=False)
        return answer


def _refresh_answer(
    service: BriefingService,
    key: _CacheKey,
    reusable_answer: CachedAnswer | None,
    now: float,
    page_links: PageLinks | None,
) -> CachedAnswer:
    """Return `reusable_answer` if the articles are unchanged, else a new answer with its first page."""
    # read before the query: a change in between makes the new answer outdated, never an old one valid
    stamp = service.get_change_token()
    if reusable_answer and reusable_answer.stamp == stamp:
        return reusable_answer
    query, left_out = key.query, key.left_out
    with collect_damage() as problems:
        try:
            result = run_query(service.leave_out(left_out.sources) if left_out.sources else service, query)
        except NothingFound as error:
            if not problems:
                raise
            raise NothingFound(f"{error} {build_damage_note(len(problems))}", error.nearest) from error
    if problems:
        left_out = replace(left_out, note=" ".join(filter(None, (left_out.note, build_damage_note(len(problems))))))
    first_page = render_page(result, query, 0, page_links=page_links, note=left_out.note)
    return CachedAnswer(query, left_out, result, stamp, now, {(0, None, True, page_links): first_page})


def build_damage_note(count: int) -> str:
    """Return the sentence about articles that an answer leaves out because they are damaged."""
    articles = "1 article is" if count == 1 else f"{count} articles are"
    return f"{articles} left out: damaged in the database. Ask an admin to run `ontherecord doctor --repair`."
