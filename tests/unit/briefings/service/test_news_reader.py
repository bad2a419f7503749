"""The news of some days, and suggested topics, over a real database."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

import briefings
from bot.slack.views.news import format_small_print
from briefings import BriefingService, Topic
from briefings.model import Article, Evidence, Line, Slot, Speaker
from briefings.render.news_text import render_news
from briefings.render.terminal import Style
from briefings.report import NewsBriefing, NewsStory
from briefings.service import news_reader

MONDAY = date(2031, 3, 3)
FLOOD = (
    (
        "The Tribune",
        "Easton flood drives hundreds from homes",
        "The Tarn burst its banks at Easton and a flood filled the lower town on Monday. "
        "Crews brought 300 people to a school.",
    ),
    (
        "The Harbour Post",
        "Mayor visits school after Easton flood",
        "Ada Morley, the mayor of Easton, thanked the crews after the flood. "
        '"We saw the Tarn come over the wall within minutes," said Ada Morley.',
    ),
    (
        "The Courier",
        "Easton flood: what we know",
        "Engineers are checking the dam above Easton after the flood. "
        "The Tarn had risen by four metres overnight, and rain is expected.",
    ),
)
STRIKE = (
    (
        "The Tribune",
        "Milldon ferry strike stops boats",
        "No boat left Milldon on Tuesday, because the ferry crews began a strike over their pay in the morning.",
    ),
    (
        "The Courier",
        "Union leader defends Milldon ferry strike",
        "The union of the ferry crews defended the strike at Milldon, and asked the owners of the boats for talks.",
    ),
)


def make_articles(reports: tuple[tuple[str, str, str], ...], name: str, day: date) -> list[Article]:
    return [
        Article(f"{name}{number}", text, outlet, day, f"https://paper.example/{name}{number}", title)
        for number, (outlet, title, text) in enumerate(reports)
    ]


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest) -> Iterator[BriefingService]:
    address = ":memory:" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_address"))
    with briefings.open(address) as opened_service:
        opened_service.add(make_articles(FLOOD, "flood", MONDAY))
        opened_service.add(make_articles(STRIKE, "strike", MONDAY + timedelta(1)))
        yield opened_service


def test_stories_of_most_independent_outlets_come_first_with_a_verbatim_line(service: BriefingService) -> None:
    news = service.news.get_news(MONDAY, MONDAY + timedelta(1))
    assert [(story.name, story.outlets, story.articles) for story in news.stories] == [
        ("Easton flood", 3, 3),
        ("Milldon ferry strike", 2, 2),
    ]
    texts = {article[2] for article in (*FLOOD, *STRIKE)}
    for story in news.stories:
        assert story.line
        assert any(story.line.text in text for text in texts)
    assert (news.title, news.story_count, news.article_count) == ("News, 3–4 March 2031", 2, 5)


def test_words_of_a_story_open_its_briefing(service: BriefingService) -> None:
    for story in service.news.get_news(MONDAY, MONDAY + timedelta(1)).stories:
        assert {source.id for source in service.brief(story.words).sources} == set(story.article_ids)


def test_story_of_a_topic_has_its_title_and_slug(service: BriefingService) -> None:
    team_service = service.with_topics([Topic("flood", "The flood at Easton", ("Easton",))])
    (story,) = team_service.news.get_news(MONDAY, MONDAY).stories
    assert (story.name, story.words, story.is_topic) == ("The flood at Easton", "flood", True)


def test_empty_days_name_the_newest_day_before(service: BriefingService) -> None:
    news = service.news.get_news(MONDAY + timedelta(9), MONDAY + timedelta(9))
    assert (news.stories, news.newest_day) == ((), MONDAY + timedelta(1))
    assert service.news.get_news(date(1990, 1, 1), date(1990, 1, 2)).newest_day == MONDAY + timedelta(1)
    with briefings.open(":memory:") as empty_service:
        assert empty_service.news.get_news(MONDAY, MONDAY).newest_day is None


def test_articles_of_one_outlet_and_unseen_articles_are_selected(service: BriefingService) -> None:
    news = service.news.get_news(MONDAY, None, outlet="Courier")
    assert {article for story in news.stories for article in story.article_ids} == {"flood2", "strike1"}
    unseen = service.news.get_news(MONDAY, None, seen_ids=frozenset(("flood0", "flood1", "strike0", "strike1")))
    assert [story.article_ids for story in unseen.stories] == [("flood2",)]


def test_each_day_has_its_share_if_there_are_too_many_articles(
    service: BriefingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy day must not take the place of the other days of the week."""
    monkeypatch.setattr(news_reader, "_MAX_ARTICLES", 4)
    service.add(make_articles(STRIKE * 4, "later", MONDAY + timedelta(2)))
    news = service.news.get_news(MONDAY, MONDAY + timedelta(2))
    assert {story.newest for story in news.stories} == {MONDAY, MONDAY + timedelta(2)}
    assert (news.read_count, news.article_count) == (4, 13)
    assert "4 of 13 articles" in format_small_print(news)
    assert "4 of 13 articles" in render_news(news, Style())


def test_articles_of_an_outlet_are_found_behind_newer_ones_of_others(
    service: BriefingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_reader, "_MAX_ARTICLES", 1)
    news = service.news.get_news(MONDAY, None, outlet="Harbour Post")
    assert [story.article_ids for story in news.stories] == [("flood1",)]
    assert (news.read_count, news.article_count) == (1, 1)
    later = MONDAY + timedelta(9)
    assert service.news.get_news(later, later, outlet="Harbour Post").newest_day == MONDAY
    assert service.news.get_news(later, later, outlet="Nowhere").stories == ()


def test_suggested_topics_are_stories_that_are_no_topics_yet(service: BriefingService) -> None:
    today = MONDAY + timedelta(2)
    names = [suggestion.name for suggestion in service.news.suggest_topics(today).suggestions]
    assert names == ["Easton flood", "Milldon ferry strike"]
    team_service = service.with_topics([Topic("flood", "Flood", ("Easton",))])
    names = [suggestion.name for suggestion in team_service.news.suggest_topics(today).suggestions]
    assert names == ["Milldon ferry strike"]


def test_suggestions_of_an_old_record_are_from_its_newest_days(service: BriefingService) -> None:
    suggestions = service.news.suggest_topics(MONDAY + timedelta(400))
    assert suggestions.until == MONDAY + timedelta(1)
    assert suggestions.suggestions


def test_report_of_one_outlet_only_is_no_suggestion() -> None:
    with briefings.open(":memory:") as other_service:
        other_service.add(make_articles(FLOOD[:1], "flood", MONDAY))
        assert other_service.news.suggest_topics(MONDAY).suggestions == ()


def test_former_names_of_a_topic_find_it_everywhere(service: BriefingService) -> None:
    topic = Topic("easton-flood", "Easton flood", ("Easton",), former_names=("floods", "The floods"))
    team_service = service.with_topics([topic])
    for name in ("floods", "the floods", "Easton Flood", "easton-flood"):
        assert team_service.brief(name).title == "Easton flood"
    assert team_service.who_said("", by="Morley", about="floods").hits
    assert service.topics == ()


def test_dropped_lines_of_all_workspaces_are_counted_together(service: BriefingService) -> None:
    team_service = service.with_topics([])
    team_service._count_dropped(2)
    assert service.dropped_lines == 2


@pytest.mark.parametrize(
    ("slot", "line"), [(Slot.QUOTES, "Ada Morley: “The Tarn came”"), (Slot.STATUS, "The Tarn came")]
)
def test_a_persons_words_are_in_quotation_marks_in_the_terminal(slot: Slot, line: str) -> None:
    speaker = Speaker("Ada Morley") if slot is Slot.QUOTES else None
    words = Line(slot, "The Tarn came", evidence=(Evidence("a", 0, 13, "The Tarn came", None),), speaker=speaker)
    story = NewsStory("Flood", "flood", words, 1, 1, MONDAY)
    assert f"\n  {line}\n" in render_news(NewsBriefing("", "News", (), (), 3, 0, stories=(story,)), Style())
