"""Timeline page: what one person said on a subject, or on everything, by day, with a chart of the days.

Rule: the answer is the same as in Slack. A person has one page for each subject: other spellings redirect to it, and a
name that several people share lists them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from aiohttp import web

from bot.links import urls
from bot.queries.person_queries import TimelineQuery
from bot.queries.queries import to_one_line
from bot.web import chart_timeline, query_params
from bot.web.context import Site, build_html_response
from bot.web.pages import downloads
from bot.web.pages.wordings import split_changes
from briefings import AmbiguousName, BriefingService, PersonStatement, PersonTimeline, UnknownPerson

#: names of the form fields, as in the URL
FIELDS = ("about", "outlet", "since", "until")


@dataclass(frozen=True, slots=True)
class DayGroup:
    """The statements that were first reported on one day, or without a day."""

    day: date | None
    statements: tuple[PersonStatement, ...]


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show a timeline, or with `?format=` return it as a file.

    Other spellings are redirected, and an ambiguous or unknown name gets a list of people.
    """
    name = request.match_info["name"]
    query = read_query(site, to_one_line(name), request.query)
    if export_format := downloads.read_format(request.query):
        return await downloads.build_response(site, export_format, lambda builder: builder.build_answer(query))

    def find_timeline(service: BriefingService) -> PersonTimeline | AmbiguousName | UnknownPerson:
        return service.people.get_timeline(query.by, query.about, query.since, query.until, outlet=query.outlet)

    result = await site.run_in_thread(find_timeline)
    params = list_params(query)
    if isinstance(result, UnknownPerson):
        return site.build_response(
            "people.html", status=404, name=result.name, suggestions=result.similar_names, people=()
        )
    if isinstance(result, AmbiguousName):
        return site.build_response(
            "people.html", status=300, name=result.name, suggestions=(), people=result.people, timeline_params=params
        )
    if result.name != name:
        raise web.HTTPFound(urls.timeline(result.name, **params))
    return build_html_response(await site.run_in_thread(lambda _: _render(site, result, query)))


def read_query(site: Site, name: str, params: Mapping[str, str]) -> TimelineQuery:
    """Return the query in a URL. Raises BadQuestion for an unreadable date."""
    today = site.get_today()
    return TimelineQuery(
        name,
        query_params.read_text(params, "about") or None,
        query_params.read_text(params, "outlet") or None,
        query_params.read_since(params, today),
        query_params.read_until(params, today),
    )


def list_params(query: TimelineQuery) -> dict[str, str]:
    """Return the URL parameters of a query's filters."""
    values = {name: getattr(query, name) for name in FIELDS}
    return {name: str(value) for name, value in values.items() if value}


def group_by_day(statements: tuple[PersonStatement, ...]) -> list[DayGroup]:
    """Group statements by the day of their first report, in the same order."""
    return [
        DayGroup(day, tuple(group)) for day, group in groupby(statements, key=lambda statement: statement.first_day)
    ]


def _render(site: Site, timeline: PersonTimeline, query: TimelineQuery) -> str:
    row_kinds = (chart_timeline.QUOTES,)
    days = [count.day for count in timeline.day_counts if count.day]
    return site.render(
        "timeline.html",
        timeline=timeline,
        query=query,
        wider_query=replace(query, about=None),
        params=list_params(query),
        groups=group_by_day(timeline.statements),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        undated_count=sum(count.quotes for count in timeline.day_counts if count.day is None),
        legend=chart_timeline.build_legend(timeline.day_counts),
        wide_chart=chart_timeline.build_timeline(timeline.day_counts, chart_timeline.WIDE_WIDTH, row_kinds),
        narrow_chart=chart_timeline.build_timeline(timeline.day_counts, chart_timeline.NARROW_WIDTH, row_kinds),
        table_rows=chart_timeline.build_table(timeline.day_counts),
        split_changes=split_changes,
        downloads=downloads.list_downloads(urls.timeline(timeline.name, **list_params(query))),
    )
