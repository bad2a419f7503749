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
_NAMES = {
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
_FEWEST = 2
#: lines of a block, and characters of one of them
_MOST_LINES, _LONGEST = 30, 4_200
_LINE = re.compile(r"([A-Za-z][A-Za-z_-]{0,30}):[ \t]*(.*)")
_FENCE = "---"


def parted(text: str) -> tuple[Fields, str]:
    """What the block tells, and the text after it; nothing and all of the text when there is no block."""
    body = text.removeprefix("\ufeff")
    lines = body[: _MOST_LINES * _LONGEST].splitlines(keepends=True)[: _MOST_LINES + 2]
    is_fenced = bool(lines) and lines[0].rstrip() == _FENCE
    found: dict[str, object] = {}
    at = len(lines[0]) if is_fenced else 0
    for line in lines[1:] if is_fenced else lines:
        at += len(line)
        if line.rstrip() == (_FENCE if is_fenced else ""):
            return (found, body[at:].lstrip("\r\n")) if len(found) >= _FEWEST or (is_fenced and found) else ({}, text)
        match = _LINE.fullmatch(line.rstrip())
        name = _NAMES.get(match[1].lower()) if match else None
        if name is None and not is_fenced:
            return {}, text
        if match and name and match[2].strip():
            found[name] = match[2].strip().strip("\"'") if is_fenced else match[2].strip()
    return {}, text
