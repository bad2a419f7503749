"""What a feed says about its pages, without the texts that it gives for pages of other sites.

Rule: what an outlet printed is read from its own site. A feed elsewhere could put any words into its mouth.
"""

from dataclasses import replace

from briefings.ingest.syndication.feed import Feed, FeedEntry
from briefings.outlets import OutletJudge
from briefings.storage.writes.feed_repository import FeedMetadata

#: maximum length of an entry's text that is saved until the page is read, in characters
_MAX_TEXT_LENGTH = 400_000


def drop_foreign_texts(feed: Feed, address: str, outlets: OutletJudge) -> Feed:
    """Return a feed without the texts of entries that are not of the owner of the feed's address."""
    return replace(
        feed,
        entries=tuple(
            entry if not entry.html or outlets.have_same_owner(address, entry.address) else replace(entry, html="")
            for entry in feed.entries
        ),
    )


def build_feed_metadata(entry: FeedEntry, key: str, outlet: str | None) -> FeedMetadata:
    """Return what is stored about an entry's page until it is read."""
    return FeedMetadata(
        title=entry.title,
        published=entry.published.isoformat() if entry.published else None,
        byline=entry.byline,
        outlet=outlet,
        html=entry.html[:_MAX_TEXT_LENGTH],
        link=entry.address if entry.address != key else None,
    )
