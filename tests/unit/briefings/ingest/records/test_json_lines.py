"""JSON lines become articles one by one, or one message names the line."""

import gzip
import io
import json
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.reader import read_raw_articles
from briefings.ingest.records import json_lines
from briefings.model import Article

GOOD = b'{"id": "a", "text": "One."}\n'


def read_bytes(data: bytes) -> list[Article]:
    return list(read_raw_articles("-", io.BytesIO(data)))


def test_every_field_of_the_format_is_read() -> None:
    line = {
        "id": "a",
        "text": "One\r\n“two”\n",
        "publisher": "The Paper",
        "published": "2016-06-30",
        "url": "https://paper.example/a?b=c",
        "title": "T",
        "byline": None,
        "sentences": ["ignored"],
    }
    assert read_bytes(json.dumps(line).encode()) == [
        Article(
            id="a",
            text="One\r\n“two”\n",
            publisher="The Paper",
            published=date(2016, 6, 30),
            url="https://paper.example/a?b=c",
            title="T",
        )
    ]


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"published": "2016-06-30T23:50:00-05:00"}, date(2016, 6, 30)),
        ({"date": "2009-05-12"}, date(2009, 5, 12)),
        ({"published": "2016-06-30", "date": "2009-05-12"}, date(2016, 6, 30)),
        ({"published": "", "date": None}, None),
    ],
)
def test_publication_date_is_read_as_written(fields: dict[str, str], day: date | None) -> None:
    assert read_bytes(json.dumps({"id": "a", "text": "One.", **fields}).encode())[0].published == day


def test_order_is_preserved_and_blank_lines_and_byte_order_mark_are_skipped() -> None:
    data = b'\xef\xbb\xbf{"id": "b", "text": "Two."}\r\n\n  \n' + GOOD
    assert [article.id for article in read_bytes(data)] == ["b", "a"]


def test_article_with_empty_text_is_read() -> None:
    assert [article.text for article in read_bytes(b'{"id": "b", "text": ""}\n' + GOOD)] == ["", "One."]


@given(st.lists(st.text().filter(lambda text: "\0" not in text), min_size=1))
def test_any_storable_text_is_read_unchanged(texts: list[str]) -> None:
    data = "\n".join(json.dumps({"id": f"n{i}", "text": text}, ensure_ascii=i % 2 == 0) for i, text in enumerate(texts))
    assert [article.text for article in read_bytes(data.encode())] == texts


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "line 2: this is not valid JSON"),
        (b"[" * 100_000, "line 2: this is not valid JSON"),
        (b'{"id": "b", "text": "x", "n": ' + b"9" * 5_000 + b"}", "line 2: this is not valid JSON"),
        (b'["b"]', "line 2: this is JSON, but not an object"),
        (b'{"id": "b"}', 'line 2: "text" is missing'),
        (b'{"id": "b", "text": null}', 'line 2: "text" must be text in quotation marks, not null'),
        (b'{"id": "b", "text": "x\\u0000y"}', "line 2 holds a NUL"),
        (b'{"id": "b", "text": "x\\ud800y"}', "line 2 holds half of a surrogate pair"),
        (b'{"id": "b", "text": "caf\xe9"}', "line 2: this is not UTF-8"),
    ],
)
def test_invalid_line_is_reported_by_number_and_no_article_of_its_file_is_read(
    tmp_path: Path, line: bytes, message: str
) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(GOOD + line + b"\n")
    with pytest.raises(BadInput, match=r"news\.jsonl, line 2") as error:
        next(read_raw_articles(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_lines_with_the_same_id_are_all_read(tmp_path: Path) -> None:
    lines = GOOD + b'{"id": "a", "text": "Two."}\n' + GOOD
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines)
    for articles in (read_bytes(lines), read_raw_articles(path)):
        assert [(article.id, article.text) for article in articles] == [("a", "One."), ("a", "Two."), ("a", "One.")]


@pytest.mark.parametrize(
    "line", [b"{", b'{"id": "b"}', b'{"id": "b", "text": "caf\xe9"}', b"[" * 50_000, b" " * 200_000]
)
@pytest.mark.parametrize("is_pipe", [True, False])
def test_callback_receives_the_invalid_line_and_all_other_lines_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: bytes, is_pipe: bool
) -> None:
    monkeypatch.setattr(json_lines, "MAX_BYTES", 90_000)
    errors: list[str] = []
    path = tmp_path / "news.jsonl"
    path.write_bytes(GOOD + line + b"\n" + GOOD)
    with path.open("rb") as source:
        articles = read_raw_articles("-" if is_pipe else path, source, lambda error: errors.append(str(error)))
        assert [article.id for article in articles] == ["a", "a"]
    assert [message.split(": ")[0] for message in errors] == [f"{'standard input' if is_pipe else path}, line 2"]


def test_file_with_only_invalid_lines_is_reported_line_by_line(tmp_path: Path) -> None:
    errors: list[BadInput] = []
    path = tmp_path / "news.jsonl"
    path.write_bytes(b"{\n" * 3)
    assert list(read_raw_articles(path, on_error=errors.append)) == []
    assert len(errors) == 3


@given(st.binary(max_size=200))
def test_any_bytes_are_articles_or_one_error(data: bytes) -> None:
    try:
        read_bytes(GOOD + data)
    except BadInput as error:
        assert str(error).startswith("standard input")  # noqa: PT017 - both outcomes are correct


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty_stream_is_reported(data: bytes) -> None:
    with pytest.raises(BadInput, match="standard input"):
        read_bytes(data)


def test_line_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_BYTES", len(GOOD))
    assert read_bytes(GOOD)
    with pytest.raises(BadInput, match="line 1: this line is longer"):
        read_bytes(GOOD.replace(b"One", b"Once"))


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD))
    assert [article.id for article in read_raw_articles(path)] == ["a"]


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: data[:12] + b"\xff" * 40])
def test_damaged_gzip_file_is_reported(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(spoil(gzip.compress(GOOD)))
    with pytest.raises(BadInput, match=r"news\.jsonl\.gz (?:ends in the middle|is a damaged or incomplete gzip file)"):
        list(read_raw_articles(path))


def test_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(GOOD,))
    writer.start()
    assert [article.id for article in read_raw_articles(pipe)] == ["a"]
    writer.join()


def test_only_one_line_of_a_stream_is_in_memory() -> None:
    class GeneratedLines(io.RawIOBase):
        """Two thousand articles of 20,000 characters, generated on demand."""

        def __init__(self) -> None:
            self.lines: Iterator[bytes] = (
                json.dumps({"id": str(number), "text": "x" * 20_000}).encode() + b"\n" for number in range(2_000)
            )

        def readline(self, size: int | None = -1, /) -> bytes:
            return next(self.lines, b"")[:size]

    tracemalloc.start()
    count = sum(1 for _ in json_lines.read_lines(GeneratedLines(), "generated"))  # type: ignore[arg-type]  # raw streams have readline too
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 2_000_000  # of 40 MB read
