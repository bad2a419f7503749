"""Find the header of a table and which column holds which field of an article.

Rule: a column's name decides, and its values must fit: numbers are no texts, and hosts are no outlets. Of several
columns with texts, "text" is taken, or else the one with the longest texts. The user's choice comes before all names.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefings.errors import BadInput
from briefings.ingest.records.field_names import (
    FIELD_NAMES,
    find_candidates,
    find_summary_name,
    list_names,
)
from briefings.ingest.records.field_values import is_empty, is_empty_word

#: number of rows among which the header is searched: titles and notes may come before it
_MAX_HEADER_ROWS = 20
#: number of rows whose values are looked at
SAMPLE_ROWS = 50
_WORD_BREAK = re.compile(r"\w\s+\w")
_LETTER = re.compile(r"[^\W\d_]")
_HOST_OR_ADDRESS = re.compile(r"\S+://\S+|(?:[\w-]+\.)+[a-z]{2,24}", re.IGNORECASE)

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Columns of a table, and the column of each field that was found."""

    #: number of the header among the rows, from 0
    header_row: int
    #: names of all columns
    names: tuple[str, ...]
    #: number of the column by the name of our field, from 0
    numbers: Mapping[str, int]
    #: names of further columns with texts, which were not taken
    other_texts: tuple[str, ...] = ()

    @property
    def mapping(self) -> dict[str, str]:
        """Return the name of the column by the name of our field, in a fixed order."""
        return {field: self.names[self.numbers[field]] for field in FIELD_NAMES if field in self.numbers}


def find_columns(rows: Sequence[Row], columns: Mapping[str, str], header_rows: int = _MAX_HEADER_ROWS) -> TableColumns:
    """Find the header among the first `header_rows`, and the columns.

    `columns` is the user's choice by the name of our field.
    The result has no number for "text" if no column has texts.
    """
    candidates = [
        _read_header(rows, number, columns) for number in range(min(len(rows), header_rows)) if any(rows[number])
    ]
    if not candidates:
        return TableColumns(0, (), {})
    # of equal rows, the first is the header
    return max(candidates, key=lambda table: ("text" in table.numbers, len(table.numbers), -table.header_row))


def check_columns(table: TableColumns, columns: Mapping[str, str], name: str) -> None:
    """Raise BadInput, with a message that starts with `name`, if the table has no texts or lacks a chosen column."""
    missing_columns = [column for column in columns.values() if _find_name(table.names, column) is None]
    if missing_columns:
        raise BadInput(
            f"{name} has no column {list_names(missing_columns[:1])}. Its columns are {list_names(table.names)}."
        )
    if "text" in table.numbers:
        return
    if (summary_name := find_summary_name(table.names)) is not None:
        raise BadInput(
            f'{name} has only summaries (column "{summary_name}"), not the texts of articles. '
            f"Its columns are {list_names(table.names)}. If one has the texts, name it: --columns text=COLUMN"
        )
    if not any(table.names):
        raise BadInput(f"{name} has no header. Add a first row with the names of the columns, for example: title, text")
    raise BadInput(
        f"{name} has no column with article texts. Its columns are {list_names(table.names)}. "
        "If one has the texts, name it, for example: --columns text=body"
    )


def clean_cell(cell: object) -> object:
    """Return a cell's value, or None if it is blank or says that there is no value."""
    return None if is_empty(cell) or (isinstance(cell, str) and is_empty_word(cell)) else cell


def _read_header(rows: Sequence[Row], header_row: int, columns: Mapping[str, str]) -> TableColumns:
    """Return the columns that a row names if it is the header."""
    names = tuple(cell.strip().removeprefix("\ufeff") if isinstance(cell, str) else "" for cell in rows[header_row])
    sample = rows[header_row + 1 : header_row + 1 + SAMPLE_ROWS]
    numbers: dict[str, int] = {}
    other_texts: tuple[str, ...] = ()
    first_numbers = {name: number for number, name in reversed(list(enumerate(names))) if name}
    for field, candidates in find_candidates(first_numbers).items():
        if field == "text":
            text_names = _rank_text_columns(list(candidates), first_numbers, sample)
            best_name, other_texts = (text_names[0] if text_names else None), tuple(text_names[1:])
        else:
            usable_names = (name for name in candidates if _is_usable(field, first_numbers[name], sample))
            best_name = next(usable_names, None)
        if best_name is not None:
            numbers[field] = first_numbers[best_name]
    for field, column in columns.items():
        if (name := _find_name(names, column)) is not None:
            numbers[field] = first_numbers[name]
            other_texts = () if field == "text" else other_texts
    return TableColumns(header_row, names, numbers, other_texts)


def _find_name(names: Sequence[str], column: str) -> str | None:
    """Return the name of a column that the user wrote, perhaps in another case."""
    if column in names:
        return column
    return next((name for name in names if name.lower() == column.strip().lower() and name), None)


def _rank_text_columns(candidates: list[str], numbers: Mapping[str, int], sample: Sequence[Row]) -> list[str]:
    """Return the columns with texts: "text" first, then by the length of their texts."""
    if not sample:
        return candidates
    lengths: dict[str, int] = {}
    for name in candidates:
        cells = _get_cells(numbers[name], sample)
        texts = [cell for cell in cells if isinstance(cell, str)]
        pattern = _LETTER if name.lower() == "text" else _WORD_BREAK
        is_exact_and_empty = name == "text" and not cells
        if is_exact_and_empty or any(pattern.search(text) and _LETTER.search(text) for text in texts):
            lengths[name] = sum(map(len, texts))
    return sorted(lengths, key=lambda name: (name.lower() != "text", -lengths[name]))


def _is_usable(field: str, number: int, sample: Sequence[Row]) -> bool:
    """Tell whether a column has a value that can be the field's, as far as that can be seen."""
    cells = _get_cells(number, sample)
    if not sample:
        return True
    texts = [cell for cell in cells if isinstance(cell, str)]
    if any(isinstance(cell, list | dict) for cell in cells):
        return True
    if field == "publisher":
        return any(not _HOST_OR_ADDRESS.fullmatch(text.strip()) for text in texts)
    if field == "byline":
        return any(_LETTER.search(text) for text in texts)
    return bool(cells)


def _get_cells(number: int, sample: Sequence[Row]) -> list[object]:
    cells = (clean_cell(row[number]) for row in sample if number < len(row))
    return [cell for cell in cells if cell is not None]
