"""Ask a bot for /healthz and send it signed commands, until standard input ends; `bench.cost_server` starts this.

Rule: the task is one line of JSON on standard input: `url` and `secret`. The output is JSON with the milliseconds of
each kind of request. Both kinds are sent at a steady pace, whether the bot answers or not.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import ClientSession
from slack_sdk.signature import SignatureVerifier

#: seconds between two requests of a kind
_PAUSE = 0.05
#: number of users who take turns, so that each stays below the rate limit
_USER_COUNT = 500


async def measure(url: str, secret: str) -> dict[str, list[float]]:
    """Return the milliseconds of each request by kind."""
    verifier = SignatureVerifier(secret)
    times: dict[str, list[float]] = {"healthz": [], "command": []}
    stop = asyncio.Event()

    async def get_health(session: ClientSession, _: int) -> int:
        async with session.get(f"{url}/healthz") as response:
            await response.read()
            return response.status

    async def send_command(session: ClientSession, number: int) -> int:
        body = urlencode(
            {
                "command": "/briefing",
                "text": "help",
                "team_id": "T1",
                "channel_id": "C1",
                "user_id": f"U{number % _USER_COUNT}",
                "response_url": f"{url}/healthz",
                "trigger_id": f"{time.time_ns()}.{number}",
            }
        )
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(verifier.generate_signature(timestamp=timestamp, body=body)),
        }
        async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
            await response.read()
            return response.status

    async def send_one(
        kind: str, send: Callable[[ClientSession, int], Awaitable[int]], session: ClientSession, number: int
    ) -> None:
        started_at = time.perf_counter()
        status = await send(session, number)
        if status != 200:
            raise RuntimeError(f"{kind} has status {status}")
        times[kind].append((time.perf_counter() - started_at) * 1000)

    async with ClientSession() as session, asyncio.TaskGroup() as group:
        stop_task = group.create_task(asyncio.to_thread(sys.stdin.read))
        stop_task.add_done_callback(lambda _: stop.set())
        number = 0
        while not stop.is_set():
            group.create_task(send_one("healthz", get_health, session, number))
            group.create_task(send_one("command", send_command, session, number))
            number += 1
            await asyncio.sleep(_PAUSE)
    return times


if __name__ == "__main__":
    task = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps(asyncio.run(measure(task["url"], task["secret"]))))
