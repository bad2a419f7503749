"""How often, and how many at once."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from bot.web.auth.throttle import MAX_CONCURRENT, MAX_WAITING, PageThrottle, RateLimitExceeded, TooManyPages
from tests.support.clock import Clock


async def pays(pace: PageThrottle, times: int, who: str = "pages:U1") -> int:
    """How many of so many pages one gets."""
    for number in range(times):
        try:
            await pace.check_rate(("T1", who))
        except RateLimitExceeded:
            return number
    return times


async def test_one_reader_has_one_rate_on_every_copy_of_the_bot(tmp_path: Path) -> None:
    clock = Clock()
    address = f"sqlite:///{tmp_path}/record.db"
    with (
        closing(open_store(address, RateLimit(20), clock)) as one,
        closing(open_store(address, RateLimit(20), clock)) as other,
    ):
        first, second = (
            PageThrottle(clock, one.database, RateLimit(5)),
            PageThrottle(clock, other.database, RateLimit(5)),
        )
        assert [await pays(first, 6), await pays(second, 9), await pays(first, 1)] == [6, 4, 0]
        assert await pays(second, 1, "pages:U2") == 1
        with pytest.raises(RateLimitExceeded) as refused:
            await second.check_rate(("T1", "pages:U1"))
        assert refused.value.seconds == 12
        clock.move(12)
        assert await pays(second, 2) == 1
        assert second.limited_count == 3
        first.close()
        second.close()


async def test_without_a_database_a_process_counts_alone_and_one_that_fails_takes_no_page_away(tmp_path: Path) -> None:
    clock = Clock()
    alone = PageThrottle(clock, None, RateLimit(5))
    assert await pays(alone, 20) == 10
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as store:
        store.database.write(lambda db: db.exec_driver_sql("DROP TABLE asked"))
        broken = PageThrottle(clock, store.database, RateLimit(5))
        assert await pays(broken, 20) == 10
        broken.close()
    alone.close()


async def test_pages_wait_for_each_other_and_too_many_are_sent_away() -> None:
    pace, gate, under_way = PageThrottle(Clock()), asyncio.Event(), []

    async def page() -> None:
        async with pace.acquire_slot():
            under_way.append(1)
            await gate.wait()

    waiting = [asyncio.create_task(page()) for _ in range(MAX_CONCURRENT + MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyPages):
        await page()
    assert len(under_way) == MAX_CONCURRENT
    gate.set()
    await asyncio.gather(*waiting)
    assert len(under_way) == MAX_CONCURRENT + MAX_WAITING
    pace.close()
