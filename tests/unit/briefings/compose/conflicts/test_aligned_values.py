"""Counts, names, offices, times and departures that two outlets give differently are differences; others are not."""

from datetime import date

import pytest

from briefings.compose import compose
from briefings.model import Slot
from tests.support.articles import analyse_articles, make_article

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)
#: other sentences of the two articles: the words of the compared ones are not common in the story
FILLINGS = (
    " The council met in the old town hall for hours. Rain fell on the valley. Trains ran late in the north."
    " A new bridge is open to lorries. The museum sold its last ticket at noon. Bakers were busy on the square.",
    " Farmers brought in the hay. A choir sang at the lake. The cinema shows two old films. Snow is likely in winter."
    " The library lent more books than ever. Cyclists want a wider lane. The zoo has a young bear.",
)


def find_notes(first: str, second: str, days: tuple[date, date] = (MONDAY, MONDAY)) -> list[str]:
    """Return the notes of the differences between the two sentences, each in an article of another outlet."""
    articles = (
        make_article(first + FILLINGS[0], "a", day=days[0]),
        make_article(second + FILLINGS[1], "b", "The Post", days[1]),
    )
    briefing = compose("s", "S", analyse_articles(*articles), max_words=1000)
    return [line.note or "" for line in briefing.get_slot_lines(Slot.DIFFERENCES)]


def test_small_counts_of_one_thing_are_compared() -> None:
    notes = find_notes("Four teachers were dismissed at the school.", "Six teachers were dismissed at the school.")
    assert notes == ["Four or Six? (may be counts at different times)"]


def test_count_in_a_later_article_is_noted_as_later() -> None:
    first, second = "Police arrested 31 protesters near the port.", "Police arrested 44 protesters near the port."
    assert find_notes(first, second, (MONDAY, TUESDAY)) == ["31 or 44? (the later article has the higher count)"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Four other teachers were dismissed at the school.", "Six teachers were dismissed at the school."),
        ("In 2014 police arrested 31 protesters near the port.", "Police arrested 44 protesters near the port."),
        ("Police arrested 31 protesters near the port.", "Doctors treated 44 protesters in a hospital."),
        ("Police arrested 31 protesters near the port.", "Police arrested 310 protesters near the port."),
        ("Police held him near the port for 31 days.", "Police held him near the port for 44 days."),
        ("He spoke on Sept. 11 about the attack.", "He spoke on Sept. 14 about the attack."),
    ],
)
def test_counts_of_other_things_are_not_compared(first: str, second: str) -> None:
    assert find_notes(first, second) == []


def test_article_with_both_counts_contradicts_neither() -> None:
    first = "Police arrested 31 protesters near the port. Later police arrested 44 protesters near the port."
    assert find_notes(first, "Police arrested 44 protesters near the port.") == []


def test_two_spellings_of_a_surname_are_a_difference() -> None:
    first, second = "The mayor, Darragh Hanlonsen, closed the port.", "The mayor, Darragh Hanlensen, closed the port."
    assert find_notes(first, second) == [
        "Darragh Hanlonsen or Darragh Hanlensen? (the sources spell the name differently)"
    ]


def test_accents_and_hyphens_are_no_second_spelling() -> None:
    text = "{} signed the contract of the port company."
    assert find_notes(text.format("Darragh Hanlönsen"), text.format("Darragh Hanlonsen")) == []
    assert find_notes(text.format("Darragh Hanlon-Senner"), text.format("Darragh Hanlon Senner")) == []


def test_names_inside_longer_names_are_no_spellings() -> None:
    first = "Jane Roe went to the Council of Harbour Advisers in the city."
    assert find_notes(first, first.replace("Advisers", "Advisors")) == []
    second = "Roe spoke on Valley Fathers' Day in the city."
    assert find_notes(second, second.replace("Fathers' Day", "Father's Day")) == []


def test_two_people_with_one_first_name_are_no_difference() -> None:
    assert find_notes("The mayor, Jane Hanlonsen, closed it.", "The mayor, Jane Petersson, closed it.") == []


def test_two_offices_of_one_person_are_a_difference() -> None:
    first = "The bill was read by Senate Majority Leader Jane Roe, who praised it."
    notes = find_notes(first, first.replace("Majority", "Minority"))
    assert notes == [
        "Senate Majority Leader Jane Roe or Senate Minority Leader Jane Roe? "
        "(the sources give the person different offices)"
    ]


def test_body_under_two_names_is_a_difference() -> None:
    first = "He complained to the Independent Harbour Safety Commission about it."
    (note,) = find_notes(first, first.replace("Commission", "Council"))
    assert note.endswith("(the sources name the body differently)")


def test_two_bodies_with_similar_names_are_no_difference() -> None:
    first = "He complained to the Northern Harbour Safety Council about it."
    assert find_notes(first, first.replace("Northern", "Southern")) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("by mid-May", "before the end of May"),
        ("the month before the regional election", "days before the regional election"),
    ],
)
def test_two_times_of_one_event_are_a_difference(first: str, second: str) -> None:
    text = "The payment to the harbour company was made by the treasurer {}."
    (note,) = find_notes(text.format(first), text.format(second))
    assert note.endswith("(the sources differ on when)")


def test_mid_may_is_the_middle_of_may() -> None:
    text = "The payment to the harbour company was made by the treasurer {}."
    assert find_notes(text.format("by mid-May"), text.format("by the middle of May")) == []


def test_times_of_two_events_are_no_difference() -> None:
    assert find_notes("The bridge was closed by mid-May.", "The treasurer left before the end of May.") == []


def test_two_ways_to_leave_a_post_are_a_difference() -> None:
    first, second = "Jane Roe has retired from the port company.", "Jane Roe was fired by the port company on Monday."
    assert find_notes(first, second) == ["Roe: retired or dismissed?"]


def test_forced_resignation_is_no_second_way_to_leave() -> None:
    assert find_notes("Jane Roe resigned, then was fired.", "Jane Roe was fired by the port company.") == []


@pytest.mark.parametrize(
    "second",
    [
        "Jane Roe joined a list of officials who have resigned.",
        "Like Jane Roe many in the port either left or resigned.",
        "Jane Roe resigned as chairman of Acme Ferries.",
        "Ann Doe wrote to Jane Roe the day she resigned.",
    ],
)
def test_departure_of_others_or_from_another_post_is_no_difference(second: str) -> None:
    assert find_notes("Jane Roe was fired by the Easton Council on Monday.", second) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("More than 20 protesters were killed near the port.", "Some 31 protesters were killed near the port."),
        ("Near the port 31 protesters were injured by police.", "Near the port 44 protesters were killed by police."),
        (
            "Police arrested protesters near the port, including 31 students.",
            "Police arrested 44 students at the port.",
        ),
    ],
)
def test_bounds_parts_and_other_groups_are_not_compared(first: str, second: str) -> None:
    assert find_notes(first, second) == []


def test_people_alone_do_not_make_one_event() -> None:
    first = "On Tuesday Jane Roe, the nominee of President John Doe, thanked the council of Easton."
    second = "On Thursday Jane Roe, the nominee of President John Doe, visited the council of Easton."
    assert find_notes(first, second, (date(2016, 7, 2), date(2016, 7, 2))) == []


def test_same_weekday_in_two_weeks_is_no_difference() -> None:
    text = "On Friday the court of the example county agreed to hear the appeal of the harbour company."
    assert find_notes(text, text, (date(2016, 6, 25), date(2016, 7, 2))) == []
