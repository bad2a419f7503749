"""Answers as JSON-ready values, in the shapes that other programs rely on.

Rule: field names are a contract; fields are added, never renamed. Days are ISO 8601.
"""

from datetime import date
from typing import Any

from briefings.model import Briefing, Checked, CheckedQuote, Hit, Line, Slot, Span, WhoSaid
from briefings.report import Report, Value

Json = dict[str, Any]


def briefing(value: Briefing) -> Json:
    """A briefing: its articles, and its lines slot by slot."""
    return {
        "topic": value.topic,
        "title": value.title,
        "words": value.words,
        "dropped": value.dropped,
        "articles": [
            {"id": s.id, "publisher": s.publisher, "published": _day(s.published), "url": s.url, "title": s.title}
            for s in value.sources
        ],
        "lines": [_line(line) for slot in Slot for line in value.slot(slot)],
    }


def figures(value: Report) -> Json:
    """What can be drawn of a briefing: counts by day and outlet, who is heard, values that differ."""
    return {
        "days": [
            {"date": _day(c.day), "publisher": c.publisher, "articles": c.articles, "quotes": c.quotes}
            for c in value.days
        ],
        "heard": [
            {"speaker": h.speaker.name, "role": h.speaker.role, "quotes": h.quotes, "articles": h.articles}
            | {"outlets": h.outlets}
            for h in value.heard
        ],
        "unnamed": value.unnamed,
        "unattributed": value.unattributed,
        "series": [
            {"unit": s.unit, "note": s.note, "values": [_value(each) for each in s.values]} for s in value.series
        ],
    }


def who_said(value: WhoSaid) -> Json:
    """Who said it: hits, narration, nearest, and how much was searched."""
    return {
        "query": value.query,
        "searched": {
            "articles": value.searched.articles,
            "quotes": value.searched.quotes,
            "since": _day(value.searched.since),
            "until": _day(value.searched.until),
        },
        "hits": [_hit(hit) for hit in value.hits],
        "narration": [
            {
                "text": n.text,
                "article": n.article,
                "start": n.start,
                "end": n.end,
                "publisher": n.publisher,
                "link": n.link,
            }
            for n in value.narration
        ],
        "nearest": [_hit(hit) for hit in value.nearest],
        "more": value.more,
    }


def checked(value: Checked) -> Json:
    """A checked draft: every quotation with its verdict; `start` and `end` are offsets into the draft."""
    return {"quotes": [_checked(value.draft, quote) for quote in value.quotes]}


def _checked(draft: str, quote: CheckedQuote) -> Json:
    return {
        "quote": quote.quote,
        "start": quote.start,
        "end": quote.end,
        "claimed": quote.claimed.name if quote.claimed else None,
        "verdict": quote.verdict.value,
        "best": _hit(quote.best) if quote.best else None,
        "note": quote.note,
        "changes": [
            {"draft": change.draft.of(draft), "source": _of(quote.best, change.source)} for change in quote.changes
        ],
        "nearest": [_hit(hit) for hit in quote.nearest],
    }


def _of(hit: Hit | None, span: Span) -> str:
    return hit.quote[span.start - hit.start : span.end - hit.start] if hit else ""


def _line(line: Line) -> Json:
    return {
        "slot": line.slot.value,
        "text": line.text,
        "date": _day(line.day),
        "date_words": line.date_words,
        "date_anchor": line.anchor,
        "speaker": line.speaker.name if line.speaker else None,
        "role": line.speaker.role if line.speaker else None,
        "anonymous": line.speaker.anonymous if line.speaker else False,
        "expected": line.expected,
        "outlets": line.outlets,
        "note": line.note,
        "evidence": [{"article": e.article, "start": e.start, "end": e.end, "link": e.link} for e in line.evidence],
    }


def _value(value: Value) -> Json:
    return {
        "value": value.value,
        "text": value.text,
        "approximate": value.approximate,
        "date": _day(value.day),
        "publisher": value.publisher,
        "evidence": {name: getattr(value.evidence, name) for name in ("article", "start", "end", "link")},
    }


def _hit(hit: Hit) -> Json:
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
        "published": _day(hit.published),
        "url": hit.url,
        "link": hit.link,
        "outlets": hit.outlets,
        "variants": [
            {
                "quote": v.quote,
                "article": v.article,
                "start": v.start,
                "end": v.end,
                "publisher": v.publisher,
                "link": v.link,
            }
            for v in hit.variants
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
