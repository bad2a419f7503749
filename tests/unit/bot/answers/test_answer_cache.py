"""Answers that are given again: while the record stands, for a while, and to all who ask at once."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.answers import answer_cache
from bot.answers.answer_cache import AnswerCache
from bot.queries.queries import BriefingQuery, WhoSaidQuery
from briefings.errors import NothingFound
from briefings.service.service import BriefingService
from tests.stand_ins.briefing_service import FakeBriefingService

T = TypeVar("T")
TOPIC = BriefingQuery("labour-crisis")


class Clock:
    """Seconds, as told."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class Under:
    """A cache over a desk that notes what it is asked."""

    def __init__(self) -> None:
        self.desk, self.now, self.calls = FakeBriefingService(), Clock(), 0
        self.composed = AnswerCache(self.call, self.now)

    async def call(self, work: Callable[[BriefingService], T]) -> T:
        self.calls += 1
        await asyncio.sleep(0)
        return work(self.desk)


@pytest.fixture
def under() -> Under:
    return Under()


async def test_who_asks_at_once_is_answered_by_one_composition(under: Under) -> None:
    pages = await asyncio.gather(*(under.composed.get_page(TOPIC, 0) for _ in range(40)))
    assert all(page is pages[0] for page in pages)
    assert under.desk.asked == ["labour-crisis"]


async def test_within_a_second_nothing_is_looked_at(under: Under) -> None:
    """Then whether the record has changed, and only when it has the answer is composed anew."""
    await under.composed.get_page(TOPIC, 0)
    under.now.seconds += answer_cache.CHECK_SECONDS / 2
    await under.composed.get_page(TOPIC, 0)
    assert under.calls == 1
    under.now.seconds += answer_cache.CHECK_SECONDS
    await under.composed.get_page(TOPIC, 0)
    assert (under.calls, under.desk.asked) == (2, ["labour-crisis"])
    under.desk.stamp = "changed"
    under.now.seconds += answer_cache.CHECK_SECONDS
    await under.composed.get_page(TOPIC, 0)
    assert under.desk.asked == ["labour-crisis"] * 2


async def test_another_answer_that_saw_the_change_makes_this_one_old(under: Under) -> None:
    await under.composed.get_page(TOPIC, 0)
    under.desk.stamp = "changed"
    await under.composed.get_page(WhoSaidQuery("lynch-mob"), 0)
    await under.composed.get_page(TOPIC, 0)
    assert under.desk.asked == ["labour-crisis", "lynch-mob", "labour-crisis"]


async def test_nothing_is_kept_for_longer_than_its_time(under: Under) -> None:
    await under.composed.get_page(TOPIC, 0)
    under.now.seconds += answer_cache.TTL_SECONDS
    await under.composed.get_page(TOPIC, 0)
    assert under.desk.asked == ["labour-crisis"] * 2


async def test_the_cache_is_bounded_and_forgets_what_was_asked_for_longest_ago(under: Under) -> None:
    for number in range(answer_cache.MAX_ANSWERS + 1):
        await under.composed.get_answer(WhoSaidQuery(f"words {number}"))
    under.desk.asked.clear()
    await under.composed.get_answer(WhoSaidQuery(f"words {answer_cache.MAX_ANSWERS}"))
    await under.composed.get_answer(WhoSaidQuery("words 0"))
    assert under.desk.asked == ["words 0"]


async def test_errors_are_told_to_all_who_wait_and_not_kept(under: Under) -> None:
    unknown = BriefingQuery("unknown")
    told = await asyncio.gather(*(under.composed.get_page(unknown, 0) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in told] == [NothingFound] * 3
    assert under.desk.asked == ["unknown"]
    with pytest.raises(NothingFound):
        await under.composed.get_page(unknown, 0)
    assert under.desk.asked == ["unknown"] * 2


async def test_who_gives_up_takes_the_answer_from_nobody_else(under: Under) -> None:
    waits, other = (asyncio.create_task(under.composed.get_page(TOPIC, 0)) for _ in range(2))
    await asyncio.sleep(0)
    waits.cancel()
    assert (await other).text
    assert under.desk.asked == ["labour-crisis"]
