"""Render answers as JSON-ready values in the shapes that other programs rely on.

Rule: field names are a contract. Fields may be added but never renamed. Days are ISO 8601 dates.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from briefings.model import Briefing, CheckedQuote, DraftCheck, Evidence, Hit, Line, Slot, Span, WhoSaid
from briefings.report import FigureValue, Report

Json = dict[str, Any]


def render_briefing(value: Briefing) -> Json:
    """Render a briefing: its articles, and its lines slot by slot."""
    return {
        "topic": value.topic,
        "title": value.title,
        "words": value.words,
        "dropped": value.dropped_lines,
        "dropped_filters": list(value.dropped_filters),
        "articles": [
            {
                "id": source.id,
                "publisher": source.publisher,
                "published": _format_day(source.published),
                "url": source.url,
                "title": source.title,
            }
            for source in value.sources
        ],
        "lines": [_render_line(line) for slot in Slot for line in value.get_slot_lines(slot)],
    }


def render_figures(value: Report) -> Json:
    """Render the chart data of a briefing: counts by day and outlet, speakers, and series of values."""
    return {
        "days": [
            {
                "date": _format_day(day_count.day),
                "publisher": day_count.publisher,
                "articles": day_count.articles,
                "quotes": day_count.quotes,
            }
            for day_count in value.day_counts
        ],
        "heard": [
            {
                "speaker": speaker_count.speaker.name,
                "role": speaker_count.speaker.role,
                "quotes": speaker_count.quotes,
                "articles": speaker_count.articles,
                "outlets": speaker_count.outlets,
            }
            for speaker_count in value.speaker_counts
        ],
        "unnamed": value.unnamed_quotes,
        "unattributed": value.unattributed_quotes,
        "series": [
            {
                "unit": series.unit,
                "note": series.note,
                "values": [_render_value(series_value) for series_value in series.values],
            }
            for series in value.series
        ],
    }


def render_who_said(value: WhoSaid) -> Json:
    """Render who said it: hits, narration, nearest quotes, and how much was searched."""
    return {
        "query": value.query,
        "understood": value.description,
        "dropped": list(value.dropped),
        "searched": {
            "articles": value.totals.articles,
            "quotes": value.totals.quotes,
            "since": _format_day(value.totals.since),
            "until": _format_day(value.totals.until),
        },
        "hits": [_render_hit(hit) for hit in value.hits],
        "narration": [
            {
                "text": narration.text,
                "article": narration.article,
                "start": narration.start,
                "end": narration.end,
                "publisher": narration.publisher,
                "link": narration.link,
            }
            for narration in value.narration
        ],
        "nearest": [_render_hit(hit) for hit in value.nearest],
        "more": value.more,
    }


def render_draft_check(value: DraftCheck) -> Json:
    """Render a checked draft: every quotation with its verdict. `start` and `end` are offsets into the draft."""
    return {"quotes": [_render_quote_check(value.draft, quote) for quote in value.quotes]}


def _render_quote_check(draft: str, quote: CheckedQuote) -> Json:
    return {
        "quote": quote.quote,
        "start": quote.start,
        "end": quote.end,
        "claimed": quote.claimed_speaker.name if quote.claimed_speaker else None,
        "verdict": quote.verdict.value,
        "best": _render_hit(quote.best) if quote.best else None,
        "note": quote.note,
        "changes": [
            {"draft": change.draft.of(draft), "source": _get_source_text(quote.best, change.source)}
            for change in quote.changes
        ],
        "nearest": [_render_hit(hit) for hit in quote.nearest],
    }


def _get_source_text(hit: Hit | None, span: Span) -> str:
    return hit.quote[span.start - hit.start : span.end - hit.start] if hit else ""


def render_update_line(line: Line, kind: str) -> Json:
    """Render a new line of a story. `kind` is the kind of news: fact, quote, figure or state."""
    return {
        "text": line.text,
        "speaker": line.speaker.name if line.speaker else None,
        "kind": kind,
        "evidence": _render_evidence(line.evidence),
    }


def _render_line(line: Line) -> Json:
    return {
        "slot": line.slot.value,
        "text": line.text,
        "date": _format_day(line.day),
        "date_words": line.date_words,
        "date_anchor": line.anchor,
        "speaker": line.speaker.name if line.speaker else None,
        "role": line.speaker.role if line.speaker else None,
        "anonymous": line.speaker.anonymous if line.speaker else False,
        "expected": line.expected,
        "outlets": line.outlets,
        "note": line.note,
        "evidence": _render_evidence(line.evidence),
    }


def _render_evidence(pieces: Sequence[Evidence]) -> list[Json]:
    return [{"article": piece.article, "start": piece.start, "end": piece.end, "link": piece.link} for piece in pieces]


def _render_value(value: FigureValue) -> Json:
    return {
        "value": value.value,
        "text": value.text,
        "approximate": value.is_approximate,
        "date": _format_day(value.day),
        "publisher": value.publisher,
        "evidence": {name: getattr(value.evidence, name) for name in ("article", "start", "end", "link")},
    }


def _render_hit(hit: Hit) -> Json:
    return {
        "speaker": hit.speaker.name if hit.speaker else None,
        "role": hit.speaker.role if hit.speaker else None,
        "anonymous": hit.speaker.anonymous if hit.speaker else False,
        "quote": hit.quote,
        "kind": hit.kind.value,
        "cue": hit.cue,
        "source": hit.source,
        "confidence": round(hit.confidence, 3),
        "reason": hit.reason,
        "article": hit.article,
        "start": hit.start,
        "end": hit.end,
        "publisher": hit.publisher,
        "published": _format_day(hit.published),
        "url": hit.url,
        "link": hit.link,
        "outlets": hit.outlets,
        "variants": [
            {
                "quote": variant.quote,
                "article": variant.article,
                "start": variant.start,
                "end": variant.end,
                "publisher": variant.publisher,
                "link": variant.link,
            }
            for variant in hit.variants
        ],
    }


def _format_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
