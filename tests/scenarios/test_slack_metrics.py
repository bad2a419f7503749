"""Tests of /metrics: its samples, and who can read them."""

import re

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer

from bot.core import logs
from bot.core.metrics import Metrics
from bot.server.server import BOT
from briefings.errors import BadQuestion, DatabaseUnavailable
from tests.scenarios.conftest import Slack, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService

TOKEN = "made-up-metrics-token"


async def get_metrics(slack: Slack, **headers: str) -> ClientResponse:
    assert isinstance(slack.bot, TestServer)
    return await slack.session.get(slack.bot.make_url("/metrics"), headers=headers)


async def read_samples(slack: Slack) -> dict[str, float]:
    """Return every sample, keyed by its name with labels."""
    page = await (await get_metrics(slack)).text()
    return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", page, re.MULTILINE)}


async def drain(slack: Slack) -> None:
    assert isinstance(slack.bot, TestServer)
    assert await slack.bot.app[BOT].executor.drain(10) == 0


async def test_answers_are_counted_by_source_and_outcome(slack: Slack, service: FakeBriefingService) -> None:
    """Counters and durations match the requests. Nothing is in progress at the end."""
    for _ in range(2):
        await slack.post(slack.command("/briefing", "labour-crisis"))
    await slack.stand_in.wait_for_answer(2)
    service.error = BadQuestion("Say it in other words.")
    await slack.post(slack.command("/briefing", "something"))
    await slack.stand_in.wait_for_answer(3)
    service.error = ZeroDivisionError()
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.wait_for_answer(4)
    await drain(slack)
    service.error = None
    samples = await read_samples(slack)
    assert samples['ontherecord_answers_total{door="/briefing",outcome="answered"}'] == 2
    assert samples['ontherecord_answers_total{door="/briefing",outcome="refused"}'] == 1
    assert samples['ontherecord_answers_total{door="/whosaid",outcome="failed"}'] == 1
    assert samples['ontherecord_answer_seconds_count{door="/briefing"}'] == 3
    assert samples['ontherecord_ack_seconds_count{way="http"}'] == 4
    assert (
        samples["ontherecord_under_way"]
        == samples["ontherecord_posts_waiting"]
        == samples["ontherecord_desk_waiting"]
        == 0
    )
    assert (samples["ontherecord_record_articles"], samples["ontherecord_record_quotes"]) == (4, 40)
    assert samples["ontherecord_record_up"] == 1


async def test_undelivered_answer_is_counted(slack: Slack) -> None:
    slack.stand_in.statuses = [500, 500]
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.wait_for_answer(2)
    await drain(slack)
    assert (await read_samples(slack))['ontherecord_answers_total{door="/whosaid",outcome="undelivered"}'] == 1


async def test_dropped_lines_and_rate_limits_are_counted(
    service: FakeBriefingService,
) -> None:
    service.dropped_lines = 3
    async with run_bot(service, rate_per_minute=1) as slack:
        for number in range(3):
            await slack.post(slack.command("/whosaid", "lynch-mob"))
            await slack.stand_in.wait_for_answer(number + 1)
        samples = await read_samples(slack)
    assert samples["ontherecord_lines_dropped_total"] == 3
    assert samples["ontherecord_rate_limited_total"] == 1


async def test_metrics_are_served_without_database(slack: Slack, service: FakeBriefingService) -> None:
    service.error = DatabaseUnavailable("The database cannot be reached.")
    samples = await read_samples(slack)
    assert samples["ontherecord_record_up"] == 0
    assert samples["ontherecord_lines_dropped_total"] == 0


async def test_labels_contain_no_private_data(slack: Slack) -> None:
    """Labels contain no typed text, ids, URLs or tokens."""
    await slack.post(slack.command("/briefing", "something very private"))
    await slack.stand_in.wait_for_answer()
    await drain(slack)
    page = await (await get_metrics(slack)).text()
    for private in ("very private", "U1", "C1", "T1", "http:", "xoxb"):
        assert private not in page


async def test_metrics_without_token_are_local_only(slack: Slack) -> None:
    """Requests forwarded by a proxy are refused."""
    assert (await get_metrics(slack)).status == 200
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert (await get_metrics(slack, **{header: "127.0.0.1"})).status == 403


@pytest.mark.parametrize(
    ("authorization", "status"),
    [(f"Bearer {TOKEN}", 200), (TOKEN, 403), ("Bearer wrong", 403), ("", 403), ("Bearer é", 403)],
)
async def test_metrics_require_configured_token(service: FakeBriefingService, authorization: str, status: int) -> None:
    """Local requests need the token too. With the token, a proxy is allowed."""
    async with run_bot(service, metrics_token=TOKEN) as slack:
        response = await get_metrics(slack, **{"Authorization": authorization, "X-Forwarded-For": "203.0.113.9"})
        assert response.status == status
        assert TOKEN not in await response.text()


async def test_bots_in_one_process_have_separate_metrics(service: FakeBriefingService) -> None:
    async with run_bot(service) as first, run_bot(service) as second:
        await first.post(first.command("/whosaid", "lynch-mob"))
        await first.stand_in.wait_for_answer()
        await drain(first)
        assert 'ontherecord_answer_seconds_count{door="/whosaid"}' in await read_samples(first)
        assert 'ontherecord_answer_seconds_count{door="/whosaid"}' not in await read_samples(second)


def test_logged_errors_are_counted_by_event(capsys: pytest.CaptureFixture[str]) -> None:
    """Errors from any module count; warnings do not."""
    metrics = Metrics()
    logs.configure("INFO", on_error=metrics.record_error)
    logs.get_logger().warning("as usual")
    for _ in range(2):
        logs.get_logger().error("history not read", error="missing_scope")
    assert b'ontherecord_errors_total{event="history not read"} 2.0' in metrics.render()
    assert b"as usual" not in metrics.render()
    assert "missing_scope" in capsys.readouterr().err
