"""Who may change what everybody sees."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.permissions import CACHE_SECONDS, Admins
from bot.slack.transport import clients

PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "UADMIN": {"is_admin": True, "is_owner": False},
    "UOWNER": {"is_admin": False, "is_owner": True},
    "UGUEST": {"is_admin": False, "is_owner": False, "is_restricted": True},
}


class People:
    """Slack's answers about people and groups, counted."""

    def __init__(self) -> None:
        self.groups = {"SDESK": ["UMEMBER"]}
        self.error: str | None = None
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        arguments = {**request.query, **await request.post()}
        method = request.match_info["method"]
        self.asked.append(method)
        if self.error:
            return web.json_response({"ok": False, "error": self.error})
        if method == "users.info":
            return web.json_response({"ok": True, "user": PEOPLE.get(str(arguments["user"]), {})})
        assert method == "usergroups.users.list"
        return web.json_response({"ok": True, "users": self.groups[str(arguments["usergroup"])]})


@asynccontextmanager
async def asking(people: People) -> AsyncIterator[AsyncWebClient]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", people.answer)
    async with TestServer(app) as server:
        yield clients.make_web_client(str(server.make_url("/api/")), "xoxb-made-up")


@pytest.mark.parametrize(
    ("named", "user", "may"),
    [
        ((), "UADMIN", True),
        ((), "UOWNER", True),
        ((), "UGUEST", False),
        ((), "UNOBODY", False),
        (("UGUEST",), "UGUEST", True),
        (("UGUEST",), "UADMIN", False),
        (("WGRID", "SDESK"), "UMEMBER", True),
        (("WGRID", "SDESK"), "WGRID", True),
        (("WGRID", "SDESK"), "UADMIN", False),
    ],
)
async def test_named_people_and_groups_may_or_with_none_the_workspaces_admins(
    named: tuple[str, ...], user: str, may: bool
) -> None:
    async with asking(People()) as client:
        assert await Admins(named, lambda: 0.0).can_change(client, "T1", user) is may


async def test_what_slack_says_is_believed_for_five_minutes_team_by_team() -> None:
    people, now = People(), [0.0]
    admins = Admins(("SDESK",), lambda: now[0])
    async with asking(people) as client:
        for _ in range(3):
            assert await admins.can_change(client, "T1", "UMEMBER")
        assert people.asked == ["usergroups.users.list"]
        people.groups["SDESK"] = []
        assert await admins.can_change(client, "T1", "UMEMBER")
        assert not await admins.can_change(client, "T2", "UMEMBER")
        now[0] = CACHE_SECONDS
        assert not await admins.can_change(client, "T1", "UMEMBER")


@pytest.mark.parametrize("error", ["missing_scope", "internal_error", "token_revoked"])
@pytest.mark.parametrize("named", [(), ("SDESK",)])
async def test_when_slack_does_not_say_nobody_may_and_it_is_asked_again(named: tuple[str, ...], error: str) -> None:
    people = People()
    people.error = error
    admins = Admins(named, lambda: 0.0)
    async with asking(people) as client:
        user = "UMEMBER" if named else "UADMIN"
        assert not await admins.can_change(client, "T1", user)
        people.error = None
        assert await admins.can_change(client, "T1", user)


async def test_when_slack_cannot_be_reached_only_people_who_are_named_may() -> None:
    client = AsyncWebClient("xoxb-made-up", base_url="http://127.0.0.1:1/api/")
    admins = Admins(("UGUEST", "SDESK"), lambda: 0.0)
    assert [await admins.can_change(client, "T1", user) for user in ("UGUEST", "UMEMBER")] == [True, False]
