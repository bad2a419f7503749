"""A list of feeds gives web addresses only, in order and within limits; as a file to add it says what to do."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents import feed_list
from briefings.ingest.reader import read_raw_articles
from briefings.ingest.syndication.opml import MAX_BYTES, MAX_LISTED_FEEDS, read_feed_list


def opml(outlines: str, before: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{before}<opml version="2.0"><head><title>Mine</title></head><body>{outlines}</body></opml>'.encode()


def outline(address: str) -> str:
    return f'<outline type="rss" text="A feed" xmlUrl="{address}"/>'


@pytest.mark.parametrize(
    ("outlines", "addresses"),
    [
        (outline("https://a.example/feed;1?x=1&amp;y=2"), ["https://a.example/feed;1?x=1&y=2"]),
        (
            f"<outline text='News'><outline text='Deep'>{outline('https://a.example/1')}</outline></outline>",
            ["https://a.example/1"],
        ),
        (
            outline("https://a.example/1") * 2 + outline("https://b.example/2"),
            ["https://a.example/1", "https://b.example/2"],
        ),
        (
            outline("feed://a.example/1") + outline("feed:https://b.example/2"),
            ["http://a.example/1", "https://b.example/2"],
        ),
        ("<outline text='Café' xmlurl='https://a.example/1'/>", ["https://a.example/1"]),
        ("<outline text='No type' xmlUrl='https://a.example/1'></outline>", ["https://a.example/1"]),
        ("<outline type='atom' text='A & B' xmlUrl='https://a.example/1'>", ["https://a.example/1"]),
    ],
)
def test_feeds_of_a_list_are_found_however_it_is_written(outlines: str, addresses: list[str]) -> None:
    assert list(read_feed_list(opml(outlines), "x.opml").addresses) == addresses


def test_addresses_that_are_not_on_the_web_are_counted_and_not_read() -> None:
    outlines = outline("file:///etc/passwd") + outline("javascript:1") + outline("https://a.example/1")
    feeds = read_feed_list(opml(outlines), "x.opml")
    assert (feeds.addresses, feeds.unusable_count) == (("https://a.example/1",), 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (opml(""), "names no feed with a web address"),
        (b"", "is not a list of feeds"),
        (b"https://a.example/feed", "is not a list of feeds"),
        (b"<rss><channel/></rss>", "is not a list of feeds"),
        (b"<opml>" + b"x" * MAX_BYTES, "is longer than"),
        (
            opml("".join(outline(f"https://a.example/{n}") for n in range(MAX_LISTED_FEEDS + 1))),
            "more than 2,000 feeds",
        ),
        (opml("<a>" * 30_000), "more than 2,000 feeds"),
    ],
)
def test_unusable_list_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message) as raised:
        read_feed_list(data, "x.opml")
    assert str(raised.value).startswith("x.opml ")


def test_entities_of_a_list_are_not_expanded() -> None:
    before = "<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    feeds = read_feed_list(opml("<outline text='&b;&f;' xmlUrl='https://a.example/1'/>", before), "x.opml")
    assert feeds.addresses == ("https://a.example/1",)


@given(st.binary(max_size=500), st.integers(0, 300), st.integers(0, 300))
def test_only_our_own_error_comes_out_of_damaged_lists(noise: bytes, start: int, end: int) -> None:
    sound = opml(outline("https://a.example/1") * 3)
    for data in (noise, b"<opml>" + noise, sound[:start] + noise + sound[end:]):
        with suppress(BadInput):
            read_feed_list(data, "x.opml")


def test_adding_a_list_says_how_to_follow_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.opml"
    file.write_bytes(opml(outline("https://a.example/1") + outline("https://b.example/1")))
    with pytest.raises(
        BadInput, match=r"is a list of 2 feeds, not of articles\. Follow them with: ontherecord feeds follow"
    ):
        list(read_raw_articles(file))
    with pytest.raises(BadInput, match="a list of 1 feed"):
        feed_list.read(opml(outline("https://a.example/1")), "x.opml", "x", ReadOptions())
