"""Render timelines of a person and comparisons of two people as JSON-ready values.

Rule: field names are a contract. Fields may be added but never renamed. Days are ISO 8601 dates.
"""

from briefings.model import SearchTotals
from briefings.person_report import ComparedPerson, PersonComparison, PersonStatement, PersonTimeline, StatementReport
from briefings.render.json_output import Json, format_day, render_doubt, render_hit


def render_timeline(value: PersonTimeline) -> Json:
    """Render a timeline: its statements, the oldest first, and its quotations by day."""
    return {
        "person": value.name,
        "role": value.role,
        "about": value.about,
        "understood": value.description,
        "searched": _render_totals(value.totals),
        "quotes": value.quote_count,
        "all_quotes": value.quote_total,
        "outlets": value.outlets,
        "bounded": value.is_bounded,
        "namesakes": [list(roles) for roles in value.namesakes],
        "days": [
            {"date": format_day(count.day), "publisher": count.publisher, "quotes": count.quotes}
            for count in value.day_counts
        ],
        "statements": [_render_statement(statement, value) for statement in value.statements],
    }


def render_comparison(value: PersonComparison) -> Json:
    """Render two people side by side."""
    return {
        "about": value.about,
        "understood": value.description,
        "searched": _render_totals(value.totals),
        "same_person": value.is_one_person,
        "people": [_render_side(side) for side in value.sides],
    }


def _render_side(side: ComparedPerson) -> Json:
    return {
        "asked": side.asked_name,
        "name": side.name if side.timeline else None,
        "status": side.status.value,
        "suggestions": list(side.suggestions),
        "timeline": render_timeline(side.timeline) if side.timeline else None,
    }


def _render_statement(statement: PersonStatement, timeline: PersonTimeline) -> Json:
    return {
        "first_reported": format_day(statement.first_day),
        "last_reported": format_day(statement.last_day),
        "is_first": statement in timeline.first_statements,
        "is_latest": statement in timeline.latest_statements,
        **render_hit(statement.hit),
        "sentence": statement.sentence or None,
        "reports": [_render_report(report) for report in statement.reports],
    }


def _render_report(report: StatementReport) -> Json:
    return {
        "quote": report.text,
        "kind": report.kind.value,
        "article": report.source.id,
        "start": report.start,
        "end": report.end,
        "publisher": report.source.publisher,
        "published": format_day(report.source.published),
        "link": report.link,
        **render_doubt(report.source),
        "reworded": report.is_reworded,
        "changes": [report.text[span.start : span.end] for span in report.changes],
        "missing": list(report.missing),
    }


def _render_totals(totals: SearchTotals) -> Json:
    days = {"since": format_day(totals.since), "until": format_day(totals.until)}
    return {"articles": totals.articles, "quotes": totals.quotes, **days}
