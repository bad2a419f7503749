"""`ontherecord digest`: what is scheduled, and one pass of the scheduler."""

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
from bot.digests.schedule import WEEKDAYS, Schedule
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.support.command_line import Run

WISH = DigestConfig("T1", "C1", "U1", "labour-crisis", Schedule(WEEKDAYS, (clock_time(8, 30),)), "Europe/London")


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """A pass sets up the log of its process, which here goes on."""
    yield
    structlog.reset_defaults()


def schedule(wish: DigestConfig = WISH) -> None:
    """Keeps a digest in the database of this folder's settings."""
    from bot.cli import resources

    with closing(open_store(resources.load_settings().database_url, RateLimit(60), time.time)) as store:
        asyncio.run(open_digest_repository(store).add(wish))


def test_nothing_is_scheduled(run: Run) -> None:
    """As text and as JSON."""
    assert run("digest", "list").out == "No digest is scheduled.\n"
    assert json.loads(run("digest", "list", "--json").out) == []


def test_what_is_scheduled_is_listed(run: Run) -> None:
    """Workspace, channel, number, topic, schedule, zone, next run."""
    run("topics")
    schedule()
    ran = run("digest", "list")
    assert ran.status == 0
    assert ran.out.startswith("T1 C1 1  labour-crisis  weekdays at 08:30 Europe/London  next 2")
    (told,) = json.loads(run("digest", "list", "--json").out)
    assert (told["ask"], told["schedule"], told["state"], told["last"]) == (
        "labour-crisis",
        "weekdays at 08:30",
        "active",
        None,
    )


def test_a_pass_without_slack_says_what_to_set(run: Run) -> None:
    ran = run("digest", "run-due")
    assert (ran.status, ran.out) == (1, "")
    assert "SLACK_BOT_TOKEN" in ran.err


def test_a_pass_with_nothing_due(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends by itself, and calls nobody."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api")
    run("topics")
    schedule()
    ran = run("digest", "run-due")
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "0 runs due.")
