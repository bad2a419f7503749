"""Answers as text for a terminal: wrapped, with clickable links where the terminal has them.

Rule: the sources' words stand in quotation marks or on lines of their own; what is ours stands in brackets. Control
characters in articles never reach the terminal.
Source of the link sequence (OSC 8): https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from briefings.model import Briefing, Evidence, Hit, Kind, Line, Slot, Source, Speaker, WhoSaid
from briefings.text.days import spelt

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_HEADINGS = {
    Slot.STATUS: "Where it stands",
    Slot.TIMELINE: "Timeline",
    Slot.QUOTES: "Who said what",
    Slot.DIFFERENCES: "Where the sources differ",
    Slot.MISSING: "Not in these articles",
    Slot.SOURCES: "Sources",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: columns of text, and whether the terminal knows links and bold (False for a pipe or a file)."""

    width: int = 100
    rich: bool = False


def briefing(value: Briefing, style: Style) -> str:
    """The whole briefing, slot by slot; empty slots are left out."""
    sources = {source.id: source for source in value.sources}
    out = [_bold(printable(value.title), style), ""]
    for slot in Slot:
        lines = value.slot(slot)
        if lines:
            out += [_bold(_HEADINGS[slot], style)]
            written = _sources(value, style) if slot is Slot.SOURCES else _written(lines, sources, style)
            out += [*written, ""]
    out.append(f"{value.words} words, every line verbatim from its source.{_dropped(value.dropped)}")
    return "\n".join(out)


def who_said(value: WhoSaid, style: Style) -> str:
    """Who said it, or what was found instead, and how much was searched."""
    out: list[str] = []
    for hit in value.hits:
        out += [*_hit(hit, style), ""]
    if value.narration:
        out.append("These words are the paper's own; nobody is quoted with them:" if not value.hits else "Also in:")
        for narration in value.narration:
            link = _link(narration.publisher or narration.article, narration.link, style)
            out += [*_wrapped(printable(narration.text), style, first="  - "), f"    {link}", ""]
    if not value.hits and not value.narration:
        out += [f"Nobody in the record is quoted saying “{printable(value.query)}”.", ""]
        for hit in value.nearest:
            out += ["The closest that somebody did say:", *_hit(hit, style), ""]
    return "\n".join([*out, _searched(value)])


def printable(text: str) -> str:
    """`text` on one line, without anything a terminal would act on."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _dropped(lines: int) -> str:
    return f" {lines} dropped that {'was' if lines == 1 else 'were'} not: please report it." if lines else ""


def _searched(value: WhoSaid) -> str:
    held = value.searched
    days = f", {spelt(held.since)} to {spelt(held.until)}" if held.since and held.until else ""
    return f"Searched {held.quotes} quotes in {held.articles} articles{days}."


def _hit(hit: Hit, style: Style) -> Iterator[str]:
    yield f"{_bold(_speaker(hit.speaker), style)} ({printable(hit.reason)})"
    quote = printable(hit.quote)
    yield from _wrapped(
        f"[in the paper's words] {quote}" if hit.kind is Kind.INDIRECT else f"“{quote}”", style, first="  "
    )
    outlets = f", {hit.outlets} outlets" if hit.outlets > 1 else ""
    yield f"  {_link(hit.publisher or hit.article, hit.link, style)}, {spelt(hit.published)}{outlets}"
    for variant in hit.variants:
        yield from _wrapped(f"also reported as “{printable(variant.quote)}”", style, first="  ")
        yield f"  {_link(variant.publisher or variant.article, variant.link, style)}"


def _speaker(speaker: Speaker | None) -> str:
    if speaker is None:
        return "Unattributed"
    role = f", {printable(speaker.role)}" if speaker.role else ""
    return f"{printable(speaker.name)}{role}{' (unnamed)' if speaker.anonymous else ''}"


def _written(lines: tuple[Line, ...], sources: dict[str, Source], style: Style) -> Iterator[str]:
    for line in lines:
        if line.slot is Slot.DIFFERENCES:
            yield from _wrapped(f"[{printable(line.note or '')}]", style, first="  - ")
            for piece in line.evidence:
                yield from _wrapped(f"“{printable(piece.text)}”", style, first="      ")
                yield f"      {_place(piece, sources, style)}"
            continue
        yield from _wrapped(_said(line), style, first="  - ")
        if line.evidence:
            outlets = f", {line.outlets} outlets" if line.outlets > 1 else ""
            yield f"    {_place(line.evidence[0], sources, style)}{outlets}"


def _said(line: Line) -> str:
    text = printable(line.text)
    if line.slot is Slot.QUOTES:
        text = f"{_speaker(line.speaker)}: “{text}”"
    expected = "[expected] " if line.expected else ""
    note = f" [{printable(line.note)}]" if line.note else ""
    return f"{_when(line)}{expected}{text}{note}"


def _when(line: Line) -> str:
    """The day and the words that gave it; of what is only known between two days the words, and the note tells them."""
    words = f"“{printable(line.date_words)}”" if line.date_words else ""
    told = "; ".join(filter(None, (spelt(line.day) if line.day else "", words)))
    return f"[{told}] " if told else ""


def _sources(value: Briefing, style: Style) -> Iterator[str]:
    for source in value.sources:
        yield f"  - {_link(source.publisher or 'unknown outlet', source.url, style)}, {spelt(source.published)}"


def _place(evidence: Evidence, sources: dict[str, Source], style: Style) -> str:
    source = sources[evidence.article]
    return f"{_link(source.publisher or source.id, evidence.link, style)}, {spelt(source.published)}"


def _link(label: str, address: str | None, style: Style) -> str:
    label = printable(label)
    if address is None:
        return f"{label} (no link)"
    address = _CONTROL.sub("", address)
    return f"\x1b]8;;{address}\x1b\\{label}\x1b]8;;\x1b\\" if style.rich else f"{label} <{address}>"


def _bold(text: str, style: Style) -> str:
    return f"\x1b[1m{text}\x1b[0m" if style.rich else text


def _wrapped(text: str, style: Style, *, first: str) -> list[str]:
    return wrap(text, style.width, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)
