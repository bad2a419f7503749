"""Search page: quotes by words, speaker, topic, outlet and days, like `/whosaid`. Also the index page.

Rule: the form always shows again what the reader typed, next to an error message too.
"""

from collections.abc import Mapping

from aiohttp import web

from bot.links import urls
from bot.queries.queries import to_one_line
from bot.web import query_params
from bot.web.context import Site, build_html_response
from bot.web.error_pages import get_status
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, SearchResultsPage

#: names of the form fields, as in the URL
FIELDS = ("q", "by", "about", "outlet", "since", "until")
#: maximum length of a value that the form shows again
_MAX_ECHO_LENGTH = 1_000
_QUOTE_MARKS = "\"'“”„‟‘’‚‛«»‹›` "


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show the search results, or the empty form."""
    form_values = {name: query_params.read_text(request.query, name) for name in FIELDS}
    shown_values = {name: value[:_MAX_ECHO_LENGTH] for name, value in form_values.items()}
    if not any(form_values.values()):
        return site.build_response(
            "search.html",
            form=shown_values,
            results=None,
            totals=await site.run_in_thread(BriefingService.get_counts),
            error=None,
        )
    try:
        results = await _search(site, request.query, form_values)
    except DatabaseUnavailable:
        raise
    except BriefingsError as error:
        status = get_status(error)
        return site.build_response(
            "search.html", status=status, form=shown_values, results=None, totals=None, error=str(error)
        )
    return site.build_response(
        "search.html",
        form=shown_values,
        results=results,
        totals=results.answer.totals,
        error=None,
        build_url=lambda **changes: _build_url(form_values | changes),
    )


async def show_index_page(site: Site, _: web.Request) -> web.Response:
    """Show the index: totals, topics and the latest articles."""

    def render(service: BriefingService) -> str:
        return site.render("front.html", overview=service.get_overview(), topics=service.list_topics())

    return build_html_response(await site.run_in_thread(render))


async def _search(site: Site, params: Mapping[str, str], form_values: Mapping[str, str]) -> SearchResultsPage:
    today, page_number = site.get_today(), query_params.read_page(params)
    since, until = query_params.read_since(params, today), query_params.read_until(params, today)
    by, about, outlet = (form_values[name] or None for name in ("by", "about", "outlet"))

    def run_search(service: BriefingService) -> SearchResultsPage:
        words = to_one_line(form_values["q"]).strip(_QUOTE_MARKS)
        return service.search_quotes(
            words, by=by, about=about, outlet=outlet, since=since, until=until, page=page_number
        )

    return await site.run_in_thread(run_search)


def _build_url(fields: Mapping[str, str]) -> str:
    """Return the URL of a search with these fields."""
    return urls.search(fields["q"], **{name: value for name, value in fields.items() if value and name != "q"})
