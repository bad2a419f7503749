"""feeds.toml gives feeds, or one message names the line."""

from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.feeds.feeds_file import FEEDS_FILE, read_feeds
from briefings.feeds.service import FeedRequest

GOOD = '[[feed]]\nurl = "https://paper.example/feed"\n'


def parse_feeds(folder: Path, toml: str) -> tuple[FeedRequest, ...]:
    path = folder / "feeds.toml"
    path.write_text(toml, encoding="utf-8")
    return read_feeds(path)


def test_feeds_keep_the_order_of_the_file(tmp_path: Path) -> None:
    feeds = parse_feeds(tmp_path, GOOD + '[[feed]]\nurl = "http://b.example/"\noutlet = "The Bee"\nminutes = 30\n')
    assert feeds == (
        FeedRequest("https://paper.example/feed", FEEDS_FILE),
        FeedRequest("http://b.example/", FEEDS_FILE, "The Bee", 30),
    )


def test_empty_file_has_no_feeds(tmp_path: Path) -> None:
    assert parse_feeds(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[[feed]]\n", 'line 1: "url" is missing'),
        (GOOD + GOOD, "line 3: https://paper.example/feed is listed twice"),
        (GOOD.replace("https", "ftp"), "line 1: ftp://paper.example/feed is not a web address"),
        (GOOD.replace("paper", "me:secret@paper"), "line 1: The address contains a user name or password"),
        (GOOD + "minutes = 1\n", '"minutes" must be a whole number from 5 to 10,080'),
        (GOOD + "minutes = true\n", '"minutes" must be'),
        (GOOD + 'minutes = "60"\n', '"minutes" must be'),
        (GOOD + "outlet = 7\n", '"outlet" must be text'),
        ("[feed]\nurl = 1\n", "write [[feed]] in double brackets"),
    ],
)
def test_invalid_feed_is_reported_with_its_line(tmp_path: Path, toml: str, message: str) -> None:
    with pytest.raises(BadInput, match=r"feeds\.toml") as raised:
        parse_feeds(tmp_path, toml)
    assert message in str(raised.value)
    assert "secret" not in str(raised.value)
