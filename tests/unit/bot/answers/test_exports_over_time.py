"""Exports of timelines, comparisons and the news: nothing is lost, and every word is an article's."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from bot.answers.export_builder import ExportBuilder
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import NewsQuery
from briefings import BriefingService, NothingFound, PersonComparison, PersonTimeline
from briefings import open as open_service
from briefings.exports import Document, Format, Voice, render
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article
from tests.support.export_readers import check_nothing_is_lost, list_source_passages, normalize, read_csv
from tests.support.seed_service import open_seed_service
from tests.support.shared_data import SHARED

TODAY = date(2026, 1, 2)
STORIES = SHARED / "stories" / "dev"
MAYOR = Article(
    "a",
    "The ferry was late. “The ferry will sail every day from now on,” said Jane Roe, the mayor of Easton.\n\n"
    "Roe called the harbour budget “a mess” on Monday, and left the hall before the vote.",
    "The Tribune",
    date(2025, 6, 3),
    "https://tribune.example/a",
    title="Ferry to sail\nevery day",
)
ARTICLES = (
    MAYOR,
    Article(
        "b",
        "Jane Roe, the mayor, spoke. “The ferry will sail every night from now on,” said Roe.",
        "Easton Herald",
        date(2025, 6, 5),
        "https://herald.example/b",
    ),
    Article("c", "“The ferry cannot sail in such a storm as this,” said Tom Alder, a captain.", "Herald"),
    Article("d", "“I will not wait for any ferry,” said Peter Marsh.", "Herald", date(2025, 6, 4)),
    Article("e", "“I have waited for the ferry for years,” said Susan Marsh.", "Herald", date(2025, 6, 4)),
    Article("f", "“=1+1 ferries are *not* <!channel> enough,” said Ann O'Dowd-Łoś, of [Weston](x).", "Herald"),
)


@pytest.fixture(scope="module")
def builder() -> Iterator[ExportBuilder]:
    with closing(open_service("sqlite://")) as service:
        service.add(ARTICLES)
        yield ExportBuilder(service, TODAY)


def check(document: Document, service: BriefingService) -> None:
    """Check that every passage is in every format, and is the text or the headline of its article."""
    check_nothing_is_lost(document)
    for passage in list_source_passages(document):
        articles = {article.id: article for article in service.get_articles({p.article for p in passage.places})}
        if passage.voice is Voice.HEADLINE:
            assert passage.text == articles[passage.places[0].article].title
            continue
        pieces = [articles[place.article].text[place.start : place.end] for place in passage.places]
        assert passage.text == " … ".join(pieces)


def check_every_report(document: Document, timelines: list[PersonTimeline]) -> None:
    """Check that each report of each statement is a passage, a row of the table, and in each text."""
    reports = [report for timeline in timelines for said in timeline.statements for report in said.reports]
    places = {(place.article, place.start, place.end) for p in list_source_passages(document) for place in p.places}
    rows = {(row["article"], row["start"]) for row in read_csv(render(document, Format.CSV).content)}
    texts = [render(document, name).content.decode() for name in (Format.JSON, Format.CSL)]
    for report in reports:
        assert (report.source.id, report.start, report.end) in places
        assert (report.source.id, str(report.start)) in rows
        for text in texts:
            assert json.dumps(report.text, ensure_ascii=False)[1:-1] in text or normalize(report.text) in normalize(
                text
            )


def check_all(service: BriefingService, names: list[str], days: tuple[date | None, date | None]) -> None:
    builder = ExportBuilder(service, TODAY)
    for name in names:
        timeline = service.people.get_timeline(name)
        assert isinstance(timeline, PersonTimeline)
        if timeline.statements:
            document = builder.build_result(timeline)
            check(document, service)
            check_every_report(document, [timeline])
    for first, second in pairwise(names):
        comparison = service.people.compare(first, second)
        if not any(side.timeline and side.timeline.statements for side in comparison.sides):
            continue
        document = builder.build_result(comparison)
        check(document, service)
        check_every_report(document, [side.timeline for side in comparison.sides if side.timeline])
    news = builder.build_answer(NewsQuery(*days))
    check(news, service)


def list_names(service: BriefingService, count: int) -> list[str]:
    return [person.name for person in service.list_people() if not person.shared_by and " " in person.name][:count]


def test_first_and_latest_day_are_marked() -> None:
    with open_seed_service("sqlite://") as service:
        document = ExportBuilder(service, TODAY).build_result(service.people.get_timeline("Jeremy Corbyn"))
    notes = [{passage.note for passage in section.passages if "day" in passage.note} for section in document.sections]
    assert (notes[0], notes[-1]) == ({"first day"}, {"latest day"})


def test_a_day_that_may_not_be_the_first_is_the_first_day_shown() -> None:
    with open_seed_service("sqlite://") as service:
        timeline = service.people.get_timeline("Jeremy Corbyn", since=date(2016, 6, 1), until=date(2016, 6, 30))
        document = ExportBuilder(service, TODAY).build_result(timeline)
    notes = {passage.note for passage in document.passages if "day" in passage.note}
    assert notes == {"first day shown", "latest day shown"}


def test_nothing_of_the_seeds_is_lost() -> None:
    with open_seed_service("sqlite://") as service:
        check_all(service, list_names(service, 6), (None, None))


@pytest.mark.skipif(not STORIES.exists(), reason="the shared stories are missing")
@pytest.mark.parametrize("number", [0, 5, 11])
def test_nothing_of_a_story_is_lost(number: int) -> None:
    folder = sorted(STORIES.iterdir())[number]
    with closing(open_service("sqlite://")) as service:
        service.add(read_raw_articles(folder / "articles.jsonl"))
        check_all(service, list_names(service, 4), (None, None))


def test_timeline_has_a_section_for_each_day_with_every_report(builder: ExportBuilder) -> None:
    document = builder.build_answer(TimelineQuery("Roe"))
    check(document, builder.service)
    assert (document.kind, document.title) == ("Timeline", "Jane Roe")
    assert [section.heading for section in document.sections] == ["Tue 3 Jun 2025"]
    ferry, *others = document.passages
    (other_report,) = ferry.wordings
    assert {ferry.text, other_report.text} == {
        f"The ferry will sail every {time} from now on" for time in ("day", "night")
    }
    assert {passage.places[0].published for passage in (ferry, other_report)} == {date(2025, 6, 3), date(2025, 6, 5)}
    assert ferry.note == "", "all statements are of one day"
    assert document.data["statements"][0]["is_first"]
    rows = read_csv(render(document, Format.CSV).content)
    assert [row["section"] for row in rows[:2]] == ["Tue 3 Jun 2025", "Tue 3 Jun 2025: other wording"]
    quote, sentence = others
    assert (quote.text, quote.voice) == ("a mess", Voice.QUOTATION)
    assert (sentence.voice, sentence.speaker) == (Voice.ARTICLE, None)
    assert sentence.text.startswith("Roe called the harbour budget “a mess” on Monday")
    assert sentence.note == "the sentence with “a mess”"


def test_timeline_names_its_subject_and_undated_statements_come_under_a_heading_of_their_own(
    builder: ExportBuilder,
) -> None:
    document = builder.build_answer(TimelineQuery("Alder", "ferry"))
    assert document.title == "Tom Alder about “ferry”"
    assert [section.heading for section in document.sections] == ["Undated"]


def test_comparison_has_a_section_for_each_person_and_never_says_whether_they_agree(builder: ExportBuilder) -> None:
    document = builder.build_answer(ComparisonQuery("Roe", "Alder", "ferry"))
    check(document, builder.service)
    assert (document.kind, document.title) == ("Comparison", "Jane Roe and Tom Alder about “ferry”")
    assert [section.heading for section in document.sections] == ["Jane Roe", "Tom Alder"]
    assert [person["name"] for person in document.data["people"]] == ["Jane Roe", "Tom Alder"]
    assert [passage.group for passage in document.passages] == ["Tue 3 Jun 2025", "Undated"]
    assert document.notes == ()


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ("Zork", "No quotes by “Zork”. Check the spelling."),
        ("Marsh", "“Marsh” can mean several people: Peter Marsh, Susan Marsh. Use the full name."),
        ("Alder", "No quotes by Tom Alder about “budget”. On all subjects: 1 quote."),
        ("<!channel> *x*", "No quotes by “<!channel> *x*”. Check the spelling."),
    ],
)
def test_side_without_quotes_is_a_sentence_of_the_program(builder: ExportBuilder, second: str, sentence: str) -> None:
    document = builder.build_answer(ComparisonQuery("Roe", second, "budget"))
    check_nothing_is_lost(document)
    (passage,) = document.sections[1].passages
    assert (passage.text, passage.voice, passage.places) == (sentence, Voice.PROGRAM, ())


def test_two_names_of_one_person_are_one_section_and_a_note(builder: ExportBuilder) -> None:
    document = builder.build_answer(ComparisonQuery("Roe", "Jane Roe"))
    assert [section.heading for section in document.sections] == ["Jane Roe"]
    assert document.notes == ("Both names mean Jane Roe. Name two people to compare.",)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (TimelineQuery("Marsh"), r"Several people are called Marsh: Peter Marsh, Susan Marsh\. Use the full name\."),
        (TimelineQuery("Zork"), r"No quote is by Zork\. Check the spelling\."),
        (TimelineQuery("Roe", "zebras"), r"No quotes by Jane Roe about “zebras”\. On all subjects: \d quotes\."),
        (ComparisonQuery("Zork", "Marsh"), r"No quotes by “Zork”\. .*“Marsh” can mean several people"),
        (NewsQuery(date(2025, 7, 1), date(2025, 7, 2)), r"no articles\. The newest are from Thu 5 Jun 2025\."),
    ],
)
def test_answer_without_quotes_is_no_document(
    builder: ExportBuilder, query: TimelineQuery | ComparisonQuery | NewsQuery, words: str
) -> None:
    with pytest.raises(NothingFound, match=words):
        builder.build_answer(query)


def test_hostile_names_and_words_are_plain_text_in_every_format(builder: ExportBuilder) -> None:
    document = builder.build_answer(TimelineQuery("Ann O'Dowd-Łoś"))
    check(document, builder.service)
    markdown = render(document, Format.MARKDOWN).content.decode()
    assert "*not*" not in markdown.replace("\\*", "")
    assert all(not row["text"].startswith(("+", "@")) for row in read_csv(render(document, Format.CSV).content))


def test_what_was_not_read_and_namesakes_are_notes(builder: ExportBuilder) -> None:
    timeline = builder.service.people.get_timeline("Roe")
    assert isinstance(timeline, PersonTimeline)
    bounded = replace(timeline, is_bounded=True, namesakes=(("mayor",), ("footballer",)))
    document = builder.build_result(bounded)
    assert document.notes[0].startswith("Perhaps 2 people with this name")
    assert document.notes[1] == "Only the newest quotes were read."
    assert "first day" not in [passage.note for passage in document.passages]
    comparison = builder.service.people.compare("Roe", "Alder")
    sides = (replace(comparison.sides[0], timeline=bounded), comparison.sides[1])
    assert isinstance(comparison, PersonComparison)
    notes = builder.build_result(replace(comparison, sides=sides)).notes
    assert [note.partition(":")[0] for note in notes] == ["Jane Roe", "Jane Roe"]


def test_news_has_each_headline_as_printed_with_outlet_day_and_link(builder: ExportBuilder) -> None:
    document = builder.build_answer(NewsQuery(date(2025, 6, 3), date(2025, 6, 5)))
    check(document, builder.service)
    assert (document.kind, len(document.sections)) == ("News", len(document.data["stories"]))
    headlines = [passage for passage in document.passages if passage.voice is Voice.HEADLINE]
    (headline,) = [passage for passage in headlines if passage.text == MAYOR.title]
    place = headline.places[0]
    assert (place.publisher, place.published, place.link) == ("The Tribune", MAYOR.published, MAYOR.url)
    assert headline.outlets >= 1
    (row,) = [row for row in read_csv(render(document, Format.CSV).content) if row["words of"] == "headline"]
    assert (row["outlet"], row["published"], row["link"]) == ("The Tribune", "2025-06-03", MAYOR.url)
    assert (row["independent outlets"], row["start"], row["end"]) == (str(headline.outlets), "", "")
    assert document.notes[0].endswith("those of most independent outlets first.")
