"""The list of doors: it has every listener and route that is registered, and no other."""

import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.core.permissions.doors import SLACK_DOORS, WEB_DOORS, DoorKind
from bot.core.permissions.table import PERMISSIONS, GuardedAction
from bot.core.settings import Settings
from bot.digests.command_parser import GUARDED_ACTIONS, DigestAction
from bot.server.server import build_web_app
from bot.server.wiring import build
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from bot.watches.command_parser import WatchAction
from bot.watches.service import GUARDED_ACTIONS as WATCH_GUARDED_ACTIONS
from tests.stand_ins.briefing_service import FakeBriefingService

#: actions without a door in Slack: the access rules of the pages and the terminal decide
_WITHOUT_SLACK_DOOR = {
    GuardedAction.READ_PAGES,
    GuardedAction.OPERATE,
}
SETTINGS = Settings(bot_token="xoxb-made-up", signing_secret="0" * 32)
_KINDS = {
    "command": DoorKind.COMMAND,
    "event": DoorKind.EVENT,
    "action": DoorKind.PRESS,
    "view": DoorKind.FORM,
    "options": DoorKind.OPTIONS,
    "message_shortcut": DoorKind.SHORTCUT,
}
#: ways to register that the bot does not use, so that a new one is noticed
_UNUSED = ("shortcut", "global_shortcut", "step", "function", "message", "block_action", "attachment_action")
_UNUSED_TOO = ("dialog_submission", "dialog_suggestion", "dialog_cancellation", "view_submission", "view_closed")


def read_names(constraint: str | re.Pattern[str]) -> list[str]:
    """Return the names of a constraint: "^(share|menu)(:.*)?$" is the button "share", also in a menu."""
    if isinstance(constraint, str):
        return [constraint]
    names = re.sub(r"\(:\.\*\)\?\$|[$^():]|\\", "", constraint.pattern).split("|")
    return [name for name in names if name != "menu"]


def list_registered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[DoorKind, str]]:
    """Build the whole bot, and return each door that it registers."""
    doors: list[tuple[DoorKind, str]] = []

    def record(method: str, kind: DoorKind) -> Callable[..., Any]:
        original = getattr(AsyncApp, method)

        def register(app: AsyncApp, constraint: Any, *arguments: Any, **more: Any) -> Any:
            doors.extend((kind, name) for name in read_names(constraint))
            return original(app, constraint, *arguments, **more)

        return register

    for method, kind in _KINDS.items():
        monkeypatch.setattr(AsyncApp, method, record(method, kind))
    monkeypatch.setattr(AsyncApp, "assistant", lambda *_: doors.append((DoorKind.EVENT, "assistant")))

    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("Add this way to register to the test of the doors.")

    for name in (*_UNUSED, *_UNUSED_TOO):
        if hasattr(AsyncApp, name):
            monkeypatch.setattr(AsyncApp, name, refuse)
    feed_service: Any = object()
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store:
        build(SETTINGS, FakeBriefingService(), store=store, feed_service=feed_service)
    return doors


def test_every_registered_door_has_its_actions_and_every_entry_a_door(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    registered = {door for door in list_registered(monkeypatch, tmp_path) if door[0] is not DoorKind.OPTIONS}
    assert registered - SLACK_DOORS.keys() == set(), "These doors have no entry in bot/core/permissions/doors.py."
    assert SLACK_DOORS.keys() - registered == set()


def test_every_action_has_a_door() -> None:
    behind_doors = {action for actions in SLACK_DOORS.values() for action in actions}
    assert PERMISSIONS.keys() - behind_doors == _WITHOUT_SLACK_DOOR


def test_every_action_on_a_digest_or_a_watch_is_in_the_table() -> None:
    assert set(GUARDED_ACTIONS) == set(DigestAction)
    assert set(WATCH_GUARDED_ACTIONS) == set(WatchAction)
    assert set(GUARDED_ACTIONS.values()) <= set(SLACK_DOORS[DoorKind.COMMAND, "/digest"])
    assert set(WATCH_GUARDED_ACTIONS.values()) <= set(SLACK_DOORS[DoorKind.COMMAND, "/watch"])


def test_routes_that_can_change_something_are_listed(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store:
        app = build_web_app(SETTINGS, FakeBriefingService(), store=store)
        routes = {
            f"{route.method} {route.resource.canonical}"
            for route in app.router.routes()
            if route.resource and route.method not in ("GET", "HEAD")
        }
    assert routes - WEB_DOORS.keys() == set()


@pytest.mark.parametrize("path", sorted(Path("bot/listeners").rglob("*.py")), ids=str)
def test_no_listener_decides_by_itself(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for words in (
        "users_info(",
        "usergroups_users_list(",
        "conversations_members(",
        "is_admin",
        ".admins",
        "AdminList",
    ):
        assert words not in source, f"{path} asks who somebody is. Ask Authorizer."
