"""Parquet files, a row an article, with the columns of JSON lines.

Rule: rows are read a few at a time, and no column that is not known. Reading Parquet takes a package of 170 MB, which
only those install who have such files.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from briefings.errors import BadInput
from briefings.ingest.formats.json_lines import parse_article
from briefings.model import Article

_COLUMNS = ("id", "text", "publisher", "published", "date", "url", "title", "byline")
#: rows in memory at a time
_BATCH_ROWS = 32
#: bytes that a column of a group of rows may unpack to, for one page of it is held at once
_MAX_ROW_GROUP_BYTES = 1_000_000_000


def read_parquet(source: Path | BinaryIO, file_name: str, on_error: Callable[[BadInput], None]) -> Iterator[Article]:
    """The articles of a file, or of a stream with places, called `path`; `broken` is told of each row that is none.

    Raises BadInput when the file is damaged, lacks the columns "id" and "text", or the package is not installed.
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
        raise BadInput(f"{file_name} is Parquet, which takes one more package to read: pip install pyarrow.") from error
    try:
        with pq.ParquetFile(source, memory_map=False, pre_buffer=False) as file:
            columns = [column for column in file.schema_arrow.names if column in _COLUMNS]
            _check_schema(file, file_name, columns)
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns, use_threads=False):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file_name} is not a whole Parquet file. Fetch or make it again.") from error


def _check_schema(file: Any, file_name: str, columns: list[str]) -> None:  # noqa: ANN401 - the package has no types
    if not {"id", "text"} <= set(columns):
        raise BadInput(f'{file_name}: the columns "id" and "text" are not both there. Name them so.')
    for group in range(file.metadata.num_row_groups):
        if file.metadata.row_group(group).total_byte_size > _MAX_ROW_GROUP_BYTES:
            raise BadInput(
                f"{file_name} has groups of over {_MAX_ROW_GROUP_BYTES:,} bytes of rows. Write it in smaller ones."
            )
