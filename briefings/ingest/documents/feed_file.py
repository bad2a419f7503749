"""Read the articles of a saved feed: those entries that contain their whole text.

Rule: an entry's metadata is what the feed states. A teaser is not an article; it is reported with its address.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.field_validation import MAX_NAME_LENGTH
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import build_page, read_page
from briefings.ingest.syndication.entries import FeedEntry
from briefings.ingest.syndication.feed import read_feed
from briefings.ingest.syndication.outlets import choose_outlets
from briefings.ingest.syndication.teasers import is_whole_entry
from briefings.model import Article

#: maximum size of a saved feed in bytes; one with 100 whole articles has 1,000,000
MAX_BYTES = 10_000_000


def read(data: bytes, name: str, article_id: str, options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the articles of a saved feed, and a BadInput for each entry that was not taken.

    An article's id is its address. Raises BadInput if the file is not a feed, or cannot be read as a whole.
    """
    del article_id, options
    if len(data) > MAX_BYTES:
        raise BadInput(f"{name} is longer than {MAX_BYTES:,} bytes, the limit for a saved feed. Split it.")
    try:
        feed = read_feed(data, name)
    except FetchError as error:
        if error.failure is Failure.FEED:
            raise BadInput(f"{name} is not a feed that can be read. Save it again.") from error
        raise
    today = datetime.now(UTC).date()
    articles = [
        _read_entry(entry, outlet, name, today)
        for entry, outlet in zip(feed.entries, choose_outlets(feed), strict=True)
    ]
    failures = [_describe_failure(failure) for failure in feed.failures]
    if not articles and not failures:
        raise BadInput(f"{name} is a feed without entries.")
    return [*articles, *failures]


def _describe_failure(failure: FetchError) -> BadInput:
    advice = " Save its article as a file, and add that file." if failure.failure is Failure.ADDRESS else ""
    return BadInput(f"{failure}{advice}")


def _read_entry(entry: FeedEntry, outlet: str | None, name: str, today: date) -> Article | BadInput:
    if not is_whole_entry(entry.html, is_content=entry.is_content):
        return BadInput(
            f"{name}: {entry.address} was not taken: the feed has only a teaser. Follow the feed or add this address."
        )
    try:
        article = read_page(build_page(entry.title, entry.html), entry.key, "text/html; charset=utf-8")
    except BadInput as error:
        return BadInput(f"{name}: {error}")
    # a day more than one ahead is an error; one day can be a difference of time zones
    is_past = entry.published is not None and entry.published <= today + timedelta(days=1)
    return Article(
        id=entry.key if len(entry.key) <= MAX_NAME_LENGTH else article.id,
        text=article.text,
        publisher=outlet[:MAX_NAME_LENGTH] if outlet else None,
        published=entry.published if is_past else None,
        url=entry.key,
        title=entry.title,
        byline=entry.byline,
        quotation_elements=article.quotation_elements,
    )
