"""Failures back off up to a maximum interval; available pages are visited for a month."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from briefings.feeds import polling

NOW = datetime(2016, 7, 1, tzinfo=UTC)
MINUTES = st.integers(polling.MIN_MINUTES, polling.MAX_MINUTES)


@given(MINUTES, st.integers(0, 1_000), st.none() | st.floats(0, 86_400))
def test_feed_backs_off_with_each_failure_and_respects_retry_after(
    minutes: int, failures: int, wait: float | None
) -> None:
    due_at, later_due_at = (polling.get_feed_due_at(NOW, minutes, number, wait) for number in (failures, failures + 1))
    assert NOW + timedelta(minutes=minutes) <= due_at <= later_due_at <= NOW + timedelta(days=7)
    assert due_at >= NOW + timedelta(seconds=wait or 0)


def test_page_is_visited_six_times_over_a_month() -> None:
    now, looks = NOW, 1
    while due_at := polling.get_page_due_at(now, looks):
        assert due_at > now
        now, looks = due_at, looks + 1
    assert looks == 7
    assert timedelta(days=28) < now - NOW < timedelta(days=31)


@given(st.integers(1, 1_000))
def test_only_a_page_without_a_stored_article_is_abandoned(failures: int) -> None:
    assert (polling.get_retry_due_at(NOW, failures, has_stored_article=False) is None) == (
        failures >= polling.MAX_FAILURES
    )
    due_at = polling.get_retry_due_at(NOW, failures, has_stored_article=True)
    assert due_at is not None
    assert NOW < due_at <= NOW + timedelta(days=7)


def test_page_is_gone_after_two_days_and_three_failures() -> None:
    long_ago, just_now = NOW - timedelta(days=2), NOW - timedelta(hours=1)
    assert polling.is_gone(NOW, long_ago, 3)
    assert not polling.is_gone(NOW, long_ago, 2)
    assert not polling.is_gone(NOW, just_now, 30)
