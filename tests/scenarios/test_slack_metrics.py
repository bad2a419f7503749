"""/metrics: what is counted, and who may see it."""

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
    """Every sample, by its name and labels."""
    page = await (await get_metrics(slack)).text()
    return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", page, re.MULTILINE)}


async def drain(slack: Slack) -> None:
    assert isinstance(slack.bot, TestServer)
    assert await slack.bot.app[BOT].executor.drain(10) == 0


async def test_what_people_ask_is_counted_by_door_and_outcome(slack: Slack, service: FakeBriefingService) -> None:
    """Answers, refusals, failures; acknowledgements and answers by their seconds; nothing under way at the end."""
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


async def test_an_answer_that_nobody_takes_is_counted(slack: Slack) -> None:
    slack.stand_in.statuses = [500, 500]
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.wait_for_answer(2)
    await drain(slack)
    assert (await read_samples(slack))['ontherecord_answers_total{door="/whosaid",outcome="undelivered"}'] == 1


async def test_lines_that_were_dropped_and_people_who_were_slowed_down_are_counted(
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


async def test_a_record_that_is_gone_is_shown_and_the_rest_with_it(slack: Slack, service: FakeBriefingService) -> None:
    service.error = DatabaseUnavailable("The record cannot be reached.")
    samples = await read_samples(slack)
    assert samples["ontherecord_record_up"] == 0
    assert samples["ontherecord_lines_dropped_total"] == 0


async def test_no_label_holds_what_somebody_typed(slack: Slack) -> None:
    """Nor an id, nor an address."""
    await slack.post(slack.command("/briefing", "something nobody else would type"))
    await slack.stand_in.wait_for_answer()
    await drain(slack)
    page = await (await get_metrics(slack)).text()
    for private in ("nobody else", "U1", "C1", "T1", "http:", "xoxb"):
        assert private not in page


async def test_only_this_machine_sees_them_without_a_token(slack: Slack) -> None:
    """What a proxy passes on came from elsewhere."""
    assert (await get_metrics(slack)).status == 200
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert (await get_metrics(slack, **{header: "127.0.0.1"})).status == 403


@pytest.mark.parametrize(
    ("told", "status"),
    [(f"Bearer {TOKEN}", 200), (TOKEN, 403), ("Bearer wrong", 403), ("", 403), ("Bearer é", 403)],
)
async def test_with_a_token_set_it_must_be_shown(service: FakeBriefingService, told: str, status: int) -> None:
    """By whoever asks, this machine too; then a proxy between does not matter."""
    async with run_bot(service, metrics_token=TOKEN) as slack:
        response = await get_metrics(slack, **{"Authorization": told, "X-Forwarded-For": "203.0.113.9"})
        assert response.status == status
        assert TOKEN not in await response.text()


async def test_two_bots_of_one_process_count_apart(service: FakeBriefingService) -> None:
    async with run_bot(service) as first, run_bot(service) as second:
        await first.post(first.command("/whosaid", "lynch-mob"))
        await first.stand_in.wait_for_answer()
        await drain(first)
        assert 'ontherecord_answer_seconds_count{door="/whosaid"}' in await read_samples(first)
        assert 'ontherecord_answer_seconds_count{door="/whosaid"}' not in await read_samples(second)


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
