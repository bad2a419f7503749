"""JSON lines become articles one by one, or one sentence names the line."""

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
from briefings.ingest.formats import json_lines
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article

GOOD = b'{"id": "a", "text": "One."}\n'


def stream(data: bytes) -> list[Article]:
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
        "sentences": ["left aside"],
    }
    assert stream(json.dumps(line).encode()) == [
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
    ("told", "day"),
    [
        ({"published": "2016-06-30T23:50:00-05:00"}, date(2016, 6, 30)),
        ({"date": "2009-05-12"}, date(2009, 5, 12)),
        ({"published": "2016-06-30", "date": "2009-05-12"}, date(2016, 6, 30)),
        ({"published": "", "date": None}, None),
    ],
)
def test_a_day_is_taken_as_written(told: dict[str, str], day: date | None) -> None:
    assert stream(json.dumps({"id": "a", "text": "One.", **told}).encode())[0].published == day


def test_order_is_kept_and_blank_lines_and_the_files_own_mark_are_skipped() -> None:
    data = b'\xef\xbb\xbf{"id": "b", "text": "Two."}\r\n\n  \n' + GOOD
    assert [article.id for article in stream(data)] == ["b", "a"]


def test_an_article_of_which_nothing_came_does_not_stop_the_rest() -> None:
    assert [article.text for article in stream(b'{"id": "b", "text": ""}\n' + GOOD)] == ["", "One."]


@given(st.lists(st.text().filter(lambda text: "\0" not in text), min_size=1))
def test_any_storable_text_comes_through_unchanged(texts: list[str]) -> None:
    data = "\n".join(json.dumps({"id": f"n{i}", "text": text}, ensure_ascii=i % 2 == 0) for i, text in enumerate(texts))
    assert [article.text for article in stream(data.encode())] == texts


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 2: this is not valid JSON"),
        (b"[" * 100_000, "line 2: this is not valid JSON"),
        (b'{"id": "b", "text": "x", "n": ' + b"9" * 5_000 + b"}", "line 2: this is not valid JSON"),
        (b'["b"]', "line 2: this is JSON, but not an object"),
        (b'{"text": "x"}', 'line 2: "id" is missing'),
        (b'{"id": "b"}', 'line 2: "text" is missing'),
        (b'{"id": 7, "text": "x"}', 'line 2: "id" must be a text in quotation marks, not a number'),
        (b'{"id": "b", "text": null}', 'line 2: "text" must be a text in quotation marks, not null'),
        (b'{"id": "b", "text": "x", "publisher": "' + b"y" * 501 + b'"}', '"publisher" is longer than 500'),
        (b'{"id": "", "text": "x"}', 'line 2: "id" is empty'),
        (b'{"id": "b\\nc", "text": "x"}', "line 2: the article's id must be printable"),
        (b'{"id": "b", "text": "x\\u0000y"}', "line 2 holds a NUL"),
        (b'{"id": "b", "text": "x\\ud800y"}', "line 2 holds half of a surrogate pair"),
        (b'{"id": "b", "text": "x", "title": "\\udfff"}', '"title" holds half of a surrogate pair'),
        (b'{"id": "b", "text": "x", "title": "' + b"y" * 4_001 + b'"}', '"title" is longer than'),
        (b'{"id": "b", "text": "x", "publisher": {}}', '"publisher" must be a text in quotation marks, not an object'),
        (b'{"id": "b", "text": "x", "published": "June"}', '"published" is no day'),
        (b'{"id": "b", "text": "x", "published": true}', "not true or false"),
        (b'{"id": "b", "text": "x", "url": "https://a b"}', '"url" is no web address'),
        (b'{"id": "b", "text": "x", "url": "http://["}', '"url" is no web address'),
        (b'{"id": "b", "text": "x", "url": "//host/a"}', '"url" is no web address'),
        (b'{"id": "b", "text": "caf\xe9"}', "line 2: this is not UTF-8"),
    ],
)
def test_a_wrong_line_is_told_by_number_and_nothing_of_its_file_comes(tmp_path: Path, line: bytes, said: str) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(GOOD + line + b"\n")
    with pytest.raises(BadInput, match=r"news\.jsonl, line 2") as error:
        next(read_raw_articles(path))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_an_id_may_stand_on_several_lines_and_each_of_them_comes(tmp_path: Path) -> None:
    lines = GOOD + b'{"id": "a", "text": "Two."}\n' + GOOD
    path = tmp_path / "news.jsonl"
    path.write_bytes(lines)
    for articles in (stream(lines), read_raw_articles(path)):
        assert [(article.id, article.text) for article in articles] == [("a", "One."), ("a", "Two."), ("a", "One.")]


@pytest.mark.parametrize(
    "line", [b"{", b'{"id": "b"}', b'{"id": "b", "text": "caf\xe9"}', b"[" * 50_000, b" " * 200_000]
)
@pytest.mark.parametrize("piped", [True, False])
def test_whoever_is_told_of_a_broken_line_gets_all_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: bytes, piped: bool
) -> None:
    monkeypatch.setattr(json_lines, "MAX_BYTES", 90_000)
    told: list[str] = []
    path = tmp_path / "news.jsonl"
    path.write_bytes(GOOD + line + b"\n" + GOOD)
    with path.open("rb") as source:
        articles = read_raw_articles("-" if piped else path, source, lambda error: told.append(str(error)))
        assert [article.id for article in articles] == ["a", "a"]
    assert [message.split(": ")[0] for message in told] == [f"{'standard input' if piped else path}, line 2"]


def test_a_file_of_broken_lines_alone_is_told_line_by_line(tmp_path: Path) -> None:
    told: list[BadInput] = []
    path = tmp_path / "news.jsonl"
    path.write_bytes(b"{\n" * 3)
    assert list(read_raw_articles(path, on_error=told.append)) == []
    assert len(told) == 3


@given(st.binary(max_size=200))
def test_any_bytes_are_articles_or_one_sentence(data: bytes) -> None:
    try:
        stream(GOOD + data)
    except BadInput as error:
        assert str(error).startswith("standard input, line ")  # noqa: PT017 - either outcome is right, and checked


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_stream_of_nothing_is_told(data: bytes) -> None:
    with pytest.raises(BadInput, match="standard input"):
        stream(data)


def test_a_line_over_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_BYTES", len(GOOD))
    assert stream(GOOD)
    with pytest.raises(BadInput, match="line 1: this line is longer"):
        stream(GOOD.replace(b"One", b"Once"))


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD))
    assert [article.id for article in read_raw_articles(path)] == ["a"]


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: data[:20] + b"\xff" * 9])
def test_a_damaged_gzip_file_is_told(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(spoil(gzip.compress(GOOD)))
    with pytest.raises(BadInput, match=r"news\.jsonl\.gz is not a whole gzip file"):
        list(read_raw_articles(path))


def test_a_pipe_is_read_once_as_it_comes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(GOOD,))
    writer.start()
    assert [article.id for article in read_raw_articles(pipe)] == ["a"]
    writer.join()


def test_a_stream_is_held_a_line_at_a_time() -> None:
    class Endless(io.RawIOBase):
        """Two thousand articles of 20,000 characters, made as they are asked for."""

        def __init__(self) -> None:
            self.lines: Iterator[bytes] = (
                json.dumps({"id": str(number), "text": "x" * 20_000}).encode() + b"\n" for number in range(2_000)
            )

        def readline(self, size: int | None = -1, /) -> bytes:
            return next(self.lines, b"")[:size]

    tracemalloc.start()
    count = sum(1 for _ in json_lines.read_lines(Endless(), "endless"))  # type: ignore[arg-type]  # raw streams read lines too
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 2_000_000  # of 40 MB read
