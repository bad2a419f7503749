"""Several replicas over one database: a request has one effect among them, a person one rate, and acks never wait."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, running, sign
from tests.stand_ins.briefing_service import FakeBriefingService

KIND_WORD = "please ask this again in "


def opened(folder: Path, per_minute: int = 20) -> Store:
    return open_store(f"sqlite:///{folder}/record.db", RateLimit(per_minute), time.time)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(opened(tmp_path)) as found:
        yield found


@asynccontextmanager
async def replicas(folder: Path, desk: FakeBriefingService, count: int, **more: Any) -> AsyncIterator[list[Slack]]:
    async with AsyncExitStack() as stack:
        stores = [stack.enter_context(closing(opened(folder, **more))) for _ in range(count)]
        yield [await stack.enter_async_context(running(desk, store)) for store in stores]


async def settled(*every: Slack) -> None:
    """Closes the bots, and with that sees out all they were doing."""
    for slack in every:
        await slack.bot.close()


async def test_one_request_to_every_replica_is_answered_once(tmp_path: Path, desk: FakeBriefingService) -> None:
    async with replicas(tmp_path, desk, 3) as every:
        body = every[0].command("/whosaid", "lynch-mob")
        headers = sign(body)
        answers = await asyncio.gather(*(slack.post(body, headers=headers) for slack in every * 3))
        assert [(answer.status, await answer.text()) for answer in answers] == [(200, "")] * 9
        await settled(*every)
        assert desk.asked == ["lynch-mob"]
        assert len(every[0].stand_in.answers) == 1


async def test_a_retried_event_has_one_effect(tmp_path: Path, desk: FakeBriefingService) -> None:
    """As Slack retries: at once, then later, to any replica."""
    async with replicas(tmp_path, desk, 2) as every:
        body = every[0].event(type="app_mention", user="U1", channel="C1", text="who said lynch-mob?", ts="1.1")
        for number, slack in enumerate((*every, *every)):
            response = await slack.post(body, headers={"X-Slack-Retry-Num": str(number)})
            assert response.status == 200
        await settled(*every)
        assert desk.asked == ["lynch-mob"]
        assert sum(len(slack.stand_in.posts) for slack in every) == 1


async def test_who_asks_too_much_gets_a_kind_word_from_every_replica(tmp_path: Path, desk: FakeBriefingService) -> None:
    """One question a minute, two at once: the third waits, wherever it comes; somebody else does not."""
    async with replicas(tmp_path, desk, 2, per_minute=1) as every:
        for slack in every:
            await slack.post(slack.command("/whosaid", "lynch-mob", trigger_id=f"of {slack.bot.port}"))
            await slack.stand_in.answer()
        await every[0].post(every[0].command("/whosaid", "lynch-mob", trigger_id="the third"))
        answer = await every[0].stand_in.answer(2)
        assert KIND_WORD in answer["text"]
        assert answer["response_type"] == "ephemeral"
        await every[0].post(every[0].command("/whosaid", "lynch-mob", trigger_id="of Bert", user_id="U2"))
        assert "John McDonnell" in (await every[0].stand_in.answer(3))["text"]
        assert desk.asked == ["lynch-mob"] * 2  # each replica once: what it composed a moment ago it gives again


async def test_who_mentions_the_bot_too_much_is_told_in_the_channel_for_their_eyes_alone(
    desk: FakeBriefingService,
) -> None:
    async with running(desk, rate_per_minute=1) as slack:
        for _ in range(3):
            await slack.post(slack.event(type="app_mention", user="U1", channel="C1", text="x", ts="1.1"))
        await settled(slack)
        (told,) = [
            arguments
            for method, arguments in zip(slack.stand_in.calls, slack.stand_in.arguments, strict=True)
            if method == "chat.postEphemeral"
        ]
        assert (told["channel"], told["user"]) == ("C1", "U1")
        assert KIND_WORD in told["text"]


async def test_acks_do_not_wait_for_a_database_that_is_kept_busy(store: Store, desk: FakeBriefingService) -> None:
    """Another program holds SQLite's one write lock: forty commands are acknowledged, and answered all the same."""
    async with running(desk, store) as slack:
        held, release = threading.Event(), threading.Event()

        def hold() -> None:
            def work(_: Any) -> None:
                held.set()
                assert release.wait(30)

            store.database.write(work)

        holder = threading.Thread(target=hold)
        holder.start()
        assert await asyncio.to_thread(held.wait, 10)
        answers = await asyncio.gather(*(slack.post(slack.command("/whosaid", "lynch-mob")) for _ in range(40)))
        assert [answer.status for answer in answers] == [200] * 40
        assert slack.stand_in.answers == []
        await slack.stand_in.answer(40)
        release.set()
        await asyncio.to_thread(holder.join)
        assert desk.asked == ["lynch-mob"]


async def test_a_database_that_breaks_stops_no_answer(store: Store, desk: FakeBriefingService) -> None:
    """And what this process remembers still refuses a repeat."""
    async with running(desk, store) as slack:
        store.database.write(lambda db: db.execute(text("DROP TABLE handled")))
        body = slack.command("/whosaid", "lynch-mob")
        headers = sign(body)
        for _ in range(3):
            assert (await slack.post(body, headers=headers)).status == 200
        assert "John McDonnell" in (await slack.stand_in.answer())["text"]
        await settled(slack)
        assert desk.asked == ["lynch-mob"]


async def test_a_submitted_form_is_acknowledged_by_its_listener(store: Store, desk: FakeBriefingService) -> None:
    """Its answer stands in the acknowledgement; the same submission again gets an empty 200."""
    async with running(desk, store) as slack:

        async def listen(ack: Any) -> None:
            await ack(response_action="errors", errors={"b": "Which words?"})

        slack.bot.app[BOT].bolt.view("form")(listen)
        view = {"type": "modal", "callback_id": "form", "state": {"values": {}}}
        payload = {
            "type": "view_submission",
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "trigger_id": "9",
            "view": view,
        }
        body = urlencode({"payload": json.dumps(payload)})
        answers = [await (await slack.post(body)).text() for _ in range(2)]
        assert json.loads(answers[0]) == {"response_action": "errors", "errors": {"b": "Which words?"}}
        assert answers[1] == ""
