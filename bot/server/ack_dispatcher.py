"""The way into the bot for what Slack sends, over HTTP and over the socket: acknowledged first, then dispatched.

Rule: what needs no answer in its acknowledgement (a command, a button, a shortcut, an event) is acknowledged before
anything else is done with it, so that no database and no question in front of it can make Slack wait. The rest
(a submitted form, the options of a menu, Slack verifying the address) is acknowledged by its listener.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.answers.executor import Executor
from bot.core.logs import get_logger

#: acknowledged requests that are dispatched at once: with all of them, the next ones' acknowledgements come later
#: (`bench slack`)
MAX_CONCURRENT_DISPATCHES = 8
#: seconds for which one waits for its turn, as when a database holds up those before it; less than a trigger_id lives
TURN_TIMEOUT_SECONDS = 2.0
_ACK_FIRST_TYPES = ("block_actions", "message_action", "shortcut", "event_callback")


class AckDispatcher:
    """Acknowledges for `bolt`; what it then does, its listeners included, is waited for by `answering.drained`."""

    def __init__(self, bolt: AsyncApp, executor: Executor, turn_timeout_seconds: float = TURN_TIMEOUT_SECONDS) -> None:
        self._bolt = bolt
        self._semaphore = asyncio.Semaphore(MAX_CONCURRENT_DISPATCHES)
        self._turn_timeout_seconds = turn_timeout_seconds
        self._executor = executor
        self._tasks: set[asyncio.Task[None]] = set()
        bolt.listener_runner.listener_start_handler = _ListenerStartHandler(executor)
        bolt.listener_runner.listener_completion_handler = _ListenerCompletionHandler(executor)

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """The acknowledgement."""
        if "command" not in request.body and request.body.get("type") not in _ACK_FIRST_TYPES:
            return await self._bolt.async_dispatch(request)
        self._executor.begin()
        task = asyncio.create_task(self._run_listeners(request))
        self._tasks.add(task)  # the loop itself keeps no task from being collected
        task.add_done_callback(self._tasks.discard)
        return BoltResponse(status=200, body="")

    async def _run_listeners(self, request: AsyncBoltRequest) -> None:
        try:
            async with self._acquire_turn():
                response = await self._bolt.async_dispatch(request)
            await asyncio.sleep(0)  # a listener of events has only been scheduled: now it begins, and counts itself
        finally:
            self._executor.end()
        if response.status != 200 or response.body:
            get_logger().error("an answer that nobody sees", status=response.status)

    @asynccontextmanager
    async def _acquire_turn(self) -> AsyncIterator[None]:
        """One of a few turns, or after a while none: nobody waits for long."""
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
    """Bolt calls it when a listener begins."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 - given
        self._executor.begin()


class _ListenerCompletionHandler(AsyncListenerCompletionHandler):
    """Bolt calls it when a listener has ended, or failed."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 - given
        self._executor.end()
