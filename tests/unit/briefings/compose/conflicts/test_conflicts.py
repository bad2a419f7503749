"""Differences are about one thing, and each note names the kind of difference."""

from datetime import date

import pytest

from briefings.compose import compose
from briefings.model import Article, Line, Slot
from tests.support.articles import analyse_articles, make_article

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)


def find_differences(*articles: Article) -> list[Line]:
    return list(compose("s", "S", analyse_articles(*articles), max_words=1000).get_slot_lines(Slot.DIFFERENCES))


def find_notes(first: str, second: str, days: tuple[date | None, date | None] = (MONDAY, MONDAY)) -> list[str | None]:
    lines = find_differences(make_article(first, "a", day=days[0]), make_article(second, "b", "The Post", days[1]))
    return [line.note for line in lines]


def test_money_is_not_compared_with_people() -> None:
    money = "The Romanian government pledged 150,000 euro for victims of the tsunami in Asia."
    people = "The tsunami in Asia claimed 155,000 victims, the Romanian government said of the relief."
    assert find_notes(money, people) == []


@pytest.mark.parametrize(
    ("first", "second", "note"),
    [
        ("Almost 60% of the members", "60% of the members", "same figure; one source rounds it"),
        ("More than 60% of the members", "60% of the members", "same figure; only one source says “more than”"),
        ("60% of the members", "62% of the members", "60% or 62%? (may be counts at different times)"),
    ],
)
def test_roundings_bounds_and_counts_have_different_notes(first: str, second: str, note: str) -> None:
    assert find_notes(f"{first} backed the leader of the party.", f"{second} backed the leader of the party.") == [note]


@pytest.mark.parametrize(("first", "second"), [("about", "about"), ("about", "some")])
def test_same_figure_with_two_hedges_is_not_a_difference(first: str, second: str) -> None:
    text = "There were {} 7,000 soldiers of the army in the valley that day."
    assert find_notes(text.format(first), text.format(second)) == []


def test_higher_count_in_the_later_article_is_noted() -> None:
    text = "The petition for the leader has {} signatures."
    (note,) = find_notes(text.format("140,000"), text.format("150,000"), (MONDAY, TUESDAY))
    assert note == "140,000 or 150,000? (the later article has the higher count)"
    (note,) = find_notes(text.format("150,000"), text.format("140,000"), (MONDAY, TUESDAY))
    assert note == "150,000 or 140,000? (may be counts at different times)"


def test_figures_with_others_of_their_kind_are_not_compared() -> None:
    first = "In the poll of the party Roe had 21 percent, Doe 17 percent and Poe 14 percent."
    second = "In the poll of the party Roe had 20 percent, Doe 16 percent and Poe 12 percent."
    assert find_notes(first, second) == []


def test_event_expected_on_one_day_and_done_on_another_has_its_own_note() -> None:
    text = "The members of the example party {} the new constitution and its long annex in their Manchester hall on {}."
    (note,) = find_notes(
        text.format("are expected to adopt", "Monday"),
        text.format("adopted", "Tuesday"),
        (date(2016, 6, 25), date(2016, 6, 29)),
    )
    assert note == "expected for Mon 27 Jun 2016 in one, reported as done on Tue 28 Jun 2016 in the other"


def test_equal_counts_are_no_difference_even_if_one_is_approximate() -> None:
    text = "There were {} soldiers of the army in the valley that day."
    assert find_notes(text.format("about 7,000"), text.format("7,000")) == []


def test_numbers_of_web_addresses_are_not_compared() -> None:
    text = "The petition for the leader of the party is at paper.example, news, leader, petition {} there."
    assert find_notes(text.format("683284"), text.format("682142")) == []


def test_anniversary_is_another_event() -> None:
    assert (
        find_notes(
            "The vote of the members on the constitution of the example party took place on Monday.",
            "The anniversary of the vote of the members on the constitution of the example party was on Tuesday.",
            (TUESDAY, TUESDAY),
        )
        == []
    )
