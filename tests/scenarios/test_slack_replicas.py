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
from tests.scenarios.conftest import Slack, run_bot, sign
from tests.stand_ins.briefing_service import FakeBriefingService

RATE_LIMIT_TEXT = "please ask this again in "


def open_shared_store(folder: Path, per_minute: int = 20) -> Store:
    return open_store(f"sqlite:///{folder}/record.db", RateLimit(per_minute), time.time)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_shared_store(tmp_path)) as store:
        yield store


@asynccontextmanager
async def run_replicas(
    folder: Path, service: FakeBriefingService, count: int, **more: Any
) -> AsyncIterator[list[Slack]]:
    async with AsyncExitStack() as stack:
        stores = [stack.enter_context(closing(open_shared_store(folder, **more))) for _ in range(count)]
        yield [await stack.enter_async_context(run_bot(service, store)) for store in stores]


async def close_all(*replicas: Slack) -> None:
    """Closes the bots, and with that sees out all they were doing."""
    for slack in replicas:
        await slack.bot.close()


async def test_one_request_to_every_replica_is_answered_once(tmp_path: Path, service: FakeBriefingService) -> None:
    async with run_replicas(tmp_path, service, 3) as bots:
        body = bots[0].command("/whosaid", "lynch-mob")
        headers = sign(body)
        answers = await asyncio.gather(*(slack.post(body, headers=headers) for slack in bots * 3))
        assert [(answer.status, await answer.text()) for answer in answers] == [(200, "")] * 9
        await close_all(*bots)
        assert service.asked == ["lynch-mob"]
        assert len(bots[0].stand_in.answers) == 1


async def test_a_retried_event_has_one_effect(tmp_path: Path, service: FakeBriefingService) -> None:
    """As Slack retries: at once, then later, to any replica."""
    async with run_replicas(tmp_path, service, 2) as bots:
        body = bots[0].event(type="app_mention", user="U1", channel="C1", text="who said lynch-mob?", ts="1.1")
        for number, slack in enumerate((*bots, *bots)):
            response = await slack.post(body, headers={"X-Slack-Retry-Num": str(number)})
            assert response.status == 200
        await close_all(*bots)
        assert service.asked == ["lynch-mob"]
        assert sum(len(slack.stand_in.posts) for slack in bots) == 1


async def test_who_asks_too_much_gets_a_kind_word_from_every_replica(
    tmp_path: Path, service: FakeBriefingService
) -> None:
    """One question a minute, two at once: the third waits, wherever it comes; somebody else does not."""
    async with run_replicas(tmp_path, service, 2, per_minute=1) as bots:
        for slack in bots:
            await slack.post(slack.command("/whosaid", "lynch-mob", trigger_id=f"of {slack.bot.port}"))
            await slack.stand_in.wait_for_answer()
        await bots[0].post(bots[0].command("/whosaid", "lynch-mob", trigger_id="the third"))
        answer = await bots[0].stand_in.wait_for_answer(2)
        assert RATE_LIMIT_TEXT in answer["text"]
        assert answer["response_type"] == "ephemeral"
        await bots[0].post(bots[0].command("/whosaid", "lynch-mob", trigger_id="of Bert", user_id="U2"))
        assert "John McDonnell" in (await bots[0].stand_in.wait_for_answer(3))["text"]
        assert service.asked == ["lynch-mob"] * 2  # each replica once: what it composed a moment ago it gives again


async def test_who_mentions_the_bot_too_much_is_told_in_the_channel_for_their_eyes_alone(
    service: FakeBriefingService,
) -> None:
    async with run_bot(service, rate_per_minute=1) as slack:
        for _ in range(3):
            await slack.post(slack.event(type="app_mention", user="U1", channel="C1", text="x", ts="1.1"))
        await close_all(slack)
        (reply,) = [
            arguments
            for method, arguments in zip(slack.stand_in.calls, slack.stand_in.arguments, strict=True)
            if method == "chat.postEphemeral"
        ]
        assert (reply["channel"], reply["user"]) == ("C1", "U1")
        assert RATE_LIMIT_TEXT in reply["text"]


async def test_acks_do_not_wait_for_a_database_that_is_kept_busy(store: Store, service: FakeBriefingService) -> None:
    """Another program holds SQLite's one write lock: forty commands are acknowledged, and answered all the same."""
    async with run_bot(service, store) as slack:
        lock_taken, release = threading.Event(), threading.Event()

        def hold_lock() -> None:
            def work(_: Any) -> None:
                lock_taken.set()
                assert release.wait(30)

            store.database.write(work)

        holder = threading.Thread(target=hold_lock)
        holder.start()
        assert await asyncio.to_thread(lock_taken.wait, 10)
        answers = await asyncio.gather(*(slack.post(slack.command("/whosaid", "lynch-mob")) for _ in range(40)))
        assert [answer.status for answer in answers] == [200] * 40
        assert slack.stand_in.answers == []
        await slack.stand_in.wait_for_answer(40)
        release.set()
        await asyncio.to_thread(holder.join)
        assert service.asked == ["lynch-mob"]


async def test_a_database_that_breaks_stops_no_answer(store: Store, service: FakeBriefingService) -> None:
    """And what this process remembers still refuses a repeat."""
    async with run_bot(service, store) as slack:
        store.database.write(lambda db: db.execute(text("DROP TABLE handled")))
        body = slack.command("/whosaid", "lynch-mob")
        headers = sign(body)
        for _ in range(3):
            assert (await slack.post(body, headers=headers)).status == 200
        assert "John McDonnell" in (await slack.stand_in.wait_for_answer())["text"]
        await close_all(slack)
        assert service.asked == ["lynch-mob"]


async def test_a_submitted_form_is_acknowledged_by_its_listener(store: Store, service: FakeBriefingService) -> None:
    """Its answer stands in the acknowledgement; the same submission again gets an empty 200."""
    async with run_bot(service, store) as slack:

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
