"""Where somebody is led once they are let in: a page of ours, whatever was asked for. Pure.

Rule: only a path below our own prefix, never another host, whichever way an address may be spelt.
"""

import re

from bot.web import addresses

#: characters of an address that is kept while somebody signs in
MAX_LENGTH = 2000
#: the parameter of an address that holds the key to it
KEY_PARAMETER = "key"

# no backslash, which browsers read as a slash; no control; nothing that is not percent-encoded already
_PAGE_PATTERN = re.compile(re.escape(addresses.PREFIX) + r"(?:/(?!/)[!$-\[\]_a-z~]*)?(?:\?[!$-\[\]_a-z~]*)?")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
#: the paths of the doors
AUTH_PATHS = tuple(
    addresses.PREFIX + path for path in (addresses.SIGN_IN, addresses.SIGN_IN_CALLBACK, addresses.SIGN_OUT)
)


def resolve_redirect(url: str) -> str:
    """`address` if it is a page of ours, else the first page."""
    path = url.partition("?")[0]
    is_page = (
        len(url) <= MAX_LENGTH
        and _PAGE_PATTERN.fullmatch(url)
        and not _DOT_SEGMENT.search(path)
        and path not in AUTH_PATHS
    )
    return url if is_page else addresses.index()


def add_key(url: str, key: str) -> str:
    """`address` with the key in it, in front of its fragment; as it is without one."""
    path, separator, fragment = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{KEY_PARAMETER}={key}{separator}{fragment}" if key else url
