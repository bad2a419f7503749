"""Choose the outlet of a feed's entry.

Rule: a feed's title is the outlet of its own site's articles only, even if they name an agency as their source. A
collection of other sites' articles (Google Alerts, Google News, a planet of blogs) names no outlet, unless its entries
do.
"""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from briefings.ingest.syndication.entries import Feed

_COLLECTION_TITLE = re.compile(
    r"google (?:alert|news)\b|.{0,200}\bgoogle (?:alerts?|news)$|bing: |talkwalker\b", re.IGNORECASE
)
#: second-level domains under which countries register names
_SECOND_LEVELS = frozenset(["ac", "co", "com", "edu", "gob", "gouv", "gov", "govt", "net", "nhs", "org", "police"])
_COUNTRY_CODE_LENGTH = 2
#: what feed software adds to a site's name: "The Post » Politics", "The Post RSS Feed"
_SECTION = re.compile(r"\s+[»>]\s+.*$")
_FORMAT = re.compile(r"[\s|:–—-]*\b(?:rss|atom)?(?:\s?(?:\d\.\d|feeds?|rss))*\s*$", re.IGNORECASE)
_GENERIC_NAMES = frozenset(
    [
        "news",
        "latest",
        "latest news",
        "all news",
        "home",
        "blog",
        "posts",
        "articles",
        "untitled",
        "channel",
        "press releases",
    ]
)
_ADDRESS = re.compile(r"[\d.]+|\[?[\da-f:]*:[\da-f:.]*\]?", re.IGNORECASE)


def choose_outlets(feed: Feed) -> tuple[str | None, ...]:
    """Return the outlet of each entry of a feed, or None where it is not certain."""
    sites = [_get_site(entry.address) for entry in feed.entries]
    main_site = _find_main_site(sites)
    is_collection = feed.title is None or _COLLECTION_TITLE.match(feed.title) is not None
    name = _drop_additions(feed.title or "")
    return tuple(
        name if site == main_site and not is_collection else entry.outlet
        for entry, site in zip(feed.entries, sites, strict=True)
    )


def _drop_additions(title: str) -> str | None:
    """Return a feed's title without what feed software adds, or None if no name is left."""
    name = _FORMAT.sub("", _SECTION.sub("", title)).strip()
    return None if not name or name.lower() in _GENERIC_NAMES else name


def _find_main_site(sites: Iterable[str]) -> str | None:
    """Return the site of more than half of the entries, or None."""
    counts = Counter(sites)
    site, count = next(iter(counts.most_common(1)), (None, 0))
    return site if 2 * count > counts.total() else None


def _get_site(address: str) -> str:
    """Return the domain that a publisher registered ("paper.co.uk" for "news.paper.co.uk"), or the IP address."""
    host = urlsplit(address).hostname or ""
    labels = host.split(".")
    if _ADDRESS.fullmatch(host):
        return host
    has_second_level = len(labels) > 2 and labels[-2] in _SECOND_LEVELS and len(labels[-1]) == _COUNTRY_CODE_LENGTH
    return ".".join(labels[-3:] if has_second_level else labels[-2:])
