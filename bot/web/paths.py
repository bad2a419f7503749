"""Where somebody is led once they are let in: a page of ours, whatever was asked for. Pure.

Rule: only a path below our own prefix, never another host, whichever way an address may be spelt.
"""

import re

from bot.web import addresses

#: characters of an address that is kept while somebody signs in
LONGEST = 2000
#: the parameter of an address that holds the key to it
KEY = "key"

# no backslash, which browsers read as a slash; no control; nothing that is not percent-encoded already
_OURS = re.compile(re.escape(addresses.PREFIX) + r"(?:/(?!/)[!$-\[\]_a-z~]*)?(?:\?[!$-\[\]_a-z~]*)?")
_STEP = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
#: the paths of the doors
DOORS = tuple(addresses.PREFIX + door for door in (addresses.SIGN_IN, addresses.SIGNED_IN, addresses.SIGN_OUT))


def safe(address: str) -> str:
    """`address` if it is a page of ours, else the first page."""
    path = address.partition("?")[0]
    ours = len(address) <= LONGEST and _OURS.fullmatch(address) and not _STEP.search(path) and path not in DOORS
    return address if ours else addresses.front()


def keyed(address: str, key: str) -> str:
    """`address` with the key in it, in front of its fragment; as it is without one."""
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{KEY}={key}{mark}{fragment}" if key else address
