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
from briefings.ingest.field_validation import Fields, build_article, check_id, check_storable, require_text
from briefings.ingest.formats.compression import open_decompressed
from briefings.ingest.text_file import MAX_BYTES, decode_utf8
from briefings.model import Article

#: is told what is wrong with one line, and reading goes on
ErrorCallback = Callable[[BadInput], None]


def read_lines(stream: BinaryIO, name: str, on_error: ErrorCallback | None = None) -> Iterator[Article]:
    """The articles of a stream, in order; blank lines are skipped. `name` stands for it in sentences.

    Raises BadInput at the first line that is not an article, unless `broken` is there to be told, and at the end of a
    stream that held nothing.
    """
    is_empty = True
    for location, line in _read_numbered_lines(stream, name):
        try:
            fields = _parse_fields(line, location)
            parsed_article = None if fields is None else parse_article(fields, location)
        except BadInput as error:
            if on_error is None:
                raise
            on_error(error)
            is_empty = False
            continue
        if parsed_article is not None:
            is_empty = False
            yield parsed_article
    if is_empty:
        raise BadInput(f"{name} holds no articles. Give one JSON object a line, with an id and a text.")


def read_objects(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, Fields]]:
    """Each object of a file, or of `stdin` where the path is "-", with where it stands ("news.jsonl, line 3").

    As a stream, unchecked but for being an object. Raises BadInput at the first line that is none.
    """
    if str(path) == "-" and stdin is not None:
        yield from _parse_objects(stdin, "standard input")
    else:
        with open_decompressed(path) as (stream, _):
            yield from _parse_objects(stream, str(path))


def parse_article(fields: Fields, location: str) -> Article:
    """One line's object as an article. Raises BadInput, its sentence opening with `where`."""
    article_id = check_id(require_text(fields, "id", location), location)
    # An empty text is an article of which nothing came, as archives have them; it must not stop the rest.
    text = check_storable(require_text(fields, "text", location, is_empty_allowed=True), location)
    return build_article(article_id, text, fields, location)


def _read_numbered_lines(stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
    """Each line with where it stands ("news.jsonl, line 3"); of one over the bound, a little more than the bound."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        line_end = line
        while len(line_end) > MAX_BYTES and not line_end.endswith(b"\n"):
            line_end = stream.readline(MAX_BYTES + 1)
        # the file's own mark, not an article's
        yield f"{name}, line {number}", line.removeprefix(BOM_UTF8) if number == 1 else line


def _parse_objects(stream: BinaryIO, name: str) -> Iterator[tuple[str, Fields]]:
    for location, line in _read_numbered_lines(stream, name):
        fields = _parse_fields(line, location)
        if fields is not None:
            yield location, fields


def _parse_fields(line: bytes, location: str) -> Fields | None:
    """The object of a line; None when the line is blank."""
    if len(line) > MAX_BYTES:
        raise BadInput(f"{location}: this line is longer than {MAX_BYTES:,} bytes, the most an article may have.")
    text = decode_utf8(line, location)
    if not text.strip():
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{location}: this is not valid JSON. Give one JSON object a line.") from error
    if not isinstance(fields, dict):
        raise BadInput(f"{location}: this is JSON, but not an object. Give one object a line, with an id and a text.")
    return fields
