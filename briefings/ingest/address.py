"""Addresses of articles: one page, one address.

Rule: what only tells who clicked where (trackers, the fragment) is taken off; what may choose the page stays.
"""

from urllib.parse import urljoin, urlsplit

from courlan import clean_url

#: characters of an address; longer ones are no article's
LONGEST = 2_000


def is_web_address(value: str) -> bool:
    """Whether it is an address of the web that can be a link: http or https, with a host, without blanks."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    plain = value.isprintable() and not any(char.isspace() for char in value)
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname)


def canonical(value: str | None, base: str | None = None) -> str | None:
    """The address without trackers and fragment, relative ones seen from `base`; None when it is none of the web's."""
    if not value or len(value) > LONGEST:
        return None
    try:
        whole = urljoin(base, value.strip()) if base else value.strip()
        cleaned = clean_url(whole.partition("#")[0]) if is_web_address(whole) else None
    except ValueError:
        return None
    return cleaned if cleaned and len(cleaned) <= LONGEST and is_web_address(cleaned) else None


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one host, "www.", "m." and "amp." aside: what a page may say of itself."""
    return _site(one) == _site(other)


def _site(value: str) -> str:
    host = urlsplit(value).hostname or ""
    first, _, rest = host.partition(".")
    return rest if first in {"www", "m", "amp", "mobile"} and "." in rest else host
