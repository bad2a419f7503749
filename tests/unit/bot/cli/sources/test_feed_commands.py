"""`ontherecord add URL` and `ontherecord feeds`: add, follow, poll, list, unfollow, and one message per failure."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stand_ins.newsroom import Newsroom, Story
from tests.support.command_line import RunCommand

HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """Serve a news site in another thread, because commands run their own event loops."""
    monkeypatch.setenv("FETCH_NETWORKS", "127.0.0.0/8")
    monkeypatch.setattr("bot.server.feed_poller.DELAY", 0.0)
    assert folder.is_dir()
    newsroom, is_ready = Newsroom(), threading.Event()
    for outlet in newsroom.outlets:
        newsroom.publish(outlet, HALL)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with newsroom.run():
            is_ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    is_ready.wait()
    yield newsroom
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def test_an_article_is_added_by_url_and_can_be_found(run: RunCommand, site: Newsroom) -> None:
    link = site.build_article_url("herald", "hall")
    assert run("add", link).out == f"{link}: 1 added\n"
    assert run("add", link).out == f"{link}: 0 added, 1 unchanged\n"
    assert "another pound" in run("whosaid", "another pound").out
    result = run("add", site.build_article_url("herald", "gone"), link)
    assert (result.status, result.out) == (1, f"{link}: 0 added, 1 unchanged\n")
    assert "was not found: the server responded with status 404" in result.err


def test_a_private_url_is_fetched_only_from_allowed_networks(
    run: RunCommand, site: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FETCH_NETWORKS")
    result = run("add", site.build_article_url("herald", "hall"))
    assert (result.status, result.out) == (1, "")
    assert "is not on the public internet" in result.err
    assert not site.request_counts


def test_feeds_are_followed_polled_listed_and_unfollowed(run: RunCommand, site: Newsroom) -> None:
    address = site.build_feed_url("courier")
    assert "No feeds yet." in run("feeds").out
    assert (
        f"Following {address} (Courier Daily), now with 1 entry." in run("feeds", "follow", f"{site.base}/courier/").out
    )
    assert run("feeds", "poll").out == "1 feed answered, 0 failed; 1 added\n"
    assert run("feeds", "poll").out == "0 feeds answered, 0 failed; 0 added\n"
    assert f"{address} (Courier Daily): answered" in run("feeds", "list").out
    assert run("feeds", "--gone").out == "No articles have disappeared from their sites.\n"
    site.is_down = True
    poll_result = run("feeds", "poll", "--all")
    assert (poll_result.status, poll_result.out) == (1, "0 feeds answered, 1 failed; 0 added, failures: 1 busy\n")
    assert "failed once" in run("feeds").out
    doctor_output = run("doctor").out
    assert "feeds: 1 followed, 1 failing" in doctor_output
    assert "the server is busy (status 503)" in doctor_output
    assert f"Unfollowed {address}" in run("feeds", "unfollow", address).out
    assert run("feeds", "unfollow", address).status == 1


def test_feeds_of_the_file_are_polled(
    run: RunCommand, site: Newsroom, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "feeds.toml").write_text(f'[[feed]]\nurl = "{site.build_feed_url("signal")}"\noutlet = "The Signal"\n')
    monkeypatch.setenv("FEEDS", "feeds.toml")
    assert run("feeds", "poll").out == "1 feed answered, 0 failed; 1 added\n"
    assert "The Signal" in run("feeds").out
    (folder / "feeds.toml").write_text("[[feed]]\n")
    assert 'feeds.toml, line 1: "url" is missing' in run("feeds", "poll").err


@pytest.mark.parametrize("options", [["--minutes", "1"], ["--minutes", "x"], []])
def test_invalid_options_of_follow_are_wrong_usage(run: RunCommand, options: list[str]) -> None:
    assert run("feeds", "follow", *options).status == 2


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FETCH_NETWORKS", "intranet", "Invalid network 'intranet' in FETCH_NETWORKS"),
        ("FETCH_NETWORKS", "10.1.2.3/8", "Invalid network '10.1.2.3/8' in FETCH_NETWORKS"),
        ("CONTACT", "me\r\nX-Evil: 1", "Invalid CONTACT"),
        ("CONTACT", "a b", "Invalid CONTACT 'a b': use a URL or an email address"),
    ],
)
def test_invalid_settings_are_named(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    assert message in run("feeds").err


def test_every_feed_of_an_opml_file_is_followed_and_reported(run: RunCommand, site: Newsroom, folder: Path) -> None:
    addresses = [site.build_feed_url("courier"), f"{site.base}/herald/nothing", "file:///etc/passwd"]
    outlines = "".join(f'<outline type="rss" xmlUrl="{address}"/>' for address in addresses)
    (folder / "mine.opml").write_text(f"<?xml version='1.0'?><opml version='2.0'><body>{outlines}</body></opml>")
    result = run("feeds", "follow", "mine.opml")
    assert result.status == 1
    assert f"Following {addresses[0]} (Courier Daily), now with 1 entry.\n" in result.out
    assert "mine.opml: 1 of 3 feeds followed, 2 failed\n" in result.out
    assert f"{addresses[1]} was not found" in result.err
    assert "mine.opml: 1 feed without a web address." in result.err
    assert "is a list of 2 feeds, not of articles" in run("add", "mine.opml").err
    assert run("feeds", "follow", "mine.opml", "--outlet", "X").status == 1
    (folder / "notes.txt").write_text("Some notes.")
    assert "notes.txt is not a list of feeds (OPML)" in run("feeds", "follow", "notes.txt").err
