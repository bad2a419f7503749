"""What one person said at different times, or in other words, is not merged into one statement."""

from datetime import date

import pytest

from briefings.compose.people.utterances import group_statements
from briefings.model import Article, Kind, Quote, Span, Speaker

ROE = Speaker("Jane Roe", "mayor")
JUNE, NEXT_DAY, MARCH = date(2025, 6, 1), date(2025, 6, 2), date(2026, 3, 1)
LONG = "We will build the harbour wall again, whatever the sea may do to it"


def group(*reports: tuple[str, date | None, Kind], one_article: bool = False) -> list[list[str]]:
    """Return the words of each statement, the report to show first."""
    quotes = []
    for number, (words, day, kind) in enumerate(reports):
        text = f"Report {number}. “{words}” said Jane Roe."
        start = text.index(words)
        article = Article("a" if one_article else f"a{number}", text, f"Paper {number}", day)
        quotes.append((article, Quote((Span(start, start + len(words)),), None, None, ROE, kind, 0.9, "named")))
    return [[quote.span.of(article.text) for article, quote in statement] for statement in group_statements(quotes)]


@pytest.mark.parametrize(
    ("second_day", "count"), [(NEXT_DAY, 1), (MARCH, 2), (None, 1)], ids=["the next day", "months later", "undated"]
)
def test_a_few_words_said_again_months_later_are_two_statements(second_day: date | None, count: int) -> None:
    assert len(group(("No surrender", JUNE, Kind.DIRECT), ("No surrender", second_day, Kind.DIRECT))) == count


def test_a_slogan_said_every_other_day_is_not_one_statement_for_weeks() -> None:
    days = [date(2025, 6, day) for day in range(1, 29, 2)]
    assert len(group(*(("No surrender", day, Kind.DIRECT) for day in days))) == 4


def test_undated_reports_of_a_few_words_of_two_days_are_with_neither() -> None:
    days = (JUNE, None, MARCH)
    assert len(group(*(("No surrender", day, Kind.DIRECT) for day in days))) == 3


def test_a_few_words_of_a_long_statement_months_later_are_another_statement() -> None:
    part = "the harbour wall"
    assert len(group((LONG, JUNE, Kind.DIRECT), (part, NEXT_DAY, Kind.DIRECT))) == 1
    assert len(group((LONG, JUNE, Kind.DIRECT), (part, MARCH, Kind.DIRECT))) == 2


def test_a_long_statement_that_is_printed_again_months_later_is_one() -> None:
    assert len(group((LONG, JUNE, Kind.DIRECT), (LONG, MARCH, Kind.DIRECT))) == 1


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("She will be leaving her office, and I would like to thank her for all of it", "would like to stay", 2),
        ("We will not sell the old ferry", "We will not sell that old ferry", 1),
        (LONG, "We will build the harbour walls again, whatever the sea may do", 1),
    ],
)
def test_a_few_changed_words_are_no_other_wording_of_a_long_statement(first: str, second: str, count: int) -> None:
    assert len(group((first, JUNE, Kind.DIRECT), (second, JUNE, Kind.DIRECT))) == count


def test_a_quotation_is_shown_before_a_longer_paraphrase() -> None:
    paraphrase, words = "she would build the harbour wall again and again", "build the harbour wall again"
    assert group((paraphrase, JUNE, Kind.INDIRECT), (words, JUNE, Kind.DIRECT)) == [[words, paraphrase]]


def test_two_paraphrases_of_one_article_are_two_statements() -> None:
    first = "she had not talked of it with any of the other harbour officials"
    second = "she had not talked of it with any of the other harbour masters"
    reports = (first, JUNE, Kind.INDIRECT), (second, JUNE, Kind.INDIRECT)
    assert len(group(*reports, one_article=True)) == 2
    assert len(group(*reports)) == 1
