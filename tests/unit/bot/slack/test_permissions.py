"""Permissions: who may change what all users see."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.permissions import CACHE_SECONDS, Admins
from bot.slack.transport import clients

PROFILES: Mapping[str, Mapping[str, Any]] = {
    "UADMIN": {"is_admin": True, "is_owner": False},
    "UOWNER": {"is_admin": False, "is_owner": True},
    "UGUEST": {"is_admin": False, "is_owner": False, "is_restricted": True},
}


class FakeDirectory:
    """Answers Slack's calls about users and groups, and lists the methods called."""

    def __init__(self) -> None:
        self.groups = {"SADMINS": ["UMEMBER"]}
        self.error: str | None = None
        self.calls: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        arguments = {**request.query, **await request.post()}
        method = request.match_info["method"]
        self.calls.append(method)
        if self.error:
            return web.json_response({"ok": False, "error": self.error})
        if method == "users.info":
            return web.json_response({"ok": True, "user": PROFILES.get(str(arguments["user"]), {})})
        assert method == "usergroups.users.list"
        return web.json_response({"ok": True, "users": self.groups[str(arguments["usergroup"])]})


@asynccontextmanager
async def serve(directory: FakeDirectory) -> AsyncIterator[AsyncWebClient]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", directory.answer)
    async with TestServer(app) as server:
        yield clients.make_web_client(str(server.make_url("/api/")), "xoxb-made-up")


@pytest.mark.parametrize(
    ("admin_ids", "user", "is_allowed"),
    [
        ((), "UADMIN", True),
        ((), "UOWNER", True),
        ((), "UGUEST", False),
        ((), "UNOBODY", False),
        (("UGUEST",), "UGUEST", True),
        (("UGUEST",), "UADMIN", False),
        (("WGRID", "SADMINS"), "UMEMBER", True),
        (("WGRID", "SADMINS"), "WGRID", True),
        (("WGRID", "SADMINS"), "UADMIN", False),
    ],
)
async def test_listed_users_and_groups_may_change_or_else_workspace_admins(
    admin_ids: tuple[str, ...], user: str, is_allowed: bool
) -> None:
    async with serve(FakeDirectory()) as client:
        assert await Admins(admin_ids, lambda: 0.0).can_change(client, "T1", user) is is_allowed


async def test_answers_are_cached_per_team_for_five_minutes() -> None:
    directory, now = FakeDirectory(), [0.0]
    admins = Admins(("SADMINS",), lambda: now[0])
    async with serve(directory) as client:
        for _ in range(3):
            assert await admins.can_change(client, "T1", "UMEMBER")
        assert directory.calls == ["usergroups.users.list"]
        directory.groups["SADMINS"] = []
        assert await admins.can_change(client, "T1", "UMEMBER")
        assert not await admins.can_change(client, "T2", "UMEMBER")
        now[0] = CACHE_SECONDS
        assert not await admins.can_change(client, "T1", "UMEMBER")


@pytest.mark.parametrize("error", ["missing_scope", "internal_error", "token_revoked"])
@pytest.mark.parametrize("admin_ids", [(), ("SADMINS",)])
async def test_slack_errors_refuse_the_change_and_are_not_cached(admin_ids: tuple[str, ...], error: str) -> None:
    directory = FakeDirectory()
    directory.error = error
    admins = Admins(admin_ids, lambda: 0.0)
    async with serve(directory) as client:
        user = "UMEMBER" if admin_ids else "UADMIN"
        assert not await admins.can_change(client, "T1", user)
        directory.error = None
        assert await admins.can_change(client, "T1", user)


async def test_only_listed_users_may_change_when_slack_is_unreachable() -> None:
    client = AsyncWebClient("xoxb-made-up", base_url="http://127.0.0.1:1/api/")
    admins = Admins(("UGUEST", "SADMINS"), lambda: 0.0)
    assert [await admins.can_change(client, "T1", user) for user in ("UGUEST", "UMEMBER")] == [True, False]
