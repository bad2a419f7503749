"""An answer says how its question was understood, and has buttons that ask for more."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.answers.answer_cache import render_page
from bot.queries.queries import BriefingQuery, WhoSaidQuery, parse_command
from bot.slack.blocks.message import Message
from bot.slack.views import question_line
from briefings import WhoSaid
from tests.stand_ins import briefing_service
from tests.stand_ins.slack import get_visible_text
from tests.stand_ins.slack_limits import find_problems

TODAY = date(2016, 7, 1)
ANSWER = replace(
    briefing_service.make_lynch_mob_answer(),
    description="with “lynch-mob” by John McDonnell, June 2016",
    bounds=("by McDonnell",),
)
QUERY = WhoSaidQuery("lynch-mob", by="McDonnell", since=date(2016, 6, 1), until=date(2016, 6, 30))


def list_buttons(message: Message, label: str) -> list[str]:
    return [
        json.loads(element["value"])["asked"]
        for block in message.content["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button" and element["text"]["text"] == label
    ]


def test_first_line_says_what_was_understood() -> None:
    message = render_page(ANSWER, QUERY, 0)
    assert message.text.startswith("Quotes with “lynch-mob” by John McDonnell, June 2016")


def test_each_part_has_a_button_that_asks_without_it() -> None:
    message = render_page(ANSWER, QUERY, 0)
    assert [parse_command(text, TODAY) for text in list_buttons(message, "Any speaker")] == [replace(QUERY, by=None)]
    assert [parse_command(text, TODAY) for text in list_buttons(message, "Any date")] == [
        replace(QUERY, since=None, until=None)
    ]


def test_question_without_parts_has_no_such_buttons() -> None:
    assert question_line.list_wider_queries(WhoSaidQuery("lynch-mob"), ()) == []
    assert question_line.list_wider_queries(WhoSaidQuery("", by="McDonnell"), ()) == []


def test_every_part_of_a_question_can_be_left_out() -> None:
    query = WhoSaidQuery("x", "a", "b", "c", TODAY, TODAY)
    labels = [label for label, _ in question_line.list_wider_queries(query, ())]
    assert labels == ["Any speaker", "Any subject", "Any date", "Any source"]


def test_answer_names_what_was_left_out() -> None:
    result = replace(ANSWER, description="with “lynch-mob” by Jeremy Corbyn", dropped=("by Corbyn", "in *The* <Sun>"))
    message = render_page(result, replace(QUERY, by="Corbyn"), 0)
    line = "No quote with “lynch-mob” by Jeremy Corbyn. Without “by Corbyn” and “in"
    assert message.text.startswith(line)
    assert line in get_visible_text(dict(message.content))
    assert "<Sun>" not in message.text


def test_briefing_says_which_filters_it_has() -> None:
    briefing = briefing_service.make_briefing()
    query = BriefingQuery("labour-crisis", "Sun", TODAY)
    filtered_briefing = replace(briefing, filters="in Sun, since 1 July 2016")
    message = render_page(filtered_briefing, query, 0)
    assert message.text.startswith("Only articles in Sun, since 1 July 2016")
    assert [parse_command(text, TODAY) for text in list_buttons(message, "Any source")] == [replace(query, outlet=None)]
    relaxed_message = render_page(replace(filtered_briefing, dropped_filters=("in Sun",)), query, 0)
    assert relaxed_message.text.startswith("No articles on this in Sun, since 1 July 2016. Without “in Sun”:")
    assert not render_page(briefing, BriefingQuery("labour-crisis"), 0).text.startswith("Only")


@pytest.mark.parametrize("words", ["x" * 5_000, "<!channel> *_~`& " * 200, "\u202e\0“”"])
def test_any_question_fits_into_a_message(words: str) -> None:
    result = replace(ANSWER, description=f"with {words}", dropped=(words,) * 4, query=words[:900])
    query = WhoSaidQuery(words[:200], words[:200], words[:200], words[:200], TODAY, TODAY)
    empty_result = WhoSaid(words[:900], ANSWER.totals, description=words, bounds=(words,))
    for answer in (result, empty_result):
        assert find_problems(dict(render_page(answer, query, 0).content)) == []
