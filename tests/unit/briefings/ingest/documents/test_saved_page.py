"""A saved page is read like the page itself, with the URL it was saved from and without the day of saving."""

import plistlib
import quopri
from datetime import date

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents import saved_page
from briefings.model import Article

URL = "https://tribune.example/library"
SENTENCE = "The library in Easton stays open, because “nobody wants it to close,” said Ann Poe, the librarian."
FILLER = "The council will vote again in the autumn. " * 5
PAGE = f"<html><body><article><p>{SENTENCE}</p><p>{FILLER}</p></article></body></html>"
META = (
    '<html><head><meta property="article:published_time" content="2016-06-29"><title>Library | Tribune</title></head>'
)


def build_mht(
    page: str = PAGE, url: str = URL, head: str = "From: <Saved by Blink>", charset: str = "utf-8", extra: str = ""
) -> bytes:
    body = quopri.encodestring(page.encode(charset)).decode()
    return (
        f"{head}\nSubject: Library stays open\nDate: Thu, 30 Jun 2016 10:00:00 -0000\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/related; type="text/html"; boundary="b1"\n\n--b1\nContent-Type: text/html; charset='
        f'"{charset}"\nContent-Transfer-Encoding: quoted-printable\nContent-Location: {url}\n\n{body}\n{extra}--b1--\n'
    ).encode()


def build_archive(file_format: plistlib.PlistFormat = plistlib.FMT_BINARY, **changes: object) -> bytes:
    resource = {
        "WebResourceData": PAGE.encode(),
        "WebResourceURL": URL,
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceMIMEType": "text/html",
        **changes,
    }
    return plistlib.dumps({"WebMainResource": resource}, fmt=file_format)


def read(data: bytes) -> Article:
    [article] = saved_page.read(data, "page.mht", "page", ReadOptions())
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    "data",
    [
        build_mht(),
        build_mht(head=f"From: <Saved by Blink>\nSnapshot-Content-Location: {URL}", url="cid:frame@mhtml"),
        build_mht(head='From: "Saved by Internet Explorer 11"', charset="windows-1252"),
        build_mht().replace(b"\n", b"\r\n"),
        build_mht(extra="--b1\nContent-Type: text/html\nContent-Location: https://ads.example/\n\n<p>Buy now.</p>\n"),
        build_archive(),
        build_archive(plistlib.FMT_XML),
    ],
)
def test_a_saved_page_has_its_text_and_url_and_no_day(data: bytes) -> None:
    article = read(data)
    assert article.text.startswith(SENTENCE)
    assert "Buy now" not in article.text
    assert (article.id, article.url, article.published, article.publisher) == (URL, URL, None, None)


def test_the_title_in_the_file_is_used_if_the_page_has_none() -> None:
    assert read(build_mht()).title == "Library stays open"


def test_the_day_that_the_page_states_is_its_day() -> None:
    assert read(build_mht(PAGE.replace("<html>", META))).published == date(2016, 6, 29)


@pytest.mark.parametrize("url", ["file:///C:/Users/jane/page.html", "cid:x@mhtml", "javascript:alert(1)", ""])
def test_a_page_saved_from_elsewhere_has_the_files_id_and_no_url(url: str) -> None:
    for data in (build_mht(url=url), build_archive(WebResourceURL=url)):
        assert (read(data).id, read(data).url) == ("page", None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (build_mht().partition(b"<html")[0], "no article text|empty or damaged"),
        (b"From: <Saved by Blink>\nContent-Type: multipart/related; boundary=b\n\n--c\n\n--c--", "no web page"),
        (b"bplist00" + b"\xff" * 100, "damaged"),
        (build_archive()[:200], "damaged"),
        (plistlib.dumps({"a": 1}), "property list"),
        (build_archive(WebResourceMIMEType="application/pdf"), "without a web page"),
        (build_archive(WebResourceData="text"), "no web page"),
        (
            b'<!DOCTYPE plist [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><plist><string>&b;</string></plist>',
            "entities",
        ),
        (b"<plist>" + b"<array>" * 5_000 + b"</array>" * 5_000 + b"</plist>", "damaged|property list"),
    ],
)
def test_a_damaged_file_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=f"^page.mht.*({reason})"):
        read(data)
