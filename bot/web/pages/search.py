"""Search page: quotes by words, speaker, topic, outlet and days, like `/whosaid`.

Rule: the form always shows again what the reader typed, next to an error message too.
"""

from collections.abc import Mapping

from aiohttp import web

from bot.core.public_errors import explain_publicly
from bot.links import urls
from bot.queries.queries import WhoSaidQuery, to_one_line
from bot.web import query_params
from bot.web.context import Site
from bot.web.error_pages import get_status
from bot.web.pages import downloads
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, SearchResultsPage

#: names of the form fields, as in the URL
FIELDS = ("q", "by", "about", "outlet", "since", "until")
#: maximum length of a value that the form shows again
_MAX_ECHO_LENGTH = 1_000
_QUOTE_MARKS = "\"'“”„‟‘’‚‛«»‹›` "


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show the search results, or with `?format=` return them as a file; without a question, show the empty form."""
    form_values = {name: query_params.read_text(request.query, name) for name in FIELDS}
    shown_values = {name: value[:_MAX_ECHO_LENGTH] for name, value in form_values.items()}
    if not any(form_values.values()):
        downloads.refuse(request.query, "Enter words or a speaker to download quotes.")
        return site.build_response(
            "search.html",
            form=shown_values,
            results=None,
            totals=await site.run_in_thread(BriefingService.get_counts),
            error=None,
        )
    try:
        if export_format := downloads.read_format(request.query):
            query = _parse_query(site, request.query, form_values)
            return await downloads.build_response(site, export_format, lambda builder: builder.build_search(query))
        results = await _search(site, request.query, form_values)
    except DatabaseUnavailable:
        raise
    except BriefingsError as error:
        status = get_status(error)
        return site.build_response(
            "search.html", status=status, form=shown_values, results=None, totals=None, error=explain_publicly(error)
        )
    return site.build_response(
        "search.html",
        form=shown_values,
        results=results,
        totals=results.answer.totals,
        error=None,
        build_url=lambda **changes: _build_url(form_values | changes),
        downloads=downloads.list_downloads(_build_url(form_values)),
    )


async def _search(site: Site, params: Mapping[str, str], form_values: Mapping[str, str]) -> SearchResultsPage:
    query, page_number = _parse_query(site, params, form_values), query_params.read_page(params)

    def run_search(service: BriefingService) -> SearchResultsPage:
        return service.search_quotes(
            query.words,
            by=query.by,
            about=query.about,
            outlet=query.outlet,
            since=query.since,
            until=query.until,
            page=page_number,
        )

    return await site.run_in_thread(run_search)


def _parse_query(site: Site, params: Mapping[str, str], form_values: Mapping[str, str]) -> WhoSaidQuery:
    """Parse the query from the URL. Raises BadQuestion."""
    today = site.get_today()
    by, about, outlet = (form_values[name] or None for name in ("by", "about", "outlet"))
    return WhoSaidQuery(
        to_one_line(form_values["q"]).strip(_QUOTE_MARKS),
        by=by,
        about=about,
        outlet=outlet,
        since=query_params.read_since(params, today),
        until=query_params.read_until(params, today),
    )


def _build_url(fields: Mapping[str, str]) -> str:
    """Return the URL of a search with these fields."""
    return urls.search(fields["q"], **{name: value for name, value in fields.items() if value and name != "q"})
