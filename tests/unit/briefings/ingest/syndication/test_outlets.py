"""The outlet of a feed's entries is the name of the site, without what feed software adds."""

import pytest

from briefings.ingest.syndication.entries import Feed, FeedEntry
from briefings.ingest.syndication.outlets import choose_outlets


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("The Tribune", "The Tribune"),
        ("The Tribune » Politics", "The Tribune"),
        ("The Tribune » Politics RSS feed", "The Tribune"),
        ("The Tribune RSS Feed", "The Tribune"),
        ("The Tribune - RSS 2.0", "The Tribune"),
        ("The Feed Store", "The Feed Store"),
        ("Atom Weekly", "Atom Weekly"),
        ("News", None),
        ("RSS", None),
        ("Google Alert - harbour", None),
        (None, None),
    ],
)
def test_title_of_a_feed_names_its_outlet(title: str | None, outlet: str | None) -> None:
    address = "https://tribune.example/1"
    assert choose_outlets(Feed(title, (FeedEntry(address, address),))) == (outlet,)
