"""The request gate: works without the database, and batches concurrent requests."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.slack.transport.request_gate import LocalRequestLog, RequestGate
from bot.storage.request_log import GateDecision, RateLimit, Request, RequestLog
from bot.storage.store import Store
from briefings.errors import DatabaseUnavailable
from tests.unit.bot.storage.conftest import Clock

NEW, DUPLICATE = GateDecision(is_new=True), GateDecision(is_new=False)
ANNA = ("T1", "U1")


class FakeRequestLog(RequestLog):
    """Records its batches. Fails with `error`, and waits for `gate`."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.started = threading.Event()

    def admit(self, requests: Sequence[Request]) -> list[GateDecision]:
        self.batches.append([request.key for request in requests])
        self.started.set()
        assert self.gate.wait(10)
        if self.error:
            raise self.error
        return [GateDecision(is_new=True, wait_seconds=7) for _ in requests]

    def release(self, key: str) -> None:
        raise DatabaseUnavailable(f"{key} is not released")

    def delete_expired(self) -> None:
        if self.error:
            raise self.error


@contextmanager
def open_gate(request_log: RequestLog | None, clock: Clock, timeout: float = 10) -> Iterator[RequestGate]:
    gate = RequestGate(LocalRequestLog(RateLimit(20), clock), request_log, timeout)
    yield gate
    gate.close()


async def test_requests_during_a_transaction_go_into_the_next_one(clock: Clock) -> None:
    request_log = FakeRequestLog()
    request_log.gate.clear()
    with open_gate(request_log, clock) as gate:
        first_task = asyncio.create_task(gate.admit(Request("0")))
        assert await asyncio.to_thread(request_log.started.wait, 10)
        other_tasks = [asyncio.create_task(gate.admit(Request(str(number)))) for number in range(1, 30)]
        await asyncio.sleep(0)
        request_log.gate.set()
        decisions = await asyncio.gather(first_task, *other_tasks)
    assert request_log.batches == [["0"], [str(number) for number in range(1, 30)]]
    assert set(decisions) == {GateDecision(is_new=True, wait_seconds=7)}


async def test_repeated_request_does_not_reach_the_database(clock: Clock) -> None:
    request_log = FakeRequestLog()
    with open_gate(request_log, clock) as gate:
        assert [(await gate.admit(Request("a"))).is_new for _ in range(3)] == [True, False, False]
    assert request_log.batches == [["a"]]


async def test_local_log_decides_when_the_database_fails(clock: Clock) -> None:
    """Deduplication and rate limit still work, and the log contains no secret."""
    request_log = FakeRequestLog()
    request_log.error = DatabaseUnavailable("The database at secret place cannot be used.")
    with open_gate(request_log, clock) as gate, structlog.testing.capture_logs() as log_entries:
        assert [await gate.admit(Request("a")), await gate.admit(Request("a"))] == [NEW, DUPLICATE]
        decisions = [await gate.admit(Request(str(number), ANNA)) for number in range(41)]
    assert decisions == [NEW] * 40 + [GateDecision(is_new=True, wait_seconds=3)]
    assert {
        "event": "request log write failed",
        "error": "DatabaseUnavailable",
        "log_level": "error",
    } in log_entries
    assert "secret" not in str(log_entries)


async def test_hanging_database_does_not_delay_requests(clock: Clock) -> None:
    request_log = FakeRequestLog()
    request_log.gate.clear()
    with open_gate(request_log, clock, timeout=0.01) as gate:
        assert await gate.admit(Request("a")) == NEW
        request_log.gate.set()


async def test_local_log_is_bounded(clock: Clock) -> None:
    local_log = LocalRequestLog(RateLimit(20), clock, max_entries=3)
    for number in range(100):
        local_log.admit(Request(str(number), ("T1", str(number))))
    assert len(local_log._expiry_by_key) <= 4
    assert len(local_log._paid_until) <= 4


async def test_released_key_is_new_again(clock: Clock, store: Store) -> None:
    """Also for other replicas. A failing database raises nothing."""
    gate, other_gate = (RequestGate(LocalRequestLog(RateLimit(20), clock), store.request_log) for _ in range(2))
    assert await gate.admit(Request("share:1")) == NEW
    assert await other_gate.admit(Request("share:1")) == DUPLICATE
    await gate.release("share:1")
    assert await gate.admit(Request("share:1")) == NEW
    broken_gate = RequestGate(LocalRequestLog(RateLimit(20), clock), FakeRequestLog())
    await broken_gate.release("share:1")
    for opened_gate in (gate, other_gate, broken_gate):
        opened_gate.close()


async def test_request_during_a_cleanup_is_admitted_after_it(clock: Clock) -> None:
    request_log = SlowCleanupRequestLog()
    gate = RequestGate(LocalRequestLog(RateLimit(20), clock), request_log, timeout=10)
    assert (await gate.admit(Request("one"))).is_new
    assert await asyncio.to_thread(request_log.cleanup_started.wait, 10)
    second_task = asyncio.create_task(gate.admit(Request("two")))
    await asyncio.sleep(0)
    request_log.cleanup_allowed.set()
    assert (await second_task).is_new
    assert [key for batch in request_log.batches for key in batch] == ["one", "two"]
    gate.close()


class SlowCleanupRequestLog(FakeRequestLog):
    """Waits in its cleanup for `cleanup_allowed`."""

    def __init__(self) -> None:
        super().__init__()
        self.cleanup_started, self.cleanup_allowed = threading.Event(), threading.Event()

    def delete_expired(self) -> None:
        self.cleanup_started.set()
        assert self.cleanup_allowed.wait(10)
