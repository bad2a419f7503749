"""Send mixed questions to a fleet of replicas at a constant rate, and collect the answers.

Rule: each question needs exactly one answer, even if two replicas receive it, as with retries. Missing and duplicate
answers and error messages are counted. All times come from the clock of one client.
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

_USER_COUNT = 2_000
#: every tenth question is sent to two replicas
_DUPLICATE_INTERVAL = 10
#: maximum seconds to wait for answers after the last question
_ANSWER_TIMEOUT_SECONDS = 30.0
#: part of the message that the bot sends after an internal error
_FAILURE_TEXT = "went wrong"


@dataclass(frozen=True, slots=True)
class Questions:
    """Texts to send after /whosaid and /briefing."""

    who_said: Sequence[str]
    briefing: Sequence[str]


@dataclass(slots=True)
class LoadResult:
    """Results of a load: milliseconds from question to answer, by command, and the failures."""

    question_count: int = 0
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    #: questions answered twice, never answered, and answered with an error message
    duplicates: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    #: statuses of requests not acknowledged with 200; a broken connection counts as 0
    bad_statuses: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _PendingQuestion:
    """A question with its time and its answers so far."""

    command: str
    asked_at: float
    answers: list[tuple[float, str]] = field(default_factory=list)


class Load:
    """A simulated Slack that sends questions and receives answers and Web API calls at `address`.

    `secret` signs the requests. `name` must be unique per load, or the replicas treat its questions as duplicates.
    """

    def __init__(self, secret: str, questions: Questions, name: str, seed: int = 3) -> None:
        self._name = name
        self._verifier, self._questions = SignatureVerifier(secret), questions
        self._random, self._pending_questions = Random(seed), dict[str, _PendingQuestion]()  # noqa: S311 - no secrets
        self._bad_statuses: list[int] = []
        self._answer_received = asyncio.Event()
        self.app = web.Application()
        self.app.router.add_post("/response/{key}", self._handle_response_url)
        self.app.router.add_route("*", "/api/{method}", self._handle_web_api)
        self.address = ""

    async def run(self, fleet: Fleet, seconds: float, per_second: float) -> LoadResult:
        """Send questions for `seconds` at a rate of `per_second`; wait for the answers and return the results."""
        started_at = time.perf_counter()
        async with (
            ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=20)) as session,
            asyncio.TaskGroup() as tasks,
        ):
            for number in range(int(seconds * per_second)):
                await asyncio.sleep(max(0.0, started_at + number / per_second - time.perf_counter()))
                tasks.create_task(self._send_question(fleet, session, number))
        await self._wait_for_answers()
        return self._summarise()

    async def _send_question(self, fleet: Fleet, session: ClientSession, number: int) -> None:
        key = f"{self._name}{number}".upper()  # a part of a channel id
        command, body, content_type = self._build_question(number, key)
        self._pending_questions[key] = _PendingQuestion(command, time.perf_counter())
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(self._verifier.generate_signature(timestamp=timestamp, body=body)),
        }
        copies = 2 if number % _DUPLICATE_INTERVAL == 0 else 1
        statuses = await asyncio.gather(*(fleet.post(session, body.encode(), headers) for _ in range(copies)))
        self._bad_statuses += [status for status in statuses if status != 200]

    def _build_question(self, number: int, key: str) -> tuple[str, str, str]:
        """Return the command, request body and content type of a question; six in ten search for a quote."""
        user, draw = f"U{number % _USER_COUNT}", self._random.random()
        if draw < 0.15:
            text = f"<@U9> who said {self._random.choice(self._questions.who_said)}"
            event = {"type": "app_mention", "channel": f"C{key}", "user": user, "text": text, "ts": f"9.{number}"}
            authorizations = [{"team_id": "T1", "user_id": "U9", "is_bot": True}]
            payload = {
                "type": "event_callback",
                "team_id": "T1",
                "event_id": key,
                "authorizations": authorizations,
                "event": event,
            }
            return "mention", json.dumps(payload), "application/json"
        command = "briefing" if draw < 0.4 else "whosaid"
        text = self._random.choice(self._questions.briefing if command == "briefing" else self._questions.who_said)
        fields = {"command": f"/{command}", "text": text, "team_id": "T1", "channel_id": "C1", "user_id": user}
        payload = {**fields, "response_url": f"{self.address}/response/{key}", "trigger_id": key}
        return command, urlencode(payload), "application/x-www-form-urlencoded"

    async def _handle_response_url(self, request: web.Request) -> web.Response:
        self._record_answer(request.match_info["key"], (await request.json()).get("text", ""))
        return web.Response(text="ok")

    async def _handle_web_api(self, request: web.Request) -> web.Response:
        payload = {"ok": True, "team_id": "T1", "user_id": "U9", "ts": f"{time.time():.6f}"}
        if request.match_info["method"] == "chat.postMessage":
            fields = await request.json() if request.content_type == "application/json" else dict(await request.post())
            self._record_answer(str(fields["channel"]).removeprefix("C"), str(fields.get("text", "")))
        if request.match_info["method"] in ("conversations.history", "conversations.replies"):
            return web.json_response({"ok": True, "messages": []})
        return web.json_response(payload, headers={"x-oauth-scopes": "commands,chat:write"})

    def _record_answer(self, key: str, text: str) -> None:
        if key in self._pending_questions:
            self._pending_questions[key].answers.append((time.perf_counter(), text))
            self._answer_received.set()

    async def _wait_for_answers(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_ANSWER_TIMEOUT_SECONDS):
                while not all(question.answers for question in self._pending_questions.values()):
                    self._answer_received.clear()
                    await self._answer_received.wait()

    def _summarise(self) -> LoadResult:
        result = LoadResult(question_count=len(self._pending_questions), bad_statuses=self._bad_statuses)
        for key, question in self._pending_questions.items():
            if not question.answers:
                result.missing.append(f"{key} {question.command}")
                continue
            result.milliseconds.setdefault(question.command, []).append(
                (question.answers[0][0] - question.asked_at) * 1000
            )
            if len(question.answers) > 1:
                result.duplicates.append(f"{key} {question.command}")
            if any(_FAILURE_TEXT in text for _, text in question.answers):
                result.failed.append(f"{key} {question.command}")
        return result
