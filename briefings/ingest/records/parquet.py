"""Read Parquet files, one article per row, with the same columns as JSON lines.

Rule: rows are read in small batches, and only known columns. The parser is an optional package of 170 MB.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from briefings.errors import BadInput
from briefings.ingest.records.json_lines import parse_article
from briefings.model import Article

_COLUMNS = ("id", "text", "publisher", "published", "date", "url", "title", "byline")
#: number of rows in memory at a time
_BATCH_ROWS = 32
#: maximum decompressed size of a row group in bytes, because one page of it is in memory at once
_MAX_ROW_GROUP_BYTES = 1_000_000_000


def read_parquet(source: Path | BinaryIO, file_name: str, on_error: Callable[[BadInput], None]) -> Iterator[Article]:
    """Yield the articles of a file or of a seekable stream; call `on_error` for each invalid row.

    `file_name` identifies the source in error messages. Raises BadInput if the file is damaged, lacks the columns "id"
    and "text", or needs a package that is not installed.
    """
    for number, row in enumerate(_iterate_rows(source, file_name), 1):
        try:
            yield parse_article(
                {column: value for column, value in row.items() if value is not None}, f"{file_name}, row {number}"
            )
        except BadInput as error:
            on_error(error)


def _iterate_rows(source: Path | BinaryIO, file_name: str) -> Iterator[dict[str, Any]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise BadInput(
            f"{file_name}: reading Parquet needs an extra package. Install it with: pip install pyarrow"
        ) from error
    try:
        with pq.ParquetFile(source, memory_map=False, pre_buffer=False) as file:
            columns = [column for column in file.schema_arrow.names if column in _COLUMNS]
            _check_schema(file, file_name, columns)
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns, use_threads=False):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file_name} is a damaged or incomplete Parquet file. Download or create it again.") from error


def _check_schema(file: Any, file_name: str, columns: list[str]) -> None:  # noqa: ANN401 - the package has no types
    if not {"id", "text"} <= set(columns):
        raise BadInput(f'{file_name} needs the columns "id" and "text". Add or rename them.')
    for group in range(file.metadata.num_row_groups):
        if file.metadata.row_group(group).total_byte_size > _MAX_ROW_GROUP_BYTES:
            raise BadInput(
                f"{file_name} has row groups of more than {_MAX_ROW_GROUP_BYTES:,} bytes. Write it with smaller groups."
            )
