"""/metrics: what is counted, and who may see it."""

import re

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer

from bot.core import logs
from bot.core.metrics import Metrics
from bot.server.server import BOT
from briefings.errors import BadQuestion, DatabaseUnavailable
from tests.scenarios.conftest import Slack, running
from tests.stand_ins.briefing_service import FakeBriefingService

TOKEN = "made-up-metrics-token"


async def asked(slack: Slack, **headers: str) -> ClientResponse:
    assert isinstance(slack.bot, TestServer)
    return await slack.session.get(slack.bot.make_url("/metrics"), headers=headers)


async def numbers(slack: Slack) -> dict[str, float]:
    """Every sample, by its name and labels."""
    page = await (await asked(slack)).text()
    return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", page, re.MULTILINE)}


async def settled(slack: Slack) -> None:
    assert isinstance(slack.bot, TestServer)
    assert await slack.bot.app[BOT].executor.drain(10) == 0


async def test_what_people_ask_is_counted_by_door_and_outcome(slack: Slack, desk: FakeBriefingService) -> None:
    """Answers, refusals, failures; acknowledgements and answers by their seconds; nothing under way at the end."""
    for _ in range(2):
        await slack.post(slack.command("/briefing", "labour-crisis"))
    await slack.stand_in.answer(2)
    desk.error = BadQuestion("Say it in other words.")
    await slack.post(slack.command("/briefing", "something"))
    await slack.stand_in.answer(3)
    desk.error = ZeroDivisionError()
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.answer(4)
    await settled(slack)
    desk.error = None
    seen = await numbers(slack)
    assert seen['ontherecord_answers_total{door="/briefing",outcome="answered"}'] == 2
    assert seen['ontherecord_answers_total{door="/briefing",outcome="refused"}'] == 1
    assert seen['ontherecord_answers_total{door="/whosaid",outcome="failed"}'] == 1
    assert seen['ontherecord_answer_seconds_count{door="/briefing"}'] == 3
    assert seen['ontherecord_ack_seconds_count{way="http"}'] == 4
    assert seen["ontherecord_under_way"] == seen["ontherecord_posts_waiting"] == seen["ontherecord_desk_waiting"] == 0
    assert (seen["ontherecord_record_articles"], seen["ontherecord_record_quotes"]) == (4, 40)
    assert seen["ontherecord_record_up"] == 1


async def test_an_answer_that_nobody_takes_is_counted(slack: Slack) -> None:
    slack.stand_in.statuses = [500, 500]
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.answer(2)
    await settled(slack)
    assert (await numbers(slack))['ontherecord_answers_total{door="/whosaid",outcome="undelivered"}'] == 1


async def test_lines_that_were_dropped_and_people_who_were_slowed_down_are_counted(desk: FakeBriefingService) -> None:
    desk.dropped_lines = 3
    async with running(desk, rate_per_minute=1) as slack:
        for number in range(3):
            await slack.post(slack.command("/whosaid", "lynch-mob"))
            await slack.stand_in.answer(number + 1)
        seen = await numbers(slack)
    assert seen["ontherecord_lines_dropped_total"] == 3
    assert seen["ontherecord_rate_limited_total"] == 1


async def test_a_record_that_is_gone_is_shown_and_the_rest_with_it(slack: Slack, desk: FakeBriefingService) -> None:
    desk.error = DatabaseUnavailable("The record cannot be reached.")
    seen = await numbers(slack)
    assert seen["ontherecord_record_up"] == 0
    assert seen["ontherecord_lines_dropped_total"] == 0


async def test_no_label_holds_what_somebody_typed(slack: Slack) -> None:
    """Nor an id, nor an address."""
    await slack.post(slack.command("/briefing", "something nobody else would type"))
    await slack.stand_in.answer()
    await settled(slack)
    page = await (await asked(slack)).text()
    for private in ("nobody else", "U1", "C1", "T1", "http:", "xoxb"):
        assert private not in page


async def test_only_this_machine_sees_them_without_a_token(slack: Slack) -> None:
    """What a proxy passes on came from elsewhere."""
    assert (await asked(slack)).status == 200
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert (await asked(slack, **{header: "127.0.0.1"})).status == 403


@pytest.mark.parametrize(
    ("told", "status"),
    [(f"Bearer {TOKEN}", 200), (TOKEN, 403), ("Bearer wrong", 403), ("", 403), ("Bearer é", 403)],
)
async def test_with_a_token_set_it_must_be_shown(desk: FakeBriefingService, told: str, status: int) -> None:
    """By whoever asks, this machine too; then a proxy between does not matter."""
    async with running(desk, metrics_token=TOKEN) as slack:
        response = await asked(slack, **{"Authorization": told, "X-Forwarded-For": "203.0.113.9"})
        assert response.status == status
        assert TOKEN not in await response.text()


async def test_two_bots_of_one_process_count_apart(desk: FakeBriefingService) -> None:
    async with running(desk) as one, running(desk) as other:
        await one.post(one.command("/whosaid", "lynch-mob"))
        await one.stand_in.answer()
        await settled(one)
        assert 'ontherecord_answer_seconds_count{door="/whosaid"}' in await numbers(one)
        assert 'ontherecord_answer_seconds_count{door="/whosaid"}' not in await numbers(other)


def test_every_error_that_is_logged_is_counted_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Whichever part logs it; a warning is none."""
    metrics = Metrics()
    logs.configure("INFO", on_error=metrics.record_error)
    logs.get_logger().warning("as usual")
    for _ in range(2):
        logs.get_logger().error("history not read", error="missing_scope")
    assert b'ontherecord_errors_total{event="history not read"} 2.0' in metrics.render()
    assert b"as usual" not in metrics.render()
    assert "missing_scope" in capsys.readouterr().err
