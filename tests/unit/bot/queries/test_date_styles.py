"""Dates as people type them in a chat, and text that is no date."""

from datetime import date

import pytest

from bot.queries.filters import parse_days

TODAY = date(2026, 3, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("25.6.2025", "2025-06-25", "2025-06-25"),
        ("25/06/25", "2025-06-25", "2025-06-25"),
        ("6-25-2025", "2025-06-25", "2025-06-25"),
        ("25.6.", "2025-06-25", "2025-06-25"),
        ("1.3.", "2026-03-01", "2026-03-01"),
        ("2025-06", "2025-06-01", "2025-06-30"),
        ("12/2024", "2024-12-01", "2024-12-31"),
        ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("25. Juni 2025", "2025-06-25", "2025-06-25"),
        ("3. März", "2026-03-03", "2026-03-03"),
        ("the 25th of June", "2025-06-25", "2025-06-25"),
        ("Sept. 2025", "2025-09-01", "2025-09-30"),
        ("june '25", "2025-06-01", "2025-06-30"),
        ("June", "2025-06-01", "2025-06-30"),
        ("thurs", "2026-03-12", "2026-03-12"),
        ("past 48 hours", "2026-03-16", "2026-03-18"),
        ("last fortnight", "2026-03-04", "2026-03-18"),
        ("past month", "2026-02-16", "2026-03-18"),
        ("last month", "2026-02-01", "2026-02-28"),
        ("the last couple of weeks", "2026-03-04", "2026-03-18"),
        ("over the weekend", "2026-03-14", "2026-03-15"),
        ("tomorrow", "2026-03-19", "2026-03-19"),
    ],
)
def test_date_is_read_in_every_style(text: str, first: str, last: str) -> None:
    period = parse_days(text, TODAY)
    assert period is not None
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "31.2.2025",
        "13/13/2025",
        "2025-13",
        "0/0/0000",
        "99.99.",
        "Q5 2025",
        "the summer",
        "last",
        "³.6.2025",
        "junk '25",
    ],
)
def test_text_that_is_no_date_gives_none(text: str) -> None:
    assert parse_days(text, TODAY) is None
