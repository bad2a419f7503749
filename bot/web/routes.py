"""Routes of the pages, and their security headers.

Rule: the pages are a separate aiohttp application, so that their headers, error pages and access control apply only
to them.
Rule: every response below the prefix has the security headers, error pages and files included. The headers allow only
our own style sheets and our own script file, and block inline scripts, requests by scripts, and other hosts.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.answers.answer_cache import AnswerCache
from bot.answers.topic_scope import TopicScope
from bot.core import http
from bot.core.settings import Settings
from bot.links import urls
from bot.web import error_pages
from bot.web.auth.middleware import AuthMiddleware
from bot.web.context import Site
from bot.web.pages import article, comparison, news, person, search, story, timeline
from briefings import BriefingService

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # publishers do not learn who reads what; our own pages need the Origin of their forms
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
#: articles can be removed and links can expire, so browsers must revalidate every page
CACHE_CONTROL: Final = "private, no-cache"


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers to a response (an aiohttp on_response_prepare signal)."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)


PageHandler = Callable[[Site, web.Request], Awaitable[web.StreamResponse]]

#: path below the prefix and handler of every page
PAGES: Final[tuple[tuple[str, PageHandler], ...]] = (
    (urls.INDEX, news.show_index_page),
    (urls.ARTICLES, article.show_page),
    (urls.ARTICLE, article.show_page),
    (urls.STORY, story.show_page),
    (urls.PERSON, person.show_page),
    (urls.TIMELINE, timeline.show_page),
    (urls.COMPARISON, comparison.show_page),
    (urls.SEARCH, search.show_page),
    (urls.NEWS, news.show_page),
)


def add_pages(
    web_app: web.Application,
    settings: Settings,
    service: BriefingService,
    *,
    auth_middleware: AuthMiddleware,
    answer_cache: AnswerCache | None = None,
    topic_scope: TopicScope | None = None,
    now: Callable[[], float] = time.time,
) -> None:
    """Add the pages, behind the access control, to the bot's application before it starts.

    Errors of `auth_middleware` become error pages too. `answer_cache` and `topic_scope` are shared with Slack.
    `now` returns seconds since 1970.
    """
    site = Site(settings, service, answer_cache=answer_cache, topic_scope=topic_scope, now=now)
    pages_app = web.Application(middlewares=[error_pages.build_error_middleware(site)])
    auth_middleware.install(pages_app, site)
    pages_app.on_response_prepare.append(add_headers)
    pages_app.router.add_get("", _redirect_to_index)
    for path, page_handler in PAGES:
        pages_app.router.add_get(path, _build_handler(site, page_handler))
    pages_app.router.add_routes(http.build_routes(urls.STATIC, "bot.web"))
    pages_app.cleanup_ctx.append(_build_cleanup(site, auth_middleware))
    web_app.add_subapp(urls.PREFIX, pages_app)


async def _redirect_to_index(_: web.Request) -> web.StreamResponse:
    raise web.HTTPPermanentRedirect(urls.index())


def _build_handler(site: Site, page_handler: PageHandler) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return await page_handler(site, request)

    return handler


def _build_cleanup(site: Site, auth_middleware: AuthMiddleware) -> Callable[[web.Application], AsyncIterator[None]]:
    async def close_resources(_: web.Application) -> AsyncIterator[None]:
        yield
        site.close()
        auth_middleware.close()

    return close_resources
