"""Mixed questions to a fleet of replicas, at an even pace, and what became of each.

Rule: every question is one that must be answered once. Some reach two replicas, as retries do; an answer that is late,
missing, double, or a sentence of failure is counted as what it is. One client, so that all moments are of one clock.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from slack_sdk.signature import SignatureVerifier

from bench.fleet import Fleet

_PEOPLE = 2_000
#: one question in so many reaches two replicas
_DOUBLED = 10
#: seconds that answers are waited for when the last question is asked
_PATIENCE = 30.0
_FAILURE = "went wrong"


@dataclass(frozen=True, slots=True)
class Questions:
    """What is typed behind /whosaid and behind /briefing."""

    who_said: Sequence[str]
    briefing: Sequence[str]


@dataclass(slots=True)
class Seen:
    """What became of the questions: milliseconds of each from asking to its answer, by command, and what went amiss."""

    asked: int = 0
    ms: dict[str, list[float]] = field(default_factory=dict)
    #: answered twice; never answered; answered with a sentence of failure
    double: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    #: requests that were not acknowledged with 200: connections that broke with a replica count as 0
    refused: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Waiting:
    """A question: when it was asked, and its answers."""

    what: str
    begun: float
    answers: list[tuple[float, str]] = field(default_factory=list)


class Load:
    """Slack's side: asks, receives, notes. `secret` signs; `address` is where answers and Web API calls arrive.

    `name` is of this load alone: a question of another that the same replicas have answered would be a repeat.
    """

    def __init__(self, secret: str, questions: Questions, name: str, seed: int = 3) -> None:
        self._name = name
        self._verifier, self._questions = SignatureVerifier(secret), questions
        self._chance, self._waiting = Random(seed), dict[str, _Waiting]()  # noqa: S311 - no secrets
        self._refused: list[int] = []
        self._heard = asyncio.Event()
        self.app = web.Application()
        self.app.router.add_post("/response/{key}", self._answered)
        self.app.router.add_route("*", "/api/{method}", self._called)
        self.address = ""

    async def run(self, fleet: Fleet, seconds: float, per_second: float) -> Seen:
        """Asks for so long, so many a second; comes back when all that is answered is answered."""
        begun = time.perf_counter()
        async with (
            ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=20)) as session,
            asyncio.TaskGroup() as asking,
        ):
            for number in range(int(seconds * per_second)):
                await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
                asking.create_task(self._ask(fleet, session, number))
        await self._settled()
        return self._seen()

    async def _ask(self, fleet: Fleet, session: ClientSession, number: int) -> None:
        key = f"{self._name}{number}"
        what, body, kind = self._question(number, key)
        self._waiting[key] = _Waiting(what, time.perf_counter())
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(self._verifier.generate_signature(timestamp=stamp, body=body)),
        }
        times = 2 if number % _DOUBLED == 0 else 1
        statuses = await asyncio.gather(*(fleet.post(session, body.encode(), headers) for _ in range(times)))
        self._refused += [status for status in statuses if status != 200]

    def _question(self, number: int, key: str) -> tuple[str, str, str]:
        """What is asked, the body that asks it, and the body's kind: six commands in ten look for a quote."""
        user, kind = f"U{number % _PEOPLE}", self._chance.random()
        if kind < 0.15:
            text = f"<@U9> who said {self._chance.choice(self._questions.who_said)}"
            event = {"type": "app_mention", "channel": f"C{key}", "user": user, "text": text, "ts": f"9.{number}"}
            own = [{"team_id": "T1", "user_id": "U9", "is_bot": True}]
            told = {"type": "event_callback", "team_id": "T1", "event_id": key, "authorizations": own, "event": event}
            return "mention", json.dumps(told), "application/json"
        what = "briefing" if kind < 0.4 else "whosaid"
        text = self._chance.choice(self._questions.briefing if what == "briefing" else self._questions.who_said)
        fields = {"command": f"/{what}", "text": text, "team_id": "T1", "channel_id": "C1", "user_id": user}
        told = {**fields, "response_url": f"{self.address}/response/{key}", "trigger_id": key}
        return what, urlencode(told), "application/x-www-form-urlencoded"

    async def _answered(self, request: web.Request) -> web.Response:
        self._note(request.match_info["key"], (await request.json()).get("text", ""))
        return web.Response(text="ok")

    async def _called(self, request: web.Request) -> web.Response:
        told = {"ok": True, "team_id": "T1", "user_id": "U9", "ts": f"{time.time():.6f}"}
        if request.match_info["method"] == "chat.postMessage":
            fields = await request.json() if request.content_type == "application/json" else dict(await request.post())
            self._note(str(fields["channel"]).removeprefix("C"), str(fields.get("text", "")))
        if request.match_info["method"] in ("conversations.history", "conversations.replies"):
            return web.json_response({"ok": True, "messages": []})
        return web.json_response(told, headers={"x-oauth-scopes": "commands,chat:write"})

    def _note(self, key: str, text: str) -> None:
        if key in self._waiting:
            self._waiting[key].answers.append((time.perf_counter(), text))
            self._heard.set()

    async def _settled(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not all(one.answers for one in self._waiting.values()):
                    self._heard.clear()
                    await self._heard.wait()

    def _seen(self) -> Seen:
        seen = Seen(asked=len(self._waiting), refused=self._refused)
        for key, one in self._waiting.items():
            if not one.answers:
                seen.missing.append(f"{key} {one.what}")
                continue
            seen.ms.setdefault(one.what, []).append((one.answers[0][0] - one.begun) * 1000)
            if len(one.answers) > 1:
                seen.double.append(f"{key} {one.what}")
            if any(_FAILURE in text for _, text in one.answers):
                seen.failed.append(f"{key} {one.what}")
        return seen
