"""Answers that were composed a moment ago, so that a question asked by many is worked on once.

Rule: an answer is given again only while the record has not changed since it was asked, as far as was looked
`LOOKED_SECONDS` ago, and for `KEPT_SECONDS` at most. Who asks while it is composed waits for that. Errors are not kept.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from bot import answers
from bot.ask import BriefingAsk, Question
from bot.blocks import notices
from bot.blocks.cited import Found
from bot.blocks.message import Message
from bot.blocks.pages import Pages
from briefings.desk import Desk
from briefings.errors import NothingFound

T = TypeVar("T")

#: answers kept, the ones asked for last
MOST = 200
#: seconds for which one is good, and for which it is believed that the record is as it was
KEPT_SECONDS, LOOKED_SECONDS = 300.0, 1.0


class Call(Protocol):
    """Works on the desk, off the event loop."""

    async def __call__(self, work: Callable[[Desk], T]) -> T:
        """What `work` makes of the desk."""


@dataclass(slots=True)
class Answer:
    """What was found, and the pages that were shown of it."""

    question: Question
    found: Found
    stamp: str
    at: float
    pages: dict[tuple[int, bool, Pages | None], Message] = field(default_factory=dict)


class Composed:
    """Composes with `call`; `now` gives seconds. For one event loop."""

    def __init__(self, call: Call, now: Callable[[], float]) -> None:
        self._call = call
        self._now = now
        self._kept: OrderedDict[Question, Answer] = OrderedDict()
        self._under_way: dict[Question, asyncio.Task[Answer]] = {}
        self._stamp, self._looked = "", float("-inf")

    async def first(self, question: Question, *, sharable: bool = True, pages: Pages | None = None) -> Message:
        """The first page; of a briefing on nothing that is held, what may have been meant. Raises as `page` does."""
        try:
            return await self.page(question, 0, sharable=sharable, pages=pages)
        except NothingFound as error:
            asked = question if isinstance(question, BriefingAsk) else None
            return notices.nothing_found(str(error), error.nearest, asked)

    async def page(
        self, question: Question, number: int, *, sharable: bool = True, pages: Pages | None = None
    ) -> Message:
        """One page of the answer to `question`, linked to `pages`. Raises what the desk raises, Busy, TimeoutError."""
        answer = await self.answer(question, pages)
        shown = answer.pages.get((number, sharable, pages))
        if shown is None:
            shown = await self._call(
                lambda _: answers.page(answer.found, question, number, sharable=sharable, pages=pages)
            )
            answer.pages[number, sharable, pages] = shown
        return shown

    async def answer(self, question: Question, pages: Pages | None = None) -> Answer:
        """What was found, a moment ago or now; `pages` for its first page, if it is new. Raises as `page` does."""
        now = self._now()
        kept = self._kept.get(question)
        if kept and kept.stamp == self._stamp and now - self._looked < LOOKED_SECONDS and now - kept.at < KEPT_SECONDS:
            self._kept.move_to_end(question)
            return kept
        task = self._under_way.get(question)
        if task is None:
            task = self._under_way[question] = asyncio.create_task(self._composed(question, pages))
            task.add_done_callback(lambda done: self._ended(question, done))
        return await asyncio.shield(task)  # whoever gives up takes it from nobody else

    def _ended(self, question: Question, done: asyncio.Task[Answer]) -> None:
        self._under_way.pop(question, None)
        if not done.cancelled():
            done.exception()  # looked at, so that asyncio does not complain where everybody has given up waiting

    async def _composed(self, question: Question, pages: Pages | None) -> Answer:
        now = self._now()
        kept = self._kept.get(question)
        known = kept if kept and now - kept.at < KEPT_SECONDS else None
        answer = await self._call(lambda desk: _renewed(desk, question, known, now, pages))
        self._stamp, self._looked = answer.stamp, now
        self._kept[question] = answer
        self._kept.move_to_end(question)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return answer


def _renewed(desk: Desk, question: Question, known: Answer | None, now: float, pages: Pages | None) -> Answer:
    """`known` when the record is as it was, else a new answer with its first page."""
    stamp = desk.changed()  # before the question: what comes in between makes the answer old, never the other way round
    if known and known.stamp == stamp:
        return known
    found = answers.found(desk, question)
    return Answer(question, found, stamp, now, {(0, True, pages): answers.page(found, question, 0, pages=pages)})
