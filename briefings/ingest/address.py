"""Addresses of articles: one page, one address.

Rule: what only tells who clicked where (trackers, the fragment) is taken off; what may choose the page stays.
"""

from urllib.parse import urljoin, urlsplit

from courlan import clean_url

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
