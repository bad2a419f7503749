"""One line of a briefing, one quotation, as a paragraph of Slack's markup.

Rule: a source's words stand alone, behind the quotation bar; everything of ours (date, outlets, "expected", notes)
stands outside it. Whoever or whatever is unknown is said to be.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from bot import escape, limits
from briefings.model import Evidence, Line, Slot, Source, Speaker

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in no locale but this

#: characters of markup for a source's words, a name, a note: with a link or two they stay within one section
_WORDS, _NAME, _NOTE = 1200, 80, 200


def day(value: date | None) -> str:
    """The day as people write it, "Tue 28 Jun 2016"; "undated" without one."""
    if value is None:
        return "undated"
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def outlets(count: int) -> str:
    """How many carry it, "2 independent outlets"; "" when none were counted."""
    if count < 1:
        return ""
    return "1 outlet" if count == 1 else f"{count} independent outlets"


def speaker(who: Speaker | None) -> str:
    """Name and role, "unnamed" for an anonymous source, "Nobody named" for none."""
    if who is None:
        return "*Nobody named*"
    name = escape.short(who.name, _NAME)
    if who.anonymous:
        return f"*Unnamed:* {name or 'a source'}" + _role(who)
    return f"*{name or 'Unnamed'}*" + _role(who)


def quoted(text: str, most: int = _WORDS) -> tuple[str, str]:
    """A source's words behind the quotation bar, and a remark when they are cut ("" otherwise)."""
    words, left = escape.clipped(text, most)
    return ">" + (words or "…"), f"cut here: {left:,} more characters in the article" if left else ""


def outlet(publisher: str | None, url: str | None, *, linked: bool) -> str:
    """The outlet's name, linked to where the words stand."""
    return escape.link(url if linked else None, publisher or "outlet not known", _NAME)


def dotted(pieces: Sequence[str]) -> str:
    """What is there of `pieces`, joined by middle dots."""
    return " · ".join(piece for piece in pieces if piece)


def paragraphs(line: Line, sources: Mapping[str, Source], *, linked: bool) -> list[str]:
    """A briefing's line. One of several sides (differences) has a paragraph for each side."""
    note = escape.short(line.note, _NOTE) if line.note else ""
    if not line.evidence:
        own, left = escape.clipped(line.text, _WORDS)
        return ["• " + dotted((own, note, f"cut here: {left:,} more characters" if left else ""))]
    above = [speaker(line.speaker)] if line.speaker else []
    if line.expected:
        above.append("_Expected, not reported as done:_")
    if line.slot is Slot.DIFFERENCES and len(line.evidence) > 1:
        sides = [_side(side, sources, linked=linked) for side in line.evidence]
        sides[0] = "\n".join(piece for piece in (note, *above, sides[0]) if piece)
        return sides
    words, cut = quoted(line.text)
    below = (_when(line, sources), outlets(line.outlets), note, cut)
    for links in (3, 1):
        found = _outlets(line.evidence, sources, links, linked=linked)
        whole = "\n".join((*above, words, dotted((found, *below))))
        if len(whole) <= limits.SECTION_TEXT:
            break
    return [whole]


def source(value: Source, *, linked: bool) -> str:
    """One article a briefing rests on: outlet, day or "undated", title."""
    title = escape.short(value.title, 150) if value.title else ""
    return "• " + dotted((outlet(value.publisher, value.url, linked=linked), day(value.published), title))


def _role(who: Speaker) -> str:
    return f", {escape.short(who.role, _NAME)}" if who.role else ""


def _side(side: Evidence, sources: Mapping[str, Source], *, linked: bool) -> str:
    words, cut = quoted(side.text)
    found = sources.get(side.article)
    when = day(found.published) if found else ""
    return words + "\n" + dotted((_outlets((side,), sources, 1, linked=linked), when, cut))


def _when(line: Line, sources: Mapping[str, Source]) -> str:
    """The day it tells of, the words that gave it, and whose date they were counted from; else when published."""
    if line.day is None and not line.date_words:
        return "day not told" if line.slot is Slot.TIMELINE else _published(line, sources)
    if not line.date_words:
        return day(line.day)
    found = f"“{escape.short(line.date_words, _NAME)}”"
    if line.anchor:
        anchor = sources.get(line.anchor)
        name = anchor.publisher if anchor and anchor.publisher else line.anchor
        found += f", counted from {escape.short(name, _NAME)}"
    return f"{day(line.day)} ({found})"


def _published(line: Line, sources: Mapping[str, Source]) -> str:
    found = sources.get(line.evidence[0].article)
    return f"published {day(found.published)}" if found and found.published else "article undated"


def _outlets(evidence: Sequence[Evidence], sources: Mapping[str, Source], most: int, *, linked: bool) -> str:
    """The outlets of a line, each once, linked to their first sentence of it."""
    first: dict[str, Evidence] = {}
    for piece in evidence:
        first.setdefault(piece.article, piece)
    names = []
    for piece in list(first.values())[:most]:
        found = sources.get(piece.article)
        names.append(outlet(found.publisher if found else None, piece.link, linked=linked))
    more = len(first) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
