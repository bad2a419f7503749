"""Renders the statements of a person as items of a message: the words, their reports, and other wordings.

Rule: the longest quotation is shown with its first and last day, and every report in other words below it, with the
words that differ in bold. What does not fit is counted.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.menus import COPY_LABEL, Choice, Menu, build_menu, has_menu
from bot.slack.blocks.message import Item, Part
from briefings import Kind, PersonStatement, Span, SpeakerStatus, StatementReport, get_source_name, label_hit
from briefings.text import format_day, merge_spans

#: most other wordings and other reports shown of a statement; the rest are counted
_MAX_WORDINGS, _MAX_REPORTS = 3, 3
#: longest markup of a wording and of the words that it leaves out, in characters
_MAX_WORDING_LENGTH, _MAX_MISSING_LENGTH = 900, 120
_UNDATED = "No date given"
#: a word with all that is joined to it: "re-open", "mayor's"
_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement with what is written before it: who said it."""

    statement: PersonStatement
    label: str = ""


@dataclass(frozen=True, slots=True)
class StatementStyle:
    """How statements are rendered: the question for their menus, and whether links are shown."""

    command_text: str
    page_links: PageLinks | None
    with_links: bool


def build_parts(
    shown_statements: Sequence[ShownStatement],
    style: StatementStyle,
    describe_day: Callable[[date | None], str] = lambda _: "",
) -> list[Part]:
    """Return a part for each day, with its statements. The statements are sorted by day.

    `describe_day` returns "first" or "latest" for a day, or "".
    """
    numbered = enumerate(shown_statements)
    return [
        Part(_format_heading(day, describe_day(day)), tuple(_build_item(entry, n, style) for n, entry in group))
        for day, group in groupby(numbered, key=lambda pair: pair[1].statement.first_day)
    ]


def _format_heading(day: date | None, place: str) -> str:
    heading = f"*{format_day(day) if day else _UNDATED}*"
    return formatting.join_with_dots((heading, f"_{place.capitalize()}_" if place else ""))


def build_long_question_choices(value: ButtonValue) -> tuple[Choice, ...]:
    """Return the choices of the statements' menus for a whole answer, whose question is too long for a menu, or ()."""
    if has_menu(value.command_text):
        return ()
    return (
        Choice("Read in context", Action.CONTEXT, value),
        Choice("This looks wrong", Action.WRONG, value),
        Choice(COPY_LABEL, Action.COPY, value),
    )


def describe_days(first_day: date | None, last_day: date | None) -> str:
    """Return the first and the last day in words, or ""."""
    if first_day is None or last_day is None:
        return ""
    return format_day(first_day) if first_day == last_day else f"{format_day(first_day)} to {format_day(last_day)}"


def _build_item(entry: ShownStatement, number: int, style: StatementStyle) -> Item:
    markup = _format_statement(entry, style)
    menu = _build_statement_menu(entry.statement, number, style.command_text)
    return Item(markup, accessory=menu.element, block_id=menu.block_id) if menu else Item(markup)


def _build_statement_menu(statement: PersonStatement, number: int, command_text: str) -> Menu | None:
    hit = statement.hit
    value = ButtonValue(command_text, citation_id=make_citation_id(hit.article, hit.start, hit.end))
    wordings = [Choice(f"Compare {len(hit.variants) + 1} wordings", Action.WORDINGS, value)] if hit.variants else []
    return build_menu(
        number,
        [
            Choice("Read in context", Action.CONTEXT, value),
            *wordings,
            Choice(COPY_LABEL, Action.COPY, value),
            Choice("This looks wrong", Action.WRONG, value),
        ],
    )


def _format_statement(entry: ShownStatement, style: StatementStyle) -> str:
    """Return the paragraph of a statement, with fewer other wordings if it would be too long."""
    for wording_count in range(_MAX_WORDINGS, -1, -1):
        paragraph = _join_statement(entry, style, wording_count)
        if len(paragraph) <= slack_limits.SECTION_TEXT:
            break
    return paragraph


def _join_statement(entry: ShownStatement, style: StatementStyle, wording_count: int) -> str:
    statement, hit = entry.statement, entry.statement.hit
    is_spoken = hit.kind is not Kind.INDIRECT
    words, cut_note = formatting.format_quote(hit.quote, with_quote_marks=is_spoken)
    outlet = formatting.format_outlet(get_source_name(hit), hit.link or hit.url, with_links=style.with_links)
    details = formatting.join_with_dots(
        (
            outlet,
            format_day(hit.published) if hit.published != statement.first_day else "",
            formatting.format_outlet_count(hit.outlets),
            _describe_last_day(statement),
            _describe_doubt(statement),
            cut_note,
            _link_page(statement, style),
        )
    )
    rewordings = statement.rewordings
    lines = [
        entry.label,
        "" if is_spoken else "_reported, not in quotation marks_",
        words,
        f"in the sentence\n{formatting.format_quote(statement.sentence)[0]}" if statement.sentence else "",
        details,
        *(_format_rewording(report, style) for report in rewordings[:wording_count]),
        _count_others(len(rewordings) - wording_count, "other wording"),
        _list_other_reports(statement, style),
    ]
    return "\n".join(filter(None, lines))


def _describe_last_day(statement: PersonStatement) -> str:
    last_day = statement.last_day
    return f"last reported {format_day(last_day)}" if last_day and last_day != statement.first_day else ""


def _describe_doubt(statement: PersonStatement) -> str:
    """Return that the speaker is only probable, and why."""
    label = label_hit(statement.hit)
    is_probable = label.status is SpeakerStatus.PROBABLE
    return f"probably, {mrkdwn.shorten(label.note, _MAX_MISSING_LENGTH)}" if is_probable else ""


def _link_page(statement: PersonStatement, style: StatementStyle) -> str:
    hit = statement.hit
    if style.page_links is None:
        return ""
    link = formatting.format_link(style.page_links.build_article_link(hit.article, hit.start, hit.end), "full article")
    return link if style.with_links or not link else "full article"


def _format_rewording(report: StatementReport, style: StatementStyle) -> str:
    """Return a report in other words, with its own words in bold, and the words that it leaves out."""
    source = report.source
    outlet = formatting.format_outlet(get_source_name(source), report.link, with_links=style.with_links)
    kind = "Reported, not in quotation marks," if report.is_paraphrase else "In other words"
    heading = formatting.join_with_dots((f"{kind} in {outlet}", format_day(source.published)))
    words = mark_changes(report)
    missing = "; ".join(f"“{mrkdwn.shorten(words, _MAX_MISSING_LENGTH)}”" for words in report.missing[:_MAX_REPORTS])
    return "\n".join(
        filter(
            None,
            (heading, f">{words}" if report.is_paraphrase else f">“{words}”", f"without {missing}" if missing else ""),
        )
    )


def mark_changes(report: StatementReport, max_length: int = _MAX_WORDING_LENGTH) -> str:
    """Return the words of a report as markup on one line, with those that differ in bold."""
    pieces, position = list[str](), 0
    for span in merge_spans(_widen(report.text, span) for span in report.changes):
        pieces.append(_escape_between(report.text[position : span.start]))
        pieces.append(f"*{mrkdwn.escape_mrkdwn(span.of(report.text))}*")
        position = span.end
    pieces.append(_escape_between(report.text[position:]))
    markup = "".join(pieces).strip()
    return markup if len(markup) <= max_length else mrkdwn.shorten(report.text, max_length)


def _widen(text: str, span: Span) -> Span:
    """Return a span that does not begin or end inside a word: Slack shows no bold next to a letter."""
    words = [Span(*match.span()) for match in _WORD.finditer(text)]
    start = next((word.start for word in words if word.start < span.start < word.end), span.start)
    end = next((word.end for word in words if word.start < span.end < word.end), span.end)
    return Span(start, end)


def _escape_between(text: str) -> str:
    """Return text next to bold words as markup: with a blank where the article has one, and only there."""
    words = mrkdwn.escape_mrkdwn(text)
    return f"{' ' * text[:1].isspace()}{words}{' ' * text[-1:].isspace()}" if words else " " * bool(text)


def _list_other_reports(statement: PersonStatement, style: StatementStyle) -> str:
    """Return the outlets with the same words, or a part of them, each once."""
    hit_name = get_source_name(statement.hit)
    names: dict[str, str] = {}
    for report in statement.other_reports:
        name = get_source_name(report.source)
        if name != hit_name or report.source.published != statement.hit.published:
            day = format_day(report.source.published)
            outlet = formatting.format_outlet(name, report.link, with_links=style.with_links)
            names.setdefault(f"{name} {day}", f"{outlet} ({day})")
    shown_names = list(names.values())[:_MAX_REPORTS]
    omitted_count = len(names) - len(shown_names)
    more = f" and {omitted_count} more" if omitted_count else ""
    return f"Also in {', '.join(shown_names)}{more}" if shown_names else ""


def _count_others(count: int, noun: str) -> str:
    return f"and {formatting.format_count(count, noun)}" if count > 0 else ""
