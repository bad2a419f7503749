"""The request log: each key is accepted once and each user is charged once, across replicas."""

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

NEW, DUPLICATE = GateDecision(is_new=True), GateDecision(is_new=False)
ANNA, BERT = ("T1", "U1"), ("T1", "U2")


def test_key_is_new_once_in_ten_minutes(store: Store, clock: Clock) -> None:
    assert store.request_log.admit([Request("a"), Request("b"), Request("a")]) == [NEW, NEW, DUPLICATE]
    clock.seconds += slack_limits.DEDUPLICATION_SECONDS - 1
    assert store.request_log.admit([Request("a")]) == [DUPLICATE]
    clock.seconds += 1
    assert store.request_log.admit([Request("a")]) == [NEW]


def test_racing_replicas_accept_each_key_once(address: str, clock: Clock) -> None:
    """Four replicas insert forty keys at once, in both orders. Each key is new in exactly one of them."""
    stores = [open_store(address, RateLimit(20), clock) for _ in range(4)]
    keys = [str(number) for number in range(40)]
    new_keys: list[str] = []
    start = threading.Barrier(4)

    def race(store: Store, order: list[str]) -> None:
        start.wait(10)
        for half in (order[:20], order[20:]):
            decisions = store.request_log.admit([Request(key) for key in half])
            new_keys.extend(key for key, decision in zip(half, decisions, strict=True) if decision.is_new)

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
    assert sorted(new_keys) == sorted(keys)


def test_burst_is_two_minutes_of_questions_then_one_every_three_seconds(store: Store, clock: Clock) -> None:
    keys = iter(range(1000))

    def ask(count: int) -> list[int]:
        return [
            decision.wait_seconds
            for decision in store.request_log.admit([Request(str(next(keys)), ANNA) for _ in range(count)])
        ]

    assert ask(41) == [0] * 40 + [3]
    assert ask(1) == [3]  # a rejected question costs nothing
    clock.seconds += 1
    assert ask(1) == [2]
    clock.seconds += 2
    assert ask(2) == [0, 3]
    assert store.request_log.admit([Request("from Bert", BERT)]) == [NEW]
    clock.seconds += 120
    assert ask(41) == [0] * 40 + [3]


def test_repeated_request_costs_nothing(store: Store, clock: Clock) -> None:
    store.request_log.admit([Request("a", ANNA)] * 100)
    (paid_until,) = store.database.read(lambda db: db.execute(select(rate_limits.c.paid_until)).scalars().all())
    assert paid_until == clock.seconds + 3


def test_replicas_share_a_users_rate_limit(address: str, clock: Clock) -> None:
    with (
        closing(open_store(address, RateLimit(20), clock)) as first_store,
        closing(open_store(address, RateLimit(20), clock)) as second_store,
    ):
        first_store.request_log.admit([Request(f"first {number}", ANNA) for number in range(30)])
        decisions = second_store.request_log.admit([Request(f"second {number}", ANNA) for number in range(12)])
    assert [decision.wait_seconds for decision in decisions] == [0] * 10 + [3] * 2


def test_expired_rows_are_deleted(store: Store, clock: Clock) -> None:
    store.request_log.admit([Request("a", ANNA), Request("b")])
    clock.seconds += slack_limits.DEDUPLICATION_SECONDS
    store.request_log.admit([Request("c", BERT)])
    store.request_log.delete_expired()
    for table in (handled_requests, rate_limits):
        assert store.database.read(lambda db, of=table: db.execute(select(func.count()).select_from(of)).scalar()) == 1


@given(per_minute=st.integers(1, 600), gaps=st.lists(st.floats(0, 90), max_size=60))
def test_rate_is_never_exceeded_and_the_announced_wait_is_enough(per_minute: int, gaps: list[float]) -> None:
    rate, now, paid_until, allowed_count = RateLimit(per_minute), 0.0, 0.0, 0
    for gap in gaps:
        now += gap
        if rate.count_allowed(paid_until, now, 1):
            paid_until, allowed_count = max(paid_until, now) + rate.interval, allowed_count + 1
        else:
            wait = rate.compute_wait(paid_until, now)
            assert 1 <= wait <= rate.interval + 1
            assert rate.count_allowed(paid_until, now + wait, 1) == 1
    assert allowed_count <= per_minute * (BURST_MINUTES + now / 60) + 1


def test_clock_that_was_ahead_causes_no_wait(store: Store, clock: Clock) -> None:
    """A charge from a clock that was a day ahead is ignored after the clock is corrected."""
    clock.seconds += 86_400
    assert store.request_log.admit([Request("ahead", ANNA)]) == [NEW]
    clock.seconds -= 86_400
    assert store.request_log.admit([Request("right", ANNA)]) == [NEW]
