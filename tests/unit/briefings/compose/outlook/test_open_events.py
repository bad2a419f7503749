"""Open events are those of the newest articles that no later article reports as done."""

from datetime import date

from briefings.compose import compose
from briefings.model import Line, Slot
from tests.support.articles import analyse_articles, make_article

MONDAY, TUESDAY, THURSDAY = date(2016, 6, 27), date(2016, 6, 28), date(2016, 6, 30)
FILLING = " The council met in the old town hall on Monday. Rain fell on the valley. Trains ran late in the north."


def list_open_lines(*dated_texts: tuple[str, date]) -> list[Line]:
    articles = [
        make_article(text + FILLING, f"a{number}", f"Paper {number}", day)
        for number, (text, day) in enumerate(dated_texts)
    ]
    return [line for line in compose("s", "S", analyse_articles(*articles), max_words=400).lines if line.expected]


def test_step_to_come_closes_the_status() -> None:
    (line,) = list_open_lines(("The harbour committee will vote on the contract next week.", MONDAY))
    assert line.slot is Slot.STATUS
    assert line.text == "The harbour committee will vote on the contract next week."


def test_unknown_thing_is_in_the_missing_slot_with_its_source() -> None:
    (line,) = list_open_lines(("It was not immediately clear whether the ferry had a permit.", MONDAY))
    assert line.slot is Slot.MISSING
    assert line.evidence[0].article == "a0"


def test_day_that_has_passed_is_not_open() -> None:
    plan = "The harbour committee is expected to vote on the contract on Tuesday."
    assert len(list_open_lines((plan, MONDAY))) == 1
    assert list_open_lines((plan, MONDAY), ("The mayor of the town praised the ferry.", THURSDAY)) == []


def test_later_report_of_the_outcome_closes_what_was_open() -> None:
    plan = "The harbour committee will reject the contract of the ferry company next week."
    outcome = "The harbour committee rejected the contract of the ferry company."
    assert list_open_lines((plan, MONDAY), (outcome, TUESDAY)) == []


def test_unknown_thing_is_shown_once() -> None:
    text = "It was not immediately clear whether the ferry of the harbour company had a permit."
    other_text = "It was not clear whether the ferry of the harbour company had a permit."
    assert len(list_open_lines((text, MONDAY), (other_text, MONDAY))) == 1
