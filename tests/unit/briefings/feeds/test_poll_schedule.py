"""What fails is asked ever more rarely, and never beyond a bound; what is there is looked at for a month."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from briefings.feeds import polling

NOW = datetime(2016, 7, 1, tzinfo=UTC)
MINUTES = st.integers(polling.MIN_MINUTES, polling.MAX_MINUTES)


@given(MINUTES, st.integers(0, 1_000), st.none() | st.floats(0, 86_400))
def test_a_feed_waits_longer_with_each_failure_and_as_long_as_it_asks(
    minutes: int, failures: int, wait: float | None
) -> None:
    due, later = (polling.get_feed_due_at(NOW, minutes, number, wait) for number in (failures, failures + 1))
    assert NOW + timedelta(minutes=minutes) <= due <= later <= NOW + timedelta(days=7)
    assert due >= NOW + timedelta(seconds=wait or 0)


def test_a_page_is_looked_at_six_times_over_a_month() -> None:
    now, looks = NOW, 1
    while due := polling.get_page_due_at(now, looks):
        assert due > now
        now, looks = due, looks + 1
    assert looks == 7
    assert timedelta(days=28) < now - NOW < timedelta(days=31)


@given(st.integers(1, 1_000))
def test_a_page_that_never_was_an_article_is_given_up_and_one_that_was_is_not(failures: int) -> None:
    assert (polling.get_retry_due_at(NOW, failures, has_stored_article=False) is None) == (
        failures >= polling.MAX_FAILURES
    )
    due = polling.get_retry_due_at(NOW, failures, has_stored_article=True)
    assert due is not None
    assert NOW < due <= NOW + timedelta(days=7)


def test_a_page_is_gone_when_it_was_missing_for_long_and_often() -> None:
    long_ago, just_now = NOW - timedelta(days=2), NOW - timedelta(hours=1)
    assert polling.is_gone(NOW, long_ago, 3)
    assert not polling.is_gone(NOW, long_ago, 2)
    assert not polling.is_gone(NOW, just_now, 30)
