"""Says whether an article comes from one of some sources: outlets, sites, or sections of a site. Pure.

Rule: an outlet matches by its whole name, so that "The Tribune" is not "The Easton Tribune"; case, accents and "The"
make no difference. A section is the beginning of a URL's path, in whole segments: `tribune.example/sport` is not
`tribune.example/sports`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from briefings.text.folding import make_search_key

#: longest address of a site or section, in characters
MAX_ADDRESS_LENGTH = 300
#: names of the same site for other devices
_DEVICE_HOSTS = ("www.", "m.", "mobile.", "amp.")
_HOST = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?")


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """Some sources. The default matches nothing. Build it with `build_source_filter`."""

    #: keys of outlets' names, from `make_outlet_key`
    outlets: frozenset[str] = frozenset()
    #: addresses of sites and sections, from `normalize_address`
    addresses: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether it can match anything."""
        return bool(self.outlets or self.addresses)

    def matches(self, publisher: str | None, url: str | None) -> bool:
        """Tell whether an article with this outlet and URL comes from one of the sources."""
        key = make_outlet_key(publisher) if publisher else ""
        if key and key in self.outlets:
            return True
        if not self.addresses:
            return False
        places = [
            place for place in (url and normalize_address(url), publisher and normalize_address(publisher)) if place
        ]
        return any(_is_within(place, address) for place in places for address in self.addresses)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the addresses."""
        return tuple(sorted({address.partition("/")[0] for address in self.addresses}))


NO_SOURCES = SourceFilter()


def build_source_filter(outlets: Iterable[str] = (), addresses: Iterable[str] = ()) -> SourceFilter:
    """Return the filter for outlets' names and for addresses. Names and addresses without words are left out."""
    keys = frozenset(filter(None, map(make_outlet_key, outlets)))
    return SourceFilter(keys, frozenset(filter(None, map(normalize_address, addresses))))


def make_outlet_key(name: str) -> str:
    """Return the key by which two spellings of an outlet's name are equal; "" for a name without words."""
    key = make_search_key(name)
    return key.removeprefix("the ")


def normalize_address(text: str) -> str | None:
    """Return a URL, site or section as `host/path`, or None for other text.

    The scheme, the port, the query, "www." and the case make no difference. A host that is not ASCII is written as in
    DNS.
    """
    text = text.strip()
    if not text or len(text) > 2_000 or re.search(r"[\s<>\"\\|\x00-\x20\x7f]", text):
        return None
    try:
        parts = urlsplit(text if re.match(r"https?://", text, re.IGNORECASE) else f"//{text}")
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or parts.username is not None or not _HOST.fullmatch(host):
        return None
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    for prefix in _DEVICE_HOSTS:
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
            break
    segments = [segment for segment in unquote(parts.path).casefold().split("/") if segment not in ("", ".", "..")]
    address = "/".join((host.lower(), *segments))
    return address[:2_000]


def _is_within(place: str, address: str) -> bool:
    """Tell whether a normalised URL is at the address. A site without a path includes its subdomains."""
    if place == address or place.startswith(f"{address}/"):
        return True
    return "/" not in address and place.partition("/")[0].endswith(f".{address}")
