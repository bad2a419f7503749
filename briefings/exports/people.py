"""Turn answers about people over time into documents: one person's timeline, and two people side by side. Pure.

Rule: every report of every statement is in the document, with its own words, day and link. Nothing says whether two
people agree, and a sentence around a few quoted words is never joined to them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from briefings.article.citation import build_link
from briefings.exports.documents import (
    Articles,
    build_hit_passage,
    choose_voice,
    describe_namesakes,
    list_references,
)
from briefings.exports.model import Document, Passage, Place, Section, Voice
from briefings.model import Hit, Span
from briefings.person_report import (
    ComparedPerson,
    PersonComparison,
    PersonStatement,
    PersonTimeline,
    SideStatus,
    StatementReport,
)
from briefings.render.answers import to_json
from briefings.source_labels import get_outlet_name, get_source_name
from briefings.speaker_labels import label_hit
from briefings.text.dates import format_day

_BOUNDED = "Only the newest quotes were read."


def build_timeline(timeline: PersonTimeline, articles: Articles, created: date) -> Document:
    """Return the document of a timeline: a section for each day. `articles` has the stored articles by id."""
    sections = tuple(
        Section(_name_day(day), tuple(_build_passages(statements, timeline, articles)))
        for day, statements in groupby(timeline.statements, key=lambda statement: statement.first_day)
    )
    return Document(
        _join_title(timeline.name, timeline.about_title),
        "Timeline",
        sections,
        list_references(sections, articles),
        created,
        tuple(_list_notes(timeline)),
        to_json(timeline),
    )


def build_comparison(comparison: PersonComparison, articles: Articles, created: date) -> Document:
    """Return the document of two people side by side: a section for each, with their statements by day."""
    sides = comparison.sides[:1] if comparison.is_one_person else comparison.sides
    sections = tuple(Section(side.name, tuple(_build_side(side, articles))) for side in sides)
    names = " and ".join(side.name for side in comparison.sides)
    notes = [_describe_one_person(sides[0])] if comparison.is_one_person else []
    for side in sides:
        side_notes = _list_notes(side.timeline) if side.timeline else ()
        notes += [note if len(sides) == 1 else f"{side.name}: {note}" for note in side_notes]
    return Document(
        _join_title(names, comparison.about_title),
        "Comparison",
        sections,
        list_references(sections, articles),
        created,
        tuple(notes),
        to_json(comparison),
    )


def build_report_passage(report: StatementReport, hit: Hit) -> Passage:
    """Return the passage of one report of a statement, whose longest report is `hit`."""
    label, source = label_hit(hit), report.source
    name = get_source_name(source)
    place = Place(source.id, report.start, report.end, name, get_outlet_name(source), source.published, report.link)
    return Passage(report.text, choose_voice(report.kind, label), (place,), label)


def describe_silence(timeline: PersonTimeline) -> str:
    """Return the sentence for a person without quotes on the subject, in these days or in this outlet."""
    quotes = "quote" if timeline.quote_total == 1 else "quotes"
    question = f" {timeline.description}" if timeline.description else ""
    return f"No quotes by {timeline.name}{question}. On all subjects: {timeline.quote_total:,} {quotes}."


def describe_side(side: ComparedPerson) -> str:
    """Return why a person has no quotes in a comparison, or ""."""
    suggestions = ", ".join(side.suggestions)
    match side.status:
        case SideStatus.AMBIGUOUS:
            return f"“{side.asked_name}” can mean several people: {suggestions}. Use the full name."
        case SideStatus.UNKNOWN:
            hint = f"Did you mean: {suggestions}?" if suggestions else "Check the spelling."
            return f"No quotes by “{side.asked_name}”. {hint}"
        case SideStatus.SILENT if side.timeline:
            return describe_silence(side.timeline)
    return ""


def _build_side(side: ComparedPerson, articles: Articles) -> Iterator[Passage]:
    timeline = side.timeline
    if timeline is None or not timeline.statements:
        yield Passage(describe_side(side), Voice.PROGRAM)
        return
    for day, statements in groupby(timeline.statements, key=lambda statement: statement.first_day):
        for passage in _build_passages(statements, timeline, articles):
            yield replace(passage, group=_name_day(day))


def _build_passages(
    statements: Iterator[PersonStatement], timeline: PersonTimeline, articles: Articles
) -> Iterator[Passage]:
    """Yield each statement with its other reports, and after a few words the sentence around them."""
    for statement in statements:
        hit = statement.hit
        reports = tuple(build_report_passage(report, hit) for report in _list_other_reports(statement))
        mark, _, limit = timeline.describe_day(statement.first_day).partition(" ")
        note = " ".join(filter(None, (mark, "day", limit))) if mark else ""
        yield replace(build_hit_passage(hit, articles), wordings=reports, note=note)
        if statement.sentence:
            yield _build_sentence_passage(statement, articles)


def _list_other_reports(statement: PersonStatement) -> Sequence[StatementReport]:
    place = (statement.hit.article, statement.hit.start)
    return [report for report in statement.reports if (report.source.id, report.start) != place]


def _build_sentence_passage(statement: PersonStatement, articles: Articles) -> Passage:
    hit, sentence = statement.hit, statement.sentence
    article = articles.get(hit.article)
    starts = [hit.start - offset for offset in range(len(sentence)) if sentence.startswith(hit.quote, offset)]
    # the sentence can have the quoted words twice; the article's text shows which ones they are
    start = next((start for start in starts if article and article.text.startswith(sentence, start)), starts[0])
    span = Span(start, start + len(sentence))
    is_known = article is not None and article.text.startswith(sentence, start)
    link = build_link(article, span) if article and is_known else hit.link
    place = Place(hit.article, span.start, span.end, get_source_name(hit), get_outlet_name(hit), hit.published, link)
    return Passage(sentence, Voice.ARTICLE, (place,), note=f"the sentence with “{hit.quote}”")


def _list_notes(timeline: PersonTimeline) -> Iterator[str]:
    if len(timeline.namesakes) > 1:
        yield describe_namesakes(timeline.namesakes)
    if timeline.is_bounded:
        yield _BOUNDED


def _describe_one_person(side: ComparedPerson) -> str:
    return f"Both names mean {side.name}. Name two people to compare."


def _name_day(day: date | None) -> str:
    return format_day(day) if day else "Undated"


def _join_title(name: str, about_title: str | None) -> str:
    return f"{name} about {about_title}" if about_title else name
