"""Helpers for digest tests: a fake content source, an in-memory Slack, and digests."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import insert

from bot.digests.model import Content, DetailsPlace, Digest, DigestConfig, HistoryItem
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import EVERY_DAY
from bot.slack.blocks.message import Message, section
from bot.storage.schema import digests
from bot.storage.store import Store

MORNING = build_weekly_schedule(EVERY_DAY, (time(8, 30),))


def make_config(channel: str = "C1", owner: str = "U1", query: str = "strike", **fields: Any) -> DigestConfig:
    """Return the settings of a digest, by default every day at 08:30 in London."""
    defaults: dict[str, Any] = {"team": "T1", "schedule": MORNING, "zone": "Europe/London"}
    return DigestConfig(**defaults | fields, channel=channel, owner=owner, query=query)


def add_digests(store: Store, configs: Iterable[DigestConfig], created: datetime) -> None:
    """Store digests in one transaction, as if they were created at this time."""
    numbers: dict[tuple[str, str], int] = {}
    rows = []
    for config in configs:
        channel_key = (config.team, config.channel)
        numbers[channel_key] = number = numbers.get(channel_key, 0) + 1
        row = {name: getattr(config, name) for name in ("team", "channel", "owner", "zone")} | {"ask": config.query}
        row |= {"number": number, "schedule": config.schedule.stored_text, "when_nothing": config.when_nothing.value}
        row |= {"state": "active", "created_at": created, "reached": created}
        rows.append(row | {"next_due": next(config.schedule.iterate_runs(created, config.zone))})
    store.database.write(lambda db: db.execute(insert(digests), rows))


class FakeContentSource:
    """Content source that returns one message and one history item per run.

    `thread` is the number of messages with details. Digests take turns with the `places` of their details.
    """

    def __init__(self, thread: int = 0, *places: DetailsPlace) -> None:
        self.digest_ids: list[int] = []
        self._thread = thread
        self._places = places or (DetailsPlace.THREAD,)

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        self.digest_ids.append(digest.id)
        text = f"{digest.config.query} at {now:%H:%M}"
        items = (HistoryItem(f"{digest.id} {now.isoformat()}", {"article": "a1", "start": 0, "end": 3}),)
        thread = tuple(Message(f"detail {number}") for number in range(self._thread))
        return Content(Message(text, (section(text),)), thread, items, self._places[digest.id % len(self._places)])


class InMemorySlack(AsyncWebClient):
    """In-memory Slack with the time of the given clock.

    `fault` is called before every method. It can raise an exception or return an error code.
    With a code that ends in "!", the message is stored before the error.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__(token="xoxb-made-up")
        self.now = now
        self.messages: list[dict[str, Any]] = []
        self.fault: Callable[[str, dict[str, Any]], str | None] = lambda _method, _arguments: None
        self.calls: list[str] = []
        self.deactivated_users: set[str] = set()

    async def chat_postMessage(self, **arguments: Any) -> Any:  # type: ignore[override]  # noqa: N802 - the name in slack_sdk
        self.calls.append("chat.postMessage")
        code = self.fault("chat.postMessage", arguments) or ""
        if code and not code.endswith("!"):
            raise make_api_error(code)
        ts = f"{self.now():.3f}{len(self.messages):03}"
        self.messages.append({**arguments, "ts": ts})
        if code:
            raise make_timeout()
        return {"ok": True, "ts": ts}

    async def api_call(self, api_method: str, **options: Any) -> Any:
        self.calls.append(api_method)
        params = options["params"]
        if api_method == "users.info":
            return _build_response({"ok": True, "user": {"deleted": params["user"] in self.deactivated_users}})
        if code := self.fault(api_method, params):
            raise make_api_error(code)
        messages = [
            message
            for message in self.messages
            if message["channel"] == params["channel"]
            and message.get("thread_ts") == params.get("ts")
            and float(message["ts"]) >= float(params["oldest"])
        ]
        return _build_response({"ok": True, "messages": messages[::-1]})

    @property
    def message_keys(self) -> list[str]:
        """The message keys of all posted messages."""
        return [message["metadata"]["event_payload"]["key"] for message in self.messages]


def make_api_error(code: str) -> SlackApiError:
    """Return the error for a call that Slack rejects with this code."""
    return SlackApiError("rejected", _build_response({"ok": False, "error": code}))


def make_timeout() -> Exception:
    """Return the error for a connection that is lost after the message is stored."""
    return TimeoutError("the connection was lost")


def parse_utc(text: str) -> datetime:
    """Parse a time such as "2026-03-29 08:30" as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _build_response(data: dict[str, Any]) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
    )
