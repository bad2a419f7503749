"""Read `feeds.toml`, the list of feeds that a team always follows.

Rule: the file is accepted or refused as a whole.
"""

from pathlib import Path

from briefings.errors import BadInput
from briefings.feeds.polling import MAX_MINUTES, MIN_MINUTES
from briefings.feeds.service import FeedRequest
from briefings.ingest.field_validation import MAX_NAME_LENGTH, Fields, get_optional_text, require_text
from briefings.ingest.http.fetcher import parse_url
from briefings.ingest.topics_file import read_tables
from briefings.storage.writes.feed_repository import MAX_FEEDS

#: value of `followed_by` for feeds from the file
FEEDS_FILE = "feeds.toml"


def read_feeds(path: Path) -> tuple[FeedRequest, ...]:
    """Return the feeds of a file, in order. Each is a `[[feed]]` table with url and optional outlet and minutes.

    Raises BadInput that names file and line if an entry is invalid.
    """
    tables = read_tables(path, "feed")
    if len(tables) > MAX_FEEDS:
        raise BadInput(f"{path} contains more than {MAX_FEEDS:,} feeds. Remove some.")
    requests: dict[str, FeedRequest] = {}
    for location, fields in tables:
        request = _parse_request(fields, location)
        if request.address in requests:
            raise BadInput(f"{location}: {request.address} is listed twice. Keep only one.")
        requests[request.address] = request
    return tuple(requests.values())


def _parse_request(fields: Fields, location: str) -> FeedRequest:
    try:
        address = str(parse_url(require_text(fields, "url", location)))
    except BadInput as error:
        raise BadInput(f"{location}: {error}") from error
    outlet = get_optional_text(fields, "outlet", location, MAX_NAME_LENGTH)
    return FeedRequest(address, FEEDS_FILE, outlet, _parse_minutes(fields.get("minutes"), location))


def _parse_minutes(value: object, location: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and MIN_MINUTES <= value <= MAX_MINUTES:
        return value
    raise BadInput(f'{location}: "minutes" must be a whole number from {MIN_MINUTES} to {MAX_MINUTES:,}.')
