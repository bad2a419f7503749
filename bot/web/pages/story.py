"""Story page: the briefing, charts of its coverage and conflicting figures, and its most quoted people; or JSON.

Rule: the briefing is the same as in Slack and comes from the same cache. All charts count the briefing's own articles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.core.public_errors import explain_publicly
from bot.links import urls
from bot.queries.queries import BriefingQuery, to_one_line
from bot.web import chart_timeline, chart_values, query_params
from bot.web.context import Site, build_html_response
from bot.web.error_pages import get_status
from bot.web.pages import downloads
from briefings import MAX_WORDS, BadQuestion, Briefing, BriefingsError, FigureSeries, NothingFound, Report, Slot, Source
from briefings.exports import Format, build_file_name, name_briefing
from briefings.render import figures_to_json, to_json

#: allowed range of a briefing's length in words
_MIN_WORDS, _MAX_WORDS = 50, 1_000
#: number of people in the table of the most quoted
_MAX_SPEAKERS = 12
#: number of sources shown; a disclosure contains the others
_MAX_SOURCES = 12
#: number of values in the heading of a series
_MAX_SERIES_LABELS = 3
#: slot, HTML id and heading of each section, in page order
SLOTS = (
    (Slot.STATUS, "stands", "Latest"),
    (Slot.TIMELINE, "days", "Day by day"),
    (Slot.QUOTES, "said", "Who said what"),
    (Slot.DIFFERENCES, "differ", "Where the sources differ"),
    (Slot.MISSING, "missing", "Not in these articles"),
)


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """A series of values with its charts for wide and narrow screens."""

    series: FigureSeries
    #: the distinct values as printed
    labels: tuple[str, ...]
    wide: chart_values.Chart
    narrow: chart_values.Chart


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show a story; with `?format=`, return it as a file. With `json`, an error is JSON too."""
    if query_params.read_text(request.query, "format").casefold() == "json":
        try:
            report = await _load_report(site, request)
        except BriefingsError as error:
            suggestions = list(error.nearest) if isinstance(error, NothingFound) else []
            return web.json_response(
                {"error": explain_publicly(error), "nearest": suggestions}, status=get_status(error)
            )
        return web.json_response(
            to_json(report) | {"figures": figures_to_json(report)},
            headers={"Content-Disposition": downloads.format_disposition(_build_file_name(report))},
        )
    export_format = downloads.read_format(request.query)
    report = await _load_report(site, request)
    if export_format:
        return await downloads.build_response(site, export_format, lambda builder: builder.build_result(report))
    query = _parse_query(site, request.match_info["ask"], request.query)
    word_count = _read_word_count(request.query)
    return build_html_response(await site.run_in_thread(lambda _: _render(site, report, query, word_count)))


def to_report(briefing: Briefing) -> Report:
    """Convert a briefing without counts into a report without charts."""
    return Report(
        briefing.topic, briefing.title, briefing.sources, briefing.lines, briefing.words, briefing.dropped_lines
    )


def _build_file_name(report: Report) -> str:
    """Return the name of the JSON file, like those of the other formats."""
    return build_file_name(name_briefing(report), "Briefing", Format.JSON)


async def _load_report(site: Site, request: web.Request) -> Report:
    query, word_count = _parse_query(site, request.match_info["ask"], request.query), _read_word_count(request.query)
    if word_count == MAX_WORDS:
        result = (await site.answer_cache.get_answer(query)).result
    else:
        result = await site.run_in_thread(
            lambda service: service.brief(
                query.words, words=word_count, outlet=query.outlet, since=query.since, until=query.until
            )
        )
    if not isinstance(result, Briefing):
        raise BadQuestion("Use a topic, or words from a story.")
    return result if isinstance(result, Report) else to_report(result)


def _parse_query(site: Site, text: str, params: Mapping[str, str]) -> BriefingQuery:
    """Parse the query from the URL. Raises BadQuestion."""
    today = site.get_today()
    since, until = query_params.read_since(params, today), query_params.read_until(params, today)
    return BriefingQuery(to_one_line(text), query_params.read_text(params, "outlet") or None, since, until)


def _read_word_count(params: Mapping[str, str]) -> int:
    return query_params.read_number(params, "words", MAX_WORDS, _MIN_WORDS, _MAX_WORDS)


def _render(site: Site, report: Report, query: BriefingQuery, word_count: int) -> str:
    params = _build_params(query, word_count)
    days = [source.published for source in report.sources if source.published]
    speaker_counts = sorted(report.speaker_counts, key=lambda count: -count.statements)
    return site.render(
        "story.html",
        story=report,
        query=query,
        word_count=word_count,
        params=params,
        build_url=lambda **changes: urls.story(query.words, **(params | changes)),
        downloads=downloads.list_downloads(urls.add_params(urls.story(query.words), params)),
        slots=[(name, heading, report.get_slot_lines(slot)) for slot, name, heading in SLOTS],
        sources_by_id={source.id: source for source in report.sources},
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        outlets=sorted({source.publisher for source in report.sources if source.publisher}),
        quote_count=sum(count.quotes for count in report.day_counts),
        undated_count=sum(count.articles for count in report.day_counts if count.day is None),
        legend=chart_timeline.build_legend(report.day_counts),
        wide_timeline=chart_timeline.build_timeline(report.day_counts, chart_timeline.WIDE_WIDTH),
        narrow_timeline=chart_timeline.build_timeline(report.day_counts, chart_timeline.NARROW_WIDTH),
        table_rows=chart_timeline.build_table(report.day_counts),
        top_speakers=speaker_counts[:_MAX_SPEAKERS],
        other_speakers=speaker_counts[_MAX_SPEAKERS:],
        series=[_build_series_chart(series) for series in report.series],
        changed_sources=_list_changed_sources(report),
        sources=_sort_sources(report),
        max_sources=_MAX_SOURCES,
    )


def _build_series_chart(series: FigureSeries) -> SeriesChart:
    texts_by_value = {value.value: value.text for value in reversed(series.values)}
    labels = tuple(texts_by_value[value] for value in sorted(texts_by_value))[:_MAX_SERIES_LABELS]
    return SeriesChart(
        series,
        labels,
        chart_values.build_chart(series, chart_values.WIDE_WIDTH),
        chart_values.build_chart(series, chart_values.NARROW_WIDTH),
    )


def _build_params(query: BriefingQuery, word_count: int) -> dict[str, str]:
    """Return the URL parameters of a query, for links to the same page."""
    pairs: list[tuple[str, str | date | None]] = [
        ("outlet", query.outlet),
        ("since", query.since),
        ("until", query.until),
        ("words", str(word_count) if word_count != MAX_WORDS else None),
    ]
    return {name: str(value) for name, value in pairs if value}


def _list_changed_sources(report: Report) -> list[Source]:
    """Return the articles whose text changed, latest change first."""
    changed_sources = [source for source in report.sources if source.changed_on]
    return sorted(changed_sources, key=lambda source: (source.changed_on or date.min, source.id), reverse=True)


def _sort_sources(report: Report) -> list[Source]:
    """Sort the sources newest first, undated ones last."""
    return sorted(
        report.sources,
        key=lambda source: (source.published is None, -(source.published or date.min).toordinal(), source.id),
    )
