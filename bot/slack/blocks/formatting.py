"""Formats one line of a briefing, or one quote, as a paragraph in Slack's markup.

Rule: a source's words are separate, behind the quote bar. They get quotation marks only if a person said them. All
that the bot adds (date, outlets, "expected", notes) is outside the bar. Unknown facts are named as unknown.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from briefings import Evidence, Hit, Kind, Line, SearchTotals, Slot, Source, Speaker, SpeakerStatus, label_hit
from briefings.text import format_day

#: longest markup of a source's words, a name and a note, in characters; with two links they fit into one section
_MAX_QUOTE_LENGTH, _MAX_NAME_LENGTH, _MAX_NOTE_LENGTH = 1200, 80, 200
#: shortest useful start of a paragraph, in characters
_MIN_PARAGRAPH_LENGTH = 40
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n")
_EXPECTED_NOTE = "expected — not confirmed yet"


def format_outlet_count(count: int) -> str:
    """Return how many outlets report it ("in 2 independent outlets"), or "" if none were counted."""
    if count < 1:
        return ""
    return "in 1 outlet" if count == 1 else f"in {count} independent outlets"


def format_speaker(speaker: Speaker | None) -> str:
    """Return name and role, "Unnamed:" and a label for an anonymous source, "Unknown speaker" for None."""
    if speaker is None:
        return "*Unknown speaker*"
    name = mrkdwn.shorten(speaker.name, _MAX_NAME_LENGTH)
    if speaker.anonymous:
        return f"*Unnamed:* {name or 'a source'}" + _format_role(speaker)
    return f"*{name or 'Unnamed'}*" + _format_role(speaker)


def format_hit_speaker(hit: Hit) -> str:
    """Return the speaker of a hit, how certain that is, and why; reported speech is marked."""
    label = label_hit(hit)
    notes = ["reported, not in quotation marks"] if hit.kind is Kind.INDIRECT and hit.speaker else []
    if label.status in (SpeakerStatus.CERTAIN, SpeakerStatus.PROBABLE, SpeakerStatus.UNNAMED):
        is_probable = label.status is SpeakerStatus.PROBABLE
        speaker = f"{'Probably ' if is_probable else ''}{format_speaker(hit.speaker)}"
        notes += [mrkdwn.shorten(label.note, _MAX_NOTE_LENGTH)] if is_probable else []
    else:
        speaker = f"*{mrkdwn.shorten(label.name, _MAX_NAME_LENGTH)}*"
        notes.append(mrkdwn.shorten(label.note, _MAX_NOTE_LENGTH))
    return speaker + (f" ({'; '.join(notes)})" if notes else "")


def format_quote(text: str, max_length: int = _MAX_QUOTE_LENGTH, *, with_quote_marks: bool = False) -> tuple[str, str]:
    """Return a source's words behind the quote bar, and a note if they were shortened ("" otherwise).

    Keeps paragraphs. `with_quote_marks` adds the article's quotation marks, and drops a comma before the closing one.
    """
    text = text.rstrip().removesuffix(",") if with_quote_marks else text
    kept_paragraphs: list[str] = []
    cut_length = 0
    for paragraph in _PARAGRAPH_BREAK.split(text):
        words, cut_count = (
            mrkdwn.clip(paragraph, max_length)
            if not cut_length and max_length >= _MIN_PARAGRAPH_LENGTH
            else ("", _count_characters(paragraph))
        )
        kept_paragraphs += [words] if words else []
        cut_length += cut_count
        max_length -= len(words)
    quote_text = "\n".join(kept_paragraphs) or "…"
    quote_block = "\n".join(">" + line for line in (f"“{quote_text}”" if with_quote_marks else quote_text).split("\n"))
    return quote_block, f"shortened: {cut_length:,} more characters in the article" if cut_length else ""


def format_outlet(publisher: str | None, url: str | None, *, with_links: bool) -> str:
    """Return the outlet's name, linked to the words in its article."""
    return mrkdwn.format_link(url if with_links else None, publisher or "unknown outlet", _MAX_NAME_LENGTH)


def join_with_dots(pieces: Sequence[str]) -> str:
    """Join the pieces that are not empty with middle dots."""
    return " · ".join(piece for piece in pieces if piece)


def format_publication_date(day: date | None) -> str:
    """Return "published" and the day, so that readers do not mistake it for the day of the event."""
    return f"published {format_day(day)}" if day else "article undated"


def format_line(
    line: Line, sources: Mapping[str, Source], *, with_links: bool, with_day_heading: bool = True
) -> list[str]:
    """Return a briefing's line as one paragraph. A long difference becomes one paragraph per side.

    Without `with_day_heading`, a timeline line leaves its day to the heading of an earlier line.
    """
    note = _capitalize(mrkdwn.shorten(line.note, _MAX_NOTE_LENGTH)) if line.note else ""
    if not line.evidence:
        text, cut_length = mrkdwn.clip(line.text, _MAX_QUOTE_LENGTH)
        return ["• " + join_with_dots((text, note, f"shortened: {cut_length:,} more characters" if cut_length else ""))]
    heading = _format_heading(line, sources, with_day=with_day_heading)
    if line.slot is Slot.DIFFERENCES and len(line.evidence) > 1:
        return _format_difference(line, (f"_{note}_" if note else "", *heading), sources, with_links=with_links)
    words, cut_note = format_quote(line.text, with_quote_marks=line.slot is Slot.QUOTES)
    publication = "" if line.slot is Slot.TIMELINE else _format_evidence_date(line.evidence[0], sources)
    details = (publication, format_outlet_count(line.outlets) if line.outlets > 1 else "", note, cut_note)
    for max_outlets in (3, 1):
        outlet_names = _format_evidence_outlets(line.evidence, sources, max_outlets, with_links=with_links)
        paragraph = "\n".join((*heading, words, join_with_dots((outlet_names, *details))))
        if len(paragraph) <= slack_limits.SECTION_TEXT:
            break
    return [paragraph]


def format_source(source: Source, *, with_links: bool) -> str:
    """Return one source of a briefing: outlet, day or "undated", day of the last change, title."""
    title = mrkdwn.shorten(source.title, 150) if source.title else ""
    change_note = f"changed on {format_day(source.changed_on)}" if source.changed_on else ""
    return "• " + join_with_dots(
        (
            format_outlet(source.publisher, source.url, with_links=with_links),
            format_day(source.published),
            change_note,
            title,
        )
    )


def format_search_scope(totals: SearchTotals) -> str:
    """Return how many articles and quotes were searched, and their dates."""
    text = f"Searched {format_count(totals.articles, 'article')} and {format_count(totals.quotes, 'quote')}"
    if totals.since and totals.until:
        return f"{text}, {format_day(totals.since)} to {format_day(totals.until)}."
    return text + "."


def format_count(count: int, noun: str) -> str:
    """Return the count and the noun, with a plural "s" unless the count is 1."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def format_link(url: str, label: str) -> str:
    """Return a link in Slack's markup, or "" if the URL is too long: shortened, it would open another page."""
    return mrkdwn.format_link(url, label) if mrkdwn.escape_url(url) == url.replace("&", "&amp;") else ""


def _format_role(speaker: Speaker) -> str:
    return f", {mrkdwn.shorten(speaker.role, _MAX_NAME_LENGTH)}" if speaker.role else ""


def _count_characters(text: str) -> int:
    return len(mrkdwn.make_readable(text))


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def _format_heading(line: Line, sources: Mapping[str, Source], *, with_day: bool) -> list[str]:
    """Return the lines above the words: the speaker, the day, and whether the event is only expected."""
    speaker_lines = [format_speaker(line.speaker)] if line.speaker else []
    has_day = with_day and (line.slot is Slot.TIMELINE or line.day or line.date_words)
    day_text = _format_day(line, sources) if has_day else ""
    is_marked = line.expected and line.slot is not Slot.MISSING  # the heading says that it is open
    expected_note = f"_{_EXPECTED_NOTE if day_text else _capitalize(_EXPECTED_NOTE)}_" if is_marked else ""
    return [*speaker_lines, *filter(None, [join_with_dots((day_text, expected_note))])]


def _format_difference(
    line: Line, heading: Sequence[str], sources: Mapping[str, Source], *, with_links: bool
) -> list[str]:
    sides = [
        _format_side(side, sources, with_quote_marks=line.speaker is not None, with_links=with_links)
        for side in line.evidence
    ]
    sides[0] = "\n".join(piece for piece in (*heading, sides[0]) if piece)
    paragraph = "\n".join(sides)
    return [paragraph] if len(paragraph) <= slack_limits.SECTION_TEXT else sides


def _format_side(side: Evidence, sources: Mapping[str, Source], *, with_quote_marks: bool, with_links: bool) -> str:
    words, cut_note = format_quote(side.text, with_quote_marks=with_quote_marks)
    return (
        words
        + "\n"
        + join_with_dots(
            (
                _format_evidence_outlets((side,), sources, 1, with_links=with_links),
                _format_evidence_date(side, sources),
                cut_note,
            )
        )
    )


def _format_day(line: Line, sources: Mapping[str, Source]) -> str:
    """Return the day of the event, the words that state it, and the article whose date they refer to."""
    if line.day is None and not line.date_words:
        return "*No date given*"
    day_text = f"*{format_day(line.day) if line.day else 'No single day'}*"
    if not line.date_words:
        return day_text
    explanation = f"“{mrkdwn.shorten(line.date_words, _MAX_NAME_LENGTH)}”"
    if line.anchor:
        anchor = sources.get(line.anchor)
        name = anchor.publisher if anchor and anchor.publisher else line.anchor
        explanation += f", relative to the publication date in {mrkdwn.shorten(name, _MAX_NAME_LENGTH)}"
    return f"{day_text} ({explanation})"


def _format_evidence_date(evidence: Evidence, sources: Mapping[str, Source]) -> str:
    source = sources.get(evidence.article)
    return format_publication_date(source.published if source else None)


def _format_evidence_outlets(
    evidence: Sequence[Evidence], sources: Mapping[str, Source], max_outlets: int, *, with_links: bool
) -> str:
    """Return the outlets of a line without duplicates, each linked to its first sentence."""
    first_evidence: dict[str, Evidence] = {}
    for piece in evidence:
        first_evidence.setdefault(piece.article, piece)
    names = []
    for piece in list(first_evidence.values())[:max_outlets]:
        source = sources.get(piece.article)
        names.append(format_outlet(source.publisher if source else None, piece.link, with_links=with_links))
    omitted_count = len(first_evidence) - len(names)
    return ", ".join(names) + (f" and {omitted_count} more" if omitted_count else "")


def format_channel(channel: str) -> str:
    """Return markup that names a conversation. A direct message to the bot has no name."""
    return "our direct messages" if channel.startswith("D") else f"<#{channel}>"
