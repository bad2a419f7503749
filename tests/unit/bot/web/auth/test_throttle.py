"""Tests of the page throttle: rate per reader, and concurrent pages."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from bot.web.auth.throttle import MAX_CONCURRENT, MAX_WAITING, PageThrottle, RateLimitExceeded, TooManyPages
from tests.support.clock import Clock


async def open_pages(throttle: PageThrottle, times: int, reader: str = "pages:U1") -> int:
    """Open pages until the limit; return how many were allowed."""
    for number in range(times):
        try:
            await throttle.check_rate(("T1", reader))
        except RateLimitExceeded:
            return number
    return times


async def test_replicas_share_one_rate_per_reader(tmp_path: Path) -> None:
    clock = Clock()
    database_url = f"sqlite:///{tmp_path}/record.db"
    with (
        closing(open_store(database_url, RateLimit(20), clock)) as first_store,
        closing(open_store(database_url, RateLimit(20), clock)) as second_store,
    ):
        first, second = (
            PageThrottle(clock, first_store.database, RateLimit(5)),
            PageThrottle(clock, second_store.database, RateLimit(5)),
        )
        assert [await open_pages(first, 6), await open_pages(second, 9), await open_pages(first, 1)] == [6, 4, 0]
        assert await open_pages(second, 1, "pages:U2") == 1
        with pytest.raises(RateLimitExceeded) as error:
            await second.check_rate(("T1", "pages:U1"))
        assert error.value.seconds == 12
        clock.advance(12)
        assert await open_pages(second, 2) == 1
        assert second.limited_count == 3
        first.close()
        second.close()


async def test_process_counts_locally_without_a_working_database(tmp_path: Path) -> None:
    """This applies to a missing database and to a failing one."""
    clock = Clock()
    local = PageThrottle(clock, None, RateLimit(5))
    assert await open_pages(local, 20) == 10
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as store:
        store.database.write(lambda db: db.exec_driver_sql("DROP TABLE asked"))
        broken_throttle = PageThrottle(clock, store.database, RateLimit(5))
        assert await open_pages(broken_throttle, 20) == 10
        broken_throttle.close()
    local.close()


async def test_pages_wait_for_a_slot_and_a_full_queue_refuses_more() -> None:
    throttle, gate, active_pages = PageThrottle(Clock()), asyncio.Event(), []

    async def load_page() -> None:
        async with throttle.acquire_slot():
            active_pages.append(1)
            await gate.wait()

    tasks = [asyncio.create_task(load_page()) for _ in range(MAX_CONCURRENT + MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyPages):
        await load_page()
    assert len(active_pages) == MAX_CONCURRENT
    gate.set()
    await asyncio.gather(*tasks)
    assert len(active_pages) == MAX_CONCURRENT + MAX_WAITING
    throttle.close()
