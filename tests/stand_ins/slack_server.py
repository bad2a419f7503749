"""Stand-in for Slack's servers: the Web API, response URLs, uploads and one socket, on loopback."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.server.manifest import SCOPES
from tests.stand_ins.slack_limits import find_problems, find_unfurl_problems, find_view_problems


class StandIn:
    """Stand-in for Slack. It receives what the bot posts and checks every message against Slack's limits."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.arguments: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.replies: dict[str, list[dict[str, Any]]] = {}  # replies to the next calls, by method
        self.statuses: list[int] = []  # statuses of the next response_url posts; 200 when empty
        self.retry_after = "0"
        self.drop = False
        self.drop_posts = 0  # posts whose connection drops after Slack stored the message
        self.posts: list[dict[str, Any]] = []  # messages in channels
        self.views: list[dict[str, Any]] = []  # every modal sent, newest last
        self.homes: list[dict[str, Any]] = []  # every published App Home
        self.member = True  # whether the bot is a member of the channels
        self.prompts: list[dict[str, Any]] = []  # prompts suggested in the Assistant panel
        self.zone: str | None = "Europe/London"  # time zone in every user profile
        self.profiles: dict[str, dict[str, Any]] = {}  # flags of users; without any, they are full members
        self.outsiders: dict[str, set[str]] = {}  # users who are not in a channel
        self.readable = True  # whether channel history can be read
        self._arrival = asyncio.Condition()
        self.app = web.Application()
        self.app.router.add_post("/response/{id}", self._receive)
        self.app.router.add_post("/api/{method}", self._call)
        self.app.router.add_get("/api/{method}", self._call)
        self.app.router.add_get("/socket", self._socket)
        self.app.router.add_post("/upload/{number}", self._upload)
        self.api_origin = ""  # where the stand-in listens
        self.canvases: list[dict[str, Any]] = []
        self.uploads: list[dict[str, Any]] = []  # files whose upload has begun
        self.files: list[dict[str, Any]] = []  # finished uploads
        self.unfurls: list[dict[str, Any]] = []
        self.scopes = ",".join(SCOPES)
        self.socket: asyncio.Future[web.WebSocketResponse] = asyncio.get_running_loop().create_future()
        self.acknowledged: list[str] = []

    async def _receive(self, request: web.Request) -> web.Response:
        payload = await request.json()
        assert find_problems(payload) == []
        await self._append(self.answers, payload)
        if self.drop and request.transport:
            request.transport.close()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, text="ok", headers={"Retry-After": self.retry_after})

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        self.tokens.append(request.headers.get("Authorization", ""))
        arguments = await _parse_arguments(request)
        self.arguments.append(arguments)
        url = str(request.url.with_path("/socket")).replace("http", "ws", 1)
        replies = self.replies.get(method)
        reply = {"ok": True, "url": url, "team_id": "T1", "user_id": "U9"}
        reply = replies.pop(0) if replies else reply | await self._perform(method, arguments)
        if method == "chat.postMessage" and self.drop_posts and request.transport:
            self.drop_posts -= 1
            request.transport.close()
        return web.json_response(reply, headers={"x-oauth-scopes": self.scopes})

    async def _perform(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Apply a Web API method and return the fields it adds to the reply."""
        if method in ("chat.postMessage", "chat.postEphemeral"):
            assert find_problems(arguments) == []
            if method == "chat.postMessage" and not self.member:
                return {"ok": False, "error": "not_in_channel"}
            if arguments["channel"] == "C404":
                return {"ok": False, "error": "channel_not_found"}
            message = arguments | {"ts": f"7.{len(self.posts)}"}
            await self._append(self.posts if method == "chat.postMessage" else self.answers, message)
            channel = str(arguments["channel"])  # a user's id opens the direct messages with them
            return {"ts": message["ts"], "channel": f"D{channel[1:]}" if channel.startswith("U") else channel}
        if method == "views.publish":
            assert find_view_problems(arguments["view"]) == []
            await self._append(self.homes, arguments["view"])
        if method == "assistant.threads.setSuggestedPrompts":
            await self._append(self.prompts, arguments)
        if method in ("views.open", "views.push", "views.update"):
            assert find_view_problems(arguments["view"]) == []
            await self._append(self.views, arguments["view"])
            return {"view": {"id": "V1"}}
        if (fields := await self._take_export(method, arguments)) is not None:
            return fields
        if method == "users.info":
            user = str(arguments.get("user"))
            return {"user": {"id": user, "tz": self.zone} | self.profiles.get(user, {})}
        if method == "conversations.members":
            everyone = {f"U{number}" for number in range(100)} | self.profiles.keys()
            return {"members": sorted(everyone - self.outsiders.get(str(arguments["channel"]), set()))}
        if method == "conversations.history" and not self.member:
            return {"ok": False, "error": "not_in_channel"}
        if method in ("conversations.history", "conversations.replies"):
            return {"messages": self.posts[::-1]} if self.readable else {"ok": False, "error": "missing_scope"}
        return {}

    async def _take_export(self, method: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        """Apply a method for canvases, files or previews; return None for others."""
        if method == "canvases.create":
            await self._append(self.canvases, arguments)
            return {"canvas_id": f"F{len(self.canvases)}"}
        if method == "files.getUploadURLExternal":
            number = len(self.uploads)
            self.uploads.append({**arguments, "content": b""})
            return {"file_id": f"F{number}", "upload_url": f"{self.api_origin}/upload/{number}"}
        if method == "files.completeUploadExternal":
            await self._append(self.files, arguments | {"files": json.loads(arguments["files"])})
            return {"files": [{"id": "F0"}]}
        if method == "chat.unfurl":
            assert find_unfurl_problems(arguments) == []
            await self._append(self.unfurls, arguments)
            return {}
        return None

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploads[int(request.match_info["number"])]["content"] = await request.read()
        return web.Response(text="OK")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        self.socket.set_result(socket)
        async for message in socket:
            await self._append(self.acknowledged, json.loads(message.data)["envelope_id"])
        return socket

    async def _append(self, items: list[Any], item: object) -> None:
        async with self._arrival:
            items.append(item)
            self._arrival.notify_all()

    async def wait_for_acknowledgements(self, count: int) -> list[str]:
        """Wait for `count` acknowledged envelopes and return their sorted ids."""
        async with self._arrival:
            await asyncio.wait_for(self._arrival.wait_for(lambda: len(self.acknowledged) >= count), 10)
        return sorted(self.acknowledged)

    async def wait_for_answer(self, count: int = 1) -> dict[str, Any]:
        """Wait for `count` answers and return the last one."""
        async with self._arrival:
            await asyncio.wait_for(self._arrival.wait_for(lambda: len(self.answers) >= count), 10)
        return self.answers[-1]

    async def wait_for(self, items: list[dict[str, Any]], count: int = 1) -> dict[str, Any]:
        """Wait until one of the lists has `count` items and return the last one."""
        async with self._arrival:
            await asyncio.wait_for(self._arrival.wait_for(lambda: len(items) >= count), 10)
        return items[-1]

    async def wait_for_view(self, count: int = 2) -> dict[str, Any]:
        """Wait for `count` views and return the last one. Each modal is sent twice; the first is a loading view."""
        async with self._arrival:
            await asyncio.wait_for(self._arrival.wait_for(lambda: len(self.views) >= count), 10)
        return self.views[-1]


async def _parse_arguments(request: web.Request) -> dict[str, Any]:
    """Return the arguments of a call, with JSON form fields decoded."""
    if request.content_type == "application/json":
        arguments: dict[str, Any] = await request.json()
        return arguments
    # slack_sdk sends the arguments of these methods in the query
    has_query = request.match_info["method"].startswith(("files.", "canvases.", "users.", "conversations.members"))
    fields: dict[str, Any] = (dict(request.query) if has_query else {}) | dict(await request.post())
    for name in ("view", "blocks", "metadata", "prompts"):
        if isinstance(fields.get(name), str):
            fields[name] = json.loads(fields[name])
    for name in ("unfurl_links", "unfurl_media"):
        if name in fields:
            fields[name] = fields[name] not in ("0", "false", "False")
    return fields
