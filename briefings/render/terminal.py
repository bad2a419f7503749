"""Answers as text for a terminal: wrapped, with clickable links where the terminal has them.

Rule: the sources' words stand in quotation marks or on lines of their own; what is ours stands in brackets.

Single lines for a terminal: wrapped, bold, linked, and free of anything a terminal would act on.

Rule: control characters in articles never reach the terminal.
Source of the link sequence (OSC 8): https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from briefings.model import Briefing, Evidence, Hit, Kind, Line, Searched, Slot, Source, Speaker, WhoSaid
from briefings.text.dates import format_day

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: columns of text, and whether the terminal knows links and bold (False for a pipe or a file)."""

    width: int = 100
    rich: bool = False


def make_printable(text: str) -> str:
    """`text` on one line, without anything a terminal would act on."""
    return " ".join(_CONTROL_CHARACTERS.sub(" ", text).split())


def format_speaker(value: Speaker | None) -> str:
    """A name with its role; whoever is not named, as the article describes them."""
    if value is None:
        return "Unattributed"
    role = f", {make_printable(value.role)}" if value.role else ""
    return f"{make_printable(value.name)}{role}{' (unnamed)' if value.anonymous else ''}"


def format_link(label: str, address: str | None, style: Style) -> str:
    """A label that opens an address, or with the address behind it."""
    label = make_printable(label)
    if address is None:
        return f"{label} (no link)"
    address = _CONTROL_CHARACTERS.sub("", address)
    return f"\x1b]8;;{address}\x1b\\{label}\x1b]8;;\x1b\\" if style.rich else f"{label} <{address}>"


def format_bold(text: str, style: Style) -> str:
    """`text` in bold, where the terminal knows it."""
    return f"\x1b[1m{text}\x1b[0m" if style.rich else text


def wrap_text(text: str, style: Style, *, first_indent: str) -> list[str]:
    """`text` in lines of the style's width behind `first`, the others indented as far."""
    return wrap(
        text,
        style.width,
        initial_indent=first_indent,
        subsequent_indent=" " * len(first_indent),
        break_on_hyphens=False,
    )


def format_count(number: int, noun: str) -> str:
    """A number with its noun, "1 quote", "2 quotes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_HEADINGS = {
    Slot.STATUS: "Where it stands",
    Slot.TIMELINE: "Timeline",
    Slot.QUOTES: "Who said what",
    Slot.DIFFERENCES: "Where the sources differ",
    Slot.MISSING: "Not in these articles",
    Slot.SOURCES: "Sources",
}


def render_briefing(value: Briefing, style: Style) -> str:
    """The whole briefing, slot by slot; empty slots are left out."""
    sources = {source.id: source for source in value.sources}
    output_lines = [format_bold(make_printable(value.title), style), ""]
    for slot in Slot:
        lines = value.get_slot_lines(slot)
        if lines:
            output_lines += [format_bold(_HEADINGS[slot], style)]
            slot_lines = _render_sources(value, style) if slot is Slot.SOURCES else _render_lines(lines, sources, style)
            output_lines += [*slot_lines, ""]
    output_lines.append(
        f"{value.words} words, every line verbatim from its source.{_format_dropped(value.dropped_lines)}"
    )
    return "\n".join(output_lines)


def render_who_said(value: WhoSaid, style: Style) -> str:
    """Who said it, or what was found instead, and how much was searched."""
    filters = ", ".join(map(make_printable, value.bounds))
    output_lines: list[str] = []
    for hit in value.hits:
        output_lines += [*render_hit(hit, style), ""]
    if value.more:
        output_lines += [
            "These are the newest; older quotes of it are not shown. Ask with more words, or with --until.",
            "",
        ]
    if value.narration:
        output_lines.append(
            "These words are the paper's own; nobody is quoted with them:"
            if not value.hits
            else "The papers' own words:"
        )
        for narration in value.narration:
            citation = format_link(narration.publisher or narration.article, narration.link, style)
            output_lines += [
                *wrap_text(make_printable(narration.text), style, first_indent="  - "),
                f"    {citation}",
                "",
            ]
    if not value.hits and not value.narration:
        quoted_query = f"“{make_printable(value.query)}”"
        no_match = (
            f"No quotation {filters} holds {quoted_query}."
            if filters
            else f"Nobody in the record is quoted saying {quoted_query}."
        )
        output_lines += [no_match, ""]
        output_lines += ["The closest that somebody did say:"] if value.nearest else []
        for hit in value.nearest:
            output_lines += [*render_hit(hit, style), ""]
    return "\n".join(
        [*output_lines, format_searched(value.totals) + (f" Asked for what was said {filters}." if filters else "")]
    )


def format_searched(scope: Searched) -> str:
    """How much was looked through."""
    days = f", {format_day(scope.since)} to {format_day(scope.until)}" if scope.since and scope.until else ""
    return f"Searched {format_count(scope.quotes, 'quote')} in {format_count(scope.articles, 'article')}{days}."


def render_hit(hit: Hit, style: Style) -> Iterator[str]:
    """One utterance: its speaker, its words, where they stand, and the other wordings."""
    yield f"{format_bold(format_speaker(hit.speaker), style)} ({make_printable(hit.reason)})"
    quote = make_printable(hit.quote)
    yield from wrap_text(
        f"[in the paper's words] {quote}" if hit.kind is Kind.INDIRECT else f"“{quote}”", style, first_indent="  "
    )
    outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
    yield f"  {format_link(hit.publisher or hit.article, hit.link, style)}, {format_day(hit.published)}{outlets}"
    for variant in hit.variants:
        yield from wrap_text(f"also reported as “{make_printable(variant.quote)}”", style, first_indent="  ")
        yield f"  {format_link(variant.publisher or variant.article, variant.link, style)}"


def _format_dropped(lines: int) -> str:
    return f" {lines} dropped that {'was' if lines == 1 else 'were'} not: please report it." if lines else ""


def _render_lines(lines: tuple[Line, ...], sources: dict[str, Source], style: Style) -> Iterator[str]:
    for line in lines:
        if line.slot is Slot.DIFFERENCES:
            yield from wrap_text(f"[{make_printable(line.note or '')}]", style, first_indent="  - ")
            for evidence in line.evidence:
                yield from wrap_text(f"“{make_printable(evidence.text)}”", style, first_indent="      ")
                yield f"      {_format_citation(evidence, sources, style)}"
            continue
        yield from wrap_text(_format_line(line), style, first_indent="  - ")
        if line.evidence:
            outlets = f", {line.outlets} outlets" if line.outlets > 1 else ""
            yield f"    {_format_citation(line.evidence[0], sources, style)}{outlets}"


def _format_line(line: Line) -> str:
    text = make_printable(line.text)
    if line.slot is Slot.QUOTES:
        text = f"{format_speaker(line.speaker)}: “{text}”"
    expected_mark = "[expected] " if line.expected else ""
    note = f" [{make_printable(line.note)}]" if line.note else ""
    return f"{_format_date(line)}{expected_mark}{text}{note}"


def _format_date(line: Line) -> str:
    """The day and the words that gave it; of what is only known between two days the words, and the note tells them."""
    words = f"“{make_printable(line.date_words)}”" if line.date_words else ""
    date_text = "; ".join(filter(None, (format_day(line.day) if line.day else "", words)))
    return f"[{date_text}] " if date_text else ""


def _render_sources(value: Briefing, style: Style) -> Iterator[str]:
    for source in value.sources:
        change_note = f" [changed on {format_day(source.changed_on)}]" if source.changed_on else ""
        yield f"  - {format_link(source.publisher or 'unknown outlet', source.url, style)}, {format_day(source.published)}{change_note}"


def _format_citation(evidence: Evidence, sources: dict[str, Source], style: Style) -> str:
    source = sources[evidence.article]
    return f"{format_link(source.publisher or source.id, evidence.link, style)}, {format_day(source.published)}"
