"""What is told of an article beside its text, checked one field at a time.

Rule: a field that is absent, null or empty is None; a field of the wrong kind is refused by name, never guessed at.
"""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from briefings.errors import BadInput
from briefings.model import Article
from briefings.text.storable import why_not_storable

#: characters of a field other than the text
MAX_FIELD = 4_000
#: characters of an article's id or an outlet's name: what an index can hold in any script
MAX_NAME = 500

Fields = Mapping[str, object]


def described(identity: str, text: str, fields: Fields, where: str) -> Article:
    """The article with what `fields` tells of it; others than the five known are left aside.

    `identity` and `text` are taken as checked. Raises BadInput, its sentence opening with `where` (file and line).
    """
    return Article(
        id=identity,
        text=text,
        publisher=optional(fields, "publisher", where, MAX_NAME),
        published=_day(fields, where),
        url=_address(fields, where),
        title=optional(fields, "title", where),
        byline=optional(fields, "byline", where),
    )


def required(fields: Fields, name: str, where: str, *, empty: bool = False) -> str:
    """The text under `name`. Raises BadInput when it is missing, not a text, or empty where it may not be `empty`."""
    if name not in fields:
        raise BadInput(f'{where}: "{name}" is missing. Add it.')
    value = _text(fields, name, where)
    if not empty and not value.strip():
        raise BadInput(f'{where}: "{name}" is empty. Fill it in.')
    return value


def optional(fields: Fields, name: str, where: str, most: int = MAX_FIELD) -> str | None:
    """The text under `name`, None when nothing is told. Raises BadInput for another type or over `most` characters."""
    if fields.get(name) is None:
        return None
    value = _text(fields, name, where)
    if len(value) > most:
        raise BadInput(f'{where}: "{name}" is longer than {most:,} characters. Shorten it.')
    return check_storable(value, f'{where}: "{name}"').strip() or None


def check_text(text: str, where: str) -> str:
    """An article's text, unchanged. Raises BadInput when nothing is in it, or something that cannot be stored."""
    if not text.replace("\ufeff", "").strip():
        raise BadInput(f"{where} is empty: there is no article in it. Remove it or fill it in.")
    return check_storable(text, where)


def check_storable(text: str, where: str) -> str:
    """`text`, unchanged. Raises BadInput when it holds what no database can keep."""
    if reason := why_not_storable(text):
        raise BadInput(f"{where} {reason}. Correct it and try again.")
    return text


def check_id(identity: str, where: str) -> str:
    """An article's id, unchanged. Raises BadInput when it is empty, too long, or not printable on one line."""
    if not identity.strip() or len(identity) > MAX_NAME or not identity.isprintable():
        raise BadInput(f"{where}: the article's id must be printable, on one line, of 1 to {MAX_NAME} characters.")
    return identity


def _text(fields: Fields, name: str, where: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise BadInput(f'{where}: "{name}" must be a text in quotation marks, not {_kind(value)}.')
    return value


def _day(fields: Fields, where: str) -> date | None:
    """`published`, or `date` as collections of news call it; of a time stamp, the day as written in its own zone."""
    name = "published" if fields.get("published") is not None else "date"
    value = fields.get(name)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    written = optional(fields, name, where)
    try:
        return datetime.fromisoformat(written).date() if written else None
    except ValueError as error:
        raise BadInput(f'{where}: "{name}" is no day of the calendar. Write it as 2016-06-30.') from error


def _address(fields: Fields, where: str) -> str | None:
    """`url`: web addresses alone, for it becomes a link that people click."""
    value = optional(fields, "url", where)
    if value is None or _is_web_address(value):
        return value
    raise BadInput(f'{where}: "url" is no web address. It starts with https:// or http:// and has no spaces.')


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    plain = value.isprintable() and not any(char.isspace() for char in value)
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _kind(value: object) -> str:
    """What a person would call the type of a value from JSON or TOML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a number", float: "a number", list: "a list", dict: "an object", date: "a date", datetime: "a date"}
    return names.get(type(value), "something else")
