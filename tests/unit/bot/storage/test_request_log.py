"""Requests are claimed once and people pay for their questions, whichever replica they come to."""

import threading
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.core import slack_limits
from bot.storage.request_log import BURST_MINUTES, GateDecision, RateLimit, Request
from bot.storage.schema import handled_requests, rate_limits
from bot.storage.store import Store, open_store
from tests.unit.bot.storage.conftest import Clock

NEW, AGAIN = GateDecision(is_new=True), GateDecision(is_new=False)
ANNA, BERT = ("T1", "U1"), ("T1", "U2")


def test_a_key_is_new_once_in_ten_minutes(store: Store, clock: Clock) -> None:
    assert store.request_log.admit([Request("a"), Request("b"), Request("a")]) == [NEW, NEW, AGAIN]
    clock.seconds += slack_limits.DEDUPLICATION_SECONDS - 1
    assert store.request_log.admit([Request("a")]) == [AGAIN]
    clock.seconds += 1
    assert store.request_log.admit([Request("a")]) == [NEW]


def test_replicas_that_race_for_a_key_get_it_once(address: str, clock: Clock) -> None:
    """Forty keys in both orders from four replicas at once: each key is new to one of them."""
    stores = [open_store(address, RateLimit(20), clock) for _ in range(4)]
    keys = [str(number) for number in range(40)]
    new: list[str] = []
    start = threading.Barrier(4)

    def race(store: Store, order: list[str]) -> None:
        start.wait(10)
        for half in (order[:20], order[20:]):
            verdicts = store.request_log.admit([Request(key) for key in half])
            new.extend(key for key, verdict in zip(half, verdicts, strict=True) if verdict.is_new)

    threads = [
        threading.Thread(target=race, args=(store, keys[:: 1 if number % 2 else -1]))
        for number, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for store in stores:
        store.close()
    assert sorted(new) == sorted(keys)


def test_a_person_may_ask_two_minutes_worth_at_once_and_then_one_every_three_seconds(
    store: Store, clock: Clock
) -> None:
    keys = iter(range(1000))

    def ask(count: int) -> list[int]:
        return [
            verdict.wait_seconds
            for verdict in store.request_log.admit([Request(str(next(keys)), ANNA) for _ in range(count)])
        ]

    assert ask(41) == [0] * 40 + [3]
    assert ask(1) == [3]  # what is refused costs nothing
    clock.seconds += 1
    assert ask(1) == [2]
    clock.seconds += 2
    assert ask(2) == [0, 3]
    assert store.request_log.admit([Request("of Bert", BERT)]) == [NEW]
    clock.seconds += 120
    assert ask(41) == [0] * 40 + [3]


def test_a_repeated_request_costs_nothing(store: Store, clock: Clock) -> None:
    store.request_log.admit([Request("a", ANNA)] * 100)
    (paid,) = store.database.read(lambda db: db.execute(select(rate_limits.c.paid_until)).scalars().all())
    assert paid == clock.seconds + 3


def test_replicas_count_one_persons_questions_together(address: str, clock: Clock) -> None:
    with (
        closing(open_store(address, RateLimit(20), clock)) as one,
        closing(open_store(address, RateLimit(20), clock)) as other,
    ):
        one.request_log.admit([Request(f"one {number}", ANNA) for number in range(30)])
        verdicts = other.request_log.admit([Request(f"other {number}", ANNA) for number in range(12)])
    assert [verdict.wait_seconds for verdict in verdicts] == [0] * 10 + [3] * 2


def test_what_need_not_be_remembered_is_swept(store: Store, clock: Clock) -> None:
    store.request_log.admit([Request("a", ANNA), Request("b")])
    clock.seconds += slack_limits.DEDUPLICATION_SECONDS
    store.request_log.admit([Request("c", BERT)])
    store.request_log.delete_expired()
    for table in (handled_requests, rate_limits):
        assert store.database.read(lambda db, of=table: db.execute(select(func.count()).select_from(of)).scalar()) == 1


@given(per_minute=st.integers(1, 600), gaps=st.lists(st.floats(0, 90), max_size=60))
def test_nobody_asks_more_than_the_rate_and_its_burst_and_who_waits_as_told_is_served(
    per_minute: int, gaps: list[float]
) -> None:
    rate, now, paid, free = RateLimit(per_minute), 0.0, 0.0, 0
    for gap in gaps:
        now += gap
        if rate.count_allowed(paid, now, 1):
            paid, free = max(paid, now) + rate.interval, free + 1
        else:
            wait = rate.compute_wait(paid, now)
            assert 1 <= wait <= rate.interval + 1
            assert rate.count_allowed(paid, now + wait, 1) == 1
    assert free <= per_minute * (BURST_MINUTES + now / 60) + 1


def test_a_clock_that_was_ahead_keeps_nobody_waiting(store: Store, clock: Clock) -> None:
    """What was paid while a clock stood a day ahead is not waited for when it is right again."""
    clock.seconds += 86_400
    assert store.request_log.admit([Request("ahead", ANNA)]) == [NEW]
    clock.seconds -= 86_400
    assert store.request_log.admit([Request("right", ANNA)]) == [NEW]
