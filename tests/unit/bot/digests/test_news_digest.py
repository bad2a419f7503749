"""Digests of the news: which days they have, and what they keep in the channel's history."""

from datetime import date, timedelta

import pytest

import briefings
from bot.digests.news_digest import build_content, check_days, find_period
from bot.queries.grammar.names import ListedNames
from bot.queries.queries import NewsQuery
from briefings import BadQuestion
from briefings.model import Article

MONDAY = date(2031, 3, 3)
DAY = NewsQuery(MONDAY - timedelta(1), MONDAY)
WEEK = NewsQuery(MONDAY - timedelta(6), MONDAY)
NAMES = ListedNames(outlets=("The Tribune",), topics={"headlines": "Headlines", "tonight": "Tonight in Easton"})


@pytest.mark.parametrize(
    ("query", "period"),
    [
        *((query, DAY) for query in ("today", "the news", "top stories", "yesterday", "last 24 hours", "this morning")),
        *((query, WEEK) for query in ("this week", "last week", "past 7 days", "weekly news", "news of the week")),
        ("today in The Tribune", NewsQuery(DAY.since, DAY.until, "The Tribune")),
        ("headlines", None),
        ("tonight", None),
        ("ferry strike today", None),
        ("monday", None),
        ("6 January", None),
    ],
)
def test_digest_of_the_news_has_a_day_or_a_week_and_a_topic_comes_first(query: str, period: NewsQuery | None) -> None:
    assert find_period(query, MONDAY, NAMES) == period
    check_days(query, NAMES)


@pytest.mark.parametrize(
    "query", ["this month", "the weekend", "news on monday", "since:monday", "next week", "last month"]
)
def test_days_without_a_digest_are_refused_and_not_taken_for_a_week(query: str) -> None:
    assert find_period(query, MONDAY, NAMES) is None
    with pytest.raises(BadQuestion, match="today or this week"):
        check_days(query, NAMES)


def test_article_is_posted_once_and_kept_once_in_the_history() -> None:
    with briefings.open(":memory:") as service:
        service.add(
            [Article("a", "The flood reached Easton on Monday, and a school was closed.", "The Tribune", MONDAY)]
        )
        first = build_content(service, "today", DAY, ())
        assert first
        service.add([Article("b", "The ferry crews of Milldon began a strike on Monday.", "The Courier", MONDAY)])
        second = build_content(service, "today", DAY, first.history_items)
        assert second
        (item,) = second.history_items
        assert item.detail["news"] == ["a", "b"]
        assert build_content(service, "today", DAY, (*first.history_items, item)) is None


@pytest.mark.parametrize(("mail_note", "has_mail"), [(None, False), ("", True), ("1 muted source is left out.", True)])
def test_a_digest_of_the_news_is_also_an_e_mail(mail_note: str | None, has_mail: bool) -> None:
    with briefings.open(":memory:") as service:
        text = "The flood reached Easton on Monday, and a school was closed."
        service.add([Article("a", text, "The Tribune", MONDAY, "https://tribune.example/a")])
        content = build_content(service, "today", DAY, (), mail_note)
    assert content
    assert (content.mail is not None) is has_mail
    if content.mail:
        assert content.mail.subject == "The news of the day: 1 story"
        assert text in content.mail.text
        assert str(mail_note) in content.mail.html
