"""Render answers as JSON-ready values in the shapes that other programs rely on.

Rule: field names are a contract. Fields may be added but never renamed. Days are ISO 8601 dates.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from briefings.draft_report import CheckedQuote, DraftCheck
from briefings.model import Briefing, Evidence, Hit, Line, Narration, Slot, Source, Span, Variant, WhoSaid
from briefings.report import FigureValue, NewsBriefing, Report

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
                "published": format_day(source.published),
                "url": source.url,
                "title": source.title,
                **render_doubt(source),
            }
            for source in value.sources
        ],
        "lines": [_render_line(line) for slot in Slot for line in value.get_slot_lines(slot)],
    }


def render_news(value: NewsBriefing) -> Json:
    """Render the news of some days: the fields of a briefing, and the stories in their order."""
    return render_briefing(value) | {
        "since": format_day(value.since),
        "until": format_day(value.until),
        "stories": [
            {
                "name": story.name,
                "briefing": story.words,
                "outlets": story.outlets,
                "articles": list(story.article_ids),
                "newest": format_day(story.newest),
                "headline": _render_headline(story.lead) if story.lead else None,
                "line": _render_line(story.line) if story.line else None,
            }
            for story in value.stories
        ],
        "story_count": value.story_count,
        "article_count": value.article_count,
        "newest_day": format_day(value.newest_day),
    }


def render_figures(value: Report) -> Json:
    """Render the chart data of a briefing: counts by day and outlet, speakers, and series of values."""
    return {
        "days": [
            {
                "date": format_day(day_count.day),
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
                "statements": speaker_count.statements,
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
            "since": format_day(value.totals.since),
            "until": format_day(value.totals.until),
        },
        "hits": [render_hit(hit) for hit in value.hits],
        "narration": [
            {
                "text": narration.text,
                "article": narration.article,
                "start": narration.start,
                "end": narration.end,
                "publisher": narration.publisher,
                "link": narration.link,
                **render_doubt(narration),
            }
            for narration in value.narration
        ],
        "nearest": [render_hit(hit) for hit in value.nearest],
        "more": value.more,
    }


def render_draft_check(value: DraftCheck) -> Json:
    """Render a checked draft: every quotation with its verdict. `start` and `end` are offsets into the draft."""
    return {
        "quotes": [_render_quote_check(value.draft, quote) for quote in value.quotes],
        "unchecked": value.unchecked_count,
        "ignored": [
            {
                "text": marks.span.of(value.draft),
                "start": marks.span.start,
                "end": marks.span.end,
                "reason": marks.reason.value,
            }
            for marks in value.ignored_marks
        ],
    }


def _render_quote_check(draft: str, quote: CheckedQuote) -> Json:
    return {
        "quote": quote.quote,
        "start": quote.start,
        "end": quote.end,
        "claimed": quote.claimed_speaker.name if quote.claimed_speaker else None,
        "verdict": quote.verdict.value,
        "best": render_hit(quote.best) if quote.best else None,
        "note": quote.note,
        "changes": [
            {"draft": change.draft.of(draft), "source": _get_source_text(quote.best, change.source)}
            for change in quote.changes
        ],
        "nearest": [render_hit(hit) for hit in quote.nearest],
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
        "date": format_day(line.day),
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


def _render_headline(source: Source) -> Json:
    return {
        "text": source.title,
        "article": source.id,
        "publisher": source.publisher,
        "published": format_day(source.published),
        "url": source.url,
        **render_doubt(source),
    }


def _render_evidence(pieces: Sequence[Evidence]) -> list[Json]:
    return [{"article": piece.article, "start": piece.start, "end": piece.end, "link": piece.link} for piece in pieces]


def _render_value(value: FigureValue) -> Json:
    return {
        "value": value.value,
        "text": value.text,
        "approximate": value.is_approximate,
        "date": format_day(value.day),
        "publisher": value.publisher,
        "evidence": {name: getattr(value.evidence, name) for name in ("article", "start", "end", "link")},
    }


def render_hit(hit: Hit) -> Json:
    """Render one utterance with its source and variants."""
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
        "published": format_day(hit.published),
        "url": hit.url,
        "link": hit.link,
        **render_doubt(hit),
        "outlets": hit.outlets,
        "variants": [
            {
                "quote": variant.quote,
                "article": variant.article,
                "start": variant.start,
                "end": variant.end,
                "publisher": variant.publisher,
                "link": variant.link,
                **render_doubt(variant),
            }
            for variant in hit.variants
        ],
    }


def render_doubt(citation: Source | Hit | Variant | Narration) -> Json:
    """Render how certain the outlet is, and its name for readers; nothing for a certain outlet."""
    if citation.provenance.is_certain:
        return {}
    return {"provenance": citation.provenance.value, "source_name": citation.source_name}


def format_day(day: date | None) -> str | None:
    """Return the day as JSON shows it."""
    return day.isoformat() if day else None
