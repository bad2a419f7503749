"""A timeline in Slack names the first and latest day, and never puts a paraphrase in quotation marks."""

from contextlib import closing
from dataclasses import astuple
from datetime import UTC, date, datetime

import pytest

from bot.answers.answer_cache import run_query
from bot.links.urls import PageLinks
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import BriefingQuery
from bot.slack.views.briefing import build_message as build_briefing
from bot.slack.views.people.comparison import build_message as build_comparison
from bot.slack.views.people.statements import mark_changes
from bot.slack.views.people.timeline import build_message
from briefings.model import Article, Briefing, Evidence, Line, Slot, Source, Span
from briefings.person_report import PersonComparison, PersonTimeline, StatementReport
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository

WORDS = "build the old harbour wall again before the winter"
ARTICLES = (
    Article("a", f"“I will {WORDS},” said Ada Birch.", "The Tribune", date(2025, 6, 3)),
    Article("b", f"Ada Birch said that she would {WORDS}.", "Easton Herald", date(2025, 6, 4)),
    Article("c", "“The sea has no friends in this town,” said Ada Birch.", "Easton Herald", date(2025, 6, 5)),
)


def build_text(**filters: date) -> str:
    with closing(open_repository("sqlite://", lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository)
        service.add(ARTICLES)
        timeline = service.people.get_timeline("Ada Birch", **filters)
        assert isinstance(timeline, PersonTimeline)
        return build_message(timeline, TimelineQuery("Ada Birch", **filters)).text


def test_first_and_latest_are_at_their_days() -> None:
    text = build_text()
    assert "*Tue 3 Jun 2025* · _First_" in text
    assert "*Thu 5 Jun 2025* · _Latest_" in text
    assert "_First shown_" in build_text(since=date(2025, 6, 2))
    assert "_Latest shown_" in build_text(until=date(2025, 6, 30))


def test_the_link_to_the_page_has_all_filters_of_the_answer() -> None:
    links = PageLinks("https://record.example", "k")
    timeline_query = TimelineQuery("Ada Birch", "friends", "Easton Herald", date(2025, 6, 2), date(2025, 6, 30))
    comparison_query = ComparisonQuery("Ada Birch", "Birch", *astuple(timeline_query)[1:])
    params = "about=friends&amp;outlet=Easton%20Herald&amp;since=2025-06-02&amp;until=2025-06-30&amp;key=k"
    with closing(open_repository("sqlite://", lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository)
        service.add(ARTICLES)
        timeline, comparison = run_query(service, timeline_query), run_query(service, comparison_query)
    assert isinstance(timeline, PersonTimeline)
    assert isinstance(comparison, PersonComparison)
    text = build_message(timeline, timeline_query, page_links=links).blocks[0].to_dict()["text"]["text"]
    assert f"https://record.example/record/people/Ada%20Birch/timeline?{params}|" in text
    text = build_comparison(comparison, comparison_query, page_links=links).blocks[0].to_dict()["text"]["text"]
    assert f"https://record.example/record/compare?first=Ada%20Birch&amp;second=Birch&amp;{params}|" in text
    assert text.count("1 statement") == 1  # both names mean one person


def test_a_paraphrase_of_a_quotation_has_no_quotation_marks() -> None:
    text = build_text()
    assert f"“I will {WORDS}”" in text
    assert "Reported, not in quotation marks, in Easton Herald" in text
    assert f"would* {WORDS}" in text
    assert f"would* {WORDS}”" not in text


@pytest.mark.parametrize(
    ("text", "changed_words", "markup"),
    [
        ("We will re-open it", ["open"], "We will *re-open* it"),
        ("The mayor’s wall", ["mayor"], "The *mayor’s* wall"),
        ("The (new) wall", ["new"], "The (*new*) wall"),
        ("A “great” wall, they say", ["great", "wall"], "A “*great*” *wall*, they say"),
        ("money-no-object", ["money", "object"], "*money-no-object*"),
        ("No\n money", ["No", "money"], "*No* *money*"),
        ("No money.", ["No money"], "*No money*."),
        ("No money", [], "No money"),
    ],
)
def test_changed_words_are_bold_and_nothing_else_of_the_wording_changes(
    text: str, changed_words: list[str], markup: str
) -> None:
    changes = tuple(Span(text.index(words), text.index(words) + len(words)) for words in changed_words)
    report = StatementReport(text, Source("a", "Tribune", None, None, None), 0, len(text), None, changes)
    assert mark_changes(report) == markup
    assert mark_changes(report).replace("*", "") == " ".join(text.split())


def test_the_link_to_a_storys_page_has_the_filters_of_the_briefing() -> None:
    query = BriefingQuery("friends", "Easton Herald", date(2025, 6, 2))
    source = Source("c", "Easton Herald", date(2025, 6, 5), None, None)
    line = Line(Slot.STATUS, "The sea", evidence=(Evidence("c", 0, 7, "The sea", None),))
    links = PageLinks("https://record.example")
    for dropped, params in ((), "?outlet=Easton%20Herald&amp;since=2025-06-02"), (("in Easton Herald",), ""):
        briefing = Briefing("friends", "friends", (source,), (line,), 2, dropped_filters=dropped)
        text = build_briefing(briefing, query.command_text, page_links=links, page_params=query.page_params).text
        assert f"<https://record.example/record/stories/friends{params}|Story page>" in text
