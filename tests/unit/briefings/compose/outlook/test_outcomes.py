"""A plan that is over by the newest article is in no slot."""

from datetime import date

import pytest

from briefings.compose import compose
from tests.support.articles import analyse_articles, make_article

MONDAY, TUESDAY, FRIDAY = date(2016, 6, 27), date(2016, 6, 28), date(2016, 7, 1)
FILLING = " Rain fell on the valley for two days. Trains ran late in the north of the country."


def brief(*dated_texts: tuple[str, date]) -> list[str]:
    articles = [
        make_article(text + FILLING, f"a{number}", f"Paper {number}", day)
        for number, (text, day) in enumerate(dated_texts)
    ]
    briefing = compose("s", "S", analyse_articles(*articles), max_words=400)
    return [line.text for line in briefing.lines if line.evidence]


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (
            "Mayor Jane Roe is expected to withdraw the harbour bill soon.",
            "Mayor Jane Roe withdrew the harbour bill in Easton.",
        ),
        ("Jane Roe could still face charges over the fire.", "Jane Roe was charged with arson in Easton."),
        ("Police said the search of the ferry will take place on Wednesday.", "Jane Roe won the vote in Easton."),
        ("The ferry company is scheduled to meet the union on Tuesday.", "Jane Roe won the vote in Easton."),
    ],
)
def test_plan_that_is_over_is_in_no_slot(plan: str, outcome: str) -> None:
    assert plan in brief((plan, MONDAY))
    lines = brief((plan, MONDAY), (outcome, FRIDAY))
    assert plan not in lines
    assert outcome in lines


def test_plan_whose_day_lies_ahead_stays_open() -> None:
    plan = "The ferry company is scheduled to meet the union on Friday."
    assert plan in brief((plan, MONDAY), ("Jane Roe won the vote in Easton.", TUESDAY))


@pytest.mark.parametrize(
    "report",
    [
        "Mayor Jane Roe said on Monday that she will sell the old harbour of Easton.",
        "Mayor Jane Roe warned the harbour workers late Monday that she will sell the port.",
    ],
)
def test_day_of_a_report_is_not_the_day_of_the_plan(report: str) -> None:
    assert report in brief((report, MONDAY), ("The ferry company met the union in Weston.", TUESDAY))


def test_plan_that_another_article_of_the_day_reports_as_done_is_in_no_slot() -> None:
    plan = "Mayor Jane Roe is expected to withdraw the harbour bill."
    outcome = "Mayor Jane Roe withdrew the harbour bill in Easton."
    assert plan not in brief((plan, MONDAY), (outcome, MONDAY))
