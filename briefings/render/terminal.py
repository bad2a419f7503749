"""Render answers as text for a terminal: wrapped, with bold and clickable links where the terminal supports them.

Rule: the sources' words are in quotation marks or on separate lines, and our own notes are in square brackets.

Rule: control characters in articles never reach the terminal.

Source of the link sequence (OSC 8): https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from briefings.model import (
    Briefing,
    Evidence,
    Hit,
    Kind,
    Line,
    SearchTotals,
    Slot,
    Source,
    Speaker,
    WhoSaid,
)
from briefings.source_labels import get_source_name
from briefings.speaker_labels import SpeakerStatus, label_hit
from briefings.text.dates import format_day
from briefings.wordings import list_other_wordings, list_same_wordings

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
#: title of a briefing on everything
_ALL_ARTICLES = "All articles"
_HEADINGS = {
    Slot.STATUS: "Latest",
    Slot.TIMELINE: "Timeline",
    Slot.QUOTES: "Who said what",
    Slot.DIFFERENCES: "Where the sources differ",
    Slot.MISSING: "Not in these articles",
    Slot.SOURCES: "Sources",
}


@dataclass(frozen=True, slots=True)
class Style:
    """Output style: the width in columns, and whether links and bold are supported (False for a pipe or a file)."""

    width: int = 100
    rich: bool = False


def make_printable(text: str) -> str:
    """Return `text` on one line, without control characters."""
    return " ".join(_CONTROL_CHARACTERS.sub(" ", text).split())


def format_speaker(value: Speaker | None) -> str:
    """Return the speaker's name with the role. Anonymous speakers are shown with their description."""
    if value is None:
        return "Unknown speaker"
    role = f", {make_printable(value.role)}" if value.role else ""
    return f"{make_printable(value.name)}{role}{' (unnamed)' if value.anonymous else ''}"


def format_hit_speaker(hit: Hit, style: Style) -> str:
    """Return the speaker of a hit, how certain that is, and how the speaker was identified."""
    label = label_hit(hit)
    prefix = "Probably " if label.status is SpeakerStatus.PROBABLE else ""
    role = f", {make_printable(label.role)}" if label.role else ""
    note = "unnamed" if label.status is SpeakerStatus.UNNAMED else make_printable(label.note)
    return f"{prefix}{format_bold(f'{make_printable(label.name)}{role}', style)}{f' ({note})' if note else ''}"


def format_link(label: str, address: str | None, style: Style) -> str:
    """Return a label that opens a URL, or the label followed by the URL; only the label without one."""
    label = make_printable(label)
    if address is None:
        return label
    address = _CONTROL_CHARACTERS.sub("", address)
    return f"\x1b]8;;{address}\x1b\\{label}\x1b]8;;\x1b\\" if style.rich else f"{label} <{address}>"


def format_bold(text: str, style: Style) -> str:
    """Return `text` in bold where the terminal supports it."""
    return f"\x1b[1m{text}\x1b[0m" if style.rich else text


def wrap_text(text: str, style: Style, *, first_indent: str) -> list[str]:
    """Wrap `text` to the style's width. The first line starts with `first_indent`, the others are indented as far."""
    return wrap(
        text,
        style.width,
        initial_indent=first_indent,
        subsequent_indent=" " * len(first_indent),
        break_on_hyphens=False,
    )


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 quote", "2 quotes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def render_briefing(value: Briefing, style: Style) -> str:
    """Render the whole briefing, slot by slot; empty slots are left out.

    Links are behind the outlets' names, or numbered and listed at the end where the terminal has no links.
    """
    sources = {source.id: source for source in value.sources}
    links = _Links(style)
    title = _ALL_ARTICLES if value.title == "*" else make_printable(value.title)
    output_lines = [format_bold(title, style), *_describe_filters(value), ""]
    for slot in Slot:
        lines = value.get_slot_lines(slot)
        if lines:
            output_lines += [format_bold(_HEADINGS[slot], style)]
            slot_lines = (
                _render_sources(value, links) if slot is Slot.SOURCES else _render_lines(lines, sources, links, style)
            )
            output_lines += [*slot_lines, ""]
    output_lines += links.render_list()
    output_lines.append(
        f"{value.words} words, every line verbatim from its source.{_format_dropped(value.dropped_lines)}"
    )
    return "\n".join(output_lines)


def render_who_said(value: WhoSaid, style: Style) -> str:
    """Render who said it, or the nearest matches, and how much was searched."""
    filters = ", ".join(map(make_printable, value.bounds))
    output_lines = _describe_question(value)
    for hit in value.hits:
        output_lines += [*render_hit(hit, style), ""]
    if value.more:
        output_lines += [
            "Only the newest quotes are shown. For older ones, add words or use --until.",
            "",
        ]
    if value.narration:
        output_lines.append(
            "No one is quoted saying this. The articles' own words:"
            if not value.hits
            else "In the articles' own words:"
        )
        for narration in value.narration:
            citation = format_link(get_source_name(narration), narration.link, style)
            output_lines += [
                *wrap_text(make_printable(narration.text), style, first_indent="  - "),
                f"    {citation}",
                "",
            ]
    if not value.hits and not value.narration:
        output_lines += [_explain_no_match(value, filters), ""]
        for hit in value.nearest:
            output_lines += [*render_hit(hit, style), ""]
    return "\n".join([*output_lines, format_searched(value.totals) + (f" Filters: {filters}." if filters else "")])


def _describe_question(value: WhoSaid) -> list[str]:
    """Return how the question was understood, if it has filters and an answer, and what was left out of it."""
    question = make_printable(value.description)
    if value.dropped:
        return [f"No quote {question}. {_format_dropped_filters(value.dropped)}:", ""]
    has_content = value.hits or value.narration
    return [f"Quotes {question}:", ""] if value.bounds and question and has_content else []


def _describe_filters(value: Briefing) -> list[str]:
    filters = make_printable(value.filters)
    if value.dropped_filters:
        return [f"No articles on this {filters}. {_format_dropped_filters(value.dropped_filters)}:"]
    return [f"Only articles {filters}"] if filters else []


def _format_dropped_filters(dropped: Sequence[str]) -> str:
    return "Without " + " and ".join(f"“{make_printable(part)}”" for part in dropped)


def format_searched(scope: SearchTotals) -> str:
    """Say how many quotes and articles were searched, and their first and last day."""
    days = f", {format_day(scope.since)} to {format_day(scope.until)}" if scope.since and scope.until else ""
    return f"Searched {format_count(scope.quotes, 'quote')} in {format_count(scope.articles, 'article')}{days}."


def render_hit(hit: Hit, style: Style) -> Iterator[str]:
    """Render one utterance: its speaker, words, source and variants."""
    yield format_hit_speaker(hit, style)
    quote = make_printable(hit.quote)
    is_reported = hit.kind is Kind.INDIRECT
    opening = "[paraphrase] " if is_reported and hit.speaker else ""
    yield from wrap_text(opening + (quote if is_reported else f"“{quote}”"), style, first_indent="  ")
    outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
    yield f"  {format_link(get_source_name(hit), hit.link, style)}, {format_day(hit.published)}{outlets}"
    for variant in list_same_wordings(hit):
        yield f"  also in {format_link(get_source_name(variant), variant.link, style)}"
    for variant in list_other_wordings(hit):
        yield from wrap_text(f"also reported as “{make_printable(variant.quote)}”", style, first_indent="  ")
        yield f"  {format_link(get_source_name(variant), variant.link, style)}"


def _explain_no_match(value: WhoSaid, filters: str) -> str:
    quoted_query = f"“{make_printable(value.query)}”"
    if value.nearest:
        return f"No exact match for {quoted_query}{f' {filters}' if filters else ''}. Closest quotes:"
    words = f"for {quoted_query} " if value.query.strip() else ""
    no_match = f"No match {words}{filters}." if filters else f"No article contains {quoted_query}."
    return f"{no_match} Try fewer words or a single distinctive one."


def _format_dropped(line_count: int) -> str:
    if not line_count:
        return ""
    pronoun = "it" if line_count == 1 else "they"
    return f" {format_count(line_count, 'line')} dropped because {pronoun} didn't match the source. Please report this."


class _Links:
    """Links of one briefing: clickable names where the terminal supports them, numbers with a list otherwise."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._numbers: dict[str, int] = {}

    def cite(self, label: str, address: str | None) -> str:
        """Return a label with its link, or with the number of its link in the list."""
        if address is None or self._style.rich:
            return format_link(label, address, self._style)
        number = self._numbers.setdefault(_CONTROL_CHARACTERS.sub("", address), len(self._numbers) + 1)
        return f"{make_printable(label)} [{number}]"

    def render_list(self) -> list[str]:
        """Return the numbered links with their heading; nothing if there are none."""
        entries = [f"  [{number}] {address}" for address, number in self._numbers.items()]
        return ["Links", *entries, ""] if entries else []


def _render_lines(lines: tuple[Line, ...], sources: dict[str, Source], links: _Links, style: Style) -> Iterator[str]:
    day_heading: str | None = None
    for index, line in enumerate(lines):
        if line.slot is Slot.DIFFERENCES:
            yield from _render_difference(line, sources, links, style)
            continue
        if line.slot is Slot.TIMELINE and day_heading != _format_day_heading(line):
            day_heading = _format_day_heading(line)
            yield f"  {format_bold(day_heading, style)}"
        wrapped_lines = wrap_text(_format_line(line), style, first_indent="  - ")
        is_lead = line.slot is Slot.STATUS and index == 0
        yield from (format_bold(wrapped_line, style) for wrapped_line in wrapped_lines) if is_lead else wrapped_lines
        if line.evidence:
            outlets = f", {line.outlets} outlets" if line.outlets > 1 else ""
            yield f"    {_format_citation(line.evidence[0], sources, links)}{outlets}"


def _render_difference(line: Line, sources: dict[str, Source], links: _Links, style: Style) -> Iterator[str]:
    yield from wrap_text(f"[{make_printable(line.note or '')}]", style, first_indent="  - ")
    for evidence in line.evidence:
        yield from wrap_text(f"“{make_printable(evidence.text)}”", style, first_indent="      ")
        yield f"      {_format_citation(evidence, sources, links)}"


def _format_day_heading(line: Line) -> str:
    """Return the day over a group of timeline lines."""
    if line.day:
        return format_day(line.day)
    return "No single day" if line.date_words else "No date given"


def _format_line(line: Line) -> str:
    text = make_printable(line.text)
    if line.slot is Slot.QUOTES:
        text = f"{format_speaker(line.speaker)}: “{text}”"
    is_marked = line.expected and line.slot is not Slot.MISSING  # the heading says that it is open
    expected_mark = "[expected] " if is_marked else ""
    note = f" [{make_printable(line.note)}]" if line.note else ""
    return f"{_format_date(line)}{expected_mark}{text}{note}"


def _format_date(line: Line) -> str:
    """Return the day and the words that gave it. In the timeline the day is the heading of the group.

    For a range of days only the words are returned; the note has the range.
    """
    words = f"“{make_printable(line.date_words)}”" if line.date_words else ""
    day = format_day(line.day) if line.day and line.slot is not Slot.TIMELINE else ""
    date_text = "; ".join(filter(None, (day, words)))
    return f"[{date_text}] " if date_text else ""


def _render_sources(value: Briefing, links: _Links) -> Iterator[str]:
    for source in value.sources:
        change_note = f" [changed on {format_day(source.changed_on)}]" if source.changed_on else ""
        link = links.cite(get_source_name(source), source.url)
        yield f"  - {link}, {format_day(source.published)}{change_note}"


def _format_citation(evidence: Evidence, sources: dict[str, Source], links: _Links) -> str:
    source = sources[evidence.article]
    return f"{links.cite(get_source_name(source), evidence.link)}, {format_day(source.published)}"
