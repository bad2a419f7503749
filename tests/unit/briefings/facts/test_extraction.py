"""What a sentence tells: its figures (cases in `tests/cases/figures.md`), its days, and whether it has happened yet."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.facts import Anchor, Quantity, QuantityKind, extract_facts, find_figures, find_single_day
from briefings.model import Span
from tests.support.case_files import Case, cases

TUESDAY = Anchor(date(2016, 6, 28), "b")
NUMBERS = st.lists(st.sampled_from(["about", "1", "23", ",", "456", ".", "%", " per cent", "£", " ", "x", "٣"])).map(
    "".join
)


def periods(sentence: str, anchor: Anchor | None = TUESDAY, before: str = "") -> list[str]:
    """What `sentence` tells of when it follows `before`: words, first and last day, anchor."""
    text = f"{before} {sentence}"
    told = find_single_day(text, Span(0, len(before)), anchor)
    found = extract_facts(text, text, Span(len(before) + 1, len(text)), anchor, told)
    return [f"{p.words.of(text)} = {p.period.first}..{p.period.last} by {p.anchor}" for p in found.periods]


def days(sentence: str, anchor: Anchor | None = TUESDAY) -> list[str]:
    found = extract_facts(sentence, sentence, Span(0, len(sentence)), anchor)
    return [f"{day.words.of(sentence)} = {day.day} by {day.anchor}" for day in found.days]


def is_expected(sentence: str) -> bool:
    return extract_facts(sentence, sentence, Span(0, len(sentence)), TUESDAY).is_expected


@pytest.mark.parametrize("case", cases("figures"))
def test_the_figures_of_a_sentence(case: Case) -> None:
    text = case.fragment
    found = [f"{f.value_span.of(text)} = {_spelt(f)}" for f in find_figures(text, Span(0, len(text)))]
    assert found == case.expected


@given(st.one_of(st.text(st.characters()), NUMBERS))
def test_any_text_gives_figures_in_order_within_it(text: str) -> None:
    end = 0
    for figure in find_figures(text, Span(0, len(text))):
        assert end <= figure.span.start < figure.span.end <= len(text)
        assert figure.span.covers(figure.value_span)
        assert figure.kind is QuantityKind.PERCENT or max(figure.values) >= 100
        end = figure.span.end


def _spelt(figure: Quantity) -> str:
    values = " to ".join(f"{value:.10g}" for value in figure.values)
    return f"{values}{' %' if figure.kind is QuantityKind.PERCENT else ''}"


def test_a_day_is_counted_from_the_articles_own() -> None:
    assert days("The MPs voted on Friday.") == ["on Friday = 2016-06-24 by b"]


def test_a_full_date_has_no_anchor() -> None:
    assert days("The MPs voted on 24 June 2016.") == ["on 24 June 2016 = 2016-06-24 by "]


def test_another_articles_day_gives_the_year_alone() -> None:
    borrowed = Anchor(date(2016, 6, 30), "c", is_own=False)
    assert days("They polled on 23 June; on Friday they woke, and yesterday.", borrowed) == [
        "on 23 June = 2016-06-23 by c"
    ]


def test_without_any_day_only_full_dates_are_known() -> None:
    assert days("They polled on 23 June, on Friday, on 1 July 2016.", None) == ["on 1 July 2016 = 2016-07-01 by "]


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
def test_a_day_that_is_only_referred_to_is_not_told_of(sentence: str) -> None:
    assert days(sentence) == []


def test_the_day_of_saying_is_told_of() -> None:
    assert days("The MPs lost, media reports said on Tuesday.") == ["on Tuesday = 2016-06-28 by b"]


@pytest.mark.parametrize(
    "sentence",
    ["She is expected to announce a bid.", "The vote is due on Monday.", "MPs are set to vote.", "He hopes to stay."],
)
def test_what_is_to_come_is_expected(sentence: str) -> None:
    assert is_expected(sentence)


@pytest.mark.parametrize("sentence", ["She announced a bid.", "He willed it.", "The goodwill is gone.", "MPs voted."])
def test_what_happened_is_not(sentence: str) -> None:
    assert not is_expected(sentence)


def test_a_quoted_promise_is_nobodys_news() -> None:
    text = 'He said: "I will stay on Friday."'
    view = text[:10] + " " * (len(text) - 11) + text[-1]
    found = extract_facts(text, view, Span(0, len(text)), TUESDAY)
    assert (found.is_expected, found.days) == (False, ())


def test_a_day_ahead_is_the_next_one_and_a_past_one_beside_it_the_last() -> None:
    assert days("The vote, which is expected to be held on Monday, could be lost.") == ["on Monday = 2016-07-04 by b"]
    assert days("On Friday, MPs are expected to vote.") == ["On Friday = 2016-07-01 by b"]
    assert days("MPs, who voted on Monday, will meet.") == ["on Monday = 2016-06-27 by b"]


def test_a_period_keeps_its_first_and_its_last_day() -> None:
    assert periods("The MPs met last week.") == ["last week = 2016-06-20..2016-06-26 by b"]
    assert periods("The party is expected to meet in September.") == ["in September = 2016-09-01..2016-09-30 by b"]


def test_a_period_is_counted_from_the_articles_own_day_alone() -> None:
    borrowed = Anchor(date(2016, 6, 30), "c", is_own=False)
    for anchor in (None, borrowed):
        assert periods("The MPs met last week, in May, on the 28th.", anchor) == []
        assert periods("The MPs met in May 2016.", anchor) == ["in May 2016 = 2016-05-01..2016-05-31 by "]


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
def test_a_period_that_is_only_referred_to_is_not_told_of(sentence: str) -> None:
    assert periods(sentence) == []


def test_the_day_before_is_counted_from_the_one_day_that_the_sentence_before_names() -> None:
    found = ["The day before = 2016-06-23..2016-06-23 by b"]
    assert periods("The day before, the polls were open.", before="The MPs met on Friday.") == found
    exact = ["The day before = 2016-06-23..2016-06-23 by "]
    assert periods("The day before, the polls were open.", None, "The MPs met on 24 June 2016.") == exact


@pytest.mark.parametrize(
    "before",
    [
        "The MPs met.",
        "The MPs met on Friday and voted on Monday.",
        "The MPs met on Monday after the vote on Friday.",
        "After the vote on Friday the MPs met.",
    ],
)
def test_the_day_before_stays_open_where_none_or_several_are_named(before: str) -> None:
    assert periods("The day before, the polls were open.", before=before) == []


def test_a_quoted_period_is_nobodys_news() -> None:
    text = 'He said: "I stayed last week."'
    view = text[:10] + " " * (len(text) - 11) + text[-1]
    assert extract_facts(text, view, Span(0, len(text)), TUESDAY).periods == ()


def test_days_go_before_periods_and_several_periods_leave_it_open() -> None:
    def when(text: str) -> list[str]:
        return [each.words.of(text) for each in extract_facts(text, text, Span(0, len(text)), TUESDAY).time_references]

    assert when("They met last week, on Friday.") == ["on Friday"]
    assert when("They met last week.") == ["last week"]
    assert when("They met last week and in May.") == []


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
def test_a_month_without_a_year_is_the_one_that_the_tense_tells_or_stays_open(sentence: str, first: list[str]) -> None:
    facts = extract_facts(sentence, sentence, Span(0, len(sentence)), TUESDAY)
    assert [period.period.first.isoformat() for period in facts.periods] == first


def test_years_in_a_row_are_no_period() -> None:
    assert periods("The MPs voted in 2004 and 2008.") == []
