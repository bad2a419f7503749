"""The search page: who said these words, as after `/whosaid`, with filters and pages; and the stories they may mean.

Rule: what was typed always stands in the fields again, also beside the sentence that says what is wrong with it.

The first page: how much is held, the topics, the articles that came last, and a field to search in.
"""

from collections.abc import Mapping

from aiohttp import web

from bot.links import urls
from bot.queries.queries import to_one_line
from bot.web import query_params
from bot.web.context import Site, build_html_response
from bot.web.error_pages import get_status
from briefings import MAX_PAGE, PAGE_SIZE, BriefingsError, BriefingService, DatabaseUnavailable, SearchResultsPage

#: the fields, by what they are called in the address
FIELDS = ("q", "by", "about", "outlet", "since", "until")
#: characters of a field that are shown again
_MAX_ECHO_LENGTH = 1_000
_QUOTE_MARKS = "\"'“”„‟‘’‚‛«»‹›` "


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Shows the answer, or the empty form."""
    form_values = {name: query_params.read_text(request.query, name) for name in FIELDS}
    shown_values = {name: value[:_MAX_ECHO_LENGTH] for name, value in form_values.items()}
    if not any(form_values.values()):
        return site.build_response(
            "search.html",
            typed=shown_values,
            found=None,
            held=await site.run_in_thread(BriefingService.get_counts),
            problem=None,
        )
    try:
        results = await _search(site, request.query, form_values)
    except DatabaseUnavailable:
        raise
    except BriefingsError as error:
        status = get_status(error)
        return site.build_response(
            "search.html", status=status, typed=shown_values, found=None, held=None, problem=str(error)
        )
    return site.build_response(
        "search.html",
        typed=shown_values,
        found=results,
        held=results.answer.totals,
        problem=None,
        here=lambda **changes: _build_url(form_values | changes),
        size=PAGE_SIZE,
        last=MAX_PAGE,
    )


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
    """The address that asks this."""
    return urls.search(fields["q"], **{name: value for name, value in fields.items() if value and name != "q"})


async def show_index_page(site: Site, _: web.Request) -> web.Response:
    """Shows it."""

    def render(service: BriefingService) -> str:
        return site.render("front.html", overview=service.get_overview(), topics=service.list_topics())

    return build_html_response(await site.run_in_thread(render))
