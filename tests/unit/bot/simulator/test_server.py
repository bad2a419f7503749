"""Tests of the local workspace over real HTTP: access, requests to the bot, and its answers."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.simulator.server import BOT_TOKEN, WORKSPACE, attach
from bot.simulator.state.model import EntryKind
from briefings.errors import BadSettings
from tests.unit.bot.simulator.request_log import NEWSROOM, Bot, Json, run_bot


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A bot with enough time to acknowledge on a busy machine."""
    async with run_bot(60.0) as bot:
        yield bot


async def test_command_reaches_the_bot_and_its_answer_is_shown(bot: Bot) -> None:
    await bot.type_line("/briefing labour-crisis")
    (command,) = bot.requests
    assert (command["command"], command["text"], command["channel_id"]) == ("/briefing", "labour-crisis", NEWSROOM)
    async with bot.http.post(command["response_url"], json={"text": "answer"}) as response:
        assert (response.status, await response.text()) == (200, "ok")
    assert [(entry.kind, entry.text) for entry in bot.log()] == [
        (EntryKind.COMMAND, "/briefing labour-crisis"),
        (EntryKind.MESSAGE, "answer"),
    ]


async def test_quotation_marks_reach_the_bot_curled(bot: Bot) -> None:
    await bot.type_line('/whosaid "lynch-mob"')
    assert bot.requests[0]["text"] == "“lynch-mob”"


async def test_plain_message_is_not_sent_to_the_bot(bot: Bot) -> None:
    await bot.type_line("Fish & <chips>")
    await bot.type_line(" /briefing not a command")
    assert bot.requests == []
    assert [entry.text for entry in bot.log()] == ["Fish &amp; &lt;chips&gt;", " /briefing not a command"]


async def test_unknown_command_is_not_sent(bot: Bot) -> None:
    await bot.type_line("/breifing x")
    assert bot.requests == []
    assert bot.log()[-1].text.startswith("/breifing is not a valid command.")


@pytest.mark.parametrize(
    ("ack", "ephemeral"),
    [
        ({"text": "words"}, True),
        ({"json": {"text": "words"}}, True),
        ({"json": {"text": "words", "response_type": "in_channel"}}, False),
    ],
)
async def test_acknowledgement_with_text_is_an_answer(bot: Bot, ack: Json, ephemeral: bool) -> None:
    bot.set_ack(**ack)
    await bot.type_line("/briefing x")
    assert (bot.log()[-1].text, bot.log()[-1].ephemeral) == ("words", ephemeral)


@pytest.mark.parametrize(("status", "error"), [(500, "http_service_error"), (404, "http_client_error")])
async def test_bot_error_is_shown(bot: Bot, status: int, error: str) -> None:
    bot.set_ack(status)
    await bot.type_line("/briefing x")
    assert bot.log()[-1].text == f"/briefing failed with the error “{error}”."


async def test_bot_without_acknowledgement_times_out() -> None:
    """The limit is three seconds in Slack and 0.2 seconds here."""
    never = asyncio.Event()

    async def ack() -> web.Response:
        await never.wait()
        return web.Response()

    async with run_bot(0.2) as bot:
        bot.ack = ack
        await bot.type_line("/briefing x")
        never.set()
    assert bot.log()[-1].text == "/briefing failed with the error “operation_timeout”."


async def test_invalid_acknowledgement_is_shown_as_refused(bot: Bot) -> None:
    bot.set_ack(json={"blocks": [{"type": "marquee"}], "text": "x"})
    await bot.type_line("/briefing x")
    assert bot.log()[-1].kind is EntryKind.REFUSAL


async def test_used_response_url_is_404(bot: Bot) -> None:
    await bot.type_line("/briefing x")
    for expected in [200] * 5 + [404]:
        async with bot.http.post(bot.requests[0]["response_url"], json={"text": "again"}) as response:
            assert response.status == expected
    async with bot.http.post(f"{bot.home}/local/response/madeup", json={"text": "x"}) as response:
        assert (response.status, (await response.json())["error"]) == (404, "expired_url")
    async with bot.http.post(bot.requests[0]["response_url"], data=b"{") as response:
        assert response.status == 400


async def test_click_sends_the_posted_value(bot: Bot) -> None:
    button = {"type": "button", "action_id": "go", "value": "kept", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    message = bot.app[WORKSPACE].post(NEWSROOM, {"text": "x", "blocks": blocks})
    assert (await bot.send(do="act", ts=message.ts, block="b", action="go"))[0] == 200
    assert '"value": "kept"' in bot.requests[0]["payload"]
    assert (await bot.send(do="act", ts=message.ts, block="b", action="stop"))[0] == 400
    assert (await bot.send(do="act", ts="1.1", block="b", action="go"))[1]["error"] == "message_not_found"
    assert len(bot.requests) == 1


@pytest.mark.parametrize(
    ("authorization", "error"), [({}, "not_authed"), ({"Authorization": "Bearer xoxb-other"}, "invalid_auth")]
)
async def test_web_api_requires_the_bot_token(bot: Bot, authorization: dict[str, str], error: str) -> None:
    async with bot.http.post(f"{bot.home}/local/api/auth.test", headers=authorization) as response:
        assert (response.status, await response.json()) == (200, {"ok": False, "error": error})


async def test_web_api_accepts_json_and_forms(bot: Bot) -> None:
    url, headers = f"{bot.home}/local/api/chat.postMessage", {"Authorization": f"Bearer {BOT_TOKEN}"}
    args = {"channel": NEWSROOM, "text": "hello"}
    for options in ({"json": args}, {"data": args}):
        async with bot.http.post(url, headers=headers, **options) as response:  # type: ignore[arg-type]  # json or data
            assert (await response.json())["ok"]
    assert [entry.text for entry in bot.log()] == ["hello", "hello"]


async def test_other_host_name_is_refused(bot: Bot) -> None:
    """This prevents DNS rebinding."""
    for method, path in [
        ("GET", "/"),
        ("GET", "/local/events"),
        ("GET", "/local/thread"),
        ("GET", "/local/inspect"),
        ("GET", "/local/agenda"),
        ("POST", "/local/send"),
        ("POST", "/local/api/api.test"),
    ]:
        async with bot.http.request(method, bot.home + path, headers={"Host": "news.example"}) as response:
            assert response.status == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://news.example"}, {"Origin": "null"}])
async def test_other_page_cannot_send(bot: Bot, headers: dict[str, str]) -> None:
    assert (await bot.send(headers, do="type", text="/briefing x"))[0] == 403
    assert bot.requests == []
    assert bot.log() == []


async def test_other_page_cannot_use_the_web_api_or_read_the_log(bot: Bot) -> None:
    headers = {"Origin": "https://news.example", "Authorization": f"Bearer {BOT_TOKEN}"}
    async with bot.http.post(f"{bot.home}/local/api/auth.test", headers=headers) as response:
        assert response.status == 403
    async with bot.http.get(f"{bot.home}/local/events", headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 403


async def test_every_response_has_security_headers(bot: Bot) -> None:
    for path in ("/", "/local/static/app.js", "/local/events", "/?channel=C404"):
        async with bot.http.get(bot.home + path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_other_routes_of_the_bot_keep_their_headers(bot: Bot) -> None:
    async with bot.http.post(f"{bot.home}/slack/other") as response:
        assert "Content-Security-Policy" not in response.headers


async def test_waiting_page_gets_changes_at_once(bot: Bot) -> None:
    """The poll waits for a change. A page from before a restart must reload."""
    async with bot.http.get(bot.home) as response:
        epoch = (await response.text()).partition('data-epoch="')[2].partition('"')[0]
    query = {"channel": NEWSROOM, "epoch": epoch, "after": "0"}
    poll = asyncio.create_task(bot.http.get(f"{bot.home}/local/events", params=query).__aenter__())
    await bot.type_line("hello")
    async with await poll as response:
        changes = await response.json()
    assert "hello" in changes["messages"][0]["html"]
    assert changes["version"] == 1
    async with bot.http.get(f"{bot.home}/local/events", params={**query, "epoch": "older"}) as response:
        assert await response.json() == {"reload": True}


async def test_waiting_page_does_not_delay_the_shutdown(bot: Bot) -> None:
    """The shutdown answers waiting polls."""
    async with bot.http.get(bot.home) as response:
        epoch = (await response.text()).partition('data-epoch="')[2].partition('"')[0]
    query = {"channel": NEWSROOM, "epoch": epoch, "after": "0"}
    poll = asyncio.create_task(bot.http.get(f"{bot.home}/local/events", params=query).__aenter__())
    async with bot.http.get(bot.home):
        await bot.app.shutdown()
    async with await poll as response:
        assert (await response.json())["messages"] == []


@pytest.mark.parametrize(
    "action",
    [{}, {"do": "type"}, {"do": "type", "text": " "}, {"do": "type", "text": "x" * 8001}, {"do": "type", "text": 5},
     {"do": "submit", "view": "V404", "values": {}}, {"do": "fly"}],
)  # fmt: skip
async def test_invalid_action_is_refused(bot: Bot, action: Json) -> None:
    assert (await bot.send(**action))[0] == 400
    assert bot.log() == []


@pytest.mark.parametrize(
    "url", ["http://0.0.0.0:3000", "http://news.example", "https://127.0.0.1", "http://127.0.0.1.x"]
)
def test_workspace_requires_a_loopback_url(url: str) -> None:
    with pytest.raises(BadSettings, match="this machine only"):
        attach(web.Application(), signing_secret="s", base_url=url)


async def test_signatures_use_the_changed_clock(bot: Bot) -> None:
    """The fake bot verifies with the machine's clock, so it refuses a signature from one hour ahead."""
    assert (await bot.send(do="turn", seconds=3600))[0] == 200
    assert bot.log()[-1].text.startswith("The workspace's clock is now set to ")
    await bot.type_line("/briefing x")
    assert bot.requests == []
    assert bot.log()[-1].kind is EntryKind.NOTICE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"seconds": -1}, "only go forward"),
        ({"seconds": 10**9}, "at most one year"),
        ({"seconds": "soon"}, "Choose a day"),
        ({"seconds": 1e300}, "Choose a day"),
        ({"to": "1999-12-31T23:59"}, "only go forward"),
        ({"to": "soon"}, "Choose a day"),
        ({}, "Choose a day"),
        ({"next": True}, "No digest is scheduled"),
    ],
)
async def test_refused_clock_change_explains_why(bot: Bot, change: Json, reason: str) -> None:
    status, answer = await bot.send(do="turn", **change)
    assert status == 400
    assert reason in answer["errors"][0]
    assert bot.log() == []


@pytest.mark.parametrize(
    ("fault", "status", "error", "post_count"),
    [
        ("busy", 429, "ratelimited", 1),
        ("refused", 200, "restricted_action", 1),
        ("failed", 200, "internal_error", 1),
        ("dropped", 200, "internal_error", 2),
    ],
)
async def test_injected_fault_affects_one_post(bot: Bot, fault: str, status: int, error: str, post_count: int) -> None:
    """Other methods are not affected. With "dropped", the message is posted although the answer is an error."""
    assert (await bot.send(do="trouble", trouble=fault))[0] == 200
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}

    async def call(method: str) -> tuple[int, Json]:
        args = {"channel": NEWSROOM, "text": "hello"}
        async with bot.http.post(f"{bot.home}/local/api/{method}", headers=headers, json=args) as response:
            return response.status, await response.json()

    assert (await call("auth.test"))[1]["ok"]
    fault_status, answer = await call("chat.postMessage")
    assert (fault_status, answer["error"]) == (status, error)
    assert (await call("chat.postMessage"))[1]["ok"]
    assert len(bot.log()) == post_count


async def test_unknown_fault_is_refused(bot: Bot) -> None:
    assert (await bot.send(do="trouble", trouble="earthquake"))[0] == 400


async def test_line_in_a_thread_includes_the_thread(bot: Bot) -> None:
    """A mention reaches the bot with thread_ts. An unknown thread is refused."""
    root = bot.app[WORKSPACE].say(NEWSROOM, EntryKind.MESSAGE, "Who said it?")
    assert (await bot.send(do="type", text="@On the Record you", thread=root.ts))[0] == 200
    message = bot.log()[-1]
    assert message.thread == root.ts
    event = message.exchanges[0].request["event"]
    assert (event["type"], event["thread_ts"]) == ("app_mention", root.ts)
    assert (await bot.send(do="type", text="hello", thread="404.0"))[1]["error"] == "thread_not_found"
    async with bot.http.get(f"{bot.home}/local/thread", params={"ts": root.ts}) as response:
        assert [reply["thread"] for reply in (await response.json())["messages"]] == [root.ts]


async def test_inspection_of_a_deleted_message_is_404(bot: Bot) -> None:
    message = bot.app[WORKSPACE].post(NEWSROOM, {"text": "hello"}, ephemeral=True)
    for expected in (200, 404):
        async with bot.http.get(f"{bot.home}/local/inspect", params={"ts": message.ts}) as response:
            assert response.status == expected
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        await bot.send(do="dismiss", ts=message.ts)
    assert (await bot.send(do="dismiss", ts=message.ts))[1]["error"] == "message_not_found"
