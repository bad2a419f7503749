"""`ontherecord serve` as a process of its own: it starts, answers, and ends as it is told to."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from tests.scenarios.conftest import SECRET, Slack
from tests.stand_ins.slack_socket import SocketSlack, payload
from tests.support.seed_service import seeded_desk

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main(['serve']))")
#: a process that hangs fails its test; nothing waits this long otherwise
PATIENCE = 60


@asynccontextmanager
async def start_server(folder: Path, **environment: str) -> AsyncIterator[tuple[Process, str]]:
    """The process in an empty folder, with these variables and no others of ours, and the address it tells."""
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(unused_port()), **environment}
    process = await asyncio.create_subprocess_exec(*COMMAND, cwd=folder, env=settings, stdout=PIPE, stderr=PIPE)
    try:
        assert process.stdout
        first_line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        address = re.search(rb"http://127\.0\.0\.1:\d+", first_line)
        assert address, (first_line, process.stderr and await process.stderr.read())
        yield process, address[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def wait_for_exit(process: Process) -> int:
    """The exit status, once the process has ended."""
    return await asyncio.wait_for(process.wait(), PATIENCE)


def add_seeds(folder: Path) -> str:
    """The address of a record with the seeds."""
    address = f"sqlite:///{folder / 'record.db'}"
    with seeded_desk(address):
        return address


async def test_without_tokens_the_local_workspace_is_served(tmp_path: Path) -> None:
    """Healthy, ready, answers a command typed on its page, and SIGTERM ends it with status 0 and an open page."""
    async with start_server(tmp_path, DATABASE_URL=add_seeds(tmp_path)) as (process, home), ClientSession() as session:
        for path in ("/healthz", "/readyz"):
            assert (await session.get(home + path)).status == 200
        page = await (await session.get(home)).text()
        epoch, channel = (str(re.search(rf'data-{name}="(\w+)"', page)[1]) for name in ("epoch", "channel"))  # type: ignore[index]  # fails there if not
        version, html = 0, ""
        message = {"do": "type", "channel": channel, "text": '/whosaid "lynch-mob"'}
        response = await session.post(f"{home}/local/send", json=message, headers={"Origin": home})
        assert await response.json() == {"ok": True}
        while "John McDonnell" not in html:
            query = {"channel": channel, "epoch": epoch, "after": str(version)}
            changes = await (await session.get(f"{home}/local/events", params=query)).json()
            version, html = changes["version"], html + "".join(entry["html"] for entry in changes["messages"])
        assert "without the rope" in html
        waiting = asyncio.create_task(session.get(f"{home}/local/events", params={**query, "after": str(version)}))
        process.send_signal(signal.SIGTERM)
        assert await wait_for_exit(process) == 0
        await asyncio.wait([waiting])
        waiting.exception()  # the page's open request ended with the server, one way or the other


class BlockingSlack(SocketSlack):
    """Takes no answer before `gate` is set; `arrived` is set when the first one knocks."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.arrived = asyncio.Event(), asyncio.Event()
        self.app.middlewares.append(self._hold)

    @web.middleware
    async def _hold(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith("/response/"):
            self.arrived.set()
            await self.gate.wait()
        return await handler(request)


async def terminate(process: Process, session: ClientSession, home: str) -> None:
    process.send_signal(signal.SIGTERM)
    while (await session.get(f"{home}/readyz")).status == 200:
        pass  # it asks again until the signal was heard


async def test_sigterm_waits_for_answers_under_way(tmp_path: Path) -> None:
    """Twelve acknowledged commands, none delivered when SIGTERM comes: not ready any more, all delivered, status 0."""
    stand_in = BlockingSlack()
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        tokens = {
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": str(inbox.make_url("/api/")),
        }
        async with start_server(tmp_path, DATABASE_URL=add_seeds(tmp_path), **tokens) as (process, home):
            slack = Slack(session, home, inbox, stand_in)
            for _ in range(12):
                assert (await slack.post(slack.command("/briefing", "labour-crisis"))).status == 200
            await asyncio.wait_for(stand_in.arrived.wait(), PATIENCE)
            await terminate(process, session, home)
            assert stand_in.answers == []
            stand_in.gate.set()
            assert await wait_for_exit(process) == 0
            assert len(stand_in.answers) == 12


async def test_sigterm_waits_for_answers_to_what_came_by_the_socket(tmp_path: Path) -> None:
    """Ten commands through the socket: it is hung up at once, with all ten acknowledged, and ten answers come."""
    stand_in = BlockingSlack()
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        tokens = {
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_APP_TOKEN": "xapp-made-up",
            "SLACK_API_URL": str(inbox.make_url("/api/")),
        }
        async with start_server(tmp_path, DATABASE_URL=add_seeds(tmp_path), **tokens) as (process, home):
            slack, line = Slack(session, home, inbox, stand_in), await stand_in.line(1)
            for number in range(10):
                await line.send(str(number), payload(slack, "/briefing", "labour-crisis"))
            await stand_in.wait_for_acknowledgements(10)
            await asyncio.wait_for(stand_in.arrived.wait(), PATIENCE)
            await terminate(process, session, home)
            await asyncio.wait_for(line.closed.wait(), PATIENCE)
            assert stand_in.answers == []
            stand_in.gate.set()
            assert await wait_for_exit(process) == 0
            assert len(stand_in.answers) == 10


async def test_a_port_in_use_ends_the_start_with_one_sentence(tmp_path: Path) -> None:
    """No traceback: what is wrong, what to do, status 1."""
    async with TestServer(web.Application()) as other_server:
        port = other_server.make_url("/").port
        settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(port)}
        process = await asyncio.create_subprocess_exec(*COMMAND, cwd=tmp_path, env=settings, stdout=PIPE, stderr=PIPE)
        _, complaint = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert complaint.decode().splitlines() == [
        f"ontherecord: Port {port} on 127.0.0.1 cannot be opened (address already in use): "
        "set another PORT or HOST, or stop what uses it."
    ]
