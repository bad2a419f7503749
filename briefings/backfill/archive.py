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
from briefings.ingest.jsonlines import Broken, read_lines
from briefings.ingest.kind import Kind
from briefings.ingest.packed import unpacked_from
from briefings.ingest.parquet import read_parquet
from briefings.ingest.warc import Pages, read_warc
from briefings.model import Article
from briefings.record.shards import Shard

#: endings of the files of a folder that are shards; what lies beside them is left aside
_ENDINGS = (".jsonl", ".ndjson", ".json", ".parquet", ".warc")
_PACKED = ("", ".gz", ".zst")
#: what tells one state of a file from another, the surest first, by the names that file systems give it
_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "mtime", "LastModified", "last_modified", "updated")
_TAGS_AT_LAST = ("modified", "created")


def shards_of(archives: Iterable[str]) -> list[Shard]:
    """The shards of files and folders, by address, each once.

    Raises BadInput for an archive that is not there, holds none, or whose file system cannot be asked.
    """
    found = {shard.address: shard for archive in archives for shard in _shards(archive)}
    return [found[address] for address in sorted(found)]


def shard_at(address: str) -> Shard:
    """A shard as it is now. Raises BadInput when it is not there."""
    system, path = _system(address)
    with _told(address):
        return Shard(address, _stamp(system.info(path)))


@contextmanager
def articles_of(address: str, pages: Pages, broken: Broken) -> Iterator[Iterator[Article]]:
    """The raw articles of a shard, as a stream; `broken` is told of each line, row or record that is none.

    Raises BadInput, here or while they are taken, when the shard as a whole cannot be read.
    """
    system, path = _system(address)
    with _told(address), unpacked_from(lambda: system.open(path, "rb"), address) as (stream, kind):
        if kind is Kind.LINES:
            yield read_lines(stream, address, broken)
        elif kind is Kind.WARC:
            if current_process().daemon:
                raise BadInput(
                    f"{address} holds pages, which are read in processes of their own, and this worker may start none: "
                    "start it with DASK_DISTRIBUTED__WORKER__DAEMON=False."
                )
            yield read_warc(stream, address, pages, broken)
        elif kind is Kind.PARQUET:
            with _seekable(stream) as whole:
                yield read_parquet(whole, address, broken)
        else:
            raise BadInput(f"{address} is {kind}, and no shard: give JSON lines, Parquet or WARC. Others can be added.")


def _shards(archive: str) -> Iterator[Shard]:
    system, path = _system(archive)
    with _told(archive):
        if system.isdir(path):
            files = system.find(path, detail=True)
            known = [name for name in files if _is_shard(name[len(path) :])]
            if not known:
                raise BadInput(f"{archive} holds no shards: files of JSON lines, Parquet or WARC.")
            yield from (Shard(_address(system, name), _stamp(files[name])) for name in known)
        else:
            yield Shard(_address(system, path), _stamp(system.info(path)))


def _is_shard(name: str) -> bool:
    hidden = any(part.startswith(".") for part in name.split("/"))
    return not hidden and name.lower().endswith(tuple(end + packed for end in _ENDINGS for packed in _PACKED))


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path there."""
    try:
        import fsspec
    except ImportError as error:
        raise BadInput(
            "Archives are read with packages that are not installed: pip install 'on-the-record[cluster]'."
        ) from error
    try:
        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise BadInput(f"{address} cannot be reached: {_sentence(error)}") from error
    return system, path


def _address(system: Any, path: str) -> str:  # noqa: ANN401 - the package has no types
    """A path of this machine as it is, any other with its protocol."""
    return path if "file" in _protocols(system) else str(system.unstrip_protocol(path))


def _protocols(system: Any) -> Sequence[str]:  # noqa: ANN401 - as above
    return (system.protocol,) if isinstance(system.protocol, str) else system.protocol


def _stamp(info: dict[str, Any]) -> str:
    told = next((str(info[tag]) for tag in (*_TAGS, *_TAGS_AT_LAST) if info.get(tag) is not None), "")
    return f"{info.get('size')} {told}"


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What a file system refuses, in one sentence."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadInput(f"{address} is not there: no file or folder has this address.") from error
    except OSError as error:
        raise BadInput(f"{address} cannot be read: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """The first line of what a library says, as the end of a sentence."""
    said = (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
    return said if said.endswith(".") else f"{said}."


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The same bytes, in a file of this machine when they come out of a packing."""
    if stream.seekable():
        yield stream
    else:
        with TemporaryFile() as file:
            copyfileobj(stream, file)
            file.seek(0)
            yield file
