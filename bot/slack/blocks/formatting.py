"""Formats one line of a briefing, or one quote, as a paragraph in Slack's markup.

Rule: a source's words are separate, behind the quote bar. They get quotation marks only if a person said them. All
that the bot adds (date, outlets, "expected", notes) is outside the bar. Unknown facts are named as unknown.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from briefings import (
    Evidence,
    Hit,
    Kind,
    Line,
    SearchTotals,
    Slot,
    Source,
    Speaker,
    SpeakerStatus,
    get_source_name,
    label_hit,
)
from briefings.text import format_day

#: an invisible mark that ends text from right to left
_LEFT_TO_RIGHT = "\u200e"
#: longest markup of a source's words, a name and a note, in characters; with two links they fit into one section
_MAX_QUOTE_LENGTH, _MAX_NAME_LENGTH, _MAX_NOTE_LENGTH = 1200, 80, 200
#: longest markup of the outlet and the day of a source, in characters
_MAX_LABEL_LENGTH = 110
#: shortest useful start of a paragraph, in characters
_MIN_PARAGRAPH_LENGTH = 40
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n")
#: text with links, and the same without
Markups = tuple[str, str]
#: the scripts with letters from right to left, and the characters between them
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_EXPECTED_NOTE = "expected — not confirmed yet"


def format_outlet_count(count: int) -> str:
    """Return how many outlets report it ("in 2 independent outlets"), or "" for fewer than two."""
    return f"in {count} independent outlets" if count > 1 else ""


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


def format_outlet(name: str | None, url: str | None, *, with_links: bool) -> str:
    """Return the name of an outlet or another source, linked to the words in its article."""
    return mrkdwn.format_link(url if with_links else None, name or "unknown outlet", _MAX_NAME_LENGTH)


def format_outlet_twice(name: str | None, url: str | None) -> Markups:
    """Return what `format_outlet` returns with links and without."""
    label = mrkdwn.shorten(name or "unknown outlet", _MAX_NAME_LENGTH)
    return mrkdwn.link_markup(url, label), label


def join_with_dots(pieces: Sequence[str]) -> str:
    """Join the pieces that are not empty with middle dots.

    A piece in Arabic, Hebrew or another script that is written from right to left does not turn the next one around.
    """
    shown_pieces = [piece for piece in pieces if piece]
    separated = [f"{piece} ·{_LEFT_TO_RIGHT * _has_right_to_left(piece)} " for piece in shown_pieces[:-1]]
    return "".join([*separated, *shown_pieces[-1:]])


def _has_right_to_left(text: str) -> bool:
    return not text.isascii() and any(
        unicodedata.bidirectional(char) in ("R", "AL") for char in _RIGHT_TO_LEFT.findall(text)
    )


def format_publication_date(day: date | None) -> str:
    """Return "published" and the day, so that readers do not mistake it for the day of the event."""
    return f"published {format_day(day)}" if day else "article undated"


def format_line(
    line: Line,
    sources: Mapping[str, Source],
    *,
    with_links: bool,
    with_day_heading: bool = True,
    is_short: bool = False,
) -> list[str]:
    """Return a briefing's line as one paragraph. A long difference becomes one paragraph per side.

    Without `with_day_heading`, a timeline line leaves its day to the heading of an earlier line. If it `is_short`, the
    paragraph has neither the article's words for the day nor its date. What it has is then the beginning of each line
    of the long paragraph.
    """
    note = _capitalize(mrkdwn.shorten(line.note, _MAX_NOTE_LENGTH)) if line.note else ""
    if not line.evidence:
        text, cut_length = mrkdwn.clip(line.text, _MAX_QUOTE_LENGTH)
        return ["• " + join_with_dots((text, note, f"shortened: {cut_length:,} more characters" if cut_length else ""))]
    heading = _format_heading(line, sources, with_day=with_day_heading, with_date_words=not is_short)
    if line.slot is Slot.DIFFERENCES and len(line.evidence) > 1:
        difference_heading = (f"_{note}_" if note else "", *heading)
        return _format_difference(line, difference_heading, sources, with_links=with_links, is_short=is_short)
    words, cut_note = format_quote(line.text, with_quote_marks=line.slot is Slot.QUOTES)
    has_publication = line.slot is not Slot.TIMELINE and not is_short
    publication = _format_evidence_date(line.evidence[0], sources) if has_publication else ""
    details = (format_outlet_count(line.outlets), note, cut_note, publication)
    for max_outlets in (3, 1):
        outlet_names = _format_evidence_outlets(line.evidence, sources, max_outlets, with_links=with_links)
        paragraph = "\n".join((*heading, words, join_with_dots((outlet_names, *details))))
        if len(paragraph) <= slack_limits.SECTION_TEXT:
            break
    return [paragraph]


def format_source(source: Source, *, with_links: bool) -> str:
    """Return one source of a briefing: outlet, day or "undated", day of the last change, title.

    The title is the link's text, or else the outlet and the day, so that two articles of one outlet can be told apart.
    """
    name, day = get_source_name(source), format_day(source.published)
    change_note = f"changed on {format_day(source.changed_on)}" if source.changed_on else ""
    url = source.url if with_links else None
    if not source.title or not source.publisher:  # without an outlet, the title is the name
        return "• " + join_with_dots((mrkdwn.format_link(url, f"{name} · {day}", 100), change_note))
    title = mrkdwn.format_link(url, source.title, 150)
    return "• " + join_with_dots((mrkdwn.shorten(name, _MAX_NAME_LENGTH), day, change_note, title))


def format_short_sources(sources: Sequence[Source], *, with_links: bool) -> list[str]:
    """Return the outlet and the day of each source as one link. Links of one outlet and day are numbered."""
    counts: Counter[str] = Counter()
    names = []
    for source in sources:
        # without the weekday, to save room
        day = format_day(source.published).partition(" ")[2] if source.published else "undated"
        label = f"{mrkdwn.to_plain_text(get_source_name(source), _MAX_NAME_LENGTH)}, {day}"
        counts[label] += 1
        number = f" ({counts[label]})" if counts[label] > 1 else ""
        names.append(mrkdwn.format_link(source.url if with_links else None, label + number, _MAX_LABEL_LENGTH))
    return names


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


def _format_heading(line: Line, sources: Mapping[str, Source], *, with_day: bool, with_date_words: bool) -> list[str]:
    """Return the lines above the words: the speaker, the day, and whether the event is only expected.

    The article's words for the day come last, so that the heading without them is the beginning of the one with them.
    """
    speaker_lines = [format_speaker(line.speaker)] if line.speaker else []
    has_day = with_day and (line.slot is Slot.TIMELINE or line.day or line.date_words)
    day_text = _format_day(line) if has_day else ""
    is_marked = line.expected and line.slot is not Slot.MISSING  # the heading says that it is open
    expected_note = f"_{_EXPECTED_NOTE if day_text else _capitalize(_EXPECTED_NOTE)}_" if is_marked else ""
    # without a single day, the words are the only date
    date_words = _format_date_words(line, sources) if has_day and (with_date_words or not line.day) else ""
    day_line = " ".join(filter(None, (join_with_dots((day_text, expected_note)), date_words)))
    return [*speaker_lines, *filter(None, [day_line])]


def _format_difference(
    line: Line, heading: Sequence[str], sources: Mapping[str, Source], *, with_links: bool, is_short: bool
) -> list[str]:
    with_quote_marks = line.speaker is not None
    sides = [
        _format_side(side, sources, with_quote_marks=with_quote_marks, with_links=with_links, with_date=not is_short)
        for side in line.evidence
    ]
    sides[0] = "\n".join(piece for piece in (*heading, sides[0]) if piece)
    paragraph = "\n".join(sides)
    return [paragraph] if len(paragraph) <= slack_limits.SECTION_TEXT else sides


def _format_side(
    side: Evidence, sources: Mapping[str, Source], *, with_quote_marks: bool, with_links: bool, with_date: bool
) -> str:
    words, cut_note = format_quote(side.text, with_quote_marks=with_quote_marks)
    return (
        words
        + "\n"
        + join_with_dots(
            (
                _format_evidence_outlets((side,), sources, 1, with_links=with_links),
                cut_note,
                _format_evidence_date(side, sources) if with_date else "",
            )
        )
    )


def _format_day(line: Line) -> str:
    """Return the day of the event in bold, or that there is none."""
    if line.day is None:
        return "*No single day*" if line.date_words else "*No date given*"
    return f"*{format_day(line.day)}*"


def _format_date_words(line: Line, sources: Mapping[str, Source]) -> str:
    """Return the article's words for the day, and the article whose date they refer to; "" without such words."""
    if not line.date_words:
        return ""
    explanation = f"“{mrkdwn.shorten(line.date_words, _MAX_NAME_LENGTH)}”"
    if line.anchor:
        anchor = sources.get(line.anchor)
        name = get_source_name(anchor) if anchor else "another article"
        explanation += f", relative to the publication date in {mrkdwn.shorten(name, _MAX_NAME_LENGTH)}"
    return f"({explanation})"


def _format_evidence_date(evidence: Evidence, sources: Mapping[str, Source]) -> str:
    source = sources.get(evidence.article)
    return format_day(source.published if source else None)


def _format_evidence_outlets(
    evidence: Sequence[Evidence], sources: Mapping[str, Source], max_outlets: int, *, with_links: bool
) -> str:
    """Return the outlets of a line without duplicates, each linked to its first sentence."""
    links: dict[str | None, str | None] = {}
    for piece in evidence:
        source = sources.get(piece.article)
        links.setdefault(get_source_name(source) if source else None, piece.link)
    names = [format_outlet(name, link, with_links=with_links) for name, link in list(links.items())[:max_outlets]]
    omitted_count = len(links) - len(names)
    return ", ".join(names) + (f" and {omitted_count} more" if omitted_count else "")


def format_channel(channel: str) -> str:
    """Return markup that names a conversation. A direct message to the bot has no name."""
    return "our direct messages" if channel.startswith("D") else f"<#{channel}>"
