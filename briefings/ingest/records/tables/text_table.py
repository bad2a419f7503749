"""Read tables in text files (CSV, TSV and the like), one article per row.

Rule: the file is copied to a temporary file, because its encoding and the order of its dates need a look at all of it.
Rule: rows are read one by one. A row with a misplaced quotation mark is left out, because its cells are uncertain.
"""

import csv
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, TextIO, cast

from briefings.errors import BadInput
from briefings.ingest.context import Content, ReadContext
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.field_names import resolve_columns
from briefings.ingest.records.tables.columns import Row, check_columns
from briefings.ingest.records.tables.layout import TableLayout, find_layout, open_text
from briefings.ingest.records.tables.rows import describe_choice, find_day_order, read_rows
from briefings.ingest.text_file import MAX_BYTES
from briefings.model import Article

#: maximum size of a table in bytes
MAX_TABLE_BYTES = 1_000_000_000
_MEMORY_BYTES, _CHUNK_BYTES = 16_000_000, 1 << 20
#: maximum length of one row in characters
_MAX_ROW_LENGTH = 2 * MAX_BYTES


def read_table(content: Content, context: ReadContext) -> Iterator[Article]:
    """Yield the article of each row; report the mapping of columns, and each row that was not taken.

    Raises BadInput if the table has no column with texts.
    """
    observer, name = context.observer, content.name
    columns = resolve_columns(context.options.columns)
    mapper = RecordMapper(content.article_id, context.options, observer.on_warning, context.read_page)
    csv.field_size_limit(MAX_BYTES)
    with SpooledTemporaryFile(_MEMORY_BYTES) as spooled_file:
        file = cast("BinaryIO", spooled_file)
        _copy(content.stream, file, name)
        text = open_text(file, name)
        layout, table = find_layout(text, columns)
        check_columns(table, columns, name)
        observer.on_columns(name, table.mapping)
        if (sentence := describe_choice(table, name)) is not None:
            observer.on_warning(sentence)
        day_number = table.numbers.get("published")
        day_order = None if day_number is None else find_day_order(_iterate_cells(text, layout, day_number, name))
        rows = (numbered for numbered in _iterate_rows(text, layout, name) if numbered[0] > table.header_row + 1)
        yield from read_rows(rows, table, day_order, mapper, name, observer.on_error)


def _copy(stream: BinaryIO, file: BinaryIO, name: str) -> None:
    size = 0
    while data := stream.read(_CHUNK_BYTES):
        size += len(data)
        if size > MAX_TABLE_BYTES:
            raise BadInput(f"{name} is longer than {MAX_TABLE_BYTES:,} bytes, the limit for one table. Split it.")
        file.write(data)


def _iterate_rows(text: TextIO, layout: TableLayout, name: str) -> Iterator[tuple[int, Row | BadInput]]:
    """Yield the rows from the beginning with their numbers, from 1; the error of a row with a misplaced mark."""
    text.seek(0)
    lines = _BoundedLines(text, name)
    reader = csv.reader(lines, strict=True, **layout.csv_options)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, _build_row_error(f"{name}, row {number}", error)
        else:
            yield number, row
        lines.row_length = 0


def _iterate_cells(text: TextIO, layout: TableLayout, column: int, name: str) -> Iterator[object]:
    for _, row in _iterate_rows(text, layout, name):
        if not isinstance(row, BadInput) and column < len(row):
            yield row[column]


def _build_row_error(location: str, error: csv.Error) -> BadInput:
    if "field limit" in str(error):
        return BadInput(f"{location} has a cell longer than {MAX_BYTES:,} characters, so it was left out.")
    if "end of data" in str(error):
        return BadInput(
            f"{location} has a quotation mark that is not closed. It and what comes after it were left out."
        )
    return BadInput(f"{location} has a quotation mark inside a text that is not doubled, so it was left out.")


class _BoundedLines(Iterable[str]):
    """Lines of a table, in pieces if they are too long. Raises BadInput if one row does not end."""

    def __init__(self, text: TextIO, name: str) -> None:
        self._text, self._name, self.row_length = text, name, 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_BYTES):
            self.row_length += len(line)
            if self.row_length > _MAX_ROW_LENGTH:
                raise BadInput(
                    f"{self._name} has a row longer than {_MAX_ROW_LENGTH:,} characters. "
                    "Check whether a quotation mark is not closed."
                )
            yield line
