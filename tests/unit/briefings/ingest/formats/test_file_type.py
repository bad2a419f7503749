"""A file's type comes from its content; a damaged or malicious file is one failure that names the file."""

import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.formats import compression
from briefings.ingest.pages.html import MAX_PAGE_BYTES
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article
from tests.stand_ins.pages import make_json_ld, make_page

LINE = b'{"id": "a", "text": "One."}\n'
FRONT_MATTER = "Title: The count\nDate: 2016-06-30\nOutlet: The Paper\nNote\n"


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read_all(path: Path) -> tuple[list[Article], list[str]]:
    """Read a path; return the articles and the error messages."""
    errors: list[str] = []
    try:
        return list(read_raw_articles(path, on_error=lambda error: errors.append(str(error)))), errors
    except BadInput as error:
        return [], [*errors, str(error)]


def warc(
    *pages: tuple[str, bytes], status: str = "200 OK", kind: str = "text/html", is_compressed: bool = True
) -> bytes:
    """Build an archive of pages and their URLs; each record is compressed separately."""
    records = []
    for address, data in pages:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + data
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2016-06-30T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        records.append(gzip.compress(record) if is_compressed else record)
    return b"".join(records)


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, zstandard.compress, lambda data: gzip.compress(gzip.compress(data))]
)
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"The hall was full.\n", "The hall was full.\n"),
        (LINE, "One."),
        (make_page("<p>The hall was full of people.</p>").encode(), "The hall was full of people."),
        (
            warc(
                ("https://paper.example/a", make_page("<p>The hall was full of people.</p>").encode()),
                is_compressed=False,
            ),
            "The hall",
        ),
    ],
)
@pytest.mark.parametrize("name", ["x.html", "x.htm.gz", "x.warc"])
def test_type_and_compression_come_from_the_content(
    tmp_path: Path, name: str, data: bytes, text: str, compress: Callable[[bytes], bytes]
) -> None:
    articles, errors = read_all(write(tmp_path / name, compress(data)))
    assert not errors
    assert text in articles[0].text


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(200), "is an image"),
        ("a.jsonl", b"Rar!" + bytes(200), "is a RAR archive"),
        ("a.html", bytes(range(256)) * 2, "this file type isn't supported"),
        (
            "a.html",
            b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz>&lol;</lolz>',
            "this kind of XML isn't supported",
        ),
        ("a.xml.gz", gzip.compress(b"<?xml version='1.0'?><note/>", mtime=0), "this kind of XML isn't supported"),
        ("a.jsonl.gz", gzip.compress(LINE * 50, mtime=0)[:-9], "ends in the middle: the download was cut off"),
        ("a.jsonl.zst", zstandard.compress(LINE * 50)[:-3], "ends in the middle: the download was cut off"),
        (
            "a.gz",
            gzip.compress(gzip.compress(gzip.compress(LINE, mtime=0), mtime=0), mtime=0),
            "compressed more than 2 times",
        ),
        ("a.parquet", b"PAR1" + bytes(100), "arquet"),
        ("a.html", make_page().encode() + b" " * MAX_PAGE_BYTES, "longer than"),
        ("a.txt.gz", gzip.compress(b"x" * 10_000_001, mtime=0), "longer than"),
    ],
)
def test_unreadable_file_is_reported_with_the_reason(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    articles, errors = read_all(write(tmp_path / name, data))
    assert len(errors) == 1
    assert message in errors[0]
    assert name in errors[0]
    assert len(articles) in {0, 50}


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_decompression_bomb_is_not_decompressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compress: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(compression, "ALWAYS_ALLOWED_BYTES", 1_000_000)
    articles, errors = read_all(write(tmp_path / "bomb.jsonl.gz", compress(LINE + b"\n" * 30_000_000 + LINE)))
    assert [article.id for article in articles] == ["a"]
    assert "decompresses to more than 200 times its size" in errors[-1]


def test_other_encoding_is_detected_in_enough_text(tmp_path: Path) -> None:
    text = "“The café in Müller’s street was full”, said Zoë Núñez, whose déjà vu it was.\n"
    assert read_all(write(tmp_path / "a.txt", text.encode("cp1252")))[0][0].text == text


def test_front_matter_is_read_and_removed_from_the_text(tmp_path: Path) -> None:
    front_matter = "Title: The count\nBy: x\n".replace(
        "By: x\n", "Author: Jo Doe\nDate: 2016-06-30\nOutlet: The Paper\n"
    )
    path = write(tmp_path / "a.txt", f"{front_matter}\nThe hall was full.\r\n")
    assert list(read_raw_articles(path)) == [
        Article("a", "The hall was full.\r\n", "The Paper", date(2016, 6, 30), title="The count", byline="Jo Doe")
    ]
    fenced = write(tmp_path / "b.txt", '---\ntitle: "The count"\ntags: [a]\n---\n\nThe hall.')
    assert list(read_raw_articles(fenced)) == [Article("b", "The hall.", title="The count")]


@pytest.mark.parametrize(
    "text",
    [f"{FRONT_MATTER}\nThe hall.", "Date: tomorrow\n\nThe hall.", "Title: a\nDate: 2016-06-30\nThe hall.", "---\n"],
)
def test_ambiguous_front_matter_stays_in_the_text(tmp_path: Path, text: str) -> None:
    assert [article.text for article in read_raw_articles(write(tmp_path / "a.txt", text))] == [text]


def test_invalid_date_in_front_matter_is_reported(tmp_path: Path) -> None:
    assert "is not a valid date" in read_all(write(tmp_path / "a.txt", "Title: a\nDate: 2016-02-31\n\nThe hall."))[1][0]


def test_warc_archive_gives_its_pages_and_reports_pages_without_article(tmp_path: Path) -> None:
    good = make_page(json_ld=make_json_ld(headline="The count", datePublished="2016-06-30")).encode()
    data = warc(("https://paper.example/a", good), ("https://paper.example/b", b"<html></html>"))
    data += warc(("https://paper.example/c", good), status="404 Not Found")
    data += warc(("https://paper.example/d.png", b"\x89PNG"), kind="image/png")
    data += warc(("https://paper.example/../../etc/passwd", good))
    articles, errors = read_all(write(tmp_path / "news.warc.gz", data))
    assert (articles[0].id, articles[0].published) == ("https://paper.example/a", date(2016, 6, 30))
    assert len(articles) == 2
    assert len(errors) == 1
    assert "news.warc.gz, record 2: https://paper.example/b contains no article" in errors[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.warc.gz"]


def test_truncated_archive_gives_the_pages_before_the_damage(tmp_path: Path) -> None:
    whole = make_page().encode()
    data = warc(("https://paper.example/a", whole), ("https://paper.example/b", whole), is_compressed=False)
    articles, errors = read_all(write(tmp_path / "news.warc", data[:-900]))
    assert [article.id for article in articles] == ["https://paper.example/a"]
    assert len(errors) == 1


def test_each_parquet_row_is_an_article(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="Parquet needs the extra `archives`")
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs the extra `archives`")
    rows = {
        "id": ["a", "b", "c"],
        "text": ["One.", "Two.", None],
        "published": [date(2016, 6, 30), None, None],
        "n": [1, 2, 3],
    }
    parquet.write_table(arrow.table(rows), tmp_path / "news.parquet")
    articles, errors = read_all(tmp_path / "news.parquet")
    assert articles == [Article("a", "One.", published=date(2016, 6, 30)), Article("b", "Two.")]
    assert "news.parquet, row 3" in errors[0]


def test_folder_is_read_with_subfolders_and_every_failure_is_reported(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside.txt", "Secret.")
    folder = tmp_path / "news"
    write(folder / "a.txt", "First.")
    write(folder / "b.html", make_page())
    write(folder / "c.jsonl", LINE.replace(b'"a"', b'"line"') + b"no JSON\n")
    write(folder / "deep" / "a.txt", "Second.")
    write(folder / "style.css", "p {}")
    write(folder / "bad.txt", b"\xff\xfe\xff")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    articles, errors = read_all(folder)
    assert [article.id for article in articles] == ["a", "b", "line", "deep/a"]
    assert [Path(message.split(":")[0].split(" is")[0].split(",")[0]).name for message in errors] == [
        "bad.txt",
        "c.jsonl",
        "link.txt",
        "loop",
        "style.css",
    ]


def test_sources_outside_the_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "outside.txt", "Secret.")
    write(tmp_path / "news" / "a.txt", "First.")
    write(tmp_path / "news" / "sources.toml", '[[article]]\nfile = "../outside.txt"')
    assert "is not in this folder" in read_all(tmp_path / "news")[1][0]


def test_lines_after_an_invalid_one_are_read(tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"id": str(n), "text": "x"}).encode() + b"\n" for n in range(3))
    articles, errors = read_all(write(tmp_path / "a.jsonl.zst", zstandard.compress(lines + b"{\n" + LINE)))
    assert len(articles) == 4
    assert "line 4" in errors[0]


@given(
    data=st.binary(max_size=2_000),
    head=st.sampled_from([b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PAR1", b"WARC/1.0\r\n", b"{"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_articles_or_failures(tmp_path: Path, head: bytes, data: bytes) -> None:
    path = write(tmp_path / "any", head + data)
    errors: list[BadInput] = []
    with suppress(BadInput):
        for article in read_raw_articles(path, on_error=errors.append):
            assert isinstance(article, Article)
    assert all("\n" not in str(error) for error in errors)
