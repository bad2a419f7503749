"""Requests are admitted whatever becomes of the database, and what comes together goes together."""

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

NEW, AGAIN = GateDecision(is_new=True), GateDecision(is_new=False)
ANNA = ("T1", "U1")


class FakeAdmission(RequestLog):
    """Notes what comes together; fails or waits when told."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()
        self.swept = 0

    def admit(self, requests: Sequence[Request]) -> list[GateDecision]:
        self.batches.append([one.key for one in requests])
        self.began.set()
        assert self.gate.wait(10)
        if self.error:
            raise self.error
        return [GateDecision(is_new=True, wait_seconds=7) for _ in requests]

    def release(self, key: str) -> None:
        raise DatabaseUnavailable(f"{key} is not given back")

    def delete_expired(self) -> None:
        self.swept += 1
        if self.error:
            raise self.error


@contextmanager
def gate(admission: RequestLog | None, clock: Clock, patience: float = 10) -> Iterator[RequestGate]:
    made = RequestGate(LocalRequestLog(RateLimit(20), clock), admission, patience)
    yield made
    made.close()


async def test_what_comes_while_a_transaction_runs_goes_into_the_next(clock: Clock) -> None:
    admission = FakeAdmission()
    admission.gate.clear()
    with gate(admission, clock) as made:
        first = asyncio.create_task(made.admit(Request("0")))
        assert await asyncio.to_thread(admission.began.wait, 10)
        rest = [asyncio.create_task(made.admit(Request(str(number)))) for number in range(1, 30)]
        await asyncio.sleep(0)
        admission.gate.set()
        verdicts = await asyncio.gather(first, *rest)
    assert admission.batches == [["0"], [str(number) for number in range(1, 30)]]
    assert set(verdicts) == {GateDecision(is_new=True, wait_seconds=7)}


async def test_a_request_this_process_has_seen_does_not_trouble_the_database(clock: Clock) -> None:
    admission = FakeAdmission()
    with gate(admission, clock) as made:
        assert [(await made.admit(Request("a"))).is_new for _ in range(3)] == [True, False, False]
    assert admission.batches == [["a"]]


async def test_without_the_database_this_process_decides(clock: Clock) -> None:
    """A database that fails: answered once, counted here, and logged without what was asked."""
    admission = FakeAdmission()
    admission.error = DatabaseUnavailable("The record at secret place cannot be used.")
    with gate(admission, clock) as made, structlog.testing.capture_logs() as logged:
        assert [await made.admit(Request("a")), await made.admit(Request("a"))] == [NEW, AGAIN]
        verdicts = [await made.admit(Request(str(number), ANNA)) for number in range(41)]
    assert verdicts == [NEW] * 40 + [GateDecision(is_new=True, wait_seconds=3)]
    assert {
        "event": "request not noted in the database",
        "error": "DatabaseUnavailable",
        "log_level": "error",
    } in logged
    assert "secret" not in str(logged)


async def test_a_database_that_hangs_holds_nobody_up(clock: Clock) -> None:
    admission = FakeAdmission()
    admission.gate.clear()
    with gate(admission, clock, patience=0.01) as made:
        assert await made.admit(Request("a")) == NEW
        admission.gate.set()


async def test_the_memory_of_one_process_is_bounded(clock: Clock) -> None:
    here = LocalRequestLog(RateLimit(20), clock, max_entries=3)
    for number in range(100):
        here.admit(Request(str(number), ("T1", str(number))))
    assert len(here._expiry_by_key) <= 4
    assert len(here._paid_until) <= 4


async def test_a_claim_that_is_given_back_is_new_again(clock: Clock, store: Store) -> None:
    """For this process and for every other; a database that fails stops nothing."""
    gate, other = (RequestGate(LocalRequestLog(RateLimit(20), clock), store.request_log) for _ in range(2))
    assert await gate.admit(Request("share:1")) == NEW
    assert await other.admit(Request("share:1")) == AGAIN
    await gate.release("share:1")
    assert await gate.admit(Request("share:1")) == NEW
    broken = RequestGate(LocalRequestLog(RateLimit(20), clock), FakeAdmission())
    await broken.release("share:1")
    for one in (gate, other, broken):
        one.close()


async def test_who_comes_while_the_gate_sweeps_does_not_wait_for_the_next(clock: Clock) -> None:
    """The sweep ends, and they are admitted."""
    admission = Sweeping()
    gate = RequestGate(LocalRequestLog(RateLimit(20), clock), admission, timeout=10)
    assert (await gate.admit(Request("one"))).is_new
    assert await asyncio.to_thread(admission.sweeping.wait, 10)
    second = asyncio.create_task(gate.admit(Request("two")))
    await asyncio.sleep(0)
    admission.go_on.set()
    assert (await second).is_new
    assert [key for batch in admission.batches for key in batch] == ["one", "two"]
    gate.close()


class Sweeping(FakeAdmission):
    """Stands in its sweep until told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.sweeping, self.go_on = threading.Event(), threading.Event()

    def delete_expired(self) -> None:
        self.sweeping.set()
        assert self.go_on.wait(10)
