"""The answer cache: expiry, changes of the articles, equal questions at once, and errors."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.answers import answer_cache
from bot.answers.answer_cache import AnswerCache
from bot.queries.queries import BriefingQuery, Query, WhoSaidQuery
from bot.slack.blocks.citations import AnswerResult
from briefings.errors import NothingFound
from briefings.service.service import BriefingService
from briefings.storage.integrity.damage import report_damage
from tests.stand_ins.briefing_service import FakeBriefingService

T = TypeVar("T")
TOPIC = BriefingQuery("labour-crisis")


class FakeClock:
    """A clock that a test sets."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class CacheSetup:
    """A cache with its clock and its fake service, and the number of calls to the service."""

    def __init__(self) -> None:
        self.service, self.clock, self.call_count = FakeBriefingService(), FakeClock(), 0
        self.cache = AnswerCache(self.call, self.clock)

    async def call(self, work: Callable[[BriefingService], T]) -> T:
        self.call_count += 1
        await asyncio.sleep(0)
        return work(self.service)


@pytest.fixture
def cache_setup() -> CacheSetup:
    return CacheSetup()


async def test_equal_questions_at_once_are_computed_once(cache_setup: CacheSetup) -> None:
    pages = await asyncio.gather(*(cache_setup.cache.get_page(TOPIC, 0) for _ in range(40)))
    assert all(page is pages[0] for page in pages)
    assert cache_setup.service.queries == ["labour-crisis"]


async def test_cached_answer_is_used_until_the_articles_change(cache_setup: CacheSetup) -> None:
    """Checks are at least a second apart. An answer is computed again only if the articles have changed."""
    await cache_setup.cache.get_page(TOPIC, 0)
    cache_setup.clock.seconds += answer_cache.CHECK_SECONDS / 2
    await cache_setup.cache.get_page(TOPIC, 0)
    assert cache_setup.call_count == 1
    cache_setup.clock.seconds += answer_cache.CHECK_SECONDS
    await cache_setup.cache.get_page(TOPIC, 0)
    assert (cache_setup.call_count, cache_setup.service.queries) == (2, ["labour-crisis"])
    cache_setup.service.change_token = "changed"
    cache_setup.clock.seconds += answer_cache.CHECK_SECONDS
    await cache_setup.cache.get_page(TOPIC, 0)
    assert cache_setup.service.queries == ["labour-crisis"] * 2


async def test_change_noticed_by_another_question_expires_the_answer(cache_setup: CacheSetup) -> None:
    await cache_setup.cache.get_page(TOPIC, 0)
    cache_setup.service.change_token = "changed"
    await cache_setup.cache.get_page(WhoSaidQuery("lynch-mob"), 0)
    await cache_setup.cache.get_page(TOPIC, 0)
    assert cache_setup.service.queries == ["labour-crisis", "lynch-mob", "labour-crisis"]


async def test_cached_answer_expires(cache_setup: CacheSetup) -> None:
    await cache_setup.cache.get_page(TOPIC, 0)
    cache_setup.clock.seconds += answer_cache.TTL_SECONDS
    await cache_setup.cache.get_page(TOPIC, 0)
    assert cache_setup.service.queries == ["labour-crisis"] * 2


async def test_full_cache_removes_the_least_recently_used_answer(cache_setup: CacheSetup) -> None:
    for number in range(answer_cache.MAX_ANSWERS + 1):
        await cache_setup.cache.get_answer(WhoSaidQuery(f"words {number}"))
    cache_setup.service.queries.clear()
    await cache_setup.cache.get_answer(WhoSaidQuery(f"words {answer_cache.MAX_ANSWERS}"))
    await cache_setup.cache.get_answer(WhoSaidQuery("words 0"))
    assert cache_setup.service.queries == ["words 0"]


async def test_error_reaches_all_callers_and_is_not_cached(cache_setup: CacheSetup) -> None:
    unknown = BriefingQuery("unknown")
    errors = await asyncio.gather(*(cache_setup.cache.get_page(unknown, 0) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in errors] == [NothingFound] * 3
    assert cache_setup.service.queries == ["unknown"]
    with pytest.raises(NothingFound):
        await cache_setup.cache.get_page(unknown, 0)
    assert cache_setup.service.queries == ["unknown"] * 2


async def test_cancelled_caller_does_not_cancel_the_others(cache_setup: CacheSetup) -> None:
    cancelled_task, other_task = (asyncio.create_task(cache_setup.cache.get_page(TOPIC, 0)) for _ in range(2))
    await asyncio.sleep(0)
    cancelled_task.cancel()
    assert (await other_task).text
    assert cache_setup.service.queries == ["labour-crisis"]


async def test_answer_says_how_many_damaged_articles_it_leaves_out(
    cache_setup: CacheSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_query = answer_cache.run_query

    def read_damage(service: BriefingService, query: Query) -> AnswerResult:
        report_damage("a", "text differs from its hash")
        if query == WhoSaidQuery("nothing"):
            raise NothingFound("No article contains “nothing”.")
        return run_query(service, query)

    monkeypatch.setattr(answer_cache, "run_query", read_damage)
    assert "1 article is left out: damaged in the database." in (await cache_setup.cache.get_page(TOPIC, 0)).text
    with pytest.raises(NothingFound, match="1 article is left out: damaged in the database"):
        await cache_setup.cache.get_page(WhoSaidQuery("nothing"), 0)
