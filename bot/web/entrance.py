"""Puts together what lets people in, from the settings and the parts of the bot."""

from collections.abc import Callable

from bot import clients
from bot.metrics import Metrics
from bot.settings import Mode, Settings
from bot.store.gate import Gate
from bot.store.installations import Installations
from bot.store.store import Store
from bot.web.entry import Doors, Entry
from bot.web.links import Links
from bot.web.members import Many, Members, Single
from bot.web.pace import Pace
from bot.web.sessions import Sessions
from bot.web.sign_in import SignIn


def entrance(settings: Settings, store: Store | None, gate: Gate, metrics: Metrics, now: Callable[[], float]) -> Entry:
    """What stands in front of the pages. `now` gives seconds since 1970."""
    pace = Pace(now, store.database if store else None)
    entry = Entry(settings, pace, _doors(settings, store, gate, now))
    metrics.counts("pages_refused", "Pages that nobody was let in to, by reason.", "why", lambda: entry.refused)
    metrics.count("pages_limited", "Pages of people who asked for too many.", lambda: pace.limited)
    return entry


def _doors(settings: Settings, store: Store | None, gate: Gate, now: Callable[[], float]) -> Doors | None:
    if settings.pages_url is None:
        return None
    members = _members(settings, store, now)
    sessions = Sessions(settings.signs_with, now)
    sign_in = SignIn(settings, sessions, members, gate, now) if settings.signs_in else None
    return Doors(Links(settings, now), sessions, members, sign_in)


def _members(settings: Settings, store: Store | None, now: Callable[[], float]) -> Members:
    if settings.mode is Mode.OAUTH and store:
        return Many(Installations(store.database, store.audit, settings.client_id or ""), now)
    return Single(clients.web_client(settings.api_url, settings.bot_token), now)
