"""The search page: who said these words, as after `/whosaid`, with filters and pages; and the stories they may mean.

Rule: what was typed always stands in the fields again, also beside the sentence that says what is wrong with it.
"""

from collections.abc import Mapping

from aiohttp import web

from bot.ask import one_line
from bot.web import addresses, asked
from bot.web.errors import status_of
from bot.web.site import Site
from briefings.desk import Desk
from briefings.errors import BriefingsError, RecordUnavailable
from briefings.lookup import LAST, SIZE, Results

#: the fields, by what they are called in the address
FIELDS = ("q", "by", "about", "outlet", "since", "until")
#: characters of a field that are shown again
_SHOWN = 1_000
_QUOTES = "\"'“”„‟‘’‚‛«»‹›` "


async def page(site: Site, request: web.Request) -> web.StreamResponse:
    """Shows the answer, or the empty form."""
    typed = {name: asked.text(request.query, name) for name in FIELDS}
    shown = {name: value[:_SHOWN] for name, value in typed.items()}
    if not any(typed.values()):
        return site.page("search.html", typed=shown, found=None, held=await site.ask(Desk.searched), problem=None)
    try:
        found = await _found(site, request.query, typed)
    except RecordUnavailable:
        raise
    except BriefingsError as error:
        status = status_of(error)
        return site.page("search.html", status=status, typed=shown, found=None, held=None, problem=str(error))
    return site.page(
        "search.html",
        typed=shown,
        found=found,
        held=found.said.searched,
        problem=None,
        here=lambda **changes: _address(typed | changes),
        size=SIZE,
        last=LAST,
    )


async def _found(site: Site, query: Mapping[str, str], typed: Mapping[str, str]) -> Results:
    today, number = site.today(), asked.page(query)
    since, until = asked.since(query, today), asked.until(query, today)
    by, about, outlet = (typed[name] or None for name in ("by", "about", "outlet"))

    def work(desk: Desk) -> Results:
        words = one_line(typed["q"]).strip(_QUOTES)
        return desk.search(words, by=by, about=about, outlet=outlet, since=since, until=until, page=number)

    return await site.ask(work)


def _address(fields: Mapping[str, str]) -> str:
    """The address that asks this."""
    return addresses.search(fields["q"], **{name: value for name, value in fields.items() if value and name != "q"})
