"""What the tests of digests share: a source that tells one thing a run, a Slack in memory with its rates, digests."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import insert

from bot.digests.model import Content, Digest, DigestConfig, HistoryItem
from bot.digests.schedule import EVERY_DAY, Schedule
from bot.slack.blocks.message import Message, section
from bot.storage.schema import digests
from bot.storage.store import Store

MORNING = Schedule(EVERY_DAY, (time(8, 30),))


def make_config(channel: str = "C1", owner: str = "U1", query: str = "strike", **more: Any) -> DigestConfig:
    """A digest every day at 08:30 in London, unless told otherwise."""
    return DigestConfig(
        **{"team": "T1", "schedule": MORNING, "zone": "Europe/London"} | more, channel=channel, owner=owner, query=query
    )


def add_digests(store: Store, wishes: Iterable[DigestConfig], created: datetime) -> None:
    """Keeps digests, all at once, as if they had been made then."""
    numbers: dict[tuple[str, str], int] = {}
    rows = []
    for one in wishes:
        place = (one.team, one.channel)
        numbers[place] = number = numbers.get(place, 0) + 1
        row = {name: getattr(one, name) for name in ("team", "channel", "owner", "zone")} | {"ask": one.query}
        row |= {"number": number, "schedule": one.schedule.stored_text, "when_nothing": one.when_nothing.value}
        row |= {"state": "active", "created_at": created, "reached": created}
        rows.append(row | {"next_due": next(one.schedule.iterate_runs(created, one.zone))})
    store.database.write(lambda db: db.execute(insert(digests), rows))


class FakeContentSource:
    """Tells one thing a run; `news` may be replaced."""

    def __init__(self, thread: int = 0) -> None:
        self.digest_ids: list[int] = []
        self._thread = thread

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        self.digest_ids.append(digest.id)
        text = f"{digest.config.query} at {now:%H:%M}"
        told = (HistoryItem(f"{digest.id} {now.isoformat()}", {"article": "a1", "start": 0, "end": 3}),)
        thread = tuple(Message(f"detail {number}") for number in range(self._thread))
        return Content(Message(text, (section(text),)), thread, told)


class InMemorySlack(AsyncWebClient):
    """Slack in memory, by the clock it is given. `fault` is asked before every call, and may raise or give a code.

    A code that ends in "!" is answered after the message was taken.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__(token="xoxb-made-up")
        self.now = now
        self.messages: list[dict[str, Any]] = []
        self.fault: Callable[[str, dict[str, Any]], str | None] = lambda _method, _told: None
        self.calls: list[str] = []

    async def chat_postMessage(self, **told: Any) -> Any:  # type: ignore[override]  # noqa: N802 - as slack_sdk has it
        self.calls.append("chat.postMessage")
        code = self.fault("chat.postMessage", told) or ""
        if code and not code.endswith("!"):
            raise make_api_error(code)
        ts = f"{self.now():.3f}{len(self.messages):03}"
        self.messages.append({**told, "ts": ts})
        if code:
            raise make_timeout(code)
        return {"ok": True, "ts": ts}

    async def api_call(self, api_method: str, **more: Any) -> Any:
        self.calls.append(api_method)
        told = more["params"]
        if code := self.fault(api_method, told):
            raise make_api_error(code)
        found = [
            one
            for one in self.messages
            if one["channel"] == told["channel"]
            and one.get("thread_ts") == told.get("ts")
            and float(one["ts"]) >= float(told["oldest"])
        ]
        return _response({"ok": True, "messages": found[::-1]})

    @property
    def message_keys(self) -> list[str]:
        """The keys of all that stands in channels."""
        return [one["metadata"]["event_payload"]["key"] for one in self.messages]


def make_api_error(code: str) -> SlackApiError:
    return SlackApiError("refused", _response({"ok": False, "error": code}))


def make_timeout(_: str) -> Exception:
    return TimeoutError("the connection is gone")


def parse_utc(text: str) -> datetime:
    """ "2026-03-29 08:30", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _response(data: dict[str, Any]) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
    )
