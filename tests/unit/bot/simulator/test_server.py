"""The workspace over real HTTP: who may ask, what reaches the bot, what becomes of its answers."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.simulator.server import BOT_TOKEN, WORKSPACE, attach
from bot.simulator.state.model import EntryKind
from briefings.errors import BadSettings
from tests.unit.bot.simulator.request_log import NEWSROOM, Bot, Json, waited_for


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A bot with time to answer, however busy the machine is."""
    async with waited_for(60.0) as bot:
        yield bot


async def test_a_command_reaches_the_bot_signed_and_its_answer_the_log(bot: Bot) -> None:
    await bot.types("/briefing labour-crisis")
    (asked,) = bot.asked
    assert (asked["command"], asked["text"], asked["channel_id"]) == ("/briefing", "labour-crisis", NEWSROOM)
    async with bot.http.post(asked["response_url"], json={"text": "answer"}) as got:
        assert (got.status, await got.text()) == (200, "ok")
    assert [(entry.kind, entry.text) for entry in bot.log()] == [
        (EntryKind.COMMAND, "/briefing labour-crisis"),
        (EntryKind.MESSAGE, "answer"),
    ]


async def test_quotes_reach_the_bot_curled(bot: Bot) -> None:
    await bot.types('/whosaid "lynch-mob"')
    assert bot.asked[0]["text"] == "“lynch-mob”"


async def test_other_text_is_a_message_and_stays_here(bot: Bot) -> None:
    await bot.types("Fish & <chips>")
    await bot.types(" /briefing not a command")
    assert bot.asked == []
    assert [entry.text for entry in bot.log()] == ["Fish &amp; &lt;chips&gt;", " /briefing not a command"]


async def test_an_unknown_command_is_not_sent(bot: Bot) -> None:
    await bot.types("/breifing x")
    assert bot.asked == []
    assert bot.log()[-1].text.startswith("/breifing is not a valid command.")


@pytest.mark.parametrize(
    ("ack", "ephemeral"),
    [
        ({"text": "words"}, True),
        ({"json": {"text": "words"}}, True),
        ({"json": {"text": "words", "response_type": "in_channel"}}, False),
    ],
)
async def test_an_acknowledgement_with_words_is_an_answer(bot: Bot, ack: Json, ephemeral: bool) -> None:
    bot.answers(**ack)
    await bot.types("/briefing x")
    assert (bot.log()[-1].text, bot.log()[-1].ephemeral) == ("words", ephemeral)


@pytest.mark.parametrize(("status", "error"), [(500, "http_service_error"), (404, "http_client_error")])
async def test_a_failing_bot_is_shown_as_failing(bot: Bot, status: int, error: str) -> None:
    bot.answers(status)
    await bot.types("/briefing x")
    assert bot.log()[-1].text == f"/briefing failed with the error “{error}”."


async def test_a_bot_that_does_not_acknowledge_times_out() -> None:
    """Three seconds in Slack, a fifth of one here."""
    never = asyncio.Event()

    async def ack() -> web.Response:
        await never.wait()
        return web.Response()

    async with waited_for(0.2) as bot:
        bot.ack = ack
        await bot.types("/briefing x")
        never.set()
    assert bot.log()[-1].text == "/briefing failed with the error “operation_timeout”."


async def test_a_refused_acknowledgement_is_shown(bot: Bot) -> None:
    bot.answers(json={"blocks": [{"type": "marquee"}], "text": "x"})
    await bot.types("/briefing x")
    assert bot.log()[-1].kind is EntryKind.REFUSAL


async def test_a_used_up_response_url_is_404(bot: Bot) -> None:
    await bot.types("/briefing x")
    for expected in [200] * 5 + [404]:
        async with bot.http.post(bot.asked[0]["response_url"], json={"text": "again"}) as got:
            assert got.status == expected
    async with bot.http.post(f"{bot.home}/local/response/madeup", json={"text": "x"}) as got:
        assert (got.status, (await got.json())["error"]) == (404, "expired_url")
    async with bot.http.post(bot.asked[0]["response_url"], data=b"{") as got:
        assert got.status == 400


async def test_a_click_reaches_the_bot_with_the_value_it_posted(bot: Bot) -> None:
    button = {"type": "button", "action_id": "go", "value": "kept", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    message = bot.app[WORKSPACE].post(NEWSROOM, {"text": "x", "blocks": blocks})
    assert (await bot.send(do="act", ts=message.ts, block="b", action="go"))[0] == 200
    assert '"value": "kept"' in bot.asked[0]["payload"]
    assert (await bot.send(do="act", ts=message.ts, block="b", action="stop"))[0] == 400
    assert (await bot.send(do="act", ts="1.1", block="b", action="go"))[1]["error"] == "message_not_found"
    assert len(bot.asked) == 1


@pytest.mark.parametrize(
    ("authorization", "error"), [({}, "not_authed"), ({"Authorization": "Bearer xoxb-other"}, "invalid_auth")]
)
async def test_the_web_api_wants_the_bots_token(bot: Bot, authorization: dict[str, str], error: str) -> None:
    async with bot.http.post(f"{bot.home}/local/api/auth.test", headers=authorization) as got:
        assert (got.status, await got.json()) == (200, {"ok": False, "error": error})


async def test_the_web_api_reads_json_and_forms(bot: Bot) -> None:
    url, headers = f"{bot.home}/local/api/chat.postMessage", {"Authorization": f"Bearer {BOT_TOKEN}"}
    args = {"channel": NEWSROOM, "text": "hello"}
    for how in ({"json": args}, {"data": args}):
        async with bot.http.post(url, headers=headers, **how) as got:  # type: ignore[arg-type]  # what each case sends
            assert (await got.json())["ok"]
    assert [entry.text for entry in bot.log()] == ["hello", "hello"]


async def test_a_foreign_host_name_is_turned_away(bot: Bot) -> None:
    """A name that was made to point here (DNS rebinding) gets nothing."""
    for method, path in [
        ("GET", "/"),
        ("GET", "/local/events"),
        ("GET", "/local/thread"),
        ("GET", "/local/inspect"),
        ("GET", "/local/agenda"),
        ("POST", "/local/send"),
        ("POST", "/local/api/api.test"),
    ]:
        async with bot.http.request(method, bot.home + path, headers={"Host": "news.example"}) as got:
            assert got.status == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://news.example"}, {"Origin": "null"}])
async def test_a_foreign_page_cannot_send(bot: Bot, headers: dict[str, str]) -> None:
    assert (await bot.send(headers, do="type", text="/briefing x"))[0] == 403
    assert bot.asked == []
    assert bot.log() == []


async def test_a_foreign_page_cannot_use_the_web_api_or_read_the_log(bot: Bot) -> None:
    foreign = {"Origin": "https://news.example", "Authorization": f"Bearer {BOT_TOKEN}"}
    async with bot.http.post(f"{bot.home}/local/api/auth.test", headers=foreign) as got:
        assert got.status == 403
    async with bot.http.get(f"{bot.home}/local/events", headers={"Sec-Fetch-Site": "cross-site"}) as got:
        assert got.status == 403


async def test_every_answer_is_locked_down(bot: Bot) -> None:
    for path in ("/", "/local/static/app.js", "/local/events", "/?channel=C404"):
        async with bot.http.get(bot.home + path) as got:
            policy = got.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert got.headers["X-Frame-Options"] == "DENY"
            assert got.headers["Referrer-Policy"] == "no-referrer"


async def test_other_routes_of_the_bot_keep_their_own_headers(bot: Bot) -> None:
    async with bot.http.post(f"{bot.home}/slack/other") as got:
        assert "Content-Security-Policy" not in got.headers


async def test_a_waiting_page_is_told_at_once(bot: Bot) -> None:
    """The poll hangs until something changes; a page from before a restart is told to load anew."""
    async with bot.http.get(bot.home) as got:
        epoch = (await got.text()).partition('data-epoch="')[2].partition('"')[0]
    query = {"channel": NEWSROOM, "epoch": epoch, "after": "0"}
    waiting = asyncio.create_task(bot.http.get(f"{bot.home}/local/events", params=query).__aenter__())
    await bot.types("hello")
    async with await waiting as got:
        changes = await got.json()
    assert "hello" in changes["messages"][0]["html"]
    assert changes["version"] == 1
    async with bot.http.get(f"{bot.home}/local/events", params={**query, "epoch": "older"}) as got:
        assert await got.json() == {"reload": True}


async def test_a_waiting_page_does_not_hold_up_the_end(bot: Bot) -> None:
    """When the server is told to stop, the poll that hangs is answered."""
    async with bot.http.get(bot.home) as got:
        epoch = (await got.text()).partition('data-epoch="')[2].partition('"')[0]
    query = {"channel": NEWSROOM, "epoch": epoch, "after": "0"}
    waiting = asyncio.create_task(bot.http.get(f"{bot.home}/local/events", params=query).__aenter__())
    async with bot.http.get(bot.home):
        await bot.app.shutdown()
    async with await waiting as got:
        assert (await got.json())["messages"] == []


@pytest.mark.parametrize(
    "what",
    [{}, {"do": "type"}, {"do": "type", "text": " "}, {"do": "type", "text": "x" * 8001}, {"do": "type", "text": 5},
     {"do": "submit", "view": "V404", "values": {}}, {"do": "fly"}],
)  # fmt: skip
async def test_nonsense_from_the_page_is_refused(bot: Bot, what: Json) -> None:
    assert (await bot.send(**what))[0] == 400
    assert bot.log() == []


@pytest.mark.parametrize(
    "url", ["http://0.0.0.0:3000", "http://news.example", "https://127.0.0.1", "http://127.0.0.1.x"]
)
def test_it_is_never_served_beyond_loopback(url: str) -> None:
    with pytest.raises(BadSettings, match="this machine only"):
        attach(web.Application(), signing_secret="s", base_url=url)


async def test_the_clock_is_turned_and_what_is_signed_goes_by_it(bot: Bot) -> None:
    """The bot's verifier looks at this machine's time: after an hour's turn it takes a signature for a replay."""
    assert (await bot.send(do="turn", seconds=3600))[0] == 200
    assert bot.log()[-1].text.startswith("The workspace's clock was turned: it is ")
    await bot.types("/briefing x")
    assert bot.asked == []
    assert bot.log()[-1].kind is EntryKind.NOTICE


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"seconds": -1}, "forwards only"),
        ({"seconds": 10**9}, "a year at most"),
        ({"seconds": "soon"}, "Choose a day"),
        ({"seconds": 1e300}, "Choose a day"),
        ({"to": "1999-12-31T23:59"}, "forwards only"),
        ({"to": "soon"}, "Choose a day"),
        ({}, "Choose a day"),
        ({"next": True}, "No digest comes"),
    ],
)
async def test_a_clock_that_cannot_be_turned_so_says_why(bot: Bot, what: Json, why: str) -> None:
    status, told = await bot.send(do="turn", **what)
    assert status == 400
    assert why in told["errors"][0]
    assert bot.log() == []


@pytest.mark.parametrize(
    ("trouble", "status", "error", "posted"),
    [
        ("busy", 429, "ratelimited", 1),
        ("refused", 200, "restricted_action", 1),
        ("failed", 200, "internal_error", 1),
        ("dropped", 200, "internal_error", 2),
    ],
)
async def test_trouble_is_met_by_one_post(bot: Bot, trouble: str, status: int, error: str, posted: int) -> None:
    """Only by one, and not by what is no post; the message whose answer is lost stands there all the same."""
    assert (await bot.send(do="trouble", trouble=trouble))[0] == 200
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}

    async def call(method: str) -> tuple[int, Json]:
        args = {"channel": NEWSROOM, "text": "hello"}
        async with bot.http.post(f"{bot.home}/local/api/{method}", headers=headers, json=args) as got:
            return got.status, await got.json()

    assert (await call("auth.test"))[1]["ok"]
    met, told = await call("chat.postMessage")
    assert (met, told["error"]) == (status, error)
    assert (await call("chat.postMessage"))[1]["ok"]
    assert len(bot.log()) == posted


async def test_only_troubles_that_there_are_can_be_made(bot: Bot) -> None:
    assert (await bot.send(do="trouble", trouble="earthquake"))[0] == 400


async def test_a_line_in_a_thread_carries_the_thread(bot: Bot) -> None:
    """A mention there reaches the bot with thread_ts; a thread that is not there is refused."""
    root = bot.app[WORKSPACE].say(NEWSROOM, EntryKind.MESSAGE, "Who said it?")
    assert (await bot.send(do="type", text="@On the Record you", thread=root.ts))[0] == 200
    answer = bot.log()[-1]
    assert answer.thread == root.ts
    heard = answer.exchanges[0].request["event"]
    assert (heard["type"], heard["thread_ts"]) == ("app_mention", root.ts)
    assert (await bot.send(do="type", text="hello", thread="404.0"))[1]["error"] == "thread_not_found"
    async with bot.http.get(f"{bot.home}/local/thread", params={"ts": root.ts}) as got:
        assert [one["thread"] for one in (await got.json())["messages"]] == [root.ts]


async def test_what_is_inspected_is_html_of_ours_and_404_when_it_is_gone(bot: Bot) -> None:
    message = bot.app[WORKSPACE].post(NEWSROOM, {"text": "hello"}, ephemeral=True)
    for expected in (200, 404):
        async with bot.http.get(f"{bot.home}/local/inspect", params={"ts": message.ts}) as got:
            assert got.status == expected
            assert "default-src 'none'" in got.headers["Content-Security-Policy"]
        await bot.send(do="dismiss", ts=message.ts)
    assert (await bot.send(do="dismiss", ts=message.ts))[1]["error"] == "message_not_found"
