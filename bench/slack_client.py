"""The client of `bench.slack`: a process that sends signed /briefing commands and throws the answers away.

Rule: what it is to do comes as JSON on standard input; the seconds of all acknowledgements together and the
milliseconds of each go to standard output. Every request is signed before the clock starts.
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

#: people who ask in turns, so many that none asks more than the rate allows and each question gets its answer
_PEOPLE = 200

Request = tuple[bytes, dict[str, str]]


async def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Sends `requests` commands, `at_once` at a time. Raises RuntimeError for one that is not acknowledged with 200."""
    runner = web.AppRunner(_inbox(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    waiting = iter(list(_signed(asked, f"http://127.0.0.1:{runner.addresses[0][1]}/")))
    taken: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=asked["at_once"])) as session:
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as senders:
            for _ in range(asked["at_once"]):
                senders.create_task(_send(session, asked["url"], waiting, taken))
        seconds = time.perf_counter() - begun
    await runner.cleanup()
    return {"seconds": seconds, "ms": taken}


async def _send(session: ClientSession, url: str, waiting: Iterator[Request], taken: list[float]) -> None:
    for body, headers in waiting:
        begun = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as response:
            await response.read()
        taken.append((time.perf_counter() - begun) * 1000)
        if response.status != 200:
            raise RuntimeError(f"answered {response.status}")


def _signed(asked: dict[str, Any], respond_at: str) -> Iterator[Request]:
    verifier = SignatureVerifier(asked["secret"])
    for number in range(asked["requests"]):
        body = urlencode(
            {
                "command": "/briefing",
                "text": asked["text"],
                "team_id": "T1",
                "channel_id": "C1",
                "user_id": f"U{number % _PEOPLE}",
                "response_url": f"{respond_at}{number}",
                "trigger_id": f"{asked['run']}.{number}",
            }
        )
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(verifier.generate_signature(timestamp=stamp, body=body)),
        }
        yield body.encode(), headers


def _inbox() -> web.Application:
    async def answered(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{number}", answered)
    return app


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
