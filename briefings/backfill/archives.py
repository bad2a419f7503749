"""List and open the shards of archives on any fsspec file system; each file is one shard.

Rule: the address identifies a shard. Its stamp identifies its content without reading it: the size, and an ETag,
checksum or modification time from the file system.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import current_process
from typing import Any

from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput
from briefings.ingest.archives.warc import read_warc
from briefings.ingest.context import Content, ErrorCallback, ReadContext, ReadObserver, ReadOptions, ReadPage
from briefings.ingest.formats.compression import open_content, open_seekable
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.integrity import Integrity
from briefings.ingest.records.json_lines import read_lines
from briefings.ingest.records.parquet import read_parquet
from briefings.model import Article
from briefings.storage.writes.shard_ledger import Shard

#: extensions of shard files; other files in a folder are ignored
_SHARD_ENDINGS = (".jsonl", ".ndjson", ".json", ".parquet", ".warc", ".wet", ".arc")
_COMPRESSION_SUFFIXES = ("", ".gz", ".zst", ".bz2", ".xz")
#: keys of file information that change with the content, most reliable first, as the file systems name them
_STATE_TAGS = (
    "ETag",
    "etag",
    "md5Hash",
    "content_md5",
    "checksum",
    "mtime",
    "LastModified",
    "last_modified",
    "updated",
)
_FALLBACK_STATE_TAGS = ("modified", "created")


def list_shards(archives: Iterable[str]) -> list[Shard]:
    """Return the shards of files and folders, sorted by address and without duplicates.

    Raises BadInput if an archive does not exist, has no shards, or is on an unreachable file system.
    """
    shards_by_address = {shard.address: shard for archive in archives for shard in _list_archive_shards(archive)}
    return [shards_by_address[address] for address in sorted(shards_by_address)]


def get_shard(address: str) -> Shard:
    """Return a shard with its current stamp. Raises BadInput if it does not exist."""
    file_system, path = _get_file_system(address)
    with _translate_errors(address):
        return Shard(address, _build_stamp(file_system.info(path)))


@contextmanager
def open_articles(address: str, read_page: ReadPage, on_error: ErrorCallback) -> Iterator[Iterator[Article]]:
    """Open a stream of the raw articles of a shard; `on_error` is called for each invalid line, row or record.

    Raises BadInput, on opening or during iteration, if the shard as a whole cannot be read.
    """
    file_system, path = _get_file_system(address)
    integrity = Integrity(address, is_strict=True)
    with (
        _translate_errors(address),
        open_content(lambda: file_system.open(path, "rb"), integrity) as content,
    ):
        if content.file_type is FileType.JSON_LINES:
            yield read_lines(content.stream, address, on_error)
        elif content.file_type in {FileType.WARC, FileType.ARC}:
            if current_process().daemon:
                raise BadInput(
                    f"{address} contains web pages, but this worker cannot start the process that reads them. "
                    "Start the worker with DASK_DISTRIBUTED__WORKER__DAEMON=False."
                )
            context = ReadContext(read_page, _refuse_document, _ErrorObserver(on_error))
            yield read_warc(Content(content.stream, content.file_type, address, address, integrity), context)
        elif content.file_type is FileType.PARQUET:
            with open_seekable(content.stream, integrity) as seekable_stream:
                yield read_parquet(seekable_stream, address, on_error)
        else:
            raise BadInput(
                f"{address} is a {content.file_type} file. "
                "Backfill needs JSON lines, Parquet or WARC; use add for other files."
            )


class _ErrorObserver(ReadObserver):
    """Observer that passes errors to a function and ignores everything else."""

    def __init__(self, on_error: ErrorCallback) -> None:
        self._on_error = on_error

    def on_error(self, error: BadInput) -> None:
        self._on_error(error)


def _refuse_document(
    _data: bytes, file_type: FileType, name: str, _article_id: str, _options: ReadOptions
) -> Sequence[Article | BadInput]:
    raise BadInput(f"{name} is a {file_type} file, which a backfill does not read.")


def _list_archive_shards(archive: str) -> Iterator[Shard]:
    file_system, path = _get_file_system(archive)
    with _translate_errors(archive):
        if file_system.isdir(path):
            files = file_system.find(path, detail=True)
            shard_names = [name for name in files if _is_shard(name[len(path) :])]
            if not shard_names:
                raise BadInput(f"{archive} contains no JSON lines, Parquet or WARC files.")
            yield from (Shard(_get_shard_address(file_system, name), _build_stamp(files[name])) for name in shard_names)
        else:
            yield Shard(_get_shard_address(file_system, path), _build_stamp(file_system.info(path)))


def _is_shard(name: str) -> bool:
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    return not is_hidden and name.lower().endswith(
        tuple(ending + suffix for ending in _SHARD_ENDINGS for suffix in _COMPRESSION_SUFFIXES)
    )


def _get_file_system(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path on it."""
    try:
        import fsspec
    except ImportError as error:
        raise BadInput(explain_missing("Archives", Extra.CLUSTER)) from error
    try:
        file_system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise BadInput(f"{address} cannot be reached: {_format_error(error)}") from error
    return file_system, path


def _get_shard_address(file_system: Any, path: str) -> str:  # noqa: ANN401 - the package has no types
    """Return a local path unchanged, and any other path with its protocol."""
    return path if "file" in _get_protocols(file_system) else str(file_system.unstrip_protocol(path))


def _get_protocols(file_system: Any) -> Sequence[str]:  # noqa: ANN401 - as above
    return (file_system.protocol,) if isinstance(file_system.protocol, str) else file_system.protocol


def _build_stamp(info: dict[str, Any]) -> str:
    state = next((str(info[tag]) for tag in (*_STATE_TAGS, *_FALLBACK_STATE_TAGS) if info.get(tag) is not None), "")
    return f"{info.get('size')} {state}"


@contextmanager
def _translate_errors(address: str) -> Iterator[None]:
    """Turn file system errors into BadInput with a one-line message."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadInput(f"{address} was not found. Check the address.") from error
    except OSError as error:
        raise BadInput(f"{address} cannot be read: {_format_error(error)}") from error


def _format_error(error: Exception) -> str:
    """Return the first line of a library's error message, with a full stop."""
    message = (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
    return message if message.endswith(".") else f"{message}."
