"""Validate the fields of an article, one at a time, and normalise its URL.

Rule: an absent, null or empty field becomes None. A field of the wrong type is refused by name, never guessed.
Rule: normalising a URL drops trackers and the fragment. Everything else stays as written.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from briefings.errors import BadInput
from briefings.model import Article
from briefings.text.spans import explain_unstorable

#: maximum length of a field other than the text, in characters
MAX_FIELD_LENGTH = 4_000
#: maximum length of an article id or outlet name, in characters; an index can store this length in any script
MAX_NAME_LENGTH = 500
#: maximum length of an article's URL, in characters
MAX_URL_LENGTH = 2_000
#: nearly every web address, so that only the others need a parser
_USUAL_ADDRESS = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[/?#][!-~]*)?")

#: commands to a terminal: colours, and titles of windows
_TERMINAL_COMMAND = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,50}[ -/]{0,5}[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,500}(?:\x07|\x1b\\|\x9c)"
)
#: characters of control, and those that change the direction in which a line is displayed
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

Fields = Mapping[str, object]


def build_article(article_id: str, text: str, fields: Fields, location: str) -> Article:
    """Build an article from its text and optional fields; ignore unknown fields.

    The caller has already checked `article_id` and `text`. `location` (file and line) starts every error message.
    Raises BadInput for an invalid field.
    """
    return Article(
        id=article_id,
        text=text,
        publisher=get_optional_text(fields, "publisher", location, MAX_NAME_LENGTH),
        published=_get_publication_date(fields, location),
        url=_get_url(fields, location),
        title=get_optional_text(fields, "title", location),
        byline=get_optional_text(fields, "byline", location),
    )


def require_text(fields: Fields, name: str, location: str, *, is_empty_allowed: bool = False) -> str:
    """Return the text of a required field. Raises BadInput if it is missing, not text, or empty when not allowed."""
    if name not in fields:
        raise BadInput(f'{location}: "{name}" is missing. Add it.')
    value = _get_text(fields, name, location)
    if not is_empty_allowed and not value.strip():
        raise BadInput(f'{location}: "{name}" is empty. Fill it in.')
    return value


def get_optional_text(fields: Fields, name: str, location: str, max_length: int = MAX_FIELD_LENGTH) -> str | None:
    """Return the stripped text of an optional field, or None if it is absent or blank.

    Raises BadInput if the value is not text, cannot be stored, or is longer than `max_length` characters.
    """
    if fields.get(name) is None:
        return None
    value = _get_text(fields, name, location)
    if len(value) > max_length:
        raise BadInput(f'{location}: "{name}" is longer than {max_length:,} characters. Shorten it.')
    return drop_control_characters(check_storable(value, f'{location}: "{name}"')).strip() or None


def drop_control_characters(name: str) -> str:
    """Return a title, byline or outlet without terminal commands, control characters and direction marks.

    Line ends and tabs become a space.
    """
    if not _CONTROL_CHARACTER.search(name):
        return name
    name = _TERMINAL_COMMAND.sub("", name)
    return _CONTROL_CHARACTER.sub(lambda match: " " if any(map(str.isspace, match[0])) else "", name)


def check_text(text: str, location: str) -> str:
    """Return an article's text unchanged. Raises BadInput if it is blank or cannot be stored."""
    if not text.replace("\ufeff", "").strip():
        raise BadInput(f"{location} is empty. Add the article's text or remove the file.")
    return check_storable(text, location)


def check_storable(text: str, location: str) -> str:
    """Return `text` unchanged. Raises BadInput if it contains characters that a database cannot store."""
    if reason := explain_unstorable(text):
        raise BadInput(f"{location} {reason}. Correct it and try again.")
    return text


def check_id(article_id: str, location: str) -> str:
    """Return an article id unchanged. Raises BadInput if it is blank, too long, or not printable on one line."""
    if not article_id.strip() or len(article_id) > MAX_NAME_LENGTH or not article_id.isprintable():
        raise BadInput(f"{location}: the article's id must be 1 to {MAX_NAME_LENGTH} printable characters on one line.")
    return article_id


def is_web_address(url: str) -> bool:
    """Tell whether a URL can be used as a web link: http or https, with a host, without whitespace."""
    if _USUAL_ADDRESS.fullmatch(url):
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isprintable() and " " not in url  # other white space is not printable
    return is_plain and parts.scheme in {"http", "https"} and bool(parts.hostname)


def normalise_url(url: str | None, base: str | None = None) -> str | None:
    """Return a URL without trackers and fragment, or None if it is not a web address.

    A relative URL is resolved against `base`. Pages with the same normalised URL are the same page.
    """
    from briefings.ingest.addresses import build_key  # only articles need it, not questions

    if not url or len(url) > MAX_URL_LENGTH:
        return None
    try:
        absolute = urljoin(base, url.strip()) if base else url.strip()
        key = build_key(absolute) if is_web_address(absolute.replace(" ", "")) else None
    except ValueError:
        return None
    return key if key and len(key) <= MAX_URL_LENGTH and is_web_address(key) else None


def is_same_site(first_url: str, second_url: str) -> bool:
    """Tell whether two URLs have the same host, ignoring the prefixes "www.", "m.", "amp." and "mobile."."""
    return _strip_site_prefix(first_url) == _strip_site_prefix(second_url)


def describe_type(value: object) -> str:
    """Name the type of a JSON or TOML value in plain words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    type_names = {
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
        date: "a date",
        datetime: "a date",
    }
    return type_names.get(type(value), "something else")


def _get_text(fields: Fields, name: str, location: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise BadInput(f'{location}: "{name}" must be text in quotation marks, not {describe_type(value)}.')
    return value


def _get_publication_date(fields: Fields, location: str) -> date | None:
    """Return the date from `published`, or from `date`, which news collections use.

    A timestamp gives the date as written, in its own time zone.
    """
    name = "published" if fields.get("published") is not None else "date"
    value = fields.get(name)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    from briefings.ingest.publication_days import parse_day  # its patterns take time, and questions need none

    date_text = get_optional_text(fields, name, location)
    day = parse_day(date_text) if date_text else None
    if date_text and day is None:
        raise BadInput(f'{location}: "{name}" is not a valid date. Write it like 2016-06-30.')
    return day


def _get_url(fields: Fields, location: str) -> str | None:
    """Return `url`. Only web addresses are allowed because people will click the link."""
    value = get_optional_text(fields, "url", location)
    if value is None or is_web_address(value):
        return value
    raise BadInput(
        f'{location}: "url" is not a web address. It must start with https:// or http:// and contain no spaces.'
    )


def _strip_site_prefix(url: str) -> str:
    host = urlsplit(url).hostname or ""
    prefix, _, rest = host.partition(".")
    return rest if prefix in {"www", "m", "amp", "mobile"} and "." in rest else host
