"""Archives and their shards, wherever fsspec reaches: one file is one shard.

Rule: a shard is known by its address, and its state by what its file system says of it without reading it: its size,
and its tag, checksum or last change.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import current_process
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from briefings.errors import BadInput
from briefings.ingest.formats.compression import open_decompressed_stream
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.json_lines import ErrorCallback, read_lines
from briefings.ingest.formats.parquet import read_parquet
from briefings.ingest.formats.warc import ReadPage, read_warc
from briefings.model import Article
from briefings.storage.writes.shard_ledger import Shard

#: endings of the files of a folder that are shards; what lies beside them is left aside
_SHARD_ENDINGS = (".jsonl", ".ndjson", ".json", ".parquet", ".warc")
_COMPRESSION_SUFFIXES = ("", ".gz", ".zst")
#: what tells one state of a file from another, the surest first, by the names that file systems give it
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
    """The shards of files and folders, by address, each once.

    Raises BadInput for an archive that is not there, holds none, or whose file system cannot be asked.
    """
    shards_by_address = {shard.address: shard for archive in archives for shard in _list_archive_shards(archive)}
    return [shards_by_address[address] for address in sorted(shards_by_address)]


def get_shard(address: str) -> Shard:
    """A shard as it is now. Raises BadInput when it is not there."""
    file_system, path = _get_file_system(address)
    with _translate_errors(address):
        return Shard(address, _build_stamp(file_system.info(path)))


@contextmanager
def open_articles(address: str, read_page: ReadPage, on_error: ErrorCallback) -> Iterator[Iterator[Article]]:
    """The raw articles of a shard, as a stream; `broken` is told of each line, row or record that is none.

    Raises BadInput, here or while they are taken, when the shard as a whole cannot be read.
    """
    file_system, path = _get_file_system(address)
    with (
        _translate_errors(address),
        open_decompressed_stream(lambda: file_system.open(path, "rb"), address) as (stream, file_type),
    ):
        if file_type is FileType.JSON_LINES:
            yield read_lines(stream, address, on_error)
        elif file_type is FileType.WARC:
            if current_process().daemon:
                raise BadInput(
                    f"{address} holds pages, which are read in processes of their own, and this worker may start none: "
                    "start it with DASK_DISTRIBUTED__WORKER__DAEMON=False."
                )
            yield read_warc(stream, address, read_page, on_error)
        elif file_type is FileType.PARQUET:
            with _open_seekable(stream) as seekable_stream:
                yield read_parquet(seekable_stream, address, on_error)
        else:
            raise BadInput(
                f"{address} is {file_type}, and no shard: give JSON lines, Parquet or WARC. Others can be added."
            )


def _list_archive_shards(archive: str) -> Iterator[Shard]:
    file_system, path = _get_file_system(archive)
    with _translate_errors(archive):
        if file_system.isdir(path):
            files = file_system.find(path, detail=True)
            shard_names = [name for name in files if _is_shard(name[len(path) :])]
            if not shard_names:
                raise BadInput(f"{archive} holds no shards: files of JSON lines, Parquet or WARC.")
            yield from (Shard(_get_shard_address(file_system, name), _build_stamp(files[name])) for name in shard_names)
        else:
            yield Shard(_get_shard_address(file_system, path), _build_stamp(file_system.info(path)))


def _is_shard(name: str) -> bool:
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    return not is_hidden and name.lower().endswith(
        tuple(ending + suffix for ending in _SHARD_ENDINGS for suffix in _COMPRESSION_SUFFIXES)
    )


def _get_file_system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path there."""
    try:
        import fsspec
    except ImportError as error:
        raise BadInput(
            "Archives are read with packages that are not installed: pip install 'on-the-record[cluster]'."
        ) from error
    try:
        file_system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise BadInput(f"{address} cannot be reached: {_format_error(error)}") from error
    return file_system, path


def _get_shard_address(file_system: Any, path: str) -> str:  # noqa: ANN401 - the package has no types
    """A path of this machine as it is, any other with its protocol."""
    return path if "file" in _get_protocols(file_system) else str(file_system.unstrip_protocol(path))


def _get_protocols(file_system: Any) -> Sequence[str]:  # noqa: ANN401 - as above
    return (file_system.protocol,) if isinstance(file_system.protocol, str) else file_system.protocol


def _build_stamp(info: dict[str, Any]) -> str:
    state = next((str(info[tag]) for tag in (*_STATE_TAGS, *_FALLBACK_STATE_TAGS) if info.get(tag) is not None), "")
    return f"{info.get('size')} {state}"


@contextmanager
def _translate_errors(address: str) -> Iterator[None]:
    """What a file system refuses, in one sentence."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadInput(f"{address} is not there: no file or folder has this address.") from error
    except OSError as error:
        raise BadInput(f"{address} cannot be read: {_format_error(error)}") from error


def _format_error(error: Exception) -> str:
    """The first line of what a library says, as the end of a sentence."""
    message = (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
    return message if message.endswith(".") else f"{message}."


@contextmanager
def _open_seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The same bytes, in a file of this machine when they come out of a packing."""
    if stream.seekable():
        yield stream
    else:
        with TemporaryFile() as file:
            copyfileobj(stream, file)
            file.seek(0)
            yield file
