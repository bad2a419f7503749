"""Puts the pages below their prefix on the bot's web application.

Rule: an application of their own, so that their headers, their error pages and whoever is let in are theirs alone.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import files
from bot.composed import Composed
from bot.settings import Settings
from bot.web import addresses, article, errors, front, person, safety, search, story
from bot.web.entry import Entry
from bot.web.site import Site
from briefings.desk import Desk

Show = Callable[[Site, web.Request], Awaitable[web.StreamResponse]]

#: every page: its path below the prefix, and what shows it
PAGES: Final[tuple[tuple[str, Show], ...]] = (
    (addresses.FRONT, front.page),
    (addresses.ARTICLES, article.page),
    (addresses.ARTICLE, article.page),
    (addresses.STORY, story.page),
    (addresses.PERSON, person.page),
    (addresses.SEARCH, search.page),
)


def add_pages(
    web_app: web.Application,
    settings: Settings,
    desk: Desk,
    *,
    entry: Entry,
    composed: Composed | None = None,
    now: Callable[[], float] = time.time,
) -> None:
    """Adds the pages to the bot's application, before it starts, with `entry` in front of them.

    What it raises becomes a page as anything else does. `composed` are the briefings that Slack asked for a moment ago,
    which the pages share; `now` gives seconds since 1970.
    """
    site = Site(settings, desk, composed=composed, now=now)
    pages = web.Application(middlewares=[errors.told(site)])
    entry.add(pages, site)
    pages.on_response_prepare.append(safety.add_headers)
    pages.router.add_get("", _front)
    for path, show in PAGES:
        pages.router.add_get(path, _handler(site, show))
    pages.router.add_routes(files.routes(addresses.STATIC, "bot.web"))
    pages.cleanup_ctx.append(_closing(site, entry))
    web_app.add_subapp(addresses.PREFIX, pages)


async def _front(_: web.Request) -> web.StreamResponse:
    raise web.HTTPPermanentRedirect(addresses.front())


def _handler(site: Site, show: Show) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return await show(site, request)

    return handler


def _closing(site: Site, entry: Entry) -> Callable[[web.Application], AsyncIterator[None]]:
    async def closing(_: web.Application) -> AsyncIterator[None]:
        yield
        site.close()
        entry.close()

    return closing
