"""A directory of invented people, groups and channels that answers Slack's calls about them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.transport import clients

#: people of T1 by what they are
PROFILES: Mapping[str, Mapping[str, Any]] = {
    "UADMIN": {"is_admin": True},
    "UOWNER": {"is_owner": True},
    "UMEMBER": {},
    "UCREATOR": {},
    "UGUEST": {"is_restricted": True},
    "UVISITOR": {"is_restricted": True, "is_ultra_restricted": True, "is_admin": True},
    "USTRANGER": {"is_stranger": True, "is_admin": True},
    "UOTHERTEAM": {"team_id": "T2", "is_admin": True},
    "UGONE": {"deleted": True, "is_admin": True},
    "UBOT": {"is_bot": True, "is_admin": True},
}


class FakeDirectory:
    """Answers Slack's calls, and lists the methods called. Everyone is in C1, and no one in C2."""

    def __init__(self) -> None:
        self.profiles = {user: {"id": user, "team_id": "T1"} | dict(flags) for user, flags in PROFILES.items()}
        self.groups: dict[str, list[str]] = {"SADMINS": ["UMEMBER"]}
        self.channels: dict[str, list[str]] = {"C1": list(PROFILES), "C2": []}
        self.error: str | None = None
        #: replies to a method, whatever its arguments
        self.replies: dict[str, dict[str, Any]] = {}
        self.page_size = 1_000
        self.calls: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        arguments = {key: str(value) for key, value in {**request.query, **await request.post()}.items()}
        method = request.match_info["method"]
        self.calls.append(method)
        if self.error:
            return web.json_response({"ok": False, "error": self.error})
        return web.json_response(self.replies.get(method) or {"ok": True} | self._perform(method, arguments))

    def _perform(self, method: str, arguments: Mapping[str, str]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"team_id": "T1"}
            case "users.info":
                user = arguments["user"]
                known = user in self.profiles
                return {"user": self.profiles[user]} if known else {"ok": False, "error": "user_not_found"}
            case "usergroups.users.list":
                return {"users": self.groups[arguments["usergroup"]]}
            case "conversations.members" if arguments["channel"] not in self.channels:
                return {"ok": False, "error": "channel_not_found"}
            case "conversations.members":
                return self._paginate("members", self.channels[arguments["channel"]], arguments)
            case "users.conversations":
                own = [{"id": channel} for channel, users in self.channels.items() if arguments["user"] in users]
                return self._paginate("channels", own, arguments)
        return {"ok": False, "error": "unknown_method"}

    def _paginate(self, name: str, entries: list[Any], arguments: Mapping[str, str]) -> dict[str, Any]:
        start = int(arguments.get("cursor") or 0)
        end = start + self.page_size
        cursor = str(end) if end < len(entries) else ""
        return {name: entries[start:end], "response_metadata": {"next_cursor": cursor}}


@asynccontextmanager
async def serve(directory: FakeDirectory) -> AsyncIterator[AsyncWebClient]:
    """Run the directory on a free port, and return a client of it."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", directory.answer)
    async with TestServer(app) as server:
        yield clients.make_web_client(str(server.make_url("/api/")), "xoxb-made-up")
