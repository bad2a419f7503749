"""Find the encoding and the separator of a table in a text file.

Rule: the separator is the one with which most columns get a meaning, and with which the rows have equally many cells.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO, cast

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.records.tables.columns import SAMPLE_ROWS, TableColumns, find_columns

#: maximum size of a table that is not UTF-8, because it is decoded at once
_MAX_OTHER_ENCODING_BYTES = 50_000_000
_CHUNK_BYTES = 1 << 20
#: number of characters from which the separator is found
_SAMPLE_CHARACTERS = 2_000_000
#: number of the sample's rows above which the last one, which may be incomplete, is ignored
_FEW_ROWS = 3
#: number of invalid bytes up to which a file can be UTF-8, if it has at least twice as many valid characters
_MAX_INVALID_BYTES = 1_000
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Separator of a table, and the sign before a quotation mark inside a cell (None: the mark is doubled)."""

    separator: str
    escape: str | None = None

    @property
    def csv_options(self) -> dict[str, Any]:
        """Return the options for the module `csv`."""
        return {
            "delimiter": self.separator,
            "escapechar": self.escape,
            "doublequote": self.escape is None,
            "skipinitialspace": self.separator != "\t",
        }


def open_text(file: BinaryIO, name: str) -> TextIO:
    """Return a table's text, which can be read several times. Invalid bytes in UTF-8 become lone surrogates.

    Raises BadInput if the encoding is unclear.
    """
    file.seek(0)
    mark = file.read(2)
    if mark in _UTF16_MARKS:
        return _open(file, "utf-16", "replace")
    if _is_utf8(file):
        return _open(file, "utf-8-sig", "surrogateescape")
    file.seek(0)
    data = file.read(_MAX_OTHER_ENCODING_BYTES + 1)
    if len(data) > _MAX_OTHER_ENCODING_BYTES:
        raise BadInput(f"{name} is not UTF-8 text. Save it as UTF-8 and try again.")
    return io.StringIO(decode_bytes(data, name), newline="")


def find_layout(text: TextIO, columns: Mapping[str, str]) -> tuple[TableLayout, TableColumns]:
    """Return the layout of a table and its columns. `columns` is the user's choice by the name of our field."""
    text.seek(0)
    sample = text.read(_SAMPLE_CHARACTERS)
    is_complete = len(sample) < _SAMPLE_CHARACTERS
    escapes = (None, "\\") if '\\"' in sample else (None,)
    layouts = [TableLayout(separator, escape) for separator in ",;\t|" for escape in escapes]
    results = [(layout, _try_layout(sample, layout, columns, is_complete=is_complete)) for layout in layouts]
    layout, (table, _) = max(results, key=lambda result: _rate(*result[1]))
    return layout, table


def _open(file: BinaryIO, encoding: str, errors: str) -> TextIO:
    file.seek(0)
    return io.TextIOWrapper(cast("io.BytesIO", file), encoding, errors, newline="")


def _is_utf8(file: BinaryIO) -> bool:
    """Tell whether a file is UTF-8, perhaps with a few invalid bytes."""
    file.seek(0)
    text = io.TextIOWrapper(cast("io.BytesIO", file), "utf-8", "surrogateescape", newline="")
    invalid_count = other_count = 0
    try:
        while chunk := text.read(_CHUNK_BYTES):
            if chunk.isascii():
                continue
            invalid_count += sum("\udc80" <= char <= "\udcff" for char in chunk)
            other_count += sum(char > "\x7f" for char in chunk)
            if invalid_count > _MAX_INVALID_BYTES:
                return False
    finally:
        text.detach()
    return 3 * invalid_count <= other_count


def _try_layout(
    sample: str, layout: TableLayout, columns: Mapping[str, str], *, is_complete: bool
) -> tuple[TableColumns, float]:
    """Return the columns that a layout gives, and the share of rows that have as many cells as the header."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), strict=True, **layout.csv_options)
    while len(rows) <= SAMPLE_ROWS:
        try:
            rows.append(next(reader))
        except StopIteration:
            break
        except csv.Error:
            rows.append([])
    if not is_complete and _FEW_ROWS < len(rows) <= SAMPLE_ROWS:
        rows.pop()
    table = find_columns(rows, columns)
    data_rows = rows[table.header_row + 1 :]
    fitting_count = sum(len(row) == len(table.names) for row in data_rows)
    return table, fitting_count / len(data_rows) if data_rows else 0.0


def _rate(table: TableColumns, fitting_share: float) -> tuple[bool, int, float, int]:
    return "text" in table.numbers, len(table.numbers), fitting_share, len(table.names)
