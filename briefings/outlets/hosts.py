"""Read the host of an address, and tell whose it is.

Rule: a host belongs to a domain only as that domain or as one of its subdomains. `theguardian.com.evil.example` and
`theguardian-news.com` belong to themselves. An address that programs read differently has no host.
"""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

_MAX_ADDRESS_LENGTH, _MAX_HOST_LENGTH = 2_000, 253
#: a backslash or a control character makes browsers and libraries see different hosts
_UNSAFE = re.compile(r"[\s\\<>\"|^`{}\x00-\x20\x7f]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
#: sites on which many people publish: their main hosts belong to no outlet
_SHARED_HOSTS = frozenset(
    re.findall(
        r"\S+",
        "archive.is archive.org archive.ph archive.today ampproject.org beehiiv.com blogger.com blogspot.com bsky.app "
        "buttondown.email docs.google.com facebook.com feedburner.com ghost.io github.com github.io gitlab.com "
        "google.com instagram.com issuu.com linkedin.com livejournal.com mastodon.social medium.com netlify.app "
        "pages.dev pastebin.com reddit.com scribd.com sites.google.com squarespace.com substack.com t.co t.me "
        "telegra.ph threads.net tiktok.com translate.goog tumblr.com twitter.com typepad.com vercel.app "
        "weebly.com wixsite.com wordpress.com x.com youtube.com",
    )
)


def read_host(address: str | None) -> str | None:
    """Return the host of a web address in lower case and as in DNS, or None if it has no certain host.

    The port, the user name and a final dot make no difference. A bare host is an address, too.
    """
    if not address or len(address) > _MAX_ADDRESS_LENGTH or _UNSAFE.search(address.strip()):
        return None
    address = address.strip()
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").removesuffix(".")
        _ = parts.port  # raises ValueError for one that is no number
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or not host or len(host) > _MAX_HOST_LENGTH:
        return None
    if is_ip_address(host):
        return host
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return host if all(_LABEL.fullmatch(label) for label in host.split(".")) else None


def is_ip_address(host: str) -> bool:
    """Tell whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def list_parents(host: str) -> list[str]:
    """Return the host and the domains that it is part of, the longest first; an IP address has none."""
    if is_ip_address(host):
        return [host]
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def is_shared(host: str) -> bool:
    """Tell whether many people publish under a host, so that it can't belong to one outlet: "co.uk", "medium.com"."""
    if host in _SHARED_HOSTS:
        return True
    return not is_ip_address(host) and ("." not in host or find_site(host) == host == _find_suffix(host))


def is_same_site(first_address: str | None, second_address: str | None) -> bool:
    """Tell whether two addresses are of one owner: one host, or hosts of one registered domain."""
    hosts = read_host(first_address), read_host(second_address)
    if hosts[0] is None or hosts[1] is None:
        return False
    return hosts[0] == hosts[1] or find_site(hosts[0]) == find_site(hosts[1])


@lru_cache(maxsize=4_096)
def find_site(host: str) -> str:
    """Return the domain that the owner of a host registered: "paper.co.uk" for "news.paper.co.uk"."""
    if is_ip_address(host) or "." not in host:
        return host
    for parent in reversed(list_parents(host)):
        if parent in _SHARED_HOSTS:
            return ".".join(host.split(".")[-parent.count(".") - 2 :])
    suffix = _find_suffix(host)
    if suffix is None:  # a domain that is not public, such as .example or .local
        return ".".join(host.split(".")[-2:])
    return host if host == suffix else ".".join(host.split(".")[-suffix.count(".") - 2 :])


@lru_cache(maxsize=4_096)
def _find_suffix(host: str) -> str | None:
    """Return the part of a host under which names are registered ("co.uk"), or None if it is not known."""
    from tld import get_tld  # reads its list of suffixes, which only fetched pages need

    suffix = get_tld(f"https://{host}/", fail_silently=True, search_private=True)
    return suffix if isinstance(suffix, str) else None
