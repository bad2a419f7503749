"""Read JSON files: JSON lines as a stream, one article per line, or an array, or what an interface returns.

Rule: memory is bounded by one line (or one element of an array), so a repeated id is not an error here; storage
resolves it. Rule: with an error callback, invalid lines are reported and the other lines are still read.
Rule: a list of which no record has a text is one error, not one for each record.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.context import ErrorCallback, ReadObserver
from briefings.ingest.field_validation import Fields, build_article, check_id, check_storable, require_text
from briefings.ingest.formats.compression import open_decompressed
from briefings.ingest.records.field_mapping import RecordMapper, SummaryOnly
from briefings.ingest.records.field_names import list_names
from briefings.ingest.records.json_layout import open_json
from briefings.ingest.records.json_stream import JsonStream
from briefings.ingest.text_file import MAX_BYTES, decode_utf8
from briefings.model import Article

#: number of errors that are kept until a list has its first article
_MAX_PENDING_ERRORS = 1_000


def read_lines(stream: BinaryIO, name: str, on_error: ErrorCallback | None = None) -> Iterator[Article]:
    """Yield the articles of a stream, in order; skip blank lines. `name` identifies the stream in error messages.

    Raises BadInput at the first invalid line, unless `on_error` is given, and at the end of an empty stream.
    """
    return read_json(stream, name, RecordMapper(None), on_error or ReadObserver().on_error)


def read_json(stream: BinaryIO, name: str, mapper: RecordMapper, on_error: ErrorCallback) -> Iterator[Article]:
    """Yield the articles of a stream, in order, whatever its layout; call `on_error` for each record not taken.

    Raises BadInput at the end of a stream without records.
    """
    stream, is_one_per_line = open_json(stream, name)
    if is_one_per_line:
        yield from _read_records_of_lines(stream, name, mapper, on_error)
    else:
        yield from _read_records_of_values(stream, name, mapper, on_error)


def read_objects(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, Fields]]:
    """Yield each object of a file, or of `stdin` if the path is "-", with its location ("news.jsonl, line 3").

    The fields are not checked. Raises BadInput at the first line that is not a JSON object.
    """
    if str(path) == "-" and stdin is not None:
        yield from _parse_objects(stdin, "standard input")
    else:
        with open_decompressed(path) as (stream, _):
            yield from _parse_objects(stream, str(path))


def parse_article(fields: Fields, location: str) -> Article:
    """Build an article from the object of one line. Raises BadInput with a message that starts with `location`."""
    article_id = check_id(require_text(fields, "id", location), location)
    # Archives contain articles with an empty text; they must not stop the import.
    text = check_storable(require_text(fields, "text", location, is_empty_allowed=True), location)
    return build_article(article_id, text, fields, location)


def _read_records_of_lines(
    stream: BinaryIO, name: str, mapper: RecordMapper, on_error: ErrorCallback
) -> Iterator[Article]:
    is_empty = True
    for location, line in _read_numbered_lines(stream, name):
        try:
            value = _parse_value(line, location)
            if value is None:
                continue
            is_empty = False
            records = mapper.get_records(value)
            if len(records) == 1:
                yield mapper.build_article(_require_object(records[0], location), location)
                continue
        except BadInput as error:
            is_empty = False
            on_error(error)
            continue
        report = _ListReport(location, on_error)
        yield from _read_list(enumerate(records, 1), location, mapper, report)
        report.finish()
    if is_empty:
        raise BadInput(f'{name} contains no articles. Write one JSON object per line, with "id" and "text".')


@dataclass(slots=True)
class _ListReport:
    """Errors of a list's records, kept back until the first article shows that it is a list of articles."""

    name: str
    on_error: ErrorCallback
    errors: list[BadInput] = field(default_factory=list)
    count: int = 0
    has_article: bool = False
    #: number of elements that are not records at all, such as numbers
    other_count: int = 0
    first_record: Fields | None = None

    def add_error(self, error: BadInput, record: Fields | None) -> None:
        """Report the error of a record, or keep it. Without a record it is an error of the file."""
        self.count += record is not None
        self.first_record = self.first_record or record
        if self.has_article or record is None or len(self.errors) == _MAX_PENDING_ERRORS:
            self.on_error(error)
        else:
            self.errors.append(error)

    def add_article(self) -> None:
        """Note that the list has an article, and report what was kept."""
        if not self.has_article:
            self.has_article = True
            for error in self.errors:
                self.on_error(error)

    def finish(self) -> None:
        """Report what is left: one error for a list without articles, and one for elements that are not records."""
        if self.has_article:
            if self.other_count:
                self.on_error(BadInput(f"{self.name}: {self.other_count:,} elements are not objects. Remove them."))
        elif self.count == 1:
            self.on_error(self.errors[0])
        elif self.count:
            self.on_error(self._build_list_error())
        elif self.other_count:
            self.on_error(
                BadInput(f'{self.name} is JSON without articles. Write a list of objects, with "id" and "text".')
            )

    def _build_list_error(self) -> BadInput:
        if isinstance(self.errors[0], SummaryOnly):
            return BadInput(
                f"{self.name} contains only summaries, in {self.count:,} records. Add the whole texts of the articles."
            )
        return BadInput(
            f"{self.name} contains no articles: none of its {self.count:,} records has a text. "
            f"The first has the fields {list_names(self.first_record or {})}. "
            "If one of them is the text, name it: --columns text=FIELD"
        )


def _read_records_of_values(
    stream: BinaryIO, name: str, mapper: RecordMapper, on_error: ErrorCallback
) -> Iterator[Article]:
    report = _ListReport(name, on_error)
    number = 0
    for element in JsonStream(stream, name):
        if isinstance(element, BadInput):
            number += 1
            report.add_error(element, None)
            continue
        records = mapper.get_records(element)
        yield from _read_list(enumerate(records, number + 1), name, mapper, report)
        number += len(records)
    if not number:
        raise BadInput(f'{name} contains no articles. Write a list of objects, with "id" and "text".')
    report.finish()


def _read_list(
    records: Iterable[tuple[int, object]], location: str, mapper: RecordMapper, report: _ListReport
) -> Iterator[Article]:
    for number, record in records:
        if not isinstance(record, dict):
            report.other_count += 1
            continue
        try:
            article = mapper.build_article(record, f"{location}, record {number}")
        except BadInput as error:
            report.add_error(error, record)
        else:
            report.add_article()
            yield article


def _read_numbered_lines(stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield each line with its location ("news.jsonl, line 3"); a line over the limit is cut one byte above it."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        line_end = line
        while len(line_end) > MAX_BYTES and not line_end.endswith(b"\n"):
            line_end = stream.readline(MAX_BYTES + 1)
        # the byte order mark belongs to the file, not to an article
        yield f"{name}, line {number}", line.removeprefix(BOM_UTF8) if number == 1 else line


def _parse_objects(stream: BinaryIO, name: str) -> Iterator[tuple[str, Fields]]:
    for location, line in _read_numbered_lines(stream, name):
        value = _parse_value(line, location)
        if value is not None:
            yield location, _require_object(value, location)


def _parse_value(line: bytes, location: str) -> object:
    """Return the value of a line, or None for a blank line."""
    if len(line) > MAX_BYTES:
        raise BadInput(f"{location}: this line is longer than {MAX_BYTES:,} bytes, the limit for one article.")
    text = decode_utf8(line, location)
    if not text or text.isspace():
        return None
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        try:
            value = json.loads(text.rstrip().removesuffix(","))  # a line of an array without its brackets
        except (ValueError, RecursionError):
            raise BadInput(f"{location}: this is not valid JSON. Write one JSON object per line.") from error
    return value if value is not None else ()


def _require_object(value: object, location: str) -> Fields:
    if not isinstance(value, dict):
        raise BadInput(f'{location}: this is JSON, but not an object. Write one object per line, with "id" and "text".')
    return value
