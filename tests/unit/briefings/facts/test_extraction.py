"""Facts of a sentence: figures (cases in `tests/cases/figures.md`), days, periods, and whether it has happened."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.facts import Anchor, Quantity, QuantityKind, extract_facts, find_figures, find_single_day
from briefings.model import Span
from tests.support.case_files import Case, load_cases

TUESDAY = Anchor(date(2016, 6, 28), "b")
NUMBERS = st.lists(st.sampled_from(["about", "1", "23", ",", "456", ".", "%", " per cent", "£", " ", "x", "٣"])).map(
    "".join
)


def list_periods(sentence: str, anchor: Anchor | None = TUESDAY, before: str = "") -> list[str]:
    """List the periods of `sentence` after the sentence `before`: words, first and last day, anchor."""
    text = f"{before} {sentence}"
    previous_day = find_single_day(text, Span(0, len(before)), anchor)
    facts = extract_facts(text, text, Span(len(before) + 1, len(text)), anchor, previous_day)
    return [f"{p.words.of(text)} = {p.period.first}..{p.period.last} by {p.anchor}" for p in facts.periods]


def list_days(sentence: str, anchor: Anchor | None = TUESDAY) -> list[str]:
    facts = extract_facts(sentence, sentence, Span(0, len(sentence)), anchor)
    return [f"{day.words.of(sentence)} = {day.day} by {day.anchor}" for day in facts.days]


def is_expected(sentence: str) -> bool:
    return extract_facts(sentence, sentence, Span(0, len(sentence)), TUESDAY).is_expected


@pytest.mark.parametrize("case", load_cases("figures"))
def test_figures_of_a_sentence(case: Case) -> None:
    text = case.fragment
    figures = [f"{f.value_span.of(text)} = {_format_value(f)}" for f in find_figures(text, Span(0, len(text)))]
    assert figures == case.expected


@given(st.one_of(st.text(st.characters()), NUMBERS))
def test_random_text_gives_figures_in_order_within_the_text(text: str) -> None:
    end = 0
    for figure in find_figures(text, Span(0, len(text))):
        assert end <= figure.span.start < figure.span.end <= len(text)
        assert figure.span.covers(figure.value_span)
        assert figure.kind is QuantityKind.PERCENT or max(figure.values) >= 100
        end = figure.span.end


def _format_value(figure: Quantity) -> str:
    values = " to ".join(f"{value:.10g}" for value in figure.values)
    return f"{values}{' %' if figure.kind is QuantityKind.PERCENT else ''}"


def test_weekday_is_counted_from_the_articles_own_date() -> None:
    assert list_days("The MPs voted on Friday.") == ["on Friday = 2016-06-24 by b"]


def test_full_date_needs_no_anchor() -> None:
    assert list_days("The MPs voted on 24 June 2016.") == ["on 24 June 2016 = 2016-06-24 by "]


def test_another_articles_date_gives_only_the_year() -> None:
    foreign_anchor = Anchor(date(2016, 6, 30), "c", is_own=False)
    assert list_days("They polled on 23 June; on Friday they woke, and yesterday.", foreign_anchor) == [
        "on 23 June = 2016-06-23 by c"
    ]


def test_without_an_anchor_only_full_dates_resolve() -> None:
    assert list_days("They polled on 23 June, on Friday, on 1 July 2016.", None) == ["on 1 July 2016 = 2016-07-01 by "]


@pytest.mark.parametrize(
    "sentence",
    [
        "He was accused of failing to get voters to the polls on Thursday.",
        "After the vote on Friday he stayed.",
        "MPs have resigned since Sunday.",
        "He stays until Friday.",
        "He leads the party following the result on Friday.",
    ],
)
def test_background_day_does_not_count(sentence: str) -> None:
    assert list_days(sentence) == []


def test_day_of_a_statement_counts() -> None:
    assert list_days("The MPs lost, media reports said on Tuesday.") == ["on Tuesday = 2016-06-28 by b"]


@pytest.mark.parametrize(
    "sentence",
    ["She is expected to announce a bid.", "The vote is due on Monday.", "MPs are set to vote.", "He hopes to stay."],
)
def test_future_event_is_expected(sentence: str) -> None:
    assert is_expected(sentence)


@pytest.mark.parametrize("sentence", ["She announced a bid.", "He willed it.", "The goodwill is gone.", "MPs voted."])
def test_past_event_is_not_expected(sentence: str) -> None:
    assert not is_expected(sentence)


def test_quoted_promise_is_not_a_fact() -> None:
    text = 'He said: "I will stay on Friday."'
    view = text[:10] + " " * (len(text) - 11) + text[-1]
    facts = extract_facts(text, view, Span(0, len(text)), TUESDAY)
    assert (facts.is_expected, facts.days) == (False, ())


def test_future_weekday_is_the_next_one_and_past_weekday_the_last_one() -> None:
    assert list_days("The vote, which is expected to be held on Monday, could be lost.") == [
        "on Monday = 2016-07-04 by b"
    ]
    assert list_days("On Friday, MPs are expected to vote.") == ["On Friday = 2016-07-01 by b"]
    assert list_days("MPs, who voted on Monday, will meet.") == ["on Monday = 2016-06-27 by b"]
    assert list_days("On Monday, Roe said that she will resign.") == ["On Monday = 2016-06-27 by b"]


def test_period_keeps_its_first_and_last_day() -> None:
    assert list_periods("The MPs met last week.") == ["last week = 2016-06-20..2016-06-26 by b"]
    assert list_periods("The party is expected to meet in September.") == ["in September = 2016-09-01..2016-09-30 by b"]


def test_period_is_counted_only_from_the_articles_own_date() -> None:
    foreign_anchor = Anchor(date(2016, 6, 30), "c", is_own=False)
    for anchor in (None, foreign_anchor):
        assert list_periods("The MPs met last week, in May, on the 28th.", anchor) == []
        assert list_periods("The MPs met in May 2016.", anchor) == ["in May 2016 = 2016-05-01..2016-05-31 by "]


@pytest.mark.parametrize(
    "sentence",
    [
        "MPs have resigned since last week.",
        "After the defeat in May he stayed.",
        "Last week’s vote was close.",
        "He is the leader who was elected in September.",
        "More of them signed than in May.",
        "He was accused of failing to campaign in May.",
    ],
)
def test_background_period_does_not_count(sentence: str) -> None:
    assert list_periods(sentence) == []


def test_the_day_before_is_counted_from_the_only_day_of_the_previous_sentence() -> None:
    expected = ["The day before = 2016-06-23..2016-06-23 by b"]
    assert list_periods("The day before, the polls were open.", before="The MPs met on Friday.") == expected
    expected = ["The day before = 2016-06-23..2016-06-23 by "]
    assert list_periods("The day before, the polls were open.", None, "The MPs met on 24 June 2016.") == expected


@pytest.mark.parametrize(
    "before",
    [
        "The MPs met.",
        "The MPs met on Friday and voted on Monday.",
        "The MPs met on Monday after the vote on Friday.",
        "After the vote on Friday the MPs met.",
    ],
)
def test_the_day_before_stays_open_after_a_sentence_with_no_day_or_several(before: str) -> None:
    assert list_periods("The day before, the polls were open.", before=before) == []


def test_quoted_period_is_not_a_fact() -> None:
    text = 'He said: "I stayed last week."'
    view = text[:10] + " " * (len(text) - 11) + text[-1]
    assert extract_facts(text, view, Span(0, len(text)), TUESDAY).periods == ()


def test_days_go_before_periods_and_several_periods_stay_open() -> None:
    def list_time_words(text: str) -> list[str]:
        return [time.words.of(text) for time in extract_facts(text, text, Span(0, len(text)), TUESDAY).time_references]

    assert list_time_words("They met last week, on Friday.") == ["on Friday"]
    assert list_time_words("They met last week.") == ["last week"]
    assert list_time_words("They met last week and in May.") == []


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("The MPs voted in February.", ["2016-02-01"]),
        ("In November, the MPs told reporters of it.", ["2015-11-01"]),
        ("The MPs will vote in February.", ["2017-02-01"]),
        ("The MPs are up for election in November.", []),
        ("The leader declared in May she plans to run.", []),
    ],
)
def test_month_without_a_year_follows_the_tense_or_stays_open(sentence: str, first: list[str]) -> None:
    facts = extract_facts(sentence, sentence, Span(0, len(sentence)), TUESDAY)
    assert [period.period.first.isoformat() for period in facts.periods] == first


def test_list_of_years_is_not_a_period() -> None:
    assert list_periods("The MPs voted in 2004 and 2008.") == []
