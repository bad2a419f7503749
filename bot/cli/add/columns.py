"""Columns of tables: parse the option `--columns`, and describe which column each field of an article came from."""

import re
from collections.abc import Mapping

#: the fields that a column can be used for, and what they are called on the command line
_FIELDS = {
    "id": "id",
    "text": "text",
    "title": "title",
    "outlet": "publisher",
    "publisher": "publisher",
    "date": "published",
    "day": "published",
    "published": "published",
    "url": "url",
    "byline": "byline",
    "author": "byline",
}
_FIELD_LIST = "text, title, date, outlet, byline, url or id"
_LABELS = {"published": "day", "publisher": "outlet", "url": "address"}
#: the order in which fields are described
_ORDER = ("text", "title", "published", "publisher", "byline", "url", "id")
#: a comma before "name=": names of columns can contain other commas
_SEPARATOR = re.compile(r",(?=\s*\w+\s*=)")


def parse_columns(text: str) -> dict[str, str]:
    """Parse "text=body,date=day" into the name of a column by the name of our field.

    Raises ValueError with a sentence for the user.
    """
    columns: dict[str, str] = {}
    for part in _SEPARATOR.split(text):
        name, has_column, column = (piece.strip() for piece in part.partition("="))
        field = _FIELDS.get(name.lower())
        if not has_column or not column:
            raise ValueError(f"{part.strip()!r} names no column: write, for example, text=body,date=published")
        if field is None:
            raise ValueError(f"unknown field {name!r}: use {_FIELD_LIST}")
        if field in columns:
            raise ValueError(f"{name!r} is given twice")
        columns[field] = column
    return columns


def describe_columns(name: str, columns: Mapping[str, str]) -> str:
    """Return the mapping of a table as a sentence that says how to change it."""
    return f"{name}: {list_columns(columns)}. Change it with --columns text=…"


def list_columns(columns: Mapping[str, str]) -> str:
    """Return "text from “body”, day from “date_publish”"."""
    fields = sorted(columns, key=lambda field: _ORDER.index(field) if field in _ORDER else len(_ORDER))
    return ", ".join(f"{_LABELS.get(field, field)} from “{columns[field]}”" for field in fields)
