"""Comparison page: two people on one subject, in two columns, or one below the other on a phone.

Rule: nothing says whether they agree. A person who is unknown, ambiguous or not quoted is named, and the other one is
shown. The form always shows again what the reader typed.
"""

from aiohttp import web

from bot.core.public_errors import explain_publicly
from bot.links import urls
from bot.queries.person_queries import ComparisonQuery
from bot.queries.queries import to_one_line
from bot.web import query_params
from bot.web.context import Site, build_html_response
from bot.web.error_pages import get_status
from bot.web.pages import downloads
from bot.web.pages.timeline import FIELDS, group_by_day, list_params, read_query
from bot.web.pages.wordings import split_changes
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, PersonComparison

_MAX_ECHO_LENGTH = 1_000
_NAMES = ("first", "second")


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show two people side by side, or with `?format=` return them as a file; without two names, show the form."""
    form_values = {name: query_params.read_text(request.query, name)[:_MAX_ECHO_LENGTH] for name in (*_NAMES, *FIELDS)}
    if not (form_values["first"] and form_values["second"]):
        downloads.refuse(request.query, "Enter two people to download a comparison.")
        return site.build_response("comparison.html", form=form_values, comparison=None, error=None)
    try:
        timeline_query = read_query(site, to_one_line(form_values["first"]), request.query)
        query = ComparisonQuery(
            timeline_query.by,
            to_one_line(form_values["second"]),
            timeline_query.about,
            timeline_query.outlet,
            timeline_query.since,
            timeline_query.until,
        )
        if export_format := downloads.read_format(request.query):
            return await downloads.build_response(site, export_format, lambda builder: builder.build_answer(query))
        comparison = await site.run_in_thread(lambda service: _compare(service, query))
    except DatabaseUnavailable:
        raise
    except BriefingsError as error:
        return site.build_response(
            "comparison.html",
            status=get_status(error),
            form=form_values,
            comparison=None,
            error=explain_publicly(error),
        )
    return build_html_response(await site.run_in_thread(lambda _: _render(site, comparison, query, form_values)))


def _compare(service: BriefingService, query: ComparisonQuery) -> PersonComparison:
    return service.people.compare(query.first, query.second, query.about, query.since, query.until, outlet=query.outlet)


def _render(site: Site, comparison: PersonComparison, query: ComparisonQuery, form_values: dict[str, str]) -> str:
    params = list_params(query.get_timeline(query.first))

    def build_url(position: int, name: str) -> str:
        names = [query.first, query.second]
        names[position] = name
        return urls.comparison(names[0], names[1], **params)

    return site.render(
        "comparison.html",
        form=form_values,
        comparison=comparison,
        error=None,
        params=params,
        groups=[group_by_day(side.timeline.statements) if side.timeline else [] for side in comparison.sides],
        build_url=build_url,
        split_changes=split_changes,
        downloads=downloads.list_downloads(urls.comparison(query.first, query.second, **params)),
    )
