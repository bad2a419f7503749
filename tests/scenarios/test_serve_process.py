"""Tests of `ontherecord serve` as a process: start, answers and shutdown."""

import asyncio
import json
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
from tests.stand_ins.slack_server import StandIn
from tests.stand_ins.slack_socket import SocketSlack, make_payload
from tests.support.seed_service import open_seed_service

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main(['serve']))")
#: seconds before a hanging process fails its test; other waits are much shorter
PATIENCE = 60


@asynccontextmanager
async def start_server(folder: Path, **environment: str) -> AsyncIterator[tuple[Process, str]]:
    """Start the server in a folder with only these variables. Yield the process and the address it prints."""
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(unused_port()), **environment}
    settings["KEY_FILE"] = str(folder / "test.key")  # by default it would be outside this folder
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
    """Wait for the process and return its exit status."""
    return await asyncio.wait_for(process.wait(), PATIENCE)


def add_seeds(folder: Path) -> str:
    """Create a database with the seed articles and return its address."""
    address = f"sqlite:///{folder / 'record.db'}"
    with open_seed_service(address):
        return address


async def test_local_workspace_is_served_without_tokens(tmp_path: Path) -> None:
    """The server answers a typed command. SIGTERM ends it with status 0 even while a page is open."""
    async with start_server(tmp_path, DATABASE_URL=add_seeds(tmp_path)) as (process, home), ClientSession() as session:
        for path in ("/healthz", "/readyz"):
            assert (await session.get(home + path)).status == 200
        page = await (await session.get(home)).text()
        epoch, channel = (str(re.search(rf'data-{name}="(\w+)"', page)[1]) for name in ("epoch", "channel"))  # type: ignore[index]  # the test fails here without a match
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
        waiting.exception()  # the open request may end with or without an error


class BlockingSlack(SocketSlack):
    """Slack stand-in that accepts answers only after `gate` is set. The first answer sets `arrived`."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.first_answer = asyncio.Event(), asyncio.Event()
        self.app.middlewares.append(self._hold)

    @web.middleware
    async def _hold(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith("/response/"):
            self.first_answer.set()
            await self.gate.wait()
        return await handler(request)


async def terminate(process: Process, session: ClientSession, home: str) -> None:
    process.send_signal(signal.SIGTERM)
    while (await session.get(f"{home}/readyz")).status == 200:
        pass  # poll until the signal was handled


async def test_sigterm_waits_for_pending_answers(tmp_path: Path) -> None:
    """SIGTERM makes the server not ready. It delivers twelve acknowledged commands and exits with status 0."""
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
            await asyncio.wait_for(stand_in.first_answer.wait(), PATIENCE)
            await terminate(process, session, home)
            assert stand_in.answers == []
            stand_in.gate.set()
            assert await wait_for_exit(process) == 0
            assert len(stand_in.answers) == 12


async def test_people_of_another_workspace_only_ask_also_where_slack_names_just_theirs(tmp_path: Path) -> None:
    """The token says at the start which workspace is the own one."""
    stand_in = StandIn()
    stand_in.replies["auth.test"] = [{"ok": True, "team_id": "T1"}]
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        tokens = {"SLACK_BOT_TOKEN": "xoxb-made-up", "SLACK_SIGNING_SECRET": SECRET}
        tokens |= {"SLACK_API_URL": str(inbox.make_url("/api/"))}
        async with start_server(tmp_path, DATABASE_URL=add_seeds(tmp_path), **tokens) as (_, home):
            slack = Slack(session, home, inbox, stand_in)
            while "auth.test" not in stand_in.calls:  # noqa: ASYNC110  # no event announces a call
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)  # until its answer has arrived
            for count, (team, is_refused) in enumerate((("T2", True), ("T1", False)), 1):
                press = slack.press("watch-this", "{}", team={"id": team}, user={"id": "U5", "team_id": team})
                assert (await slack.post(press)).status == 200
                view = json.dumps(await stand_in.wait_for_view(2 * count))
                assert ("People from another workspace can only ask" in view) is is_refused, (team, view)


async def test_sigterm_waits_for_answers_to_socket_commands(tmp_path: Path) -> None:
    """The socket closes at once. Ten acknowledged commands are still answered."""
    stand_in = BlockingSlack()
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        tokens = {
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_APP_TOKEN": "xapp-made-up",
            "SLACK_API_URL": str(inbox.make_url("/api/")),
        }
        async with start_server(tmp_path, DATABASE_URL=add_seeds(tmp_path), **tokens) as (process, home):
            slack, line = Slack(session, home, inbox, stand_in), await stand_in.wait_for_connection(1)
            for number in range(10):
                await line.send(str(number), make_payload(slack, "/briefing", "labour-crisis"))
            await stand_in.wait_for_acknowledgements(10)
            await asyncio.wait_for(stand_in.first_answer.wait(), PATIENCE)
            await terminate(process, session, home)
            await asyncio.wait_for(line.closed.wait(), PATIENCE)
            assert stand_in.answers == []
            stand_in.gate.set()
            assert await wait_for_exit(process) == 0
            assert len(stand_in.answers) == 10


async def test_port_in_use_is_reported_in_one_sentence(tmp_path: Path) -> None:
    """The message says what to do, without a traceback. The exit status is 1."""
    async with TestServer(web.Application()) as other_server:
        port = other_server.make_url("/").port
        settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(port)}
        process = await asyncio.create_subprocess_exec(*COMMAND, cwd=tmp_path, env=settings, stdout=PIPE, stderr=PIPE)
        _, error_output = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert error_output.decode().splitlines() == [
        f"ontherecord: Can't open port {port} on 127.0.0.1 (address already in use): "
        "set another PORT or HOST, or stop the program that uses it."
    ]
