"""Render timelines of a person and comparisons of two people as text for a terminal.

Rule: as in other answers, the sources' words are in quotation marks, and our own notes are in square brackets.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, zip_longest

from briefings.model import Kind
from briefings.person_report import (
    ComparedPerson,
    PersonComparison,
    PersonStatement,
    PersonTimeline,
    SideStatus,
    StatementReport,
)
from briefings.render.terminal import (
    Style,
    format_bold,
    format_count,
    format_link,
    format_searched,
    make_printable,
    wrap_text,
)
from briefings.source_labels import get_source_name
from briefings.speaker_labels import SpeakerStatus, label_hit
from briefings.text.dates import format_day

#: fewest columns in which two people are side by side
_MIN_TWO_COLUMNS = 72
_GAP = "  "


def render_timeline(value: PersonTimeline, style: Style) -> str:
    """Render a timeline by day, the oldest first."""
    lines = [_format_heading(value, style), ""]
    if not value.statements:
        lines += [describe_silence(value), ""]
    for day, statements in groupby(value.statements, key=lambda statement: statement.first_day):
        place = value.describe_day(day)
        lines.append(f"{format_bold(_format_day(day), style)}{f' [{place}]' if place else ''}")
        for statement in statements:
            lines += [*_render_statement(statement, value.get_role(statement), style), ""]
    return "\n".join([*lines, *_list_notes(value), format_searched(value.totals)])


def render_comparison(value: PersonComparison, style: Style) -> str:
    """Render two people in two columns, or one below the other on a narrow terminal."""
    names = " and ".join(format_bold(make_printable(side.name), style) for side in value.sides)
    lines = [f"{names}{f' {make_printable(value.description)}' if value.description else ''}", ""]
    if value.is_one_person:
        lines += [f"Both names mean {make_printable(value.sides[0].name)}. Name two people to compare.", ""]
    sides = value.sides[:1] if value.is_one_person else value.sides
    notes = [describe_side(side) for side in sides if side.status is not SideStatus.HAS_QUOTES]
    lines += [*notes, ""] if notes else []
    quoted_sides = [side for side in sides if side.timeline and side.timeline.statements]
    is_narrow = len(quoted_sides) < 2 or style.width < _MIN_TWO_COLUMNS or style.rich
    lines += _stack(quoted_sides, style) if is_narrow else _set_columns(quoted_sides, style)
    timelines = [side.timeline for side in quoted_sides if side.timeline]
    bounded_notes = list(dict.fromkeys(note for timeline in timelines for note in _list_notes(timeline)))
    return "\n".join([*lines, *bounded_notes, format_searched(value.totals)])


def describe_side(side: ComparedPerson) -> str:
    """Return a sentence on a person who is not shown."""
    name, names = make_printable(side.asked_name), ", ".join(map(make_printable, side.suggestions))
    if side.status is SideStatus.AMBIGUOUS:
        return f"“{name}” can mean several people: {names}. Use the full name."
    if side.status is SideStatus.UNKNOWN:
        return f"No quotes by “{name}”." + (f" Did you mean: {names}?" if names else " Check the spelling.")
    return describe_silence(side.timeline) if side.timeline else ""


def describe_silence(value: PersonTimeline) -> str:
    """Return the sentence for a person who is not quoted on the subject."""
    filters = f" {make_printable(value.description)}" if value.description else ""
    total = format_count(value.quote_total, "quote")
    return f"No quotes by {make_printable(value.name)}{filters}. On all subjects: {total}."


def _format_heading(value: PersonTimeline, style: Style) -> str:
    role = f", {make_printable(value.role)}" if value.role else ""
    subject = f" {make_printable(value.description)}" if value.description else ""
    count = format_count(len(value.statements), "statement")
    reports = f", reported {value.quote_count:,} times" if value.quote_count > len(value.statements) else ""
    outlets = f", in {value.outlets} independent outlets" if value.outlets > 1 else ""
    return f"{format_bold(make_printable(value.name), style)}{role}{subject}: {count}{reports}{outlets}"


def _list_notes(value: PersonTimeline) -> list[str]:
    bounded = ["Older quotes were not read. For these, add --until or --about."] if value.is_bounded else []
    roles = "; ".join(make_printable(roles[0]) for roles in value.namesakes if roles)
    is_shared = len(value.namesakes) > 1
    return [*bounded, *([f"Perhaps {len(value.namesakes)} people have this name: {roles}."] if is_shared else [])]


def _render_statement(statement: PersonStatement, role: str, style: Style) -> Iterator[str]:
    hit = statement.hit
    words = make_printable(hit.quote)
    quote = f"[paraphrase] {words}" if hit.kind is Kind.INDIRECT else f"“{words}”"
    sentence = f" [in “{make_printable(statement.sentence)}”]" if statement.sentence else ""
    yield from wrap_text(f"{quote}{sentence}", style, first_indent="  ")
    outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
    doubt = f"{_describe_doubt(statement)}{f' [{make_printable(role)}]' if role else ''}"
    yield f"  {format_link(get_source_name(hit), hit.link, style)}, {_format_day(hit.published)}{outlets}{doubt}"
    for report in statement.rewordings:
        yield from _render_rewording(report, style)
    for report in statement.other_reports:
        outlet = format_link(get_source_name(report.source), report.link, style)
        yield f"  also in {outlet}, {_format_report_day(report)}"


def _describe_doubt(statement: PersonStatement) -> str:
    label = label_hit(statement.hit)
    return f" [probably, {make_printable(label.note)}]" if label.status is SpeakerStatus.PROBABLE else ""


def _render_rewording(report: StatementReport, style: Style) -> Iterator[str]:
    missing = "; ".join(f"“{make_printable(words)}”" for words in report.missing)
    note = f" [without {missing}]" if missing else ""
    words = make_printable(report.text)
    wording = f"[paraphrase] {words}" if report.is_paraphrase else f"in other words: “{words}”"
    yield from wrap_text(f"{wording}{note}", style, first_indent="  ")
    yield f"  {format_link(get_source_name(report.source), report.link, style)}, {_format_report_day(report)}"


def _stack(sides: Sequence[ComparedPerson], style: Style) -> list[str]:
    lines: list[str] = []
    for side in sides:
        if side.timeline:
            lines += [_format_heading(side.timeline, style), ""]
            lines += _render_side(side.timeline, style)
    return lines


def _set_columns(sides: Sequence[ComparedPerson], style: Style) -> list[str]:
    width = (style.width - len(_GAP)) // 2
    column_style = Style(width)
    columns = [
        [make_printable(side.name), "", *_render_side(side.timeline, column_style)] for side in sides if side.timeline
    ]
    return [
        f"{first_line:<{width}}{_GAP}{second_line}".rstrip()
        for first_line, second_line in zip_longest(*columns, fillvalue="")
    ]


def _render_side(timeline: PersonTimeline, style: Style) -> list[str]:
    lines: list[str] = []
    for statement in timeline.statements:
        hit = statement.hit
        words = make_printable(hit.quote)
        lines += wrap_text(_format_day(statement.first_day), style, first_indent="")
        quote = f"[paraphrase] {words}" if hit.kind is Kind.INDIRECT else f"“{words}”"
        lines += wrap_text(quote, style, first_indent="  ")
        outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
        role = f" [{make_printable(timeline.get_role(statement))}]" if timeline.get_role(statement) else ""
        source = f"{make_printable(get_source_name(hit))}{outlets}{_describe_doubt(statement)}{role}"
        lines += [*wrap_text(source, style, first_indent="  "), ""]
    return lines


def _format_report_day(report: StatementReport) -> str:
    return _format_day(report.source.published)


def _format_day(day: date | None) -> str:
    return format_day(day)
