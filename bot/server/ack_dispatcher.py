"""Acknowledge Slack's requests, over HTTP and the socket, then dispatch them to their listeners.

Rule: commands, buttons, shortcuts and events are acknowledged before all other work, so a slow database or earlier
questions never make Slack wait. Their acknowledgement is empty. Listeners acknowledge the other requests: submitted
modals, menu options and the verification of the request URL. A request with a wrong shape is refused before anything
reads it, and one that no listener knows gets its answer from `unknown_requests`.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.answers.executor import Executor
from bot.core.ack_deadline import start_ack_deadline
from bot.core.command_names import STANDARD, CommandNames
from bot.core.logs import format_traceback, get_logger
from bot.server.unknown_requests import UnknownRequests
from bot.slack.transport.request_shape import find_shape_problem

#: acknowledged requests that are dispatched in parallel; more would delay later acknowledgements (`bench slack`)
MAX_CONCURRENT_DISPATCHES = 8
#: maximum seconds that a request waits for its turn, for example behind a slow database; below a trigger_id's lifetime
TURN_TIMEOUT_SECONDS = 2.0
_ACK_FIRST_TYPES = ("block_actions", "message_action", "shortcut", "event_callback")


class AckDispatcher:
    """Acknowledges requests and dispatches them to `bolt`; `executor.drain` waits for the listeners too.

    Without `unknown_requests`, a request that no listener knows has no answer.
    """

    def __init__(
        self,
        bolt: AsyncApp,
        executor: Executor,
        turn_timeout_seconds: float = TURN_TIMEOUT_SECONDS,
        *,
        unknown_requests: UnknownRequests | None = None,
        command_names: CommandNames = STANDARD,
    ) -> None:
        self._bolt = bolt
        self._unknown_requests = unknown_requests
        self._command_names = command_names
        self._semaphore = asyncio.Semaphore(MAX_CONCURRENT_DISPATCHES)
        self._turn_timeout_seconds = turn_timeout_seconds
        self._executor = executor
        self._tasks: set[asyncio.Task[None]] = set()
        bolt.listener_runner.listener_start_handler = _ListenerStartHandler(executor)
        bolt.listener_runner.listener_completion_handler = _ListenerCompletionHandler(executor)

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """Return the acknowledgement of a request, and dispatch the request in the background if it allows that."""
        body = request.body
        if body.get("ssl_check") and "command" not in body:  # Slack checks the certificate, and wants no answer
            return BoltResponse(status=200, body="")
        if problem := find_shape_problem(body):
            get_logger().error("request refused", field=problem)
            return BoltResponse(status=400, body="this is not a request of Slack")
        if "command" in body:
            body["command"] = self._command_names.get_standard_name(body["command"])
        elif body.get("type") not in _ACK_FIRST_TYPES:
            # in a task of its own: what listeners note about the request must not reach the connection's next one
            return self._rename_commands(await asyncio.create_task(self._run_before_ack(request)))
        self._executor.begin()
        task = asyncio.create_task(self._run_in_turn(request))
        self._tasks.add(task)  # the event loop keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        return BoltResponse(status=200, body="")

    async def _run_before_ack(self, request: AsyncBoltRequest) -> BoltResponse:
        start_ack_deadline()
        return await self._run_listeners(request)

    async def _run_in_turn(self, request: AsyncBoltRequest) -> None:
        try:
            async with self._acquire_turn():
                response = await self._run_listeners(request)
            await asyncio.sleep(0)  # Bolt only scheduled event listeners; this lets them start and call `begin`
        finally:
            self._executor.end()
        if response.status != 200 or response.body:
            get_logger().error("listener response discarded", status=response.status)

    async def _run_listeners(self, request: AsyncBoltRequest) -> BoltResponse:
        """Return the response of the listeners, or of `unknown_requests` if there is none. Never raises."""
        try:
            response = await self._bolt.async_dispatch(request)
            if self._unknown_requests:
                is_known = response.status != 404
                response = (
                    self._unknown_requests.adapt_form_errors(request, response)
                    if is_known
                    else await self._unknown_requests.answer(request)
                )
        except Exception as error:  # noqa: BLE001  # one bad request must not be logged as a lost task, or get a 500
            get_logger().error("request failed", error=type(error).__name__, place=format_traceback(error))
            return BoltResponse(status=200, body="")
        return response

    def _rename_commands(self, response: BoltResponse) -> BoltResponse:
        """Use the team's command names in a form's errors and in the next view."""
        is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
        if self._command_names.own_names and response.body and is_json:
            response.body = json.dumps(self._command_names.rename_payload(json.loads(response.body)))
        return response

    @asynccontextmanager
    async def _acquire_turn(self) -> AsyncIterator[None]:
        """Wait for a turn; after the timeout, continue without one."""
        try:
            async with asyncio.timeout(self._turn_timeout_seconds):
                await self._semaphore.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._semaphore.release()


class _ListenerStartHandler(AsyncListenerStartHandler):
    """Tells the executor that a listener starts."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 - Bolt passes both
        self._executor.begin()


class _ListenerCompletionHandler(AsyncListenerCompletionHandler):
    """Tells the executor that a listener has ended or failed."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 - Bolt passes both
        self._executor.end()
