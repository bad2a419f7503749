"""Send signed /briefing commands and discard the answers; `bench.slack` starts this module as a process.

Rule: the task is JSON on standard input. The output is JSON with the total seconds and the milliseconds of each
acknowledgement. All requests are signed before the clock starts.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, TCPConnector, web
from slack_sdk.signature import SignatureVerifier

#: number of users who take turns, so that each stays below the rate limit
_USER_COUNT = 200

SignedRequest = tuple[bytes, dict[str, str]]


async def send_commands(task: dict[str, Any]) -> dict[str, Any]:
    """Send `requests` commands, `at_once` in parallel. Raises RuntimeError if one is not acknowledged with 200."""
    runner = web.AppRunner(_build_inbox(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    requests = iter(list(sign_requests(task, f"http://127.0.0.1:{runner.addresses[0][1]}/")))
    times: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=task["at_once"])) as session:
        started_at = time.perf_counter()
        async with asyncio.TaskGroup() as senders:
            for _ in range(task["at_once"]):
                senders.create_task(_send_requests(session, task["url"], requests, times))
        seconds = time.perf_counter() - started_at
    await runner.cleanup()
    return {"seconds": seconds, "ms": times}


async def _send_requests(
    session: ClientSession, url: str, requests: Iterator[SignedRequest], times: list[float]
) -> None:
    for body, headers in requests:
        started_at = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as response:
            await response.read()
        times.append((time.perf_counter() - started_at) * 1000)
        if response.status != 200:
            raise RuntimeError(f"response has status {response.status}")


def sign_requests(task: dict[str, Any], response_address: str) -> Iterator[SignedRequest]:
    """Yield the body and the headers of each command of the task."""
    verifier = SignatureVerifier(task["secret"])
    for number in range(task["requests"]):
        body = urlencode(
            {
                "command": "/briefing",
                "text": task["text"],
                "team_id": "T1",
                "channel_id": "C1",
                "user_id": f"U{number % _USER_COUNT}",
                "response_url": f"{response_address}{number}",
                "trigger_id": f"{task['run']}.{number}",
            }
        )
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(verifier.generate_signature(timestamp=timestamp, body=body)),
        }
        yield body.encode(), headers


def _build_inbox() -> web.Application:
    async def accept_answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{number}", accept_answer)
    return app


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(send_commands(json.load(sys.stdin)))))
