"""The day from which relative days are counted: the cases of `tests/cases/publication_dates.md` and random text."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.article import parse_article
from briefings.compose import compose
from briefings.facts import extract_facts, find_anchor
from briefings.model import Article, Slot, Span
from tests.support.articles import analyse_articles, make_article
from tests.support.case_files import Case, load_cases

STAMPS = st.lists(
    st.sampled_from(
        [
            *("Published ", "Last modified on ", "updated at ", "written by ", "29 Jun 2016", "1 Jan 0001", " 00.20"),
            *("12:30 a.m.", "25:61", "٣", "\n", " BST", "Wed ", "This article was "),
        ]
    )
).map("".join)


@pytest.mark.parametrize("case", load_cases("publication_dates"))
def test_relative_days_are_counted_from_the_stamp(case: Case) -> None:
    text, end = case.fragment, case.fragment.find("\n")
    sentence = Span(0, end if end >= 0 else len(text))
    parsed = parse_article(Article("a", text, published=date.fromisoformat(case.fields["published"])))
    facts = extract_facts(text, text, sentence, find_anchor(parsed))
    days = [f"{day.words.of(text)} = {day.day}" for day in facts.days]
    periods = [f"{period.words.of(text)} = {period.period.first}..{period.period.last}" for period in facts.periods]
    assert [*days, *periods] == case.expected


@given(st.one_of(st.text(), STAMPS), st.one_of(st.none(), st.dates()))
def test_random_text_keeps_the_anchor_near_the_given_date(text: str, day: date | None) -> None:
    anchor = find_anchor(Article("a", text, published=day))
    assert (anchor is None) == (day is None)
    if anchor and day:
        assert abs(anchor.day - day) <= timedelta(days=3)
        assert anchor.latest_day is None or anchor.day <= anchor.latest_day


def test_briefing_shows_an_open_day_as_a_range() -> None:
    stamp = "First published on Wed 29 Jun 2016 00.20 BST"
    text = f"Jane Roe spoke tonight to hundreds of members of the example party.\n{stamp}"
    briefing = compose("s", "S", analyse_articles(make_article(text, day=date(2016, 6, 29))), max_words=200)
    (line,) = briefing.get_slot_lines(Slot.TIMELINE) + briefing.get_slot_lines(Slot.STATUS)
    assert (line.day, line.date_words, line.note) == (None, "tonight", "between Tue 28 Jun and Wed 29 Jun 2016")
