"""Puts together what lets people in, from the settings and the parts of the bot."""

from collections.abc import Callable

from bot.core.metrics import Metrics
from bot.core.settings import Mode, Settings
from bot.links.signing import LinkSigner
from bot.slack.transport import clients
from bot.slack.transport.request_gate import RequestGate
from bot.storage.installations import InstallationStore
from bot.storage.store import Store
from bot.web.entry import AuthMiddleware, AuthServices
from bot.web.members import Membership, MultiWorkspaceMembership, SingleWorkspaceMembership
from bot.web.pace import PageThrottle
from bot.web.sessions import Sessions
from bot.web.sign_in import SignIn


def build_auth_middleware(
    settings: Settings, store: Store | None, gate: RequestGate, metrics: Metrics, now: Callable[[], float]
) -> AuthMiddleware:
    """What stands in front of the pages. `now` gives seconds since 1970."""
    throttle = PageThrottle(now, store.database if store else None)
    auth_middleware = AuthMiddleware(settings, throttle, _build_auth_services(settings, store, gate, now))
    metrics.add_labelled_counter(
        "pages_refused", "Pages that nobody was let in to, by reason.", "why", lambda: auth_middleware.refusal_counts
    )
    metrics.add_counter("pages_limited", "Pages of people who asked for too many.", lambda: throttle.limited_count)
    return auth_middleware


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
            InstallationStore(store.database, store.audit_log, settings.client_id or ""), now
        )
    return SingleWorkspaceMembership(clients.make_web_client(settings.api_url, settings.bot_token), now)
