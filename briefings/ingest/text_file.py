"""Files as texts: read whole, within bounds, exactly as they came.

Rule: line endings stay, and so does a byte order mark, as U+FEFF: dropping it would move every offset against the file.

A text file's own block of metadata, before its text.

    Title: The hall was full
    Date: 2016-06-30
    Outlet: The Paper

    The text begins here.

Rule: a block is a block only when nothing else could be meant: two lines or more of names known here and a blank line,
or lines between two of "---". Then the text is what follows, exactly as it came; otherwise the text is all of it.
"""

import re
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.field_validation import Fields

#: bytes of one article: a text file, or one line of JSON. A long newspaper article has 50,000
MAX_BYTES = 10_000_000


def read_utf8(path: Path) -> str:
    """The whole file, line endings and byte order mark included. Raises BadInput."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise cannot_read_error(path, error) from error
    if len(data) > MAX_BYTES:
        raise BadInput(f"{path} is longer than {MAX_BYTES:,} bytes, the most one file may have: split it.")
    return decode_utf8(data, str(path))


def decode_utf8(data: bytes, location: str) -> str:
    """`data` as UTF-8; `where` names it in the sentence. Raises BadInput naming the first line that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        line_location = f"{location}, line {line}" if b"\n" in data.rstrip() else location
        raise BadInput(f"{line_location}: this is not UTF-8 text. Save the file as UTF-8 and try again.") from error


def cannot_read_error(path: Path | str, error: OSError) -> BadInput:
    """The sentence for a file that the system will not hand over."""
    reason = (error.strerror or "it is damaged").lower()
    return BadInput(f"{path} cannot be read: {reason}. Check the name and the rights.")


#: what the names are called in `fields`
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
#: lines of a block, and characters of one of them
_MAX_LINES, _MAX_LINE_LENGTH = 30, 4_200
_LINE = re.compile(r"([A-Za-z][A-Za-z_-]{0,30}):[ \t]*(.*)")
_FENCE = "---"


def split_front_matter(text: str) -> tuple[Fields, str]:
    """What the block tells, and the text after it; nothing and all of the text when there is no block."""
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
