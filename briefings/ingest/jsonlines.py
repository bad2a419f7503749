"""JSON lines, one article a line, as a stream.

Rule: memory is bounded by one line, whatever the archive's size; so an id that stands on several lines is no error
here: what it means is for the record to say. Whoever asks to be told of broken lines gets the others.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.fields import Fields, check_id, check_storable, described, required
from briefings.ingest.files import MAX_BYTES, decode
from briefings.ingest.packed import unpacked
from briefings.model import Article

#: is told what is wrong with one line, and reading goes on
Broken = Callable[[BadInput], None]


def read_lines(stream: BinaryIO, name: str, broken: Broken | None = None) -> Iterator[Article]:
    """The articles of a stream, in order; blank lines are skipped. `name` stands for it in sentences.

    Raises BadInput at the first line that is not an article, unless `broken` is there to be told, and at the end of a
    stream that held nothing.
    """
    empty = True
    for where, line in _lines(stream, name):
        try:
            fields = _fields(line, where)
            read = None if fields is None else article(fields, where)
        except BadInput as error:
            if broken is None:
                raise
            broken(error)
            empty = False
            continue
        if read is not None:
            empty = False
            yield read
    if empty:
        raise BadInput(f"{name} holds no articles. Give one JSON object a line, with an id and a text.")


def read_objects(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, Fields]]:
    """Each object of a file, or of `stdin` where the path is "-", with where it stands ("news.jsonl, line 3").

    As a stream, unchecked but for being an object. Raises BadInput at the first line that is none.
    """
    if str(path) == "-" and stdin is not None:
        yield from _objects(stdin, "standard input")
    else:
        with unpacked(path) as (stream, _):
            yield from _objects(stream, str(path))


def article(fields: Fields, where: str) -> Article:
    """One line's object as an article. Raises BadInput, its sentence opening with `where`."""
    identity = check_id(required(fields, "id", where), where)
    # An empty text is an article of which nothing came, as archives have them; it must not stop the rest.
    text = check_storable(required(fields, "text", where, empty=True), where)
    return described(identity, text, fields, where)


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
    """Each line with where it stands ("news.jsonl, line 3"); of one over the bound, a little more than the bound."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        end = line
        while len(end) > MAX_BYTES and not end.endswith(b"\n"):
            end = stream.readline(MAX_BYTES + 1)
        # the file's own mark, not an article's
        yield f"{name}, line {number}", line.removeprefix(BOM_UTF8) if number == 1 else line


def _objects(stream: BinaryIO, name: str) -> Iterator[tuple[str, Fields]]:
    for where, line in _lines(stream, name):
        fields = _fields(line, where)
        if fields is not None:
            yield where, fields


def _fields(line: bytes, where: str) -> Fields | None:
    """The object of a line; None when the line is blank."""
    if len(line) > MAX_BYTES:
        raise BadInput(f"{where}: this line is longer than {MAX_BYTES:,} bytes, the most an article may have.")
    text = decode(line, where)
    if not text.strip():
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: this is not valid JSON. Give one JSON object a line.") from error
    if not isinstance(fields, dict):
        raise BadInput(f"{where}: this is JSON, but not an object. Give one object a line, with an id and a text.")
    return fields
