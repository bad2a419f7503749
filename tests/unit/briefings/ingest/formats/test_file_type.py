"""A file is what it holds, whatever it is called; what is damaged, lies or blows up is one failure with its name."""

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
from briefings.ingest.file_reader import read_file
from briefings.ingest.formats import compression
from briefings.ingest.formats.html import MAX_PAGE_BYTES, read_page
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article
from tests.stand_ins.pages import news_article, page

LINE = b'{"id": "a", "text": "One."}\n'
BLOCK = "Title: The count\nDate: 2016-06-30\nOutlet: The Paper\nNote\n"


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def told(path: Path) -> tuple[list[Article], list[str]]:
    """What comes of a path, and what failed."""
    failed: list[str] = []
    try:
        return list(read_raw_articles(path, on_error=lambda error: failed.append(str(error)))), failed
    except BadInput as error:
        return [], [*failed, str(error)]


def warc(*pages: tuple[str, bytes], status: str = "200 OK", kind: str = "text/html", packs: bool = True) -> bytes:
    """An archive of these pages and their addresses, each record packed by itself."""
    records = []
    for address, data in pages:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + data
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2016-06-30T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        records.append(gzip.compress(record) if packs else record)
    return b"".join(records)


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, zstandard.compress, lambda data: gzip.compress(gzip.compress(data))]
)
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"The hall was full.\n", "The hall was full.\n"),
        (LINE, "One."),
        (page("<p>The hall was full of people.</p>").encode(), "The hall was full of people."),
        (
            warc(("https://paper.example/a", page("<p>The hall was full of people.</p>").encode()), packs=False),
            "The hall",
        ),
    ],
)
@pytest.mark.parametrize("name", ["x.html", "x.htm.gz", "x.warc"])
def test_content_tells_the_kind_and_the_packing_not_the_name(
    tmp_path: Path, name: str, data: bytes, text: str, pack: Callable[[bytes], bytes]
) -> None:
    articles, failed = told(write(tmp_path / name, pack(data)))
    assert not failed
    assert text in articles[0].text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(200), "is of a kind unknown here"),
        ("a.jsonl", b"PK\x03\x04" + bytes(200), "is of a kind unknown here"),
        ("a.html", bytes(range(256)) * 2, "is of a kind unknown here"),
        ("a.html", b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz>&lol;</lolz>', "XML, but no page"),
        ("a.xml.gz", gzip.compress(b"<rss><channel/></rss>", mtime=0), "XML, but no page"),
        ("a.jsonl.gz", gzip.compress(LINE * 50, mtime=0)[:-9], "not a whole gzip file"),
        ("a.jsonl.zst", zstandard.compress(LINE * 50)[:-3], "not a whole zstd file"),
        ("a.gz", gzip.compress(gzip.compress(gzip.compress(LINE, mtime=0), mtime=0), mtime=0), "packed over and over"),
        ("a.parquet", b"PAR1" + bytes(100), "arquet"),
        ("a.html", page().encode() + b" " * MAX_PAGE_BYTES, "longer than"),
        ("a.txt.gz", gzip.compress(b"x" * 10_000_001, mtime=0), "longer than"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    articles, failed = told(write(tmp_path / name, data))
    assert len(failed) == 1
    assert said in failed[0]
    assert name in failed[0]
    assert len(articles) in {0, 50}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(compression, "ALWAYS_ALLOWED_BYTES", 1_000_000)
    articles, failed = told(write(tmp_path / "bomb.jsonl.gz", pack(LINE + b"\n" * 30_000_000 + LINE)))
    assert [article.id for article in articles] == []
    assert "unpacks to over 200 times its size" in failed[-1]


def test_text_in_another_encoding_is_recognised_when_there_is_enough_of_it(tmp_path: Path) -> None:
    text = "“The café in Müller’s street was full”, said Zoë Núñez, whose déjà vu it was.\n"
    assert told(write(tmp_path / "a.txt", text.encode("cp1252")))[0][0].text == text


def test_a_block_of_metadata_is_read_and_is_no_part_of_the_text(tmp_path: Path) -> None:
    block = "Title: The count\nBy: x\n".replace("By: x\n", "Author: Jo Doe\nDate: 2016-06-30\nOutlet: The Paper\n")
    path = write(tmp_path / "a.txt", f"{block}\nThe hall was full.\r\n")
    assert list(read_raw_articles(path)) == [
        Article("a", "The hall was full.\r\n", "The Paper", date(2016, 6, 30), title="The count", byline="Jo Doe")
    ]
    fenced = write(tmp_path / "b.txt", '---\ntitle: "The count"\ntags: [a]\n---\n\nThe hall.')
    assert list(read_raw_articles(fenced)) == [Article("b", "The hall.", title="The count")]


@pytest.mark.parametrize(
    "text", [f"{BLOCK}\nThe hall.", "Date: tomorrow\n\nThe hall.", "Title: a\nDate: 2016-06-30\nThe hall.", "---\n"]
)
def test_what_may_be_the_text_itself_is_no_block(tmp_path: Path, text: str) -> None:
    assert [article.text for article in read_raw_articles(write(tmp_path / "a.txt", text))] == [text]


def test_a_broken_date_in_a_block_is_told(tmp_path: Path) -> None:
    assert "no day of the calendar" in told(write(tmp_path / "a.txt", "Title: a\nDate: 2016-02-31\n\nThe hall."))[1][0]


def test_an_archive_gives_its_pages_with_their_addresses_and_names_those_that_are_none(tmp_path: Path) -> None:
    good = page(told=news_article(headline="The count", datePublished="2016-06-30")).encode()
    data = warc(("https://paper.example/a", good), ("https://paper.example/b", b"<html></html>"))
    data += warc(("https://paper.example/c", good), status="404 Not Found")
    data += warc(("https://paper.example/d.png", b"\x89PNG"), kind="image/png")
    data += warc(("https://paper.example/../../etc/passwd", good))
    articles, failed = told(write(tmp_path / "news.warc.gz", data))
    assert (articles[0].id, articles[0].published) == ("https://paper.example/a", date(2016, 6, 30))
    assert len(articles) == 2
    assert len(failed) == 1
    assert "news.warc.gz, record 2: https://paper.example/b holds no article" in failed[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.warc.gz"]


def test_an_archive_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = page().encode()
    data = warc(("https://paper.example/a", whole), ("https://paper.example/b", whole), packs=False)
    articles, failed = told(write(tmp_path / "news.warc", data[:-900]))
    assert [article.id for article in articles] == ["https://paper.example/a"]
    assert len(failed) == 1


def test_parquet_is_read_a_row_an_article(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="Parquet wants the extra `archives`")
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet wants the extra `archives`")
    rows = {
        "id": ["a", "b", ""],
        "text": ["One.", "Two.", "x"],
        "published": [date(2016, 6, 30), None, None],
        "n": [1, 2, 3],
    }
    parquet.write_table(arrow.table(rows), tmp_path / "news.parquet")
    articles, failed = told(tmp_path / "news.parquet")
    assert articles == [Article("a", "One.", published=date(2016, 6, 30)), Article("b", "Two.")]
    assert "news.parquet, row 3" in failed[0]


def test_a_folder_is_read_with_its_subfolders_and_every_failure_is_named(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside.txt", "Secret.")
    folder = tmp_path / "news"
    write(folder / "a.txt", "First.")
    write(folder / "b.html", page())
    write(folder / "c.jsonl", LINE.replace(b'"a"', b'"line"') + b"no JSON\n")
    write(folder / "deep" / "a.txt", "Second.")
    write(folder / "style.css", "p {}")
    write(folder / "bad.txt", b"\xff\xfe\xff")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    articles, failed = told(folder)
    assert [article.id for article in articles] == ["a", "b", "line", "deep/a"]
    assert [Path(sentence.split(":")[0].split(" is")[0].split(",")[0]).name for sentence in failed] == [
        "bad.txt",
        "c.jsonl",
        "link.txt",
    ]


def test_sources_outside_the_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "outside.txt", "Secret.")
    write(tmp_path / "news" / "a.txt", "First.")
    write(tmp_path / "news" / "sources.toml", '[[article]]\nfile = "../outside.txt"')
    assert "is no file of this folder" in told(tmp_path / "news")[1][0]


def test_lines_keep_coming_after_a_broken_one(tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"id": str(n), "text": "x"}).encode() + b"\n" for n in range(3))
    articles, failed = told(write(tmp_path / "a.jsonl.zst", zstandard.compress(lines + b"{\n" + LINE)))
    assert len(articles) == 4
    assert "line 4" in failed[0]


@given(
    data=st.binary(max_size=2_000),
    head=st.sampled_from([b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PAR1", b"WARC/1.0\r\n", b"{"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_articles_or_failures(tmp_path: Path, head: bytes, data: bytes) -> None:
    path = write(tmp_path / "any", head + data)
    failed: list[BadInput] = []
    with suppress(BadInput):
        for article, _ in read_file(path, "any", read_page, failed.append):
            assert isinstance(article, Article)
    assert all("\n" not in str(error) for error in failed)
