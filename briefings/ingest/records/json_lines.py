"""Read JSON lines as a stream, one article per line.

Rule: memory is bounded by one line, so a repeated id is not an error here; storage resolves it.
Rule: with an error callback, invalid lines are reported and the other lines are still read.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.context import ErrorCallback
from briefings.ingest.field_validation import Fields, build_article, check_id, check_storable, require_text
from briefings.ingest.formats.compression import open_decompressed
from briefings.ingest.text_file import MAX_BYTES, decode_utf8
from briefings.model import Article


def read_lines(stream: BinaryIO, name: str, on_error: ErrorCallback | None = None) -> Iterator[Article]:
    """Yield the articles of a stream, in order; skip blank lines. `name` identifies the stream in error messages.

    Raises BadInput at the first invalid line, unless `on_error` is given, and at the end of an empty stream.
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
        raise BadInput(f'{name} contains no articles. Write one JSON object per line, with "id" and "text".')


def read_objects(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, Fields]]:
    """Yield each object of a file, or of `stdin` if the path is "-", with its location ("news.jsonl, line 3").

    The fields are not checked. Raises BadInput at the first line that is not a JSON object.
    """
    if str(path) == "-" and stdin is not None:
        yield from _parse_objects(stdin, "standard input")
    else:
        with open_decompressed(path) as (stream, _):
            yield from _parse_objects(stream, str(path))


def parse_article(fields: Fields, location: str) -> Article:
    """Build an article from the object of one line. Raises BadInput with a message that starts with `location`."""
    article_id = check_id(require_text(fields, "id", location), location)
    # Archives contain articles with an empty text; they must not stop the import.
    text = check_storable(require_text(fields, "text", location, is_empty_allowed=True), location)
    return build_article(article_id, text, fields, location)


def _read_numbered_lines(stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield each line with its location ("news.jsonl, line 3"); a line over the limit is cut one byte above it."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        line_end = line
        while len(line_end) > MAX_BYTES and not line_end.endswith(b"\n"):
            line_end = stream.readline(MAX_BYTES + 1)
        # the byte order mark belongs to the file, not to an article
        yield f"{name}, line {number}", line.removeprefix(BOM_UTF8) if number == 1 else line


def _parse_objects(stream: BinaryIO, name: str) -> Iterator[tuple[str, Fields]]:
    for location, line in _read_numbered_lines(stream, name):
        fields = _parse_fields(line, location)
        if fields is not None:
            yield location, fields


def _parse_fields(line: bytes, location: str) -> Fields | None:
    """Return the object of a line, or None for a blank line."""
    if len(line) > MAX_BYTES:
        raise BadInput(f"{location}: this line is longer than {MAX_BYTES:,} bytes, the limit for one article.")
    text = decode_utf8(line, location)
    if not text.strip():
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{location}: this is not valid JSON. Write one JSON object per line.") from error
    if not isinstance(fields, dict):
        raise BadInput(f'{location}: this is JSON, but not an object. Write one object per line, with "id" and "text".')
    return fields
