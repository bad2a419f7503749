"""Answers as text for a terminal: wrapped, with clickable links where the terminal has them.

Rule: the sources' words stand in quotation marks or on lines of their own; what is ours stands in brackets.
"""

from collections.abc import Iterator

from briefings.model import Briefing, Evidence, Hit, Kind, Line, Searched, Slot, Source, WhoSaid
from briefings.render.plain import Style, bold, counted, link, printable, speaker, wrapped
from briefings.text.days import spelt

_HEADINGS = {
    Slot.STATUS: "Where it stands",
    Slot.TIMELINE: "Timeline",
    Slot.QUOTES: "Who said what",
    Slot.DIFFERENCES: "Where the sources differ",
    Slot.MISSING: "Not in these articles",
    Slot.SOURCES: "Sources",
}


def briefing(value: Briefing, style: Style) -> str:
    """The whole briefing, slot by slot; empty slots are left out."""
    sources = {source.id: source for source in value.sources}
    out = [bold(printable(value.title), style), ""]
    for slot in Slot:
        lines = value.slot(slot)
        if lines:
            out += [bold(_HEADINGS[slot], style)]
            written = _sources(value, style) if slot is Slot.SOURCES else _written(lines, sources, style)
            out += [*written, ""]
    out.append(f"{value.words} words, every line verbatim from its source.{_dropped(value.dropped)}")
    return "\n".join(out)


def who_said(value: WhoSaid, style: Style) -> str:
    """Who said it, or what was found instead, and how much was searched."""
    only = ", ".join(map(printable, value.bounds))
    out: list[str] = []
    for found in value.hits:
        out += [*hit(found, style), ""]
    if value.more:
        out += ["These are the newest; older quotes of it are not shown. Ask with more words, or with --until.", ""]
    if value.narration:
        out.append(
            "These words are the paper's own; nobody is quoted with them:"
            if not value.hits
            else "The papers' own words:"
        )
        for narration in value.narration:
            place = link(narration.publisher or narration.article, narration.link, style)
            out += [*wrapped(printable(narration.text), style, first="  - "), f"    {place}", ""]
    if not value.hits and not value.narration:
        asked = f"“{printable(value.query)}”"
        nobody = f"No quotation {only} holds {asked}." if only else f"Nobody in the record is quoted saying {asked}."
        out += [nobody, ""]
        out += ["The closest that somebody did say:"] if value.nearest else []
        for found in value.nearest:
            out += [*hit(found, style), ""]
    return "\n".join([*out, searched(value.searched) + (f" Asked for what was said {only}." if only else "")])


def searched(held: Searched) -> str:
    """How much was looked through."""
    days = f", {spelt(held.since)} to {spelt(held.until)}" if held.since and held.until else ""
    return f"Searched {counted(held.quotes, 'quote')} in {counted(held.articles, 'article')}{days}."


def hit(found: Hit, style: Style) -> Iterator[str]:
    """One utterance: its speaker, its words, where they stand, and the other wordings."""
    yield f"{bold(speaker(found.speaker), style)} ({printable(found.reason)})"
    quote = printable(found.quote)
    yield from wrapped(
        f"[in the paper's words] {quote}" if found.kind is Kind.INDIRECT else f"“{quote}”", style, first="  "
    )
    outlets = f", {found.outlets} outlets" if found.outlets > 1 else ""
    yield f"  {link(found.publisher or found.article, found.link, style)}, {spelt(found.published)}{outlets}"
    for variant in found.variants:
        yield from wrapped(f"also reported as “{printable(variant.quote)}”", style, first="  ")
        yield f"  {link(variant.publisher or variant.article, variant.link, style)}"


def _dropped(lines: int) -> str:
    return f" {lines} dropped that {'was' if lines == 1 else 'were'} not: please report it." if lines else ""


def _written(lines: tuple[Line, ...], sources: dict[str, Source], style: Style) -> Iterator[str]:
    for line in lines:
        if line.slot is Slot.DIFFERENCES:
            yield from wrapped(f"[{printable(line.note or '')}]", style, first="  - ")
            for piece in line.evidence:
                yield from wrapped(f"“{printable(piece.text)}”", style, first="      ")
                yield f"      {_place(piece, sources, style)}"
            continue
        yield from wrapped(_said(line), style, first="  - ")
        if line.evidence:
            outlets = f", {line.outlets} outlets" if line.outlets > 1 else ""
            yield f"    {_place(line.evidence[0], sources, style)}{outlets}"


def _said(line: Line) -> str:
    text = printable(line.text)
    if line.slot is Slot.QUOTES:
        text = f"{speaker(line.speaker)}: “{text}”"
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
        changed = f" [changed on {spelt(source.changed)}]" if source.changed else ""
        yield f"  - {link(source.publisher or 'unknown outlet', source.url, style)}, {spelt(source.published)}{changed}"


def _place(evidence: Evidence, sources: dict[str, Source], style: Style) -> str:
    source = sources[evidence.article]
    return f"{link(source.publisher or source.id, evidence.link, style)}, {spelt(source.published)}"
