"""JSON is read in any layout: arrays, objects over several lines, one after the other; damage costs what it touches."""

import io
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.records import json_stream
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.json_lines import read_json

RECORDS = [{"id": f"n{number}", "text": f"Text {number}."} for number in range(4)]
IDS = ["n0", "n1", "n2", "n3"]
LINES = [json.dumps(record) for record in RECORDS]
PRETTY = [json.dumps(record, indent=2) for record in RECORDS]


def read(data: bytes | str) -> tuple[list[str], list[str]]:
    errors: list[str] = []
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    articles = read_json(stream, "news.json", RecordMapper("news"), lambda error: errors.append(str(error)))
    return [article.id for article in articles], errors


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps(RECORDS, indent="\t"),
        "[\n" + ",\n".join(LINES) + "\n]\n",
        "\n".join(PRETTY),
        "".join(LINES),
        "\n\n".join(LINES),
        ",\n".join(LINES) + ",\n",
        "\n\n[" + ",".join(PRETTY) + "]",
        json.dumps({"articles": RECORDS}),
        json.dumps({"status": "ok", "data": {"items": RECORDS}}, indent=1),
        json.dumps([{"results": RECORDS[:2]}, {"results": RECORDS[2:]}]),
        json.dumps([RECORDS[:2], RECORDS[2:]]),
        json.dumps({"results": RECORDS[:2]}) + "\n" + json.dumps({"results": RECORDS[2:]}),
        "\ufeff" + json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2).replace("\n", "\r\n"),
    ],
)
def test_every_layout_gives_the_same_articles(data: str) -> None:
    ids, errors = read(data)
    assert not errors
    assert ids == IDS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("data", ["\n".join(LINES), json.dumps(RECORDS, indent=2)])
def test_a_byte_order_mark_decides_the_encoding(data: str, encoding: str) -> None:
    assert read(data.encode(encoding)) == (IDS, [])


@pytest.mark.parametrize("indent", ["", "  "])
def test_an_invalid_record_costs_only_itself(indent: str) -> None:
    lines = [*LINES[:1], '{"id": "bad", "text": "cut', *LINES[1:]]
    ids, errors = read("[\n" + ",\n".join(indent + line for line in lines) + "\n]")
    assert ids == IDS
    assert errors == ["news.json, line 3: this is not valid JSON. Correct it."]


def test_an_invalid_record_over_several_lines_costs_only_itself() -> None:
    ids, errors = read("\n".join([PRETTY[0], PRETTY[1].replace(",", ""), *PRETTY[2:]]))
    assert ids == ["n0", "n2", "n3"]
    assert errors == ["news.json, line 5: this is not valid JSON. Correct it."]


def test_what_follows_an_invalid_record_on_one_line_is_named_as_unread() -> None:
    ids, errors = read(f'[{LINES[0]}, {{"id": oops}}, {LINES[1]}]')
    assert ids == ["n0"]
    assert errors == ["news.json, line 1: this is not valid JSON. Correct it. What comes after it was not read."]


@pytest.mark.parametrize("length", [-1, -3, -25, -60])
def test_records_before_a_cut_are_read_and_the_cut_is_one_error(length: int) -> None:
    ids, errors = read(json.dumps(RECORDS)[:length])
    assert ids == IDS[: len(ids)]
    assert len(ids) >= 2
    assert len(errors) == 1
    assert "the file ends in the middle" in errors[0]


def test_reading_stops_after_many_invalid_values_in_a_row() -> None:
    ids, errors = read("[\n" + LINES[0] + ",\n" + "{x\n" * 200_000 + LINES[1] + "]")
    assert ids == ["n0"]
    assert len(errors) == 1_001
    assert "1,000 values in a row are invalid" in errors[-1]


def test_many_records_without_a_text_before_the_first_article_are_counted() -> None:
    ids, errors = read(json.dumps([{"a": 1}] * 1_500 + RECORDS[:1]))
    assert ids == ["n0"]
    assert len(errors) == 1_001
    assert errors[-1] == "news.json: 500 more records before the first article have no text."


def test_elements_that_are_no_objects_are_one_error() -> None:
    ids, errors = read(json.dumps([1, RECORDS[0], "x", None]))
    assert ids == ["n0"]
    assert errors == ["news.json: 3 elements are not objects. Remove them."]


def test_records_without_a_text_are_reported_one_by_one_if_others_have_one() -> None:
    ids, errors = read(json.dumps([{"id": "a"}, RECORDS[0], {"id": "b"}]))
    assert ids == ["n0"]
    assert [error.partition(":")[0] for error in errors] == ["news.json, record 1", "news.json, record 3"]


def test_an_object_over_the_limit_is_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_BYTES", 200_000)
    records = [{"id": str(number), "text": "x" * 1_000} for number in range(1_000)]
    data = json.dumps({"status": {"code": 1}, "data": {"tags": [], "articles": records}, "next": None}, indent=0)
    ids, errors = read(data)
    assert len(ids) == 1_000
    assert not errors


def test_an_element_over_the_limit_is_refused_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_BYTES", 100_000)
    records = [RECORDS[0], ["x" * 500_000], RECORDS[1]]
    ids, errors = read("[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]")
    assert ids[0] == "n0"
    assert any("longer than 100,000 characters" in error for error in errors)


def test_only_one_element_of_an_array_is_in_memory() -> None:
    class GeneratedArray(io.RawIOBase):
        """Array on one line with two thousand articles of 20,000 characters, generated on demand."""

        def __init__(self) -> None:
            self.parts: Iterator[bytes] = iter([b"[\n"])
            self.parts = self.generate()

        def generate(self) -> Iterator[bytes]:
            yield b"[\n"
            for number in range(2_000):
                yield json.dumps({"id": str(number), "text": "x" * 20_000}).encode() + b","
            yield b"{}]"

        def readline(self, size: int | None = -1, /) -> bytes:
            return next(self.parts, b"")[:size]

        def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - a part is shorter than what is asked for
            return next(self.parts, b"")

    tracemalloc.start()
    articles = read_json(GeneratedArray(), "generated", RecordMapper(None), lambda _: None)  # type: ignore[arg-type]  # only read() is called
    count = sum(1 for _ in articles)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 4_000_000  # of 40 MB read


@given(
    st.binary(max_size=300), st.sampled_from([b"[", b"[{", b'{"a": [\n', b'[{"id": "a", "text": "x"},', b"\xff\xfe"])
)
def test_any_bytes_are_articles_or_errors_of_one_line(data: bytes, head: bytes) -> None:
    errors: list[str] = []
    with suppress(BadInput):
        errors = read(head + data)[1]
    assert all("\n" not in error and error.startswith("news.json") for error in errors)


@given(st.data())
def test_a_mutated_file_gives_articles_or_errors(data: st.DataObject) -> None:
    whole = json.dumps({"response": {"results": RECORDS}}, indent=data.draw(st.sampled_from([None, 1])))
    position = data.draw(st.integers(0, len(whole)))
    mutation = data.draw(st.text(max_size=3) | st.sampled_from(['"', "{", "}", "[", "]", "\\", ","]))
    with suppress(BadInput):
        ids, errors = read(whole[:position] + mutation + whole[position + len(mutation) :])
        assert ids or errors


def test_deep_nesting_is_an_error_and_not_a_crash() -> None:
    for data in ("[" * 200_000, '{"a":' * 200_000, '[{"a":' * 100_000):
        with suppress(BadInput):
            assert read(data)[1]
