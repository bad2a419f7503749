"""The work of an acknowledgement ends before Slack stops waiting."""

import asyncio

import pytest

from bot.core import ack_deadline
from bot.core.ack_deadline import limit_to_ack, start_ack_deadline


async def test_time_before_the_work_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ack_deadline, "_MARGIN_SECONDS", 2.9)
    start_ack_deadline()
    await asyncio.sleep(0.1)
    with pytest.raises(TimeoutError):
        async with limit_to_ack():
            await asyncio.sleep(0.01)


async def test_without_a_request_the_work_has_its_whole_time() -> None:
    async with limit_to_ack() as limit:
        when = limit.when()
    assert when is not None
    assert 2 < when - asyncio.get_running_loop().time() < 3


async def test_deadline_of_a_request_does_not_reach_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle() -> None:
        monkeypatch.setattr(ack_deadline, "_MARGIN_SECONDS", 3.0)
        start_ack_deadline()

    await asyncio.create_task(handle())
    monkeypatch.setattr(ack_deadline, "_MARGIN_SECONDS", 0.6)
    async with limit_to_ack():
        await asyncio.sleep(0.01)
