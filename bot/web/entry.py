"""Who may look at the pages: in front of every one of them (docs/decisions/0030).

Rule: people of a workspace where the bot is installed, by a link from Slack or by signing in with Slack; in the local
workspace whoever sits at the machine. Style sheets and icons are for everybody; everything else below the prefix, pages
that do not exist included, is not.
"""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot import loopback
from bot.logs import logger
from bot.settings import Mode, Settings
from bot.web import addresses, refusals
from bot.web.addresses import SIGN_IN, SIGN_OUT, SIGNED_IN
from bot.web.errors import error_page
from bot.web.links import Links
from bot.web.members import Members
from bot.web.pace import Pace, TooMany, TooOften
from bot.web.paths import DOORS, KEY, safe
from bot.web.refusals import NotLetIn
from bot.web.sessions import Sessions, Visitor
from bot.web.sign_in import SignIn, led
from bot.web.signed import Expired, Forged
from bot.web.site import Site

_FILES = f"{addresses.PREFIX}{addresses.STATIC}/"


@dataclass(frozen=True, slots=True)
class Doors:
    """What lets people of a workspace in; `sign_in` where they can sign in with Slack."""

    links: Links
    sessions: Sessions
    members: Members
    sign_in: SignIn | None


class Entry:
    """In front of the pages of one bot. Without `doors` only this machine is let in, if it is the local workspace."""

    def __init__(self, settings: Settings, pace: Pace, doors: Doors | None) -> None:
        self._local = settings.loopback is not None or settings.mode is Mode.LOCAL
        self._own = settings.public_url
        self._pace = pace
        self._doors = doors
        #: requests that were not let in, by why
        self.refused: Counter[str] = Counter()

    def add(self, pages: web.Application, site: Site) -> None:
        """Puts itself in front of the application of the pages, below its error pages."""
        pages.middlewares.append(self._middleware(site))
        if self._doors is None:
            return
        pages.router.add_get(SIGN_OUT, self._leaving(site), allow_head=False)
        pages.router.add_post(SIGN_OUT, self._left(site, self._doors))
        if sign_in := self._doors.sign_in:
            pages.router.add_get(SIGN_IN, sign_in.begin, allow_head=False)
            pages.router.add_get(SIGNED_IN, sign_in.back, allow_head=False)

    def close(self) -> None:
        """Once nobody asks any more."""
        self._pace.close()

    def _middleware(self, site: Site) -> Middleware:
        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await self._let(request, handler)
            except NotLetIn as refusal:
                self.refused[refusal.why] += 1
                logger().info("page refused", why=refusal.why)
                return self._turned_away(site, refusal)
            except TooOften as error:
                return error_page(site, 429, str(error), headers={"Retry-After": str(error.seconds)})
            except TooMany as error:
                return error_page(site, 503, str(error))

        return middleware

    async def _let(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The page, or another answer on the way to it. Raises NotLetIn, TooOften, TooMany, RecordUnavailable."""
        if _is_file(request):
            return await handler(request)
        if self._local:
            if not loopback.is_ours(request):
                raise refusals.elsewhere()
        elif self._doors is None:
            raise refusals.closed()
        elif request.path in DOORS:
            await self._pace.pay(("", f"doors:{request.remote}"))
        elif on_the_way := await self._checked(request, self._doors):
            return on_the_way
        async with self._pace.turn():
            return await handler(request)

    async def _checked(self, request: web.Request, doors: Doors) -> web.Response | None:
        """None for somebody who may look, and has paid for it."""
        visitor = doors.sessions.visitor(request)
        if visitor and not await doors.members.has(visitor.team):
            visitor = None
        if (key := request.query.get(KEY)) is not None:
            return await self._opened(request, doors, key, visitor)
        if visitor is None:
            raise refusals.nobody(_asked(request), signs_in=doors.sign_in is not None)
        await self._pace.pay(visitor.person)
        return None

    async def _opened(self, request: web.Request, doors: Doors, key: str, visitor: Visitor | None) -> web.Response:
        """Leads to the same page without the key; who is in already stays who they are."""
        to = _asked(request)
        response = led(to)
        if visitor:
            return response
        try:
            team = doors.links.team(key)
        except Expired:
            raise refusals.expired(to, signs_in=doors.sign_in is not None) from None
        except Forged:
            raise refusals.forged(to) from None
        if not await doors.members.has(team):
            raise refusals.not_installed()
        await self._pace.pay((team, f"opening:{request.remote}"))
        doors.sessions.begin(response, team)
        return response

    def _turned_away(self, site: Site, refusal: NotLetIn) -> web.Response:
        page = site.page(
            "entry.html",
            status=refusal.status,
            title=refusal.title,
            sentence=str(refusal),
            sign_in=self._sign_in(refusal.to),
            leave=None,
        )
        page.headers["Cache-Control"] = "no-store"
        return page

    def _sign_in(self, to: str) -> str | None:
        if self._doors is None or self._doors.sign_in is None:
            return None
        return f"{addresses.PREFIX}{SIGN_IN}" + (f"?{urlencode({'to': to})}" if to else "")

    def _leaving(self, site: Site) -> Handler:
        async def leaving(_: web.Request) -> web.StreamResponse:
            sentence = "You are then asked for a link from Slack, or to sign in, on this browser."
            leave = addresses.sign_out()
            return site.page("entry.html", title="Sign out?", sentence=sentence, sign_in=None, leave=leave)

        return leaving

    def _left(self, site: Site, doors: Doors) -> Handler:
        async def left(request: web.Request) -> web.StreamResponse:
            if not _from_our_page(request, self._own):
                raise web.HTTPForbidden
            sentence = "This browser shows no pages any more, until you open a link from Slack."
            sign_in = self._sign_in("")
            page = site.page("entry.html", title="You are signed out", sentence=sentence, sign_in=sign_in, leave=None)
            doors.sessions.end(page)
            return page

        return left


def _is_file(request: web.Request) -> bool:
    """Whether it is one of the files, and not what only looks like one's address."""
    resource = request.match_info.route.resource
    return resource is not None and resource.canonical.startswith(_FILES)


def _from_our_page(request: web.Request, own: str | None) -> bool:
    """Whether a form was sent from a page of ours, by what the browser tells, or an old one's Origin."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site in ("same-origin", "none")
    parts = urlsplit(own or "")
    return request.headers.get("Origin", "") in ("", f"{parts.scheme}://{parts.netloc}")


def _asked(request: web.Request) -> str:
    """The page that was asked for, without the key to it."""
    return safe(str(request.rel_url.without_query_params(KEY)))
