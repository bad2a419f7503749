"""`ontherecord watch`: list the watches, and match what has arrived."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import structlog

from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import WatchConfig, WatchState
from briefings.watches import WatchQuery
from tests.support.command_line import RunCommand


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Reset the logs that `watch run` sets up for its process."""
    yield
    structlog.reset_defaults()


def add_watch(query: WatchQuery, *, is_paused: bool = False) -> None:
    """Store a watch in the database of the test's settings."""
    from bot.cli import resources

    async def add() -> None:
        with closing(open_store(resources.load_settings().database_url, RateLimit(60), time.time)) as store:
            repository = open_watch_repository(store)
            watch = await repository.add(WatchConfig("T1", "C1", "U1", query))
            if is_paused:
                await repository.change_state(watch, WatchState.PAUSED, "U1")

    asyncio.run(add())


def test_no_watches_are_listed_as_text_and_json(run: RunCommand) -> None:
    assert run("watch", "list").out == "No watches yet.\n"
    assert json.loads(run("watch", "list", "--json").out) == []


def test_watches_are_listed(run: RunCommand) -> None:
    """A line has workspace, channel, number, what is watched, owner and state."""
    run("topics")
    add_watch(WatchQuery("lynch-mob", by="Jane Roe"))
    add_watch(WatchQuery(words="rents\nand \x1b[31mred"), is_paused=True)
    result = run("watch", "list")
    assert result.status == 0
    first_line, second_line = result.out.splitlines()
    assert first_line == 'T1 C1 1  "lynch-mob" by:"Jane Roe"  U1  active'
    assert "\x1b" not in second_line
    assert second_line.endswith("paused (<@U1> paused it.)")
    first, second = json.loads(run("watch", "list", "--json").out)
    assert first["query"] == {"phrase": "lynch-mob", "by": "Jane Roe"}
    assert (second["state"], second["why"]) == ("paused", "<@U1> paused it.")


def test_watches_need_slack_to_run(run: RunCommand) -> None:
    result = run("watch", "run")
    assert result.status == 1
    assert (
        result.err
        == "ontherecord: Slack is not connected: set SLACK_BOT_TOKEN, or use watches in the local workspace.\n"
    )


def test_arrivals_are_matched_once(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    result = run("watch", "run")
    assert result.out == "0 articles arrived, 0 matches, 0 messages due.\n"
    assert result.status == 0
