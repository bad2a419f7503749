"""Words that a feed gives for a page of another site are never that site's words."""

import pytest

from briefings.feeds.entry_texts import drop_foreign_texts
from briefings.ingest.syndication.feed import Feed, FeedEntry
from briefings.outlets import KnownOutletJudge


@pytest.mark.parametrize(
    ("feed_address", "entry_address", "is_kept"),
    [
        ("https://feeds.tribune.example/rss", "https://www.tribune.example/a", True),
        ("https://feeds.bbci.co.uk/rss", "https://www.bbc.com/news/a", True),
        ("https://evil.example/rss", "https://www.theguardian.com/a", False),
        ("https://theguardian.com.evil.example/rss", "https://www.theguardian.com/a", False),
        ("https://one.substack.com/feed", "https://two.substack.com/a", False),
        ("https://192.0.2.7/rss", "https://www.theguardian.com/a", False),
    ],
)
def test_text_of_an_entry_is_kept_only_from_its_own_site(feed_address: str, entry_address: str, is_kept: bool) -> None:
    entry = FeedEntry(entry_address, entry_address, title="Bridge", html="<p>“We lied,” said Jane Roe.</p>")
    (read_entry,) = drop_foreign_texts(Feed("Feed", (entry,)), feed_address, KnownOutletJudge()).entries
    assert bool(read_entry.html) is is_kept
    assert read_entry.title == "Bridge"
