"""Fixtures that run the real server on a free loopback port, with signed requests and a stand-in for Slack."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer
from slack_sdk.signature import SignatureVerifier

from bot.core import logs, slack_limits
from bot.core.settings import Settings
from bot.core.tenancy import use_no_team
from bot.server.server import build_web_app
from bot.storage.store import Store
from briefings.service.service import BriefingService
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack_server import StandIn

SECRET = "0123456789abcdef0123456789abcdef"


class Slack:
    """Client that sends Slack's requests to the bot under test, a local test server or a base URL."""

    def __init__(self, session: ClientSession, bot: TestServer | str, inbox: TestServer, stand_in: StandIn) -> None:
        self.session, self.bot, self.inbox, self.stand_in = session, bot, inbox, stand_in
        self._triggers = 0

    def command(self, name: str, text: str, **more: str) -> str:
        """Build the body of a slash command with a fresh trigger_id."""
        self._triggers += 1
        fields = {
            "command": name,
            "text": text,
            "team_id": "T1",
            "channel_id": "C1",
            "user_id": "U1",
            "api_app_id": "A1",
            "response_url": str(self.inbox.make_url(f"/response/{self._triggers}")),
            "trigger_id": f"1.{self._triggers}",
        }
        return urlencode(fields | more)

    def event(self, **event: Any) -> str:
        """Build the body of an event with a fresh event_id."""
        self._triggers += 1
        number = f"Ev{self._triggers}"
        own = [{"team_id": "T1", "user_id": "U9", "is_bot": True}]
        envelope = {"type": "event_callback", "team_id": "T1", "event_id": number, "authorizations": own}
        return json.dumps(envelope | {"event": event})

    def message(self, text: str | None, **more: Any) -> str:
        """Build the event body of a channel mention, or of a direct message with `channel_type="im"`."""
        direct = more.get("channel_type") == "im"
        fields = {"type": "message" if direct else "app_mention", "channel": "D1" if direct else "C1", "user": "U1"}
        return self.event(**(fields | {"text": text, "ts": f"9.{self._triggers}"} | more))

    def shortcut(self, name: str, text: str, user: str = "U1", **message: Any) -> str:
        """Build the body of a shortcut chosen from the menu of a message with this text."""
        self._triggers += 1
        source_message = {"type": "message", "user": "U2", "text": text, "ts": "8.1"} | message
        return self._interaction(
            type="message_action",
            callback_id=name,
            channel={"id": "C1", "name": "news"},
            message=source_message,
            message_ts=source_message["ts"],
            user={"id": user, "name": "u", "team_id": "T1"},
            response_url=str(self.inbox.make_url(f"/response/{self._triggers}")),
        )

    def press_in(self, view: dict[str, Any], button: dict[str, Any]) -> str:
        """Build the body of a press in a modal or the App Home. It has no response_url."""
        action = {"type": "button", "block_id": "b", "action_ts": "1"} | button
        if action["type"] != "button" and "value" in action:
            action["selected_option"] = {"value": action.pop("value")}
        container = {"type": "view", "view_id": "V1"}
        return self._interaction(type="block_actions", container=container, view=view | {"id": "V1"}, actions=[action])

    def press(
        self, action: str, value: str, *, message: str = "5.1", thread: str = "", private: bool = True, **more: Any
    ) -> str:
        """Build the body of a button press in the message with this ts. Slack omits private messages from the body."""
        container = {"type": "message", "message_ts": message, "channel_id": "C1", "is_ephemeral": private}
        container |= {"thread_ts": thread} if thread else {}
        button: dict[str, Any] = {"type": "button", "action_id": action, "block_id": "b", "action_ts": "1"}
        is_menu = action.startswith("menu:")
        button |= {"type": "overflow", "selected_option": {"value": value}} if is_menu else {"value": value}
        self._triggers += 1
        reply_to = {"response_url": str(self.inbox.make_url(f"/response/{self._triggers}"))}
        fields: dict[str, Any] = {"type": "block_actions", "container": container, "actions": [button]}
        return self._interaction(**(fields | {"channel": {"id": "C1", "name": "news"}} | reply_to | more))

    def pick(self, view: dict[str, Any], action: str, value: str) -> str:
        """Build the body of a selection in a modal's menu."""
        selection = {"type": "static_select", "action_id": action, "block_id": action, "action_ts": "1"}
        selection |= {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}
        container = {"type": "view", "view_id": "V1"}
        return self._interaction(
            type="block_actions", container=container, view=view | {"id": "V1"}, actions=[selection]
        )

    def suggest(self, field: str, typed_text: str) -> str:
        """Build the body of the request for a select's options, as the user types into it."""
        return self._interaction(
            type="block_suggestion", action_id=field, block_id=field, value=typed_text, view={"id": "V1"}
        )

    def submit(self, view: dict[str, Any], **values: str | list[str]) -> str:
        """Build the body of a submitted form. Values are keyed by block id, which is also the input's name."""
        state: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                name, value = block["block_id"], values.get(block["block_id"])
                filled: dict[str, Any] = {"type": block["element"]["type"], "value": value}
                if block["element"]["type"] in ("static_select", "external_select"):
                    option = {"value": value} if value else None
                    filled = {"type": block["element"]["type"], "selected_option": option}
                if block["element"]["type"] in ("checkboxes", "multi_static_select"):
                    options = [{"value": choice} for choice in value or []]
                    filled = {"type": block["element"]["type"], "selected_options": options}
                if block["element"]["type"] == "timepicker":
                    filled = {"type": "timepicker", "selected_time": value or None}
                if block["element"]["type"] == "conversations_select":
                    filled = {"type": "conversations_select", "selected_conversation": value}
                state[name] = {name: filled}
        return self._interaction(type="view_submission", view=view | {"id": "V1", "state": {"values": state}})

    def _interaction(self, **fields: Any) -> str:
        self._triggers += 1
        payload = {
            "team": {"id": "T1", "domain": "team"},
            "user": {"id": "U1", "name": "u", "team_id": "T1"},
            "api_app_id": "A1",
            "trigger_id": f"2.{self._triggers}",
        }
        return urlencode({"payload": json.dumps(payload | fields)})

    async def post(
        self, body: str | bytes, *, headers: dict[str, str] | None = None, at: float | None = None, secret: str = SECRET
    ) -> ClientResponse:
        """Send a signed `body`. `headers` override the signature headers."""
        kind = "application/json" if body[:1] in ("{", b"{") else "application/x-www-form-urlencoded"
        signed = {"Content-Type": kind} | sign(body, at, secret) | (headers or {})
        data = BytesIO(body.encode() if isinstance(body, str) else body)
        address = f"{self.bot}/slack/events" if isinstance(self.bot, str) else self.bot.make_url("/slack/events")
        return await self.session.post(address, data=data, headers=signed)


def list_choices(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the message's buttons and the options of its menus. Each has text, value, and the ids to press it with."""
    choices = []
    for block in message["blocks"]:
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*accessory, *(block["elements"] if block["type"] == "actions" else [])]:
            ids = {"action_id": element["action_id"], "block_id": block.get("block_id", "b"), "type": element["type"]}
            choices += [option | ids for option in element.get("options", [element])]
    return choices


def find_button(message: dict[str, Any], label: str) -> dict[str, Any]:
    """Return the first button or option whose text starts with `label`. Raises StopIteration without a match."""
    return next(choice for choice in list_choices(message) if choice["text"]["text"].startswith(label))


def sign(body: str | bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """Return Slack's two signature headers. Invalid UTF-8 is signed with replacement characters."""
    stamp = str(int(time.time() if at is None else at))
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=text)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}


@asynccontextmanager
async def run_bot(service: BriefingService, store: Store | None = None, **more: Any) -> AsyncIterator[Slack]:
    """Run the bot with `service` on a free port, together with the Slack stand-in. `more` are settings."""
    async with run_app(lambda settings: build_web_app(settings, service, store=store), **more) as slack:
        yield slack


@asynccontextmanager
async def run_app(build: Callable[[Settings], web.Application], **more: Any) -> AsyncIterator[Slack]:
    """Run the application returned by `build`, in the same way as `run_bot`."""
    stand_in = StandIn()
    async with TestServer(stand_in.app) as inbox:
        stand_in.api_origin = str(inbox.make_url("")).rstrip("/")
        defaults = {"bot_token": "xoxb-made-up", "signing_secret": SECRET, "api_url": str(inbox.make_url("/api/"))}
        settings = Settings(**(defaults | more))
        bot = TestServer(build(settings))
        with use_no_team():  # the tasks of the server inherit it, and not the scope of the test
            await bot.start_server()
        async with bot, ClientSession() as session:
            yield Slack(session, bot, inbox, stand_in)


@pytest.fixture(autouse=True)
def _post_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Post without the second between two messages of a channel. The tests of `channel_posts` check it."""
    monkeypatch.setattr(slack_limits, "POST_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    yield
    logs.reset()


@pytest.fixture
def service() -> FakeBriefingService:
    return FakeBriefingService()


@pytest.fixture
async def slack(service: FakeBriefingService) -> AsyncIterator[Slack]:
    async with run_bot(service) as slack:
        yield slack
