"""JSON lines, one article a line, as a stream: plain, gzipped, or from standard input.

Rule: memory is bounded by one line and the ids seen, whatever the archive's size. A file is read twice, checked to its
end before its first article is handed out; a pipe can be read but once, so the articles before its broken line stand.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from briefings.errors import BadInput
from briefings.ingest.fields import check_id, check_storable, described, required
from briefings.ingest.files import MAX_BYTES, cannot_read, decode
from briefings.model import Article


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
    for where, line in _lines(stream, name):
        article = _article(line, where)
        if article.id in seen:
            raise BadInput(f"{where}: the id {article.id!r} stands on an earlier line too. Give each article its own.")
        seen.add(article.id)
        yield article
    if not seen:
        raise BadInput(f"{name} holds no articles. Give one JSON object a line, with an id and a text.")


def _from_file(path: Path) -> Iterator[Article]:
    try:
        with _opened(path) as stream:
            yield from read_lines(stream, str(path))
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


def _article(line: str, where: str) -> Article:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: this is not valid JSON. Give one JSON object a line.") from error
    if not isinstance(fields, dict):
        raise BadInput(f"{where}: this is JSON, but not an object. Give one object a line, with an id and a text.")
    identity = check_id(required(fields, "id", where), where)
    # An empty text is an article of which nothing came, as archives have them; it must not stop the rest.
    text = check_storable(required(fields, "text", where, empty=True), where)
    return described(identity, text, fields, where)
