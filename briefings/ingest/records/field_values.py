"""Convert one value of a record to a field's value: a text, a day, a web address or names.

Rule: an empty value gives None. A value that cannot be used raises Unusable with the reason; nothing is guessed.
"""

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from briefings.ingest.bylines import clean_byline, join_authors
from briefings.ingest.field_validation import (
    MAX_FIELD_LENGTH,
    MAX_NAME_LENGTH,
    MAX_URL_LENGTH,
    describe_type,
    drop_control_characters,
    is_web_address,
)
from briefings.ingest.pages.html import strip_markup
from briefings.ingest.publication_days import parse_day
from briefings.ingest.records.source_values import is_placeholder
from briefings.text.spans import explain_unstorable

#: keys of an object that holds one field, best first ({"rendered": "The title"})
_VALUE_KEYS = {
    "title": ("main", "rendered", "text", "value", "title", "name", "#text"),
    "publisher": ("name", "title", "label", "displayName", "display_name", "text", "value", "#text"),
    "byline": ("original", "name", "full_name", "fullName", "display_name", "displayName", "text", "value", "#text"),
    "published": ("$date", "$numberLong", "value", "iso", "date", "#text"),
    "url": ("href", "url", "value", "@id", "#text"),
    "id": ("$oid", "value", "#text"),
}
#: words for "no value" in exported tables
_EMPTY_WORDS = frozenset(
    {
        "nan",
        "none",
        "null",
        "n/a",
        "na",
        "nat",
        "-",
        "--",
        "[]",
        "undefined",
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "#null!",
        "#num!",
        "#div/0!",
    }
)
_MAX_EMPTY_WORD = 20
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"://|^/|[\\<>{}]|^[\d\s.,:-]+$")
#: kinds of media, which some exports call "medium"
_MEDIA_KINDS = frozenset(
    {"print", "online", "web", "website", "tv", "radio", "broadcast", "news", "newspaper", "blog", "article", "text"}
)
_MAX_NESTING = 3
#: maximum length of a date in characters
_MAX_DAY_LENGTH = 200
#: number of conversions that are remembered, because outlets, bylines and days repeat in a file
_CACHE_SIZE = 2_048
_FIRST_YEAR, _LAST_YEAR = 1600, 2100
#: the day that software writes for "no date"; a paper of that day states no hour
_ZERO_DAY = date(1970, 1, 1)
_AMBIGUOUS_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)(?!\d)")
_DAY_REASON = "is not a day that we can read"
_QUOTED_NAME = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_ENTITY_OR_TAG = re.compile(r"&(?:#\w{1,8}|[a-zA-Z]{2,10});|</?[a-zA-Z][^<>]{0,200}>")


class Unusable(ValueError):
    """A value that cannot be used. The message says why: "is a list"."""


def unwrap(field: str, value: object) -> object:
    """Return the value inside an object or a list of one item that holds a single field; other values unchanged."""
    for _ in range(_MAX_NESTING):
        if isinstance(value, list | tuple) and field != "byline" and _is_one_value(value):
            value = next((item for item in value if isinstance(item, dict) and item.get("role") == "main"), value[0])
        elif isinstance(value, dict):
            inner_values = [value[key] for key in _VALUE_KEYS[field] if value.get(key) not in (None, "")]
            if not inner_values:
                return value
            value = inner_values[0]
        else:
            break
    return value


def _is_one_value(value: Sequence[object]) -> bool:
    """Tell whether a list holds one value, perhaps in versions for several roles."""
    return len(value) == 1 or (len(value) > 1 and all(isinstance(item, dict) and "role" in item for item in value))


def is_empty(value: object) -> bool:
    """Tell whether a value says nothing: null, a blank text, NaN, or an empty list or object."""
    if isinstance(value, str):
        return not value or value.isspace()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, list | dict | tuple) and not value


def is_empty_word(text: str) -> bool:
    """Tell whether a table's cell says that there is no value ("NaN")."""
    return len(text) <= _MAX_EMPTY_WORD and text.strip().lower() in _EMPTY_WORDS


def convert_id(value: object) -> str | None:
    """Return an id; a whole number becomes its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = _require_text(value)
    if len(text) > MAX_NAME_LENGTH or not text.isprintable():
        raise Unusable(f"is not 1 to {MAX_NAME_LENGTH} printable characters on one line")
    return text


def convert_title(value: object) -> str | None:
    """Return a title. The rendered title of an interface is markup."""
    text = drop_control_characters(_require_text(value, MAX_FIELD_LENGTH))
    is_markup = ("&" in text or "<" in text) and _ENTITY_OR_TAG.search(text) is not None
    return (strip_markup(text) if is_markup else text).strip() or None


def convert_publisher(value: object) -> str | None:
    """Return an outlet's name, or None for a host, an address, a kind of media or a word for "no outlet"."""
    return _clean_publisher(_require_text(value, MAX_NAME_LENGTH).strip())


@lru_cache(_CACHE_SIZE)
def _clean_publisher(text: str) -> str | None:
    text = drop_control_characters(text).strip()
    is_name = not _HOST.fullmatch(text) and not _NOT_A_NAME.search(text) and text.lower() not in _MEDIA_KINDS
    return text if is_name and not is_placeholder(text) and any(map(str.isalpha, text)) else None


def convert_url(value: object) -> str | None:
    """Return a web address. Only these are allowed because people will click the link."""
    text = _require_text(value, MAX_URL_LENGTH).strip()
    if not is_web_address(text):
        raise Unusable("is not a web address that starts with https:// or http://")
    return text


def convert_byline(value: object) -> str | None:
    """Return a byline without labels and addresses; several names are joined."""
    if isinstance(value, list | tuple):
        names = [unwrap("byline", item) for item in value]
        return join_authors(name for name in names if isinstance(name, str))
    return _clean_byline(_require_text(value, MAX_FIELD_LENGTH))


@lru_cache(_CACHE_SIZE)
def _clean_byline(text: str) -> str | None:
    names = _parse_list(text)
    return clean_byline(text) if names is None else join_authors(name for name in names if isinstance(name, str))


def convert_day(value: object) -> date | None:
    """Return the day of publication as written, in its own time zone."""
    day = _parse_day(value)
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR or _is_zero(day, value):
        if isinstance(value, str) and _AMBIGUOUS_DAY.match(value.strip()):
            raise Unusable("may put the day or the month first")
        raise Unusable(_DAY_REASON)
    return day


def _require_text(value: object, max_length: int | None = None) -> str:
    if not isinstance(value, str):
        raise Unusable(f"is {describe_type(value)}")
    if max_length is not None and len(value) > max_length:
        raise Unusable(f"is longer than {max_length:,} characters")
    if reason := explain_unstorable(value):
        raise Unusable(reason)
    return value


def _parse_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        # whole numbers of eight digits are days written as numbers (20160630); others are seconds or milliseconds
        return parse_day(str(value)) if value > 0 else None
    return _parse_day_text(_require_text(value, _MAX_DAY_LENGTH).strip())


@lru_cache(_CACHE_SIZE)
def _parse_day_text(text: str) -> date | None:
    # the only form in which the first day of the epoch is not a program's word for "no date"
    return _ZERO_DAY if text == _ZERO_DAY.isoformat() else parse_day(text)


def _is_zero(day: date, value: object) -> bool:
    """Tell whether a day stands for "no date": the start of the epoch, with an hour."""
    return day == _ZERO_DAY and not (isinstance(value, str) and len(value.strip()) <= len("1970-01-01"))


def _parse_list(text: str) -> list[object] | None:
    """Return the list that a table's cell holds as text ("['Jane Roe', 'Bo Scribe']"), or None for other texts."""
    stripped_text = text.strip()
    if not (stripped_text.startswith("[") and stripped_text.endswith("]")):
        return None
    try:
        value = json.loads(stripped_text)
    except (ValueError, RecursionError):
        # as Python writes it
        if _QUOTED_NAME.sub("", stripped_text).strip("[], "):
            return None
        return [match[1] or match[2] for match in _QUOTED_NAME.finditer(stripped_text)]
    return value if isinstance(value, list) else None
