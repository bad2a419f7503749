"""The HTTP routes of the bot: methods and paths from the running application, with a sentence for each."""

import time
from collections.abc import Mapping
from typing import Final

from aiohttp import web

import briefings
from bot.core.encryption.keys import KEY_BYTES, KeyRing
from bot.core.settings import load
from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from docsite.markup import build_code, build_table

#: settings with which every route exists
_SETTINGS = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "example",
    "SLACK_SIGNING_SECRET": "example",
    "PUBLIC_URL": "https://bot.example.org",
    "SMTP_URL": "smtps://smtp.example.org",
    "MAIL_FROM": "news@example.org",
}
#: what each path is for
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "/healthz": "200 while the process runs.",
    "/readyz": "200 when the bot can answer. 503 with the reason otherwise, and during shutdown.",
    "/metrics": "Metrics for Prometheus. Only for this machine, or with `METRICS_TOKEN`.",
    "/slack/events": "Signed requests from Slack, if the bot does not use Socket Mode.",
    "/slack/install": "Starts an installation in a workspace (many workspaces).",
    "/slack/oauth_redirect": "Where Slack returns to after an installation.",
    "/record": "Leads to `/record/`.",
    "/record/": "The first page: the top stories.",
    "/record/news": "The top stories of some days: `days`, or `since` and `until`.",
    "/record/articles": "An article whose id cannot be part of a path: `id`.",
    "/record/articles/{id}": "An article. `at` marks a range of characters; `format` downloads it.",
    "/record/stories/{ask}": "The briefing on a topic or on words, with charts. `format` downloads it.",
    "/record/people/{name}": "A person: offices, and what they said. `format` downloads it.",
    "/record/people/{name}/timeline": "What a person said on a subject, by day.",
    "/record/compare": "What two people said on a subject, side by side.",
    "/record/search": "Who said it, with the filters of `/whosaid`. `format` downloads it.",
    "/record/sign-in": "Signs in with Slack.",
    "/record/signed-in": "Where Slack returns to after signing in.",
    "/record/sign-out": "Signs out.",
    "/mail/confirm": "Confirms an e-mail address for a digest.",
    "/mail/unsubscribe": "Stops the e-mails of a digest.",
}
_STATIC = "/record/static/"


def build_routes() -> str:
    """Return the table of all routes as Markdown. Raises ValueError if routes and sentences do not match."""
    routes = list_routes()
    if set(routes) != set(DESCRIPTIONS):
        raise ValueError(f"docsite/http_page.py and the bot's routes differ: {sorted(set(routes) ^ set(DESCRIPTIONS))}")
    rows = [(build_code(path), ", ".join(sorted(routes[path])), text) for path, text in DESCRIPTIONS.items()]
    return build_table(("path", "methods", "for"), rows) + "\n"


def list_routes() -> dict[str, set[str]]:
    """Return the methods of each path, without style sheets and scripts."""
    with briefings.open(":memory:") as service:
        keys = KeyRing((bytes(KEY_BYTES),))  # it protects nothing: the database is in memory, and has no token
        store = open_store("sqlite://", RateLimit(60), time.time, keys)
        app = build_web_app(load(None, _SETTINGS), service, store=store)
        routes = _read_routes(app)
        store.close()
    return routes


def _read_routes(app: web.Application) -> dict[str, set[str]]:
    routes: dict[str, set[str]] = {}
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if route.method != "HEAD" and not path.startswith(_STATIC):
            routes.setdefault(path, set()).add(route.method)
    return routes
