"""feeds.toml gives feeds, or one sentence names the line."""

from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.feeds.feeds_file import FEEDS_FILE, read_feeds
from briefings.feeds.service import FeedRequest

GOOD = '[[feed]]\nurl = "https://paper.example/feed"\n'


def feeds(folder: Path, toml: str) -> tuple[FeedRequest, ...]:
    path = folder / "feeds.toml"
    path.write_text(toml, encoding="utf-8")
    return read_feeds(path)


def test_feeds_come_in_their_order(tmp_path: Path) -> None:
    found = feeds(tmp_path, GOOD + '[[feed]]\nurl = "http://b.example/"\noutlet = "The Bee"\nminutes = 30\n')
    assert found == (
        FeedRequest("https://paper.example/feed", FEEDS_FILE),
        FeedRequest("http://b.example/", FEEDS_FILE, "The Bee", 30),
    )


def test_an_empty_file_follows_nothing(tmp_path: Path) -> None:
    assert feeds(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[feed]]\n", 'line 1: "url" is missing'),
        (GOOD + GOOD, "line 3: https://paper.example/feed stands above already"),
        (GOOD.replace("https", "ftp"), "line 1: ftp://paper.example/feed is no web address"),
        (GOOD.replace("paper", "me:secret@paper"), "line 1: The address holds a user and a password"),
        (GOOD + "minutes = 1\n", '"minutes" must be a number from 5 to 10,080'),
        (GOOD + "minutes = true\n", '"minutes" must be'),
        (GOOD + 'minutes = "60"\n', '"minutes" must be'),
        (GOOD + "outlet = 7\n", '"outlet" must be a text'),
        ("[feed]\nurl = 1\n", "write [[feed]] in double brackets"),
    ],
)
def test_a_wrong_feed_is_named_by_its_line(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(BadInput, match=r"feeds\.toml") as failed:
        feeds(tmp_path, toml)
    assert said in str(failed.value)
    assert "secret" not in str(failed.value)
