"""Requests for the news of some days."""

from datetime import date

import pytest

from bot.queries.grammar.names import ListedNames
from bot.queries.natural_language import parse_command_text, parse_question
from bot.queries.news import is_relative, parse_news
from bot.queries.queries import BriefingQuery, Command, NewsQuery, TopicsQuery, UsageMessage, parse_command

WEDNESDAY = date(2031, 3, 5)
TODAY = NewsQuery(WEDNESDAY, WEDNESDAY)
YESTERDAY = NewsQuery(date(2031, 3, 4), date(2031, 3, 4))
THIS_WEEK = NewsQuery(date(2031, 3, 3), WEDNESDAY)
LAST_WEEK = NewsQuery(date(2031, 2, 24), date(2031, 3, 2))
NAMES = ListedNames(
    people=("Jane May",), outlets=("The Tribune", "Sunday News", "Today"), topics={"today-show": "Today show"}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, TODAY) for text in (
            "today", "Today!", "today’s news", "the news today", "news of today", "what's the news today?",
            "whats the news",
            "what is in the news today", "what's new today", "what happened today", "headlines", "today's top stories",
            "top stories", "give me the news", "show me today's headlines please", "brief me on today",
            "news of the day",
            "latest news", "any news?", "what's happening today", "can you tell me the news", "this morning", "tonight",
        )),
        *((text, YESTERDAY) for text in (
            "yesterday", "yesterday's headlines", "what happened yesterday?", "what was the news yesterday",
            "news from yesterday", "brief us on yesterday",
        )),
        *((text, THIS_WEEK) for text in (
            "this week", "the news this week", "this week's news", "news of the week", "what happened this week",
            "top stories of this week", "weekly news", "the weekly headlines",
            "summary of the week", "catch me up on this week",
        )),
        *((text, LAST_WEEK) for text in ("last week", "what happened last week", "last week's top stories")),
        ("24 February 2031", NewsQuery(date(2031, 2, 24), date(2031, 2, 24))),
        ("news on monday", NewsQuery(date(2031, 3, 3), date(2031, 3, 3))),
        ("since monday", NewsQuery(date(2031, 3, 3), None)),
        ("today in The Tribune", NewsQuery(WEDNESDAY, WEDNESDAY, "The Tribune")),
        ("news in Sunday News", NewsQuery(WEDNESDAY, WEDNESDAY, "Sunday News")),
        ("what's in the news in march", NewsQuery(date(2031, 3, 1), date(2031, 3, 31))),
    ],
)  # fmt: skip
def test_request_for_news_is_understood_in_a_command_and_in_plain_words(text: str, expected: NewsQuery) -> None:
    assert parse_command_text(Command.BRIEFING, text, WEDNESDAY, NAMES) == expected
    assert parse_question(text, WEDNESDAY, NAMES) == expected
    assert parse_command(expected.command_text, WEDNESDAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"today"', BriefingQuery("today")),
        ("today show", BriefingQuery("today-show")),
        ("may", BriefingQuery("may")),
        ("monday", BriefingQuery("monday")),
        ("on May", BriefingQuery("May")),
        ("for may", BriefingQuery("may")),
        ("new day", BriefingQuery("new day")),
        ("the new day", BriefingQuery("the new day")),
        ("new week", BriefingQuery("new week")),
        ("a briefing on the new day", BriefingQuery("new day")),
        ("on the day", BriefingQuery("on the day")),
        ("up now", BriefingQuery("up now")),
        ("ferry strike today", BriefingQuery("ferry strike", None, WEDNESDAY, WEDNESDAY)),
        ("news about the ferry strike", BriefingQuery("ferry strike")),
        ("topics", TopicsQuery()),
        ("", TopicsQuery()),
    ],
)
def test_words_and_topics_are_no_request_for_news(text: str, expected: object) -> None:
    assert parse_command_text(Command.BRIEFING, text, WEDNESDAY, NAMES) == expected


@pytest.mark.parametrize("text", ["since:2016-06-24 until:2016-06-20", "news since 2016-06-24 until 2016-06-20"])
def test_days_in_the_wrong_order_are_refused(text: str) -> None:
    assert isinstance(parse_command_text(Command.BRIEFING, text, WEDNESDAY, NAMES), UsageMessage)


def test_name_of_an_outlet_is_no_day_in_the_news() -> None:
    query = parse_command_text(Command.BRIEFING, "Sunday News", WEDNESDAY, NAMES)
    assert isinstance(query, UsageMessage)
    assert parse_command_text(Command.BRIEFING, "saturday news", WEDNESDAY, NAMES) == NewsQuery(
        date(2031, 3, 1), date(2031, 3, 1)
    )


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 5_000, "news " * 500, "\x00", "today tomorrow never", "news of Jane May"]
)
def test_other_text_is_none(text: str) -> None:
    assert parse_news(text, WEDNESDAY, NAMES) is None


def test_days_that_depend_on_the_asker_are_known() -> None:
    assert is_relative("what's the news this week")
    assert not is_relative("24 February 2031")
