"""JSON lines, one article a line, as a stream: plain, gzipped, or from standard input.

Rule: memory is bounded by one line and the ids seen, whatever the archive's size. A file is read twice, checked to its
end before its first article is handed out; a pipe can be read but once, so the articles before its broken line stand.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from briefings.errors import BadInput
from briefings.ingest.fields import Fields, check_id, check_storable, described, required
from briefings.ingest.files import MAX_BYTES, cannot_read, decode
from briefings.model import Article

T = TypeVar("T")


def read_lines_file(path: Path) -> Iterator[Article]:
    """The articles of a file, gzipped or not, in order. Raises BadInput before the first one if any line is wrong."""
    if path.is_file():
        for _ in _from_file(path):
            pass
    yield from _from_file(path)


def read_lines(stream: BinaryIO, name: str) -> Iterator[Article]:
    """The articles of a stream, in order; blank lines are skipped. `name` stands for it in sentences.

    Raises BadInput at the first line that is not an article, or has an id that an earlier one had, and at the end of a
    stream that held none.
    """
    seen: set[str] = set()
    for where, fields in _objects(stream, name):
        read = article(fields, where)
        if read.id in seen:
            raise BadInput(f"{where}: the id {read.id!r} stands on an earlier line too. Give each article its own.")
        seen.add(read.id)
        yield read
    if not seen:
        raise BadInput(f"{name} holds no articles. Give one JSON object a line, with an id and a text.")


def read_objects(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, Fields]]:
    """Each object of a file, or of `stdin` where the path is "-", with where it stands ("news.jsonl, line 3").

    As a stream, unchecked but for being an object. Raises BadInput at the first line that is none.
    """
    if str(path) == "-" and stdin is not None:
        yield from _objects(stdin, "standard input")
    else:
        yield from _while_open(path, _objects)


def article(fields: Fields, where: str) -> Article:
    """One line's object as an article. Raises BadInput, its sentence opening with `where`."""
    identity = check_id(required(fields, "id", where), where)
    # An empty text is an article of which nothing came, as archives have them; it must not stop the rest.
    text = check_storable(required(fields, "text", where, empty=True), where)
    return described(identity, text, fields, where)


def _from_file(path: Path) -> Iterator[Article]:
    yield from _while_open(path, read_lines)


def _while_open(path: Path, reader: Callable[[BinaryIO, str], Iterator[T]]) -> Iterator[T]:
    try:
        with _opened(path) as stream:
            yield from reader(stream, str(path))
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadInput(f"{path} is not a whole gzip file. Fetch or pack it again.") from error
    except OSError as error:
        raise cannot_read(path, error) from error


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[str, str]]:
    """Each line that is not blank, decoded, with where it stands ("news.jsonl, line 3")."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        where = f"{name}, line {number}"
        if len(line) > MAX_BYTES:
            raise BadInput(f"{where}: this line is longer than {MAX_BYTES:,} bytes, the most an article may have.")
        text = decode(line, where)
        if number == 1:
            text = text.removeprefix("\ufeff")  # the file's own mark, not an article's
        if not text.isspace():
            yield where, text


def _objects(stream: BinaryIO, name: str) -> Iterator[tuple[str, Fields]]:
    return ((where, _fields(line, where)) for where, line in _lines(stream, name))


def _fields(line: str, where: str) -> Fields:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: this is not valid JSON. Give one JSON object a line.") from error
    if not isinstance(fields, dict):
        raise BadInput(f"{where}: this is JSON, but not an object. Give one object a line, with an id and a text.")
    return fields
