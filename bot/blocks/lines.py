"""One line of a briefing, one quotation, as a paragraph of Slack's markup.

Rule: a source's words stand alone, behind the quotation bar, and inside quotation marks only where somebody said them;
everything of ours (date, outlets, "expected", notes) stands outside it. Whoever or whatever is unknown is said to be.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bot import escape, limits
from briefings.model import Evidence, Line, Searched, Slot, Source, Speaker
from briefings.text.days import spelt

#: characters of markup for a source's words, a name, a note: with a link or two they stay within one section
_WORDS, _NAME, _NOTE = 1200, 80, 200
#: characters of markup that are worth beginning a paragraph for
_LITTLE = 40
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")
_EXPECTED = "expected, not reported as done"


def outlets(count: int) -> str:
    """How many carry it, "in 2 independent outlets"; "" when none were counted."""
    if count < 1:
        return ""
    return "in 1 outlet" if count == 1 else f"in {count} independent outlets"


def speaker(who: Speaker | None) -> str:
    """Name and role, "unnamed" for an anonymous source, "Nobody named" for none."""
    if who is None:
        return "*Nobody named*"
    name = escape.short(who.name, _NAME)
    if who.anonymous:
        return f"*Unnamed:* {name or 'a source'}" + _role(who)
    return f"*{name or 'Unnamed'}*" + _role(who)


def quoted(text: str, most: int = _WORDS, *, said: bool = False) -> tuple[str, str]:
    """A source's words behind the quotation bar, and a remark when they are cut ("" otherwise).

    Paragraphs stay paragraphs. `said` puts back the quotation marks between which the words stand in the article, but
    not the comma that a paper sets before the closing one.
    """
    text = text.rstrip().removesuffix(",") if said else text
    kept: list[str] = []
    left = 0
    for paragraph in _PARAGRAPHS.split(text):
        words, cut = escape.clipped(paragraph, most) if not left and most >= _LITTLE else ("", _length(paragraph))
        kept += [words] if words else []
        left += cut
        most -= len(words)
    whole = "\n".join(kept) or "…"
    bars = "\n".join(">" + line for line in (f"“{whole}”" if said else whole).split("\n"))
    return bars, f"cut here: {left:,} more characters in the article" if left else ""


def outlet(publisher: str | None, url: str | None, *, linked: bool) -> str:
    """The outlet's name, linked to where the words stand."""
    return escape.link(url if linked else None, publisher or "outlet not known", _NAME)


def dotted(pieces: Sequence[str]) -> str:
    """What is there of `pieces`, joined by middle dots."""
    return " · ".join(piece for piece in pieces if piece)


def published(when: date | None) -> str:
    """When an article came out, in words that cannot be taken for the day it tells of."""
    return f"published {spelt(when)}" if when else "article undated"


def paragraphs(line: Line, sources: Mapping[str, Source], *, linked: bool) -> list[str]:
    """A briefing's line, in one paragraph; in one for each side where a difference does not fit into one."""
    note = _sentence_case(escape.short(line.note, _NOTE)) if line.note else ""
    if not line.evidence:
        own, left = escape.clipped(line.text, _WORDS)
        return ["• " + dotted((own, note, f"cut here: {left:,} more characters" if left else ""))]
    above = _above(line, sources)
    if line.slot is Slot.DIFFERENCES and len(line.evidence) > 1:
        return _difference(line, (f"_{note}_" if note else "", *above), sources, linked=linked)
    words, cut = quoted(line.text, said=line.slot is Slot.QUOTES)
    when = "" if line.slot is Slot.TIMELINE else _published(line.evidence[0], sources)
    below = (when, outlets(line.outlets), note, cut)
    for links in (3, 1):
        found = _outlets(line.evidence, sources, links, linked=linked)
        whole = "\n".join((*above, words, dotted((found, *below))))
        if len(whole) <= limits.SECTION_TEXT:
            break
    return [whole]


def source(value: Source, *, linked: bool) -> str:
    """One article a briefing rests on: outlet, day or "undated", the day it changed, title."""
    title = escape.short(value.title, 150) if value.title else ""
    changed = f"changed on {spelt(value.changed)}" if value.changed else ""
    return "• " + dotted((outlet(value.publisher, value.url, linked=linked), spelt(value.published), changed, title))


def searched(value: Searched) -> str:
    """How much was looked through."""
    count = f"Searched {value.articles:,} articles and {value.quotes:,} quotations"
    if value.since and value.until:
        return f"{count}, {spelt(value.since)} to {spelt(value.until)}."
    return count + "."


def _role(who: Speaker) -> str:
    return f", {escape.short(who.role, _NAME)}" if who.role else ""


def _length(text: str) -> int:
    return len(escape.readable(text))


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _above(line: Line, sources: Mapping[str, Source]) -> list[str]:
    """What is to be known before the words are read: who says it, of which day it tells, that it is still to come."""
    named = [speaker(line.speaker)] if line.speaker else []
    dated = _when(line, sources) if line.slot is Slot.TIMELINE or line.day or line.date_words else ""
    expected = f"_{_EXPECTED if dated else _sentence_case(_EXPECTED)}_" if line.expected else ""
    return [*named, *filter(None, [dotted((dated, expected))])]


def _difference(line: Line, above: Sequence[str], sources: Mapping[str, Source], *, linked: bool) -> list[str]:
    sides = [_side(side, sources, said=line.speaker is not None, linked=linked) for side in line.evidence]
    sides[0] = "\n".join(piece for piece in (*above, sides[0]) if piece)
    whole = "\n".join(sides)
    return [whole] if len(whole) <= limits.SECTION_TEXT else sides


def _side(side: Evidence, sources: Mapping[str, Source], *, said: bool, linked: bool) -> str:
    words, cut = quoted(side.text, said=said)
    return words + "\n" + dotted((_outlets((side,), sources, 1, linked=linked), _published(side, sources), cut))


def _when(line: Line, sources: Mapping[str, Source]) -> str:
    """The day it tells of, the words that gave it, and whose date they were counted from."""
    if line.day is None and not line.date_words:
        return "*Day not told*"
    shown = f"*{spelt(line.day) if line.day else 'No single day'}*"
    if not line.date_words:
        return shown
    found = f"“{escape.short(line.date_words, _NAME)}”"
    if line.anchor:
        anchor = sources.get(line.anchor)
        name = anchor.publisher if anchor and anchor.publisher else line.anchor
        found += f", counted from the date in {escape.short(name, _NAME)}"
    return f"{shown} ({found})"


def _published(evidence: Evidence, sources: Mapping[str, Source]) -> str:
    found = sources.get(evidence.article)
    return published(found.published if found else None)


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


def linked(address: str, label: str) -> str:
    """A link in Slack's markup, "" when the address is too long for one: cut short it would open something else."""
    return escape.link(address, label) if escape.address(address) == address.replace("&", "&amp;") else ""
