"""The list of topics: all of them by pages, and a menu that can be searched instead of a wall of buttons."""

import re
from datetime import date
from typing import Any

import pytest

from bot.slack.blocks.button_values import Action
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message, button
from bot.slack.views import notices
from briefings import Topic, TopicSummary
from tests.support.slack_messages import assert_within_limits, join_texts


def make_topics(count: int, *, articles: int = 3) -> list[TopicSummary]:
    day = date(2026, 5, 4) if articles else None
    return [
        TopicSummary(Topic(f"story-{number}", f"Story {number} of Easton", ()), articles, day)
        for number in range(count)
    ]


def find_elements(message: Message) -> list[dict[str, Any]]:
    blocks = [block.to_dict() for block in message.blocks]
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def list_asked(elements: list[dict[str, Any]]) -> list[str]:
    """Return the questions of all options and buttons for a topic."""
    presses = [
        {"action_id": element["action_id"], "value": element.get("value"), "selected_option": option}
        for element in elements
        for option in element.get("options", [None])
    ]
    return [value.command_text for action, value in map(decode_press, presses) if action is Action.ASK]


@pytest.mark.parametrize("count", [1, 3, 4, 62, 100, 101, 250])
def test_every_topic_is_listed_on_one_page_and_can_be_chosen(count: int) -> None:
    listed: list[str] = []
    asked: set[str] = set()
    page, has_more = 1, True
    while has_more:
        message = notices.build_topic_list(make_topics(count), page)
        assert_within_limits(message)
        listed += re.findall(r"· (story-\d+) ·", join_texts(message))
        asked |= set(list_asked(find_elements(message)))
        values = [decode_press(element)[1] for element in find_elements(message) if "value" in element]
        has_more = any(value.command_text == notices.TOPICS and value.page == page + 1 for value in values)
        page += 1
    assert listed == [f"story-{number}" for number in range(count)]
    assert asked == {f"/briefing story-{number}" for number in range(count)}


def test_62_topics_are_one_menu_and_a_button_that_counts_the_rest() -> None:
    elements = find_elements(notices.build_topic_list(make_topics(62)))
    assert [element["type"] for element in elements] == ["static_select", "button"]
    assert len(elements[0]["options"]) == 62
    assert elements[1]["text"]["text"] == "42 more"
    assert "Topics 1 to 20 of 62." in notices.build_topic_list(make_topics(62)).text


def test_few_topics_are_buttons() -> None:
    elements = find_elements(notices.build_topic_list(make_topics(3)))
    assert [element["type"] for element in elements] == ["button"] * 3


def test_topic_without_articles_is_listed_but_not_offered() -> None:
    message = notices.build_topic_list([*make_topics(1), *make_topics(5, articles=0)])
    assert join_texts(message).count("no articles yet") == 5
    assert list_asked(find_elements(message)) == ["/briefing story-0"]


def test_topics_with_the_same_title_are_told_apart_by_their_short_names() -> None:
    """Also titles that are the same after they are cut."""
    titles = ["Easton", "Easton", "Weston", "The long dispute about the harbour and the ferry of Easton, " * 2 + "1"]
    titles.append(titles[-1] + "2")
    topics = [
        TopicSummary(Topic(f"story-{number}", title, ()), 1, date(2026, 5, 4)) for number, title in enumerate(titles)
    ]
    (menu,) = find_elements(notices.build_topic_list(topics))
    labels = [option["text"]["text"] for option in menu["options"]]
    assert labels == ["story-0", "story-1", "Weston", "story-3", "story-4"]


def test_slug_that_is_too_long_for_an_option_is_only_listed() -> None:
    long_topic = TopicSummary(Topic("s" * 300, "Long", ()), 1, date(2026, 5, 4))
    message = notices.build_topic_list([*make_topics(4), long_topic])
    assert len(list_asked(find_elements(message))) == 4
    assert "*Long*" in message.text


def test_longest_topics_stay_within_the_limits() -> None:
    topics = [
        TopicSummary(Topic(f"{number:03}" + "s" * 77, f"{number} " + "*_&" * 60, ()), 9, date(2026, 5, 4))
        for number in range(240)
    ]
    for page in range(1, 13):
        message = notices.build_topic_list(topics, page)
        assert_within_limits(message)


def test_label_that_slack_cuts_is_read_out_whole() -> None:
    label = "The long dispute about the harbour of Easton and its ferry"
    element = button(label, "ask", "x").to_dict()
    assert element["accessibility_label"] == label
    assert "accessibility_label" not in button("Easton", "ask", "x").to_dict()
    assert len(button("x" * 90, "ask", "x").to_dict()["accessibility_label"]) <= 75
