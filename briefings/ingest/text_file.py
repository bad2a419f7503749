"""Read text files whole, within a size limit, and split off their front matter.

    Title: The hall was full
    Date: 2016-06-30
    Outlet: The Paper

    The text begins here.

Rule: line endings and the byte order mark (U+FEFF) stay, because dropping them would shift every offset.
Rule: front matter needs at least two known field names and a blank line, or a block between two lines of "---".
Anything else is text. The article's text is everything after the front matter, unchanged.
"""

import re
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.field_validation import Fields

#: maximum size of one article (a text file or one line of JSON), in bytes; a long newspaper article has 50,000
MAX_BYTES = 10_000_000
#: field names in front matter, and their names in `Fields`
_FIELD_NAMES = {
    "title": "title",
    "headline": "title",
    "byline": "byline",
    "author": "byline",
    "date": "published",
    "published": "published",
    "outlet": "publisher",
    "publisher": "publisher",
    "url": "url",
    "link": "url",
}
_MIN_FIELDS = 2
#: maximum number of lines in front matter, and of characters in one line
_MAX_LINES, _MAX_LINE_LENGTH = 30, 4_200
_LINE = re.compile(r"([A-Za-z][A-Za-z_-]{0,30}):[ \t]*(.*)")
_FENCE = "---"


def read_utf8(path: Path) -> str:
    """Return a file's text with its line endings and byte order mark.

    Raises BadInput if the file cannot be read, is too large, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise cannot_read_error(path, error) from error
    if len(data) > MAX_BYTES:
        raise BadInput(f"{path} is longer than {MAX_BYTES:,} bytes, the limit for one file. Split it.")
    return decode_utf8(data, str(path))


def decode_utf8(data: bytes, location: str) -> str:
    """Decode `data` as UTF-8. Raises BadInput that names `location` and the first line that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        line_location = f"{location}, line {line}" if b"\n" in data.rstrip() else location
        raise BadInput(f"{line_location}: this is not UTF-8 text. Save the file as UTF-8 and try again.") from error


def cannot_read_error(path: Path | str, error: OSError) -> BadInput:
    """Build the error for a file that the operating system cannot open or read."""
    reason = (error.strerror or "it is damaged").lower()
    return BadInput(f"{path} cannot be read: {reason}. Check the name and the permissions.")


def split_front_matter(text: str) -> tuple[Fields, str]:
    """Return the fields of the front matter and the text after it. Without front matter: no fields, all the text."""
    body = text.removeprefix("\ufeff")
    lines = body[: _MAX_LINES * _MAX_LINE_LENGTH].splitlines(keepends=True)[: _MAX_LINES + 2]
    is_fenced = bool(lines) and lines[0].rstrip() == _FENCE
    fields: dict[str, object] = {}
    offset = len(lines[0]) if is_fenced else 0
    for line in lines[1:] if is_fenced else lines:
        offset += len(line)
        if line.rstrip() == (_FENCE if is_fenced else ""):
            return (
                (fields, body[offset:].lstrip("\r\n"))
                if len(fields) >= _MIN_FIELDS or (is_fenced and fields)
                else ({}, text)
            )
        match = _LINE.fullmatch(line.rstrip())
        name = _FIELD_NAMES.get(match[1].lower()) if match else None
        if name is None and not is_fenced:
            return {}, text
        if match and name and match[2].strip():
            fields[name] = match[2].strip().strip("\"'") if is_fenced else match[2].strip()
    return {}, text
