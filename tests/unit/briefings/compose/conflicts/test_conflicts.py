"""Differences are of one thing, and each is called what it is."""

from datetime import date

import pytest

from briefings.compose import compose
from briefings.model import Article, Line, Slot
from tests.support.articles import article, read_articles

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)


def differences(*articles: Article) -> list[Line]:
    return list(compose("s", "S", read_articles(*articles), max_words=1000).get_slot_lines(Slot.DIFFERENCES))


def notes(one: str, other: str, days: tuple[date | None, date | None] = (MONDAY, MONDAY)) -> list[str | None]:
    found = differences(article(one, "a", day=days[0]), article(other, "b", "The Post", days[1]))
    return [line.note for line in found]


def test_money_is_never_held_against_people() -> None:
    pledged = "The Romanian government pledged 150,000 euro for victims of the tsunami in Asia."
    claimed = "The tsunami in Asia claimed 155,000 victims, the Romanian government said of the relief."
    assert notes(pledged, claimed) == []


@pytest.mark.parametrize(
    ("one", "other", "note"),
    [
        ("Almost 60% of the members", "60% of the members", "the same figure, rounded in one of the two"),
        ("More than 60% of the members", "60% of the members", "the same figure, with “more than” in one of the two"),
        ("60% of the members", "62% of the members", "two figures; one may be the later count"),
    ],
)
def test_roundings_bounds_and_counts_are_told_apart(one: str, other: str, note: str) -> None:
    assert notes(f"{one} backed the leader of the party.", f"{other} backed the leader of the party.") == [note]


@pytest.mark.parametrize(("one", "other"), [("about", "about"), ("about", "some")])
def test_one_figure_hedged_twice_is_no_difference(one: str, other: str) -> None:
    text = "There were {} 7,000 soldiers of the army in the valley that day."
    assert notes(text.format(one), text.format(other)) == []


def test_the_higher_count_of_the_later_article_says_so() -> None:
    text = "The petition for the leader has {} signatures."
    (note,) = notes(text.format("140,000"), text.format("150,000"), (MONDAY, TUESDAY))
    assert note == "two figures; the higher one is from the later article"
    (note,) = notes(text.format("150,000"), text.format("140,000"), (MONDAY, TUESDAY))
    assert note == "two figures; one may be the later count"


def test_figures_among_others_of_their_kind_are_not_held_against_each_other() -> None:
    one = "In the poll of the party Roe had 21 percent, Doe 17 percent and Poe 14 percent."
    other = "In the poll of the party Roe had 20 percent, Doe 16 percent and Poe 12 percent."
    assert notes(one, other) == []


def test_an_event_expected_for_one_day_and_done_on_another_is_called_that() -> None:
    text = "The members of the example party {} the new constitution and its long annex in their Manchester hall on {}."
    (note,) = notes(
        text.format("are expected to adopt", "Monday"),
        text.format("adopted", "Tuesday"),
        (date(2016, 6, 25), date(2016, 6, 29)),
    )
    assert note == "expected for Mon 27 Jun 2016 in one, told as done on Tue 28 Jun 2016 in the other"


def test_an_anniversary_is_another_event() -> None:
    assert (
        notes(
            "The vote of the members on the constitution of the example party took place on Monday.",
            "The anniversary of the vote of the members on the constitution of the example party was on Tuesday.",
            (TUESDAY, TUESDAY),
        )
        == []
    )
