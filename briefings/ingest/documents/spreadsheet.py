"""Read spreadsheets (XLSX, ODS and their relatives), one article per row of the first sheet that has texts.

Rule: the declared size of a ZIP file is checked before it is parsed; the sandbox limits what it declares wrongly.
"""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from briefings.errors import BadInput
from briefings.ingest.context import ReadNote, ReadOptions
from briefings.ingest.pages.html import read_page
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.tables.columns import SAMPLE_ROWS, Row, TableColumns, check_columns, find_columns
from briefings.ingest.records.tables.rows import describe_choice, find_day_order, read_rows
from briefings.model import Article

#: maximum size of the files inside, in bytes, and its ratio to the size of the spreadsheet
MAX_UNPACKED_BYTES, _MAX_RATIO, _ALWAYS_ALLOWED_BYTES = 100_000_000, 200, 20_000_000
_MAX_SHEETS = 100
#: maximum number of rows of one sheet; larger ones are better read as a stream
_MAX_ROWS = 200_000
#: number of rows from which the columns are found
_HEAD_ROWS = 20 + SAMPLE_ROWS
#: maximum length of a cell in Excel, in characters; longer texts were cut off
_MAX_CELL_LENGTH = 32_767
#: errors of the workbook's parser; it has no common base class
_PARSER_ERRORS = (CalamineError, ValueError, KeyError, IndexError, OverflowError, zipfile.BadZipFile)


def read(data: bytes, name: str, article_id: str, options: ReadOptions) -> Sequence[Article | BadInput | ReadNote]:
    """Return the articles of a spreadsheet, and notes and errors about it.

    Raises BadInput if it is damaged, too large, or has no sheet with texts.
    """
    _check_size(data, name)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(sheet, _read_sheet(workbook, sheet, name)) for sheet in workbook.sheet_names[:_MAX_SHEETS]]
    except _PARSER_ERRORS as error:
        raise BadInput(f"{name} is a damaged or protected spreadsheet. Save it as .xlsx or .csv again.") from error
    items: list[Article | BadInput | ReadNote] = []
    mapper = RecordMapper(article_id, options, lambda sentence: items.append(ReadNote(name, sentence)), read_page)
    sheet, rows, table = _choose_sheet(sheets, mapper, name)
    location = f'{name}, sheet "{sheet}"' if len(sheets) > 1 else name
    items.append(ReadNote(location, describe_choice(table, location), table.mapping))
    day_number = table.numbers.get("published", -1)
    day_order = find_day_order(row[day_number] for row in rows if 0 <= day_number < len(row))
    data_rows = list(enumerate(rows, 1))[table.header_row + 1 :]
    for article in read_rows(data_rows, table, day_order, mapper, location, items.append):
        if len(article.text) == _MAX_CELL_LENGTH:
            items.append(ReadNote(name, f'{location}: the text of "{article.id}" was cut off by Excel at its limit.'))
        items.append(article)
    return items


def _check_size(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            size = sum(part.file_size for part in package.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise BadInput(f"{name} is a damaged spreadsheet. Save it as .xlsx or .csv again.") from error
    if size > MAX_UNPACKED_BYTES or size > max(_ALWAYS_ALLOWED_BYTES, _MAX_RATIO * len(data)):
        raise BadInput(f"{name} unpacks to {size:,} bytes, which is too much. Save it as .csv and add that.")


def _read_sheet(workbook: CalamineWorkbook, sheet_name: str, name: str) -> list[Row]:
    """Return the rows of a sheet from its first row, so that numbers are those that a user sees."""
    sheet = workbook.get_sheet_by_name(sheet_name)
    if sheet.total_height > _MAX_ROWS:
        raise BadInput(f"{name} has more than {_MAX_ROWS:,} rows. Save it as .csv and add that.")
    rows = sheet.to_python(skip_empty_area=False)
    return [[_convert_cell(cell) for cell in row] for row in rows]


def _convert_cell(cell: object) -> object:
    """Return a cell's value; every number is a float in a spreadsheet."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _choose_sheet(
    sheets: list[tuple[str, list[Row]]], mapper: RecordMapper, name: str
) -> tuple[str, list[Row], TableColumns]:
    """Return the first sheet with texts. Raises BadInput with the columns of the longest sheet if there is none."""
    for sheet, rows in sheets:
        table = find_columns(rows[:_HEAD_ROWS], mapper.columns)
        if "text" in table.numbers:
            return sheet, rows, table
    if not any(rows for _, rows in sheets):
        raise BadInput(f"{name} is an empty spreadsheet. Add one with a header and a row for each article.")
    longest_rows = max((rows for _, rows in sheets), key=len)
    check_columns(find_columns(longest_rows[:_HEAD_ROWS], mapper.columns), mapper.columns, name)
    raise BadInput(f"{name} has no sheet with article texts.")
