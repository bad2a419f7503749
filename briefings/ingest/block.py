"""A text file's own block of metadata, before its text.

    Title: The hall was full
    Date: 2016-06-30
    Outlet: The Paper

    The text begins here.

Rule: a block is a block only when nothing else could be meant: two lines or more of names known here and a blank line,
or lines between two of "---". Then the text is what follows, exactly as it came; otherwise the text is all of it.
"""

import re

from briefings.ingest.fields import Fields

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
