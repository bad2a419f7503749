"""Build the articles of a table from its rows, whatever file it comes from.

Rule: a row whose cells do not fit the columns is left out, because its text could belong to another column.
Rule: "06/07/2016" is a day only if the column as a whole proves whether the day or the month comes first.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from briefings.errors import BadInput
from briefings.ingest.context import ErrorCallback
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.tables.columns import Row, TableColumns, clean_cell
from briefings.model import Article

_NUMERIC_DAY = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)(.*)", re.DOTALL)
_MAX_MONTH = 12
#: what the decoder makes of bytes that are not UTF-8
_INVALID_BYTES = re.compile(r"[\udc80-\udcff]")


class DayOrder(StrEnum):
    """Order of day and month in the numeric dates of a column."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def find_day_order(values: Iterable[object]) -> DayOrder | None:
    """Return the order that the values prove; None if they prove none, or contradict each other."""
    is_day_first = is_month_first = False
    for value in values:
        if isinstance(value, str) and (match := _NUMERIC_DAY.fullmatch(value)):
            is_day_first = is_day_first or int(match[1]) > _MAX_MONTH
            is_month_first = is_month_first or int(match[3]) > _MAX_MONTH
    if is_day_first is is_month_first:
        return None
    return DayOrder.DAY_FIRST if is_day_first else DayOrder.MONTH_FIRST


def has_numeric_days(values: Iterable[object]) -> bool:
    """Tell whether a column has dates of numbers, whose order may be uncertain."""
    return any(isinstance(value, str) and _NUMERIC_DAY.fullmatch(value) for value in values)


def read_rows(
    rows: Iterable[tuple[int, Row | BadInput]],
    table: TableColumns,
    day_order: DayOrder | None,
    mapper: RecordMapper,
    name: str,
    on_error: ErrorCallback,
) -> Iterator[Article]:
    """Yield an article for each row after the header; call `on_error` for each row that was not taken.

    `rows` has each row with its number, or the error of an unreadable one. `name` starts the messages.
    """
    plan = {field: (column,) for field, column in table.mapping.items()}
    for number, row in rows:
        try:
            record = _build_record(row, table, f"{name}, row {number}")
            if record is None:
                continue
            day_column = table.mapping.get("published")
            if day_column is not None and day_order is not None:
                record[day_column] = write_iso(record[day_column], day_order)
            article = mapper.build_article(record, f"{name}, row {number}", plan)
        except BadInput as error:
            on_error(error)
        else:
            yield article


def _build_record(row: Row | BadInput, table: TableColumns, location: str) -> dict[str, object] | None:
    """Return the cells of the columns that are used, or None for an empty row. Raises BadInput for other rows."""
    if isinstance(row, BadInput):
        raise row
    cells = [clean_cell(cell) for cell in row]
    if not any(cell is not None for cell in cells):
        return None
    width, text_number = len(table.names), table.numbers["text"]
    if any(cell is not None for cell in cells[width:]) or text_number + 1 >= len(cells) < width:
        raise BadInput(
            f"{location} has {len(cells)} cells, but the table has {width} columns, so it was left out. "
            "Put texts with separators or line ends in quotation marks."
        )
    text = cells[text_number]
    if not isinstance(text, str):
        raise BadInput(f'{location} has no text in column "{table.names[text_number]}", so it was left out.')
    if _INVALID_BYTES.search(text):
        raise BadInput(f"{location} has bytes that are not UTF-8, so it was left out. Save the file as UTF-8.")
    return {
        table.names[number]: cells[number] if number < len(cells) else None for number in sorted(table.numbers.values())
    }


def write_iso(value: object, day_order: DayOrder) -> object:
    """Return a numeric date with the year first; other values unchanged."""
    match = _NUMERIC_DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    day, month = (match[1], match[3]) if day_order is DayOrder.DAY_FIRST else (match[3], match[1])
    return f"{match[4]}-{int(month):02}-{int(day):02}{match[5]}"


def describe_choice(table: TableColumns, name: str) -> str | None:
    """Return the sentence that says which of several columns with texts was taken, or None if there is only one."""
    if not table.other_texts or table.mapping["text"].lower() == "text":
        return None
    example = table.other_texts[0]
    return (
        f'{name}: the texts come from the column "{table.mapping["text"]}", because its texts are the longest. '
        f'To take another one: --columns "text={example}"'
    )
