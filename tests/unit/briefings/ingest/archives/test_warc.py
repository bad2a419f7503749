"""Web archives: whole pages and texts become articles, and what is not taken is told."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.stand_ins.pages import make_json_ld, make_page
from tests.support.reading import ReadResult, read_path
from tests.support.web_records import PAGE, TEXT, build_arc, build_record, build_response, compress_each


def read_archive(tmp_path: Path, data: bytes, name: str = "crawl.warc") -> ReadResult:
    path = tmp_path / name
    path.write_bytes(data)
    return read_path(path)


def chunk(body: bytes) -> bytes:
    half = len(body) // 2
    parts = (body[:half], body[half:])
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


HTML = "Content-Type: text/html; charset=utf-8\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("", PAGE),
        ("Server: x\r\n", PAGE),
        ("Content-Type: application/octet-stream\r\n", PAGE),
        ("content-type:text/html\r\n", PAGE),
        ("x-archive-orig-content-type: text/html\r\nX-Archive-Src: a.warc\r\n", PAGE),
        (f"{HTML}x-archive-orig-content-encoding: gzip\r\n", PAGE),
        (f"{HTML}Content-Encoding: br\r\n", PAGE),
        (f"{HTML}Content-Encoding: gzip\r\n", PAGE),
        (f"{HTML}Content-Encoding: deflate\r\n", PAGE),
        (f"{HTML}Content-Encoding: zstd\r\n", PAGE),
        (f"{HTML}Transfer-Encoding: chunked\r\n", PAGE),
        (f"{HTML}Transfer-Encoding: chunked\r\n", chunk(PAGE)),
        (f"{HTML}Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunk(gzip.compress(PAGE))),
        (f"{HTML}Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", gzip.compress(PAGE)),
        (f"{HTML}Content-Encoding: x-gzip\r\n", gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:])),
        (f"{HTML}Content-Encoding: deflate\r\n", zlib.compress(PAGE)),
        (f"{HTML}Content-Encoding: deflate\r\n", zlib.compress(PAGE)[2:-4]),
        (f"{HTML}Content-Encoding: zstd\r\n", zstandard.compress(PAGE)),
        (HTML, gzip.compress(PAGE)),
        (f"{HTML}Content-Length: 100\r\nContent-Encoding: gzip\r\n", PAGE),
        (f"{HTML}Content-Length: {len(PAGE)}\r\n", PAGE),
    ],
)
def test_a_page_is_read_whether_or_not_its_body_was_decoded(tmp_path: Path, headers: str, body: bytes) -> None:
    result = read_archive(tmp_path, build_response(body, headers=headers))
    assert not result.errors
    assert result.ids == ["https://paper.example/a"]
    assert "“We will count every vote in ward 5,”" in result.articles[0].text


@pytest.mark.parametrize("status", ["HTTP/1.0 200", "HTTP/1.1 200 OK", "HTTP/2 200 OK", "HTTP/3 200"])
def test_any_version_of_http_is_read(tmp_path: Path, status: str) -> None:
    assert len(read_archive(tmp_path, build_response(status=status)).articles) == 1


@pytest.mark.parametrize(
    "record",
    [
        build_response(address="<https://paper.example/a>"),
        build_record(PAGE, kind="resource"),
        build_record(PAGE, kind="resource", content_type="text/html; charset=utf-8"),
        build_record(TEXT, kind="conversion", content_type="text/plain"),
        build_record(TEXT, kind="resource", content_type="text/plain; charset=utf-8"),
        build_response(TEXT, headers="Content-Type: text/plain\r\n"),
        build_response(TEXT, headers="X: y\r\n"),
    ],
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_each_kind_of_record_gives_an_article_without_a_day(
    tmp_path: Path, record: bytes, compress: Callable[[bytes], bytes]
) -> None:
    (article,) = read_archive(tmp_path, compress(record)).articles
    assert (article.id, article.url) == ("https://paper.example/a", "https://paper.example/a")
    assert (article.published, article.publisher, article.byline) == (None, None, None)


def test_the_text_of_a_record_is_unchanged_and_has_no_title(tmp_path: Path) -> None:
    record = build_record(TEXT, kind="conversion", content_type="text/plain")
    (article,) = read_archive(tmp_path, record, "crawl.warc.wet").articles
    assert (article.text.encode(), article.title) == (TEXT, None)


def test_the_day_of_a_page_is_its_own_and_not_the_day_of_crawling(tmp_path: Path) -> None:
    page = make_page(json_ld=make_json_ld(headline="The count", datePublished="2015-01-02")).encode()
    (article,) = read_archive(tmp_path, build_response(page)).articles
    assert str(article.published) == "2015-01-02"


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_the_pages_of_an_arc_archive_are_read(tmp_path: Path, version: int, compress: Callable[[bytes], bytes]) -> None:
    data = build_arc(("https://paper.example/a", PAGE), ("https://paper.example/b", PAGE), version=version)
    result = read_archive(tmp_path, compress(data), "crawl.arc")
    assert not result.errors
    assert result.ids == ["https://paper.example/a", "https://paper.example/b"]


SKIPPED = (
    build_response(status="HTTP/1.1 206 Partial Content"),
    build_response(status="HTTP/1.1 206 Partial Content"),
    build_response(b"\x89PNG", headers="Content-Type: image/png\r\n"),
    build_response(b"p {}", headers="Content-Type: text/css\r\n"),
    build_response(b"{}", headers="Content-Type: application/ld+json\r\n"),
    build_response(b"User-agent: *", "https://paper.example/robots.txt", headers="Content-Type: text/plain\r\n"),
)
INTERNAL = (
    build_record(b"software: x\r\n", kind="warcinfo", content_type="application/warc-fields"),
    build_record(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
    build_record(TEXT, "urn:text:https://paper.example/a", "resource", "text/plain"),
    build_record(b"1.2.3.4", "dns:paper.example", "response", "text/dns"),
)


def test_records_without_articles_are_told_in_one_sentence(tmp_path: Path) -> None:
    result = read_archive(tmp_path, compress_each(build_response(), *SKIPPED, *INTERNAL))
    assert (len(result.articles), result.errors) == (1, [])
    assert result.warnings == [
        f"{tmp_path}/crawl.warc: 6 records were not pages: "
        "2 with status 206, 1 image, 1 style sheet, 1 data file, 1 robots.txt or similar."
    ]


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (SKIPPED[:2], ": it has 2 with status 206."),
        ((build_record(b"", kind="revisit"),), ": it has 1 revisit."),
        (INTERNAL, "."),
        (
            (build_response(b"var x = 1; " * 90, headers="Content-Type: text/plain\r\n"),),
            ": it has 1 text without sentences.",
        ),
    ],
)
def test_an_archive_without_pages_says_why(tmp_path: Path, records: tuple[bytes, ...], reason: str) -> None:
    result = read_archive(tmp_path, b"".join(records))
    assert result.errors == [f"{tmp_path}/crawl.warc contains no pages or texts{reason}"]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (build_response(extra="WARC-Truncated: length\r\n"), "contains only the beginning of this page"),
        (build_response(extra="WARC-Segment-Number: 1\r\n"), "contains only the beginning of this page"),
        (build_response(headers=f"{HTML}Content-Length: 99999\r\n"), "only the beginning of its body was recorded"),
        (build_response(b"<html></html>"), "contains no article text"),
        (build_response(PAGE + b" " * 10_000_000), "is longer than 10,000,000 bytes"),
        (build_response(gzip.compress(PAGE + b" " * 10_000_000)), "it is longer than 10,000,000 bytes"),
        (build_response(gzip.compress(PAGE)[:-20]), "only the beginning of its body was recorded"),
        (
            build_response(chunk(PAGE)[:-300], headers=f"{HTML}Transfer-Encoding: chunked\r\n"),
            "only the beginning of its body was recorded",
        ),
        (build_response(b"\x1b\x00\x00\xff" * 99, headers=f"{HTML}Content-Encoding: br\r\n"), "compressed with 'br'"),
        (build_response(headers="X: y\r\n" * 20_000), "its HTTP headers are too long"),
    ],
)
def test_a_page_that_is_not_whole_is_named_and_the_next_is_read(tmp_path: Path, record: bytes, message: str) -> None:
    result = read_archive(tmp_path, record + build_response(address="https://paper.example/b"))
    assert result.ids == ["https://paper.example/b"]
    assert len(result.errors) == 1
    assert result.errors[0].startswith(f"{tmp_path}/crawl.warc, record 1: https://paper.example/a")
    assert message in result.errors[0]


RECORDS = [build_response(address=f"https://paper.example/{number}") for number in range(20)]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"".join(RECORDS)[:-300], 19),
        (b"".join(RECORDS)[: -len(RECORDS[-1]) + 40], 19),
        (compress_each(*RECORDS)[:-200], 19),
        (gzip.compress(b"".join(RECORDS))[:-200], None),
        (compress_each(*RECORDS[:7]) + compress_each(RECORDS[7])[:3], 7),
    ],
)
def test_records_before_a_cut_are_taken_and_the_cut_is_told_once(
    tmp_path: Path, data: bytes, count: int | None
) -> None:
    result = read_archive(tmp_path, data)
    expected = len(result.articles) if count is None else count
    assert result.ids == [f"https://paper.example/{number}" for number in range(expected)]
    assert expected >= 7
    assert result.errors == [
        f"{tmp_path}/crawl.warc ends in the middle: the download was cut off. {expected} articles before that were "
        "taken. Download it again."
    ]


def test_a_record_with_a_wrong_check_sum_is_not_taken(tmp_path: Path) -> None:
    spoilt_record = gzip.compress(RECORDS[2])[:-8] + bytes(8)
    result = read_archive(tmp_path, compress_each(*RECORDS[:2]) + spoilt_record + compress_each(RECORDS[3]))
    assert result.ids == ["https://paper.example/0"]  # the damage may have begun in the record before it
    assert "is a damaged or incomplete gzip file. 1 article before that was taken." in result.errors[0]


def test_a_record_that_is_longer_than_it_says_is_not_taken(tmp_path: Path) -> None:
    wrong_record = RECORDS[1].replace(b"</html>", b"</html> and more")
    result = read_archive(tmp_path, RECORDS[0] + wrong_record)
    assert result.ids == ["https://paper.example/0"]
    assert result.errors == [f"{tmp_path}/crawl.warc, record 2: it has another length than it states."]


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\n" + b"x" * 3_000_000,
        b"WARC/1.0\r\n" + b"a: b\r\n" * 500_000,
        b"WARC/1.0\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx",
        b"WARC/9.9\r\n\r\n",
        b"filedesc://a",
    ],
)
def test_a_malformed_archive_is_one_error(tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    result = read_archive(tmp_path, data)
    assert (result.articles, len(result.errors)) == ([], 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "address", ["", "not an address", "https://paper.example/" + "a" * 3_000, "file:///etc/passwd"]
)
def test_a_text_with_an_unusable_address_still_has_an_id(tmp_path: Path, address: str) -> None:
    (article,) = read_archive(tmp_path, build_record(TEXT, address, "conversion", "text/plain")).articles
    assert 0 < len(article.id) <= 500
    assert article.url is None


def test_control_characters_of_an_address_are_not_shown(tmp_path: Path) -> None:
    result = read_archive(tmp_path, build_response(b"<html><p></p></html>", "\0https://a.example/\x1b[1m"))
    assert result.articles == []
    assert all(error.isprintable() for error in result.errors)


def state_length(record: bytes, *lengths: str) -> bytes:
    """Return the record with other Content-Length headers, whose names may be in lower case."""
    head, blank_line, body = record.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines, *(f"Content-Length: {length}".encode() for length in lengths)]) + blank_line + body


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [
        (("-5",), "-5"),
        (("+5",), "+5"),
        (("1e3",), "1e3"),
        (("1_000",), "1_000"),
        (("0x40",), "0x40"),
        (("5.0",), "5.0"),
        (("",), ""),
        (("ten",), "ten"),
        (("5 5",), "5 5"),
        (("5", "6"), "5, 6"),
        (("9" * 60,), "9" * 40),
        (("\u202e5",), "5"),
    ],
)
def test_record_whose_length_is_not_a_number_is_named_and_ends_the_archive(
    tmp_path: Path, lengths: tuple[str, ...], shown: str
) -> None:
    good, bad, last = (build_response(address=f"https://paper.example/{name}") for name in ("a", "b", "c"))
    result = read_archive(tmp_path, good + state_length(bad, *lengths) + last)
    assert result.ids == ["https://paper.example/a"]
    assert result.errors[0].endswith(
        f"crawl.warc, record 2: its Content-Length “{shown}” is not a number of bytes, so it and the rest of the "
        "archive were not read. Download or create the archive again."
    )
    assert "1 article before that was taken" in result.errors[1]


@pytest.mark.parametrize("length", ["-5", "+5", "1e3", "999999999999", "9" * 30])
def test_archive_with_one_record_of_a_wrong_length_is_an_error(tmp_path: Path, length: str) -> None:
    result = read_archive(tmp_path, state_length(build_response(), length))
    assert not result.articles
    assert result.errors


def test_arc_record_of_a_wrong_length_is_an_error(tmp_path: Path) -> None:
    record = build_arc(("https://paper.example/a", PAGE))
    head, newline, rest = record.partition(b"https://")
    line, newline_after, body = rest.partition(b"\n")
    data = head + newline + line.rpartition(b" ")[0] + b" -5" + newline_after + body
    result = read_archive(tmp_path, data, "crawl.arc")
    assert "is not a number of bytes" in result.errors[0]
