"""What is told of an article beside its text, checked one field at a time.

Rule: a field that is absent, null or empty is None; a field of the wrong kind is refused by name, never guessed at.

Addresses of articles: one page, one address.

Rule: what only tells who clicked where (trackers, the fragment) is taken off; what may choose the page stays.
"""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from courlan import clean_url

from briefings.errors import BadInput
from briefings.model import Article
from briefings.text.spans import explain_unstorable

#: characters of a field other than the text
MAX_FIELD_LENGTH = 4_000
#: characters of an article's id or an outlet's name: what an index can hold in any script
MAX_NAME_LENGTH = 500

Fields = Mapping[str, object]


def build_article(article_id: str, text: str, fields: Fields, location: str) -> Article:
    """The article with what `fields` tells of it; others than the five known are left aside.

    `identity` and `text` are taken as checked. Raises BadInput, its sentence opening with `where` (file and line).
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
    """The text under `name`. Raises BadInput when it is missing, not a text, or empty where it may not be `empty`."""
    if name not in fields:
        raise BadInput(f'{location}: "{name}" is missing. Add it.')
    value = _get_text(fields, name, location)
    if not is_empty_allowed and not value.strip():
        raise BadInput(f'{location}: "{name}" is empty. Fill it in.')
    return value


def get_optional_text(fields: Fields, name: str, location: str, max_length: int = MAX_FIELD_LENGTH) -> str | None:
    """The text under `name`, None when nothing is told. Raises BadInput for another type or over `most` characters."""
    if fields.get(name) is None:
        return None
    value = _get_text(fields, name, location)
    if len(value) > max_length:
        raise BadInput(f'{location}: "{name}" is longer than {max_length:,} characters. Shorten it.')
    return check_storable(value, f'{location}: "{name}"').strip() or None


def check_text(text: str, location: str) -> str:
    """An article's text, unchanged. Raises BadInput when nothing is in it, or something that cannot be stored."""
    if not text.replace("\ufeff", "").strip():
        raise BadInput(f"{location} is empty: there is no article in it. Remove it or fill it in.")
    return check_storable(text, location)


def check_storable(text: str, location: str) -> str:
    """`text`, unchanged. Raises BadInput when it holds what no database can keep."""
    if reason := explain_unstorable(text):
        raise BadInput(f"{location} {reason}. Correct it and try again.")
    return text


def check_id(article_id: str, location: str) -> str:
    """An article's id, unchanged. Raises BadInput when it is empty, too long, or not printable on one line."""
    if not article_id.strip() or len(article_id) > MAX_NAME_LENGTH or not article_id.isprintable():
        raise BadInput(
            f"{location}: the article's id must be printable, on one line, of 1 to {MAX_NAME_LENGTH} characters."
        )
    return article_id


def _get_text(fields: Fields, name: str, location: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise BadInput(f'{location}: "{name}" must be a text in quotation marks, not {_describe_type(value)}.')
    return value


def _get_publication_date(fields: Fields, location: str) -> date | None:
    """`published`, or `date` as collections of news call it; of a time stamp, the day as written in its own zone."""
    name = "published" if fields.get("published") is not None else "date"
    value = fields.get(name)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    date_text = get_optional_text(fields, name, location)
    try:
        return datetime.fromisoformat(date_text).date() if date_text else None
    except ValueError as error:
        raise BadInput(f'{location}: "{name}" is no day of the calendar. Write it as 2016-06-30.') from error


def _get_url(fields: Fields, location: str) -> str | None:
    """`url`: web addresses alone, for it becomes a link that people click."""
    value = get_optional_text(fields, "url", location)
    if value is None or _is_web_address(value):
        return value
    raise BadInput(f'{location}: "url" is no web address. It starts with https:// or http:// and has no spaces.')


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    is_plain = value.isprintable() and not any(char.isspace() for char in value)
    return is_plain and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _describe_type(value: object) -> str:
    """What a person would call the type of a value from JSON or TOML."""
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


#: characters of an address; longer ones are no article's
MAX_LENGTH = 2_000


def is_web_address(url: str) -> bool:
    """Whether it is an address of the web that can be a link: http or https, with a host, without blanks."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isprintable() and not any(char.isspace() for char in url)
    return is_plain and parts.scheme in {"http", "https"} and bool(parts.hostname)


def normalise_url(url: str | None, base: str | None = None) -> str | None:
    """The address without trackers and fragment, relative ones seen from `base`; None when it is none of the web's."""
    if not url or len(url) > MAX_LENGTH:
        return None
    try:
        absolute = urljoin(base, url.strip()) if base else url.strip()
        cleaned_url = clean_url(absolute.partition("#")[0]) if is_web_address(absolute) else None
    except ValueError:
        return None
    return cleaned_url if cleaned_url and len(cleaned_url) <= MAX_LENGTH and is_web_address(cleaned_url) else None


def is_same_site(first_url: str, second_url: str) -> bool:
    """Whether two addresses are of one host, "www.", "m." and "amp." aside: what a page may say of itself."""
    return _strip_site_prefix(first_url) == _strip_site_prefix(second_url)


def _strip_site_prefix(url: str) -> str:
    host = urlsplit(url).hostname or ""
    prefix, _, rest = host.partition(".")
    return rest if prefix in {"www", "m", "amp", "mobile"} and "." in rest else host
