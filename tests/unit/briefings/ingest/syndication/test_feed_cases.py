"""The feeds under ../shared: the day of each entry, and every quotation mark, in any encoding."""

import json
from pathlib import Path

import pytest

from briefings.ingest.syndication.feed import looks_like_feed, read_feed

FOLDER = Path(__file__).parents[6] / "shared" / "cases" / "formats" / "files"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/cases/formats/files")


def test_days_of_the_feed_are_as_expected() -> None:
    expected = json.loads((FOLDER / "01-feed-dates" / "expected.json").read_text())
    feed = read_feed((FOLDER / "01-feed-dates" / "feed.xml").read_bytes(), "https://paper.example/feed")
    days = [str(entry.published or "none") for entry in feed.entries]
    # "2016-06-30/07-01": either day
    assert [day for day, (_, correct_day) in zip(days, expected, strict=True) if not correct_day.startswith(day)] == []


@pytest.mark.parametrize("folder", ["03-rss-doctype", "04-feed-cp1252", "05-feed-broken-xml", "07-feed-sniff"])
@pytest.mark.parametrize("content_type", ["text/xml; charset=utf-8", "text/html"])
def test_no_entry_and_no_quotation_mark_is_lost(folder: str, content_type: str) -> None:
    for file in sorted((FOLDER / folder).glob("*.xml")):
        data = file.read_bytes()
        assert looks_like_feed(data, content_type)
        feed = read_feed(data, "https://paper.example/feed", content_type)
        assert (len(feed.entries), feed.failures) == (data.count(b"<item>"), ())
        assert all("“" in entry.html and "\ufffd" not in entry.html for entry in feed.entries)
