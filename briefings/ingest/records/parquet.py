"""Read Parquet files, one article per row, with columns of any names that a record may have.

Rule: rows are read in small batches, and only the columns that are used. The parser is an optional package of 170 MB.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput
from briefings.ingest.context import ErrorCallback
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.field_names import find_candidates
from briefings.ingest.records.tables.columns import TableColumns, check_columns, find_columns
from briefings.ingest.records.tables.rows import describe_choice, find_day_order, has_numeric_days, write_iso
from briefings.model import Article

#: number of rows in memory at a time
_BATCH_ROWS = 32
#: maximum decompressed size of a row group in bytes, because one page of it is in memory at once
_MAX_ROW_GROUP_BYTES = 1_000_000_000


def read_parquet(
    source: Path | BinaryIO,
    file_name: str,
    on_error: ErrorCallback,
    mapper: RecordMapper | None = None,
    on_columns: Callable[[str, Mapping[str, str]], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of a file or of a seekable stream; call `on_error` for each invalid row.

    `file_name` identifies the source in error messages. `on_columns` receives it and the mapping of the columns.
    Raises BadInput if the file is damaged, has no column with texts, or needs a package that is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise BadInput(f"{file_name}: {explain_missing('Parquet files', Extra.ARCHIVES)}") from error
    try:
        with pq.ParquetFile(source, memory_map=False, pre_buffer=False) as file:
            _check_row_groups(file, file_name)
            mapper = mapper or RecordMapper(None)
            table = _find_table(file, file_name, mapper)
            if on_columns is not None:
                on_columns(file_name, table.mapping)
            if (sentence := describe_choice(table, file_name)) is not None:
                mapper.on_warning(sentence)
            yield from _read_rows(file, file_name, table, on_error, mapper)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file_name} is a damaged or incomplete Parquet file. Download or create it again.") from error


def _read_rows(
    file: Any,  # noqa: ANN401 - the package has no types
    file_name: str,
    table: TableColumns,
    on_error: ErrorCallback,
    mapper: RecordMapper,
) -> Iterator[Article]:
    columns = table.mapping
    day_column = columns.get("published")
    day_order = None
    if day_column is not None and has_numeric_days(_iterate_values(file, day_column)):
        day_order = find_day_order(_iterate_values(file, day_column))
    plan = {field: (column,) for field, column in columns.items()}
    for number, row in enumerate(_iterate_rows(file, list(dict.fromkeys(columns.values()))), 1):
        record = {column: value for column, value in row.items() if value is not None}
        if day_order is not None and day_column in record:
            record[day_column] = write_iso(record[day_column], day_order)
        try:
            yield mapper.build_article(record, f"{file_name}, row {number}", plan)
        except BadInput as error:
            on_error(error)


def _find_table(file: Any, file_name: str, mapper: RecordMapper) -> TableColumns:  # noqa: ANN401 - the package has no types
    names = list(dict.fromkeys(str(name) for name in file.schema_arrow.names))
    candidates = {name for names_of_field in find_candidates(names).values() for name in names_of_field}
    chosen_names = {column.strip().lower() for column in mapper.columns.values()}
    wanted_names = [name for name in names if name in candidates or name.lower() in chosen_names]
    sample: list[list[object]] = []
    for row in _iterate_rows(file, wanted_names):
        sample.append([row.get(name) for name in names])
        if len(sample) == _BATCH_ROWS:
            break
    table = find_columns([names, *sample], mapper.columns, header_rows=1)
    check_columns(table, mapper.columns, file_name)
    return table


def _iterate_rows(file: Any, columns: list[str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - the package has no types
    if not columns:
        return
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns, use_threads=False):
        try:
            yield from batch.to_pylist()
        except (ValueError, OverflowError):
            # a time in nanoseconds, or after the year 9999
            yield from _convert_values(batch)


def _convert_values(batch: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - the package has no types
    """Yield the rows of a batch; a value that Python cannot hold becomes its text."""
    for number in range(batch.num_rows):
        row = {}
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                row[name] = column[number].as_py()
            except (ValueError, OverflowError):
                row[name] = column[number].cast("string").as_py()
        yield row


def _iterate_values(file: Any, column: str) -> Iterator[object]:  # noqa: ANN401 - the package has no types
    return (row.get(column) for row in _iterate_rows(file, [column]))


def _check_row_groups(file: Any, file_name: str) -> None:  # noqa: ANN401 - the package has no types
    for group in range(file.metadata.num_row_groups):
        if file.metadata.row_group(group).total_byte_size > _MAX_ROW_GROUP_BYTES:
            raise BadInput(
                f"{file_name} has row groups of more than {_MAX_ROW_GROUP_BYTES:,} bytes. Write it with smaller groups."
            )
