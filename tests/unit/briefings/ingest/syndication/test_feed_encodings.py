"""Feeds are decoded whatever encoding they declare; damaged bytes affect only their entry."""

import pytest

from briefings.ingest.http.failures import Failure
from briefings.ingest.syndication.feed import read_feed
from tests.unit.briefings.ingest.syndication.sample_feeds import ADDRESS, item, rss


def test_invalid_bytes_spoil_only_their_entry() -> None:
    data = rss(item("“Gut”", "https://paper.example/1") + item("cut \ufffd", "https://paper.example/2"))
    feed = read_feed(data.replace("\ufffd".encode(), b"\xe2\x80"), ADDRESS)
    assert [entry.title for entry in feed.entries] == ["“Gut”"]
    assert [error.failure for error in feed.failures] == [Failure.ARTICLE]


@pytest.mark.parametrize(
    "declared", [b"", b" encoding='utf-8'", b" encoding='iso-8859-1'", b" encoding='windows-1252'"]
)
@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"])
def test_windows_1252_is_read_whatever_is_declared(declared: bytes, content_type: str) -> None:
    words = "“Nobody’s café closes” – Zoë"
    data = rss(item(words), encoding="windows-1252").replace(b" encoding='windows-1252'", declared)
    assert read_feed(data, ADDRESS, content_type).entries[0].title == words


def test_stray_byte_is_mended_and_the_other_entries_stay() -> None:
    data = rss(item("“One” – Zoë") + item("“Two” – ?Three?", "https://paper.example/2"))
    feed = read_feed(data.replace(b"?Three?", b"\x93Three\x94"), ADDRESS)
    assert [entry.title for entry in feed.entries] == ["“One” – Zoë", "“Two” – “Three”"]


def test_mojibake_of_an_entry_is_mended_or_the_entry_fails_alone() -> None:
    texts = ["â€œWe waitâ€\x9d, said ZoÃ«", "â€œWe waitâ€\ufffd, she said", "Sound “words”", "cut â€\ufffd off"]
    feed = read_feed(
        rss("".join(item(text, f"https://paper.example/{text[:3]}{len(text)}") for text in texts)), ADDRESS
    )
    assert [entry.title for entry in feed.entries] == ["“We wait”, said Zoë", "“We wait”, she said", "Sound “words”"]
    assert [failure.failure for failure in feed.failures] == [Failure.ARTICLE]


def test_controls_and_loose_markup_lose_no_entry() -> None:
    data = rss(item("A\x03B\x0b") + item("Fish &ndash; chips & peas") + item("\x93Yes\x94"))
    assert [entry.title for entry in read_feed(data, ADDRESS).entries] == ["AB", "Fish – chips & peas", "“Yes”"]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_feed_is_decoded_with_its_declared_encoding(encoding: str) -> None:
    assert read_feed(rss(item("Köln"), encoding=encoding), ADDRESS).entries[0].title == "Köln"


def test_encoding_in_the_header_is_used() -> None:
    data = rss(item("Köln"), encoding="windows-1252").replace(b" encoding='windows-1252'", b"")
    assert read_feed(data, ADDRESS, "text/xml; charset=windows-1252").entries[0].title == "Köln"
