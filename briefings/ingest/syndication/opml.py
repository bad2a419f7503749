"""Read a list of feeds (OPML), as feed readers export it."""

import re
from dataclasses import dataclass
from pathlib import Path

import listparser

from briefings.errors import BadInput
from briefings.ingest.field_validation import MAX_URL_LENGTH, is_web_address
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.paths.input_file import open_input_file
from briefings.ingest.text_file import cannot_read_error

#: maximum size of a list in bytes, and number of its feeds; an export has 100 to 300 bytes a feed
MAX_BYTES = 2_000_000
MAX_LISTED_FEEDS = 2_000
#: maximum number of tags; a list has one for each feed and folder
_MAX_TAGS = 20_000


_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,300}>\s*|<!--.{0,4000}?-->\s*|<!DOCTYPE[^>]{0,300}>\s*){0,5}<opml\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class FeedList:
    """The web addresses of the feeds in a list, in order and each once, and the number of other addresses."""

    addresses: tuple[str, ...]
    unusable_count: int = 0


def read_feed_list_file(path: Path) -> FeedList:
    """Return the feeds of an OPML file. Raises BadInput if it cannot be read or names no feed."""
    try:
        with open_input_file(path) as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise cannot_read_error(path, error) from error
    return read_feed_list(data, str(path))


def refuse_feed_list(data: bytes, address: str) -> None:
    """Raise FetchError if the content of an address is an OPML list, to say how to follow its feeds."""
    if _ROOT.match(data[:10_000]):
        raise FetchError(
            Failure.KIND,
            f"{address} is a list of feeds, not an article. Save it as a file, and follow its feeds with: "
            "ontherecord feeds follow FILE",
        )


def read_feed_list(data: bytes, name: str) -> FeedList:
    """Return the feeds of an OPML list; `name` starts every error message.

    Raises BadInput if it is too large, is not OPML or names no feed.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(f"{name} is longer than {MAX_BYTES:,} bytes, the limit for a list of feeds. Split it.")
    text = decode_bytes(data, name).removeprefix("\ufeff")
    if "<opml" not in text[:10_000].lower():
        raise BadInput(f"{name} is not a list of feeds (OPML). To follow one feed, give its web address.")
    if text.count("<") > _MAX_TAGS:
        raise _too_many_error(name)
    try:
        # listparser fetches texts that start with "http", so it gets bytes; the mark says that they are UTF-8
        harvest = listparser.parse(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"))
        written_addresses = [str(feed.get("url") or "").strip() for feed in harvest.get("feeds") or ()]
    except Exception as error:  # untrusted text can trigger any error in the parser
        raise BadInput(f"{name} cannot be read: the list is damaged. Export it again.") from error
    addresses = dict.fromkeys(filter(_is_usable, map(_drop_feed_scheme, written_addresses)))
    if len(addresses) > MAX_LISTED_FEEDS:
        raise _too_many_error(name)
    if not addresses:
        raise BadInput(f"{name} names no feed with a web address. Check the file.")
    unusable_count = sum(1 for address in written_addresses if not _is_usable(_drop_feed_scheme(address)))
    return FeedList(tuple(addresses), unusable_count)


def _drop_feed_scheme(address: str) -> str:
    """Return the web address of a "feed:" link, and any other address unchanged."""
    if not address.lower().startswith("feed:"):
        return address
    rest = address[len("feed:") :]
    return f"http:{rest}" if rest.startswith("//") else rest


def _is_usable(address: str) -> bool:
    return len(address) <= MAX_URL_LENGTH and is_web_address(address)


def _too_many_error(name: str) -> BadInput:
    return BadInput(f"{name} has more than {MAX_LISTED_FEEDS:,} feeds, the limit for one list. Split it.")
