"""Access control in front of every page (docs/decisions/0030), and its setup from the settings.

Rule: visitors need a link from Slack, or a sign-in with Slack, of a workspace that has the bot installed. The local
workspace accepts every visitor on the same machine. Style sheets and icons are public. Every other path below the
prefix is protected, even if it has no page.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.core import http
from bot.core.logs import get_logger
from bot.core.metrics import Metrics
from bot.core.settings import Mode, Settings
from bot.core.tenancy import set_team
from bot.links import urls
from bot.links.signing import ExpiredToken, InvalidToken, LinkSigner
from bot.links.urls import (
    AUTH_PATHS,
    KEY_PARAMETER,
    SIGN_IN,
    SIGN_IN_CALLBACK,
    SIGN_OUT,
    WORKSPACE_PARAMETER,
    resolve_redirect,
)
from bot.slack.transport import clients
from bot.slack.transport.request_gate import RequestGate
from bot.storage.installations import open_installation_store
from bot.storage.store import Store
from bot.web.auth import access_denied
from bot.web.auth.access_denied import AccessDenied
from bot.web.auth.membership import Membership, MultiWorkspaceMembership, SingleWorkspaceMembership
from bot.web.auth.sessions import Sessions, Visitor
from bot.web.auth.sign_in import SignIn, redirect
from bot.web.auth.throttle import PageThrottle, RateLimitExceeded, TooManyPages
from bot.web.context import Site
from bot.web.error_pages import error_page

_STATIC_PREFIX = f"{urls.PREFIX}{urls.STATIC}/"


@dataclass(frozen=True, slots=True)
class AuthServices:
    """Services that give a workspace's people access; without `sign_in`, Sign in with Slack is off."""

    links: LinkSigner
    sessions: Sessions
    membership: Membership
    sign_in: SignIn | None


class AuthMiddleware:
    """Access control for the pages of one bot.

    Without `services`, only the local workspace gives access, and only to this machine.
    """

    def __init__(self, settings: Settings, throttle: PageThrottle, services: AuthServices | None) -> None:
        self._is_local = settings.loopback is not None or settings.mode is Mode.LOCAL
        self._public_url = settings.public_url
        self._throttle = throttle
        self._services = services
        #: number of refused requests by reason
        self.refusal_counts: Counter[str] = Counter()

    def install(self, pages_app: web.Application, site: Site) -> None:
        """Add the middleware, inside the error pages, and the sign-in and sign-out routes to the pages application."""
        pages_app.middlewares.append(self._build_middleware(site))
        if self._services is None:
            return
        pages_app.router.add_get(SIGN_OUT, self._build_sign_out_page(site), allow_head=False)
        pages_app.router.add_post(SIGN_OUT, self._build_sign_out_handler(site, self._services))
        if sign_in := self._services.sign_in:
            pages_app.router.add_get(SIGN_IN, sign_in.start, allow_head=False)
            pages_app.router.add_get(SIGN_IN_CALLBACK, sign_in.handle_callback, allow_head=False)

    def close(self) -> None:
        """Release resources after the last request."""
        self._throttle.close()

    def _build_middleware(self, site: Site) -> Middleware:
        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await self._authorize(request, handler, site)
            except AccessDenied as denial:
                self.refusal_counts[denial.reason] += 1
                get_logger().info("page refused", why=denial.reason)
                return self._render_denial(site, denial)
            except RateLimitExceeded as error:
                return error_page(site, 429, str(error), headers={"Retry-After": str(error.seconds)})
            except TooManyPages as error:
                return error_page(site, 503, str(error))

        return middleware

    async def _authorize(self, request: web.Request, handler: Handler, site: Site) -> web.StreamResponse:
        """Return the page, or a redirect on the way to it.

        Raises AccessDenied, RateLimitExceeded, TooManyPages or DatabaseUnavailable.
        """
        if _is_file(request):
            return await handler(request)
        if self._is_local:
            if not http.is_local_request(request):
                raise access_denied.wrong_host()
            await site.topic_scope.select("")
        elif self._services is None:
            raise access_denied.pages_closed()
        elif request.path in AUTH_PATHS:
            await self._throttle.check_rate(("", f"doors:{request.remote}"))
        elif early_response := await self._check_visitor(request, self._services, site):
            return early_response
        async with self._throttle.acquire_slot():
            return await handler(request)

    async def _check_visitor(self, request: web.Request, services: AuthServices, site: Site) -> web.Response | None:
        """Check and rate-limit the visitor; return None if the page may be shown, else a redirect."""
        visitor = services.sessions.read_visitor(request)
        if visitor and not await services.membership.is_installed(visitor.team):
            visitor = None
        if (key := request.query.get(KEY_PARAMETER)) is not None:
            return await self._open_link(request, services, key, visitor, site)
        if visitor is None:
            raise access_denied.no_session(_get_requested_page(request), can_sign_in=services.sign_in is not None)
        if site.topic_scope.is_per_team and request.query.get(WORKSPACE_PARAMETER, visitor.team) != visitor.team:
            # the same address can be another page in the visitor's own record
            raise access_denied.other_workspace(_get_requested_page(request), can_sign_in=services.sign_in is not None)
        await self._throttle.check_rate(visitor.rate_limit_key)
        set_team(visitor.team)
        await site.topic_scope.select(visitor.team)
        return None

    async def _open_link(
        self, request: web.Request, services: AuthServices, key: str, visitor: Visitor | None, site: Site
    ) -> web.Response:
        """Start a session from a signed link, and redirect to the page without the key; keep an existing session.

        If each workspace has its own record, a link of another workspace than the session's starts another session.
        """
        return_to = _get_requested_page(request)
        response = redirect(return_to)
        if visitor and not site.topic_scope.is_per_team:
            return response
        try:
            team = services.links.verify_key(key)
        except ExpiredToken as error:
            if visitor and visitor.team == error.payload.get("team"):
                return response
            raise access_denied.link_expired(return_to, can_sign_in=services.sign_in is not None) from None
        except InvalidToken:
            if visitor:
                return response
            raise access_denied.link_invalid(return_to) from None
        if visitor and visitor.team == team:
            return response
        if not await services.membership.is_installed(team):
            raise access_denied.not_installed()
        await self._throttle.check_rate((team, f"opening:{request.remote}"))
        services.sessions.start(response, team)
        return response

    def _render_denial(self, site: Site, denial: AccessDenied) -> web.Response:
        page = site.build_response(
            "entry.html",
            status=denial.status,
            title=denial.title,
            sentence=str(denial),
            sign_in_url=self._build_sign_in_url(denial.return_to),
            sign_out_url=None,
        )
        page.headers["Cache-Control"] = "no-store"
        return page

    def _build_sign_in_url(self, return_to: str) -> str | None:
        if self._services is None or self._services.sign_in is None:
            return None
        return f"{urls.PREFIX}{SIGN_IN}" + (f"?{urlencode({'to': return_to})}" if return_to else "")

    def _build_sign_out_page(self, site: Site) -> Handler:
        async def show_sign_out(_: web.Request) -> web.StreamResponse:
            sentence = "To open pages in this browser again, you need a link from Slack or a new sign-in."
            return site.build_response(
                "entry.html", title="Sign out?", sentence=sentence, sign_in_url=None, sign_out_url=urls.sign_out()
            )

        return show_sign_out

    def _build_sign_out_handler(self, site: Site, services: AuthServices) -> Handler:
        async def sign_out(request: web.Request) -> web.StreamResponse:
            if not _from_our_page(request, self._public_url):
                raise web.HTTPForbidden
            sentence = "To open pages in this browser again, open a link from Slack."
            page = site.build_response(
                "entry.html",
                title="You are signed out",
                sentence=sentence,
                sign_in_url=self._build_sign_in_url(""),
                sign_out_url=None,
            )
            services.sessions.end(page)
            return page

        return sign_out


def build_auth_middleware(
    settings: Settings, store: Store | None, gate: RequestGate, metrics: Metrics, now: Callable[[], float]
) -> AuthMiddleware:
    """Create the access control of the pages; `now` returns seconds since 1970."""
    throttle = PageThrottle(now, store.database if store else None)
    auth_middleware = AuthMiddleware(settings, throttle, _build_auth_services(settings, store, gate, now))
    metrics.add_labelled_counter(
        "pages_refused", "Page requests refused, by reason.", "why", lambda: auth_middleware.refusal_counts
    )
    metrics.add_counter("pages_limited", "Page requests over the rate limit.", lambda: throttle.limited_count)
    return auth_middleware


def _is_file(request: web.Request) -> bool:
    """Return whether the request matched the route of the static files, not just a similar path."""
    resource = request.match_info.route.resource
    return resource is not None and resource.canonical.startswith(_STATIC_PREFIX)


def _from_our_page(request: web.Request, public_url: str | None) -> bool:
    """Return whether our own page sent the form, from Sec-Fetch-Site or, in older browsers, from Origin."""
    if (fetch_site := request.headers.get("Sec-Fetch-Site")) is not None:
        return fetch_site in ("same-origin", "none")
    parts = urlsplit(public_url or "")
    return request.headers.get("Origin", "") in ("", f"{parts.scheme}://{parts.netloc}")


def _get_requested_page(request: web.Request) -> str:
    """Return the path of the requested page without its key."""
    return resolve_redirect(str(request.rel_url.without_query_params(KEY_PARAMETER)))


def _build_auth_services(
    settings: Settings, store: Store | None, gate: RequestGate, now: Callable[[], float]
) -> AuthServices | None:
    if settings.pages_url is None:
        return None
    membership = _build_membership(settings, store, now)
    sessions = Sessions(settings.page_signing_secrets, now)
    sign_in = SignIn(settings, sessions, membership, gate, now) if settings.has_sign_in else None
    return AuthServices(LinkSigner(settings, now), sessions, membership, sign_in)


def _build_membership(settings: Settings, store: Store | None, now: Callable[[], float]) -> Membership:
    if settings.mode is Mode.OAUTH and store:
        return MultiWorkspaceMembership(
            open_installation_store(store.database, store.audit_log, settings.client_id or "", store.keys), now
        )
    return SingleWorkspaceMembership(clients.make_web_client(settings.api_url, settings.bot_token), now)
