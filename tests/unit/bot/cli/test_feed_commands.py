"""News of the web on the command line: links added, feeds followed, polled, listed; what fails is one sentence."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stand_ins.newsroom import Newsroom, Story
from tests.support.command_line import Run

HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """The site on a thread of its own, for commands run event loops of theirs."""
    monkeypatch.setenv("FETCH_NETWORKS", "127.0.0.0/8")
    monkeypatch.setattr("bot.server.feed_poller.DELAY", 0.0)
    assert folder.is_dir()
    newsroom, ready = Newsroom(), threading.Event()
    for outlet in newsroom.outlets:
        newsroom.publish(outlet, HALL)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with newsroom.running():
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()
    yield newsroom
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def test_a_link_is_added_and_briefed(run: Run, site: Newsroom) -> None:
    link = site.link("herald", "hall")
    assert run("add", link).out == f"{link}: 1 added\n"
    assert run("add", link).out == f"{link}: 0 added, 1 already there\n"
    assert "another pound" in run("whosaid", "another pound").out
    gone = run("add", site.link("herald", "gone"), link)
    assert (gone.status, gone.out) == (1, f"{link}: 0 added, 1 already there\n")
    assert "is not there (any more): its server answers 404" in gone.err


def test_a_private_address_is_not_asked_unless_a_setting_opens_it(
    run: Run, site: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FETCH_NETWORKS")
    found = run("add", site.link("herald", "hall"))
    assert (found.status, found.out) == (1, "")
    assert "leads to no public address" in found.err
    assert not site.asked


def test_feeds_are_followed_polled_listed_and_followed_no_more(run: Run, site: Newsroom) -> None:
    address = site.feed("courier")
    assert "No feed is followed" in run("feeds").out
    assert f"Following {address} (Courier Daily), 1 entries" in run("feeds", "follow", f"{site.base}/courier/").out
    assert run("feeds", "poll").out == "1 feeds answered, 0 failed; 1 added\n"
    assert run("feeds", "poll").out == "0 feeds answered, 0 failed; 0 added\n"
    assert f"{address} (Courier Daily): answered" in run("feeds", "list").out
    assert run("feeds", "--gone").out == "No article is known to be gone from its site.\n"
    site.down = True
    failed = run("feeds", "poll", "--all")
    assert (failed.status, failed.out) == (1, "0 feeds answered, 1 failed; 0 added, failures: 1 busy\n")
    assert "failed once" in run("feeds").out
    doctor = run("doctor").out
    assert "feeds: 1 followed, 1 of them failing" in doctor
    assert "asks to come back later (503)" in doctor
    assert f"Followed no more: {address}" in run("feeds", "unfollow", address).out
    assert run("feeds", "unfollow", address).status == 1


def test_the_feeds_of_the_file_are_polled(
    run: Run, site: Newsroom, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "feeds.toml").write_text(f'[[feed]]\nurl = "{site.feed("signal")}"\noutlet = "The Signal"\n')
    monkeypatch.setenv("FEEDS", "feeds.toml")
    assert run("feeds", "poll").out == "1 feeds answered, 0 failed; 1 added\n"
    assert "The Signal" in run("feeds").out
    (folder / "feeds.toml").write_text("[[feed]]\n")
    assert 'feeds.toml, line 1: "url" is missing' in run("feeds", "poll").err


@pytest.mark.parametrize("typed", [["--minutes", "1"], ["--minutes", "x"], []])
def test_what_cannot_be_followed_so_is_bad_usage(run: Run, typed: list[str]) -> None:
    assert run("feeds", "follow", *typed).status == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FETCH_NETWORKS", "intranet", "FETCH_NETWORKS must hold networks such as 10.1.0.0/16"),
        ("FETCH_NETWORKS", "10.1.2.3/8", "FETCH_NETWORKS must hold networks"),
        ("CONTACT", "me\r\nX-Evil: 1", "CONTACT must be a web address or a mail address"),
        ("CONTACT", "a b", "CONTACT must be"),
    ],
)
def test_wrong_settings_are_named(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    assert said in run("feeds").err
