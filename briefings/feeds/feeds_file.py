"""`feeds.toml`: the feeds that a team follows as a matter of course.

Rule: the file is right as a whole or refused as a whole.
"""

from pathlib import Path

from briefings.errors import BadInput
from briefings.feeds.polling import MAX_MINUTES as _MOST
from briefings.feeds.polling import MIN_MINUTES as _FEWEST
from briefings.feeds.service import FeedRequest
from briefings.ingest.field_validation import MAX_NAME_LENGTH, Fields, get_optional_text, require_text
from briefings.ingest.http.fetcher import parse_url
from briefings.ingest.topics_file import read_tables
from briefings.storage.writes.feed_repository import MAX_FEEDS

#: what stands for the file as the one who follows
FEEDS_FILE = "feeds.toml"


def read_feeds(path: Path) -> tuple[FeedRequest, ...]:
    """The feeds of a file, in order: `[[feed]]`, then url and, where wanted, outlet and minutes.

    Raises BadInput naming file and line.
    """
    tables = read_tables(path, "feed")
    if len(tables) > MAX_FEEDS:
        raise BadInput(f"{path} holds over {MAX_FEEDS:,} feeds. Keep those that matter.")
    requests: dict[str, FeedRequest] = {}
    for location, fields in tables:
        request = _parse_request(fields, location)
        if request.address in requests:
            raise BadInput(f"{location}: {request.address} stands above already. Keep one of the two.")
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
    if isinstance(value, int) and not isinstance(value, bool) and _FEWEST <= value <= _MOST:
        return value
    raise BadInput(f'{location}: "minutes" must be a number from {_FEWEST} to {_MOST:,}.')
