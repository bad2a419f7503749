"""Read the metadata at the top of a text: a header block, or a headline with its byline and day.

    Title: The hall was full
    Date: 30 June 2016
    Outlet: The Tribune

    The text begins here.

Rule: a header block has at least two known labels and a blank line after it, or stands between two lines of "---". It
is not part of the text. Lines of a headline, byline and day are part of it. Anything else is text, and the text is
never changed.
Rule: a value that is not understood is left out with a warning, because the text is still good.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from briefings.ingest.bylines import clean_byline
from briefings.ingest.field_validation import MAX_FIELD_LENGTH, MAX_NAME_LENGTH, Fields, is_web_address
from briefings.ingest.plain_text.top_lines import read_top_lines
from briefings.ingest.publication_days import parse_day

#: labels in header blocks, and their names in `Fields`
_FIELD_NAMES = {
    "title": "title",
    "headline": "title",
    "byline": "byline",
    "author": "byline",
    "authors": "byline",
    "by": "byline",
    "writer": "byline",
    "reporter": "byline",
    "date": "published",
    "published": "published",
    "published on": "published",
    "date published": "published",
    "publication date": "published",
    "pubdate": "published",
    "outlet": "publisher",
    "publisher": "publisher",
    "publication": "publisher",
    "newspaper": "publisher",
    "url": "url",
    "link": "url",
    "web address": "url",
}
#: labels that are no field of an article; other unknown labels must be fewer than the known ones
_OTHER_LABELS_LIST = (
    "abstract,category,copyright,country,dateline,description,edition,id,keywords,kicker,language,"
    "layout,length,location,page,pages,place,rights,section,slug,source,standfirst,strapline,"
    "subject,subtitle,subhead,subheading,summary,tags,topic,type,updated,word count,words"
)
_OTHER_LABELS = frozenset(_OTHER_LABELS_LIST.split(","))
_MIN_FIELDS = 2
#: maximum number of lines in a header block, and of characters in one line
_MAX_LINES, _MAX_LINE_LENGTH = 30, 4_200
_LINE = re.compile(r"([A-Za-z][A-Za-z_-]{0,30}(?: [A-Za-z]{1,20}){0,2}) ?:[ \t]*(.*)")
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class TextHeader:
    """Fields at the top of a text, the text without the header block, and a sentence for each value left out."""

    fields: Fields
    text: str
    warnings: Sequence[str] = field(default_factory=tuple)


def read_header(text: str) -> TextHeader:
    """Return the fields at the top of a text: those of a header block, and of lines like "By Jane Roe"."""
    header = read_block(text)
    return replace(header, fields={**read_top_lines(header.text), **header.fields})


def read_block(text: str) -> TextHeader:
    """Return the fields of a header block only. Without one, all of it is the text."""
    block = _split_block(text)
    values, body = block or ({}, text)
    fields: dict[str, object] = {}
    warnings = []
    for name, value in values.items():
        if (parsed_value := _parse_value(name, value)) is None:
            warnings.append(f'“{_shorten(value)}” is not understood as the "{name}", so it was left out.')
        else:
            fields[name] = parsed_value
    return TextHeader(fields, body, tuple(warnings))


def is_header_line(line: str) -> bool:
    """Tell whether a line looks like one of a header block."""
    match = _LINE.fullmatch(line.rstrip())
    return match is not None and _get_label(match) in _FIELD_NAMES.keys() | _OTHER_LABELS


def _split_block(text: str) -> tuple[dict[str, str], str] | None:
    """Return the values of a header block by field, and the text after it; None if there is no block."""
    body = text.removeprefix("\ufeff")
    lines = body[: _MAX_LINES * _MAX_LINE_LENGTH].splitlines(keepends=True)[: _MAX_LINES + 2]
    is_fenced = bool(lines) and lines[0].rstrip() == _FENCE
    values: dict[str, str] = {}
    unknown_count = 0
    offset = len(lines[0]) if is_fenced else 0
    for line in lines[1:] if is_fenced else lines:
        offset += len(line)
        if line.rstrip() == (_FENCE if is_fenced else ""):
            is_block = bool(values) if is_fenced else len(values) >= _MIN_FIELDS and unknown_count < len(values)
            return (values, body[offset:].lstrip("\r\n")) if is_block else None
        match = _LINE.fullmatch(line.rstrip())
        name = _FIELD_NAMES.get(_get_label(match)) if match else None
        if match is None and not is_fenced:
            return None
        if match and name and match[2].strip():
            value = match[2].strip()
            values.setdefault(name, _unquote(value) if is_fenced else value)
        elif match and _get_label(match) not in _OTHER_LABELS and name is None:
            unknown_count += 1
    return None


def _get_label(match: re.Match[str]) -> str:
    return match[1].lower().replace("_", " ").replace("-", " ")


def _unquote(value: str) -> str:
    """Return a value of a fenced block, which is YAML, without its quotation marks and brackets."""
    return value.strip("[]").strip().strip("\"'")


def _parse_value(name: str, value: str) -> str | date | None:
    """Return the value of a field, or None if it cannot be used."""
    if name == "published":
        return parse_day(value)
    if name == "byline":
        return clean_byline(value)
    if name == "url":
        return value if is_web_address(value) and len(value) <= MAX_FIELD_LENGTH else None
    return value if len(value) <= (MAX_NAME_LENGTH if name == "publisher" else MAX_FIELD_LENGTH) else None


def _shorten(value: str) -> str:
    plain_value = "".join(char if char.isprintable() else " " for char in value)
    return plain_value if len(plain_value) <= 60 else f"{plain_value[:60]}…"
