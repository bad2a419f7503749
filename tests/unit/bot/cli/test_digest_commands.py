"""`ontherecord digest`: list the digests, and send those that are due."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import time as clock_time

import pytest
import structlog

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.model import DigestConfig
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import WEEKDAYS
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.support.command_line import RunCommand

CONFIG = DigestConfig(
    "T1", "C1", "U1", "labour-crisis", build_weekly_schedule(WEEKDAYS, (clock_time(8, 30),)), "Europe/London"
)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Reset the logs that `digest run-due` sets up for its process."""
    yield
    structlog.reset_defaults()


def add_digest(config: DigestConfig = CONFIG) -> None:
    """Store a digest in the database of the test's settings."""
    from bot.cli import resources

    with closing(open_store(resources.load_settings().database_url, RateLimit(60), time.time)) as store:
        asyncio.run(open_digest_repository(store).add(config))


def test_no_digests_are_listed_as_text_and_json(run: RunCommand) -> None:
    assert run("digest", "list").out == "No digests yet.\n"
    assert json.loads(run("digest", "list", "--json").out) == []


def test_digests_are_listed(run: RunCommand) -> None:
    """A line has workspace, channel, number, topic, schedule, time zone and next run."""
    run("topics")
    add_digest()
    result = run("digest", "list")
    assert result.status == 0
    assert result.out.startswith("T1 C1 1  labour-crisis  weekdays at 08:30 Europe/London  next 2")
    (digest,) = json.loads(run("digest", "list", "--json").out)
    assert (digest["ask"], digest["schedule"], digest["state"], digest["last"]) == (
        "labour-crisis",
        "weekdays at 08:30",
        "active",
        None,
    )


def test_run_due_without_slack_names_the_missing_setting(run: RunCommand) -> None:
    result = run("digest", "run-due")
    assert (result.status, result.out) == (1, "")
    assert "SLACK_BOT_TOKEN" in result.err


def test_run_due_ends_without_calling_slack_if_nothing_is_due(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api")
    run("topics")
    add_digest()
    result = run("digest", "run-due")
    assert (result.status, result.out.splitlines()[-1]) == (0, "0 runs due.")
