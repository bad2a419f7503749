"""Addresses are fetched as written; only known redirect services are unwrapped; keys find duplicates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.addresses import build_former_key, build_key, quote_address, unwrap_address
from briefings.ingest.field_validation import normalise_url

PAPER = "https://paper.example"


@pytest.mark.parametrize(
    ("wrapped", "target"),
    [
        (f"https://www.google.com/url?rct=j&sa=t&url={PAPER}/x&ct=ga&cd=C&usg=A", f"{PAPER}/x"),
        (
            "https://www.google.co.uk/url?sa=t&q=https%3A%2F%2Fpaper.example%2Fx%3Fa%3D1%26b%3D%252F",
            f"{PAPER}/x?a=1&b=%2F",
        ),
        (f"http://news.google.com/news/url?sa=t&fd=R&url={PAPER}/x;1", f"{PAPER}/x;1"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Fx&data=05%7C&reserved=0",
            f"{PAPER}/x",
        ),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fx%3Ffbclid%3D1&h=A", f"{PAPER}/x?fbclid=1"),
        (
            "https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fpaper.example%2fx&c=1",
            f"{PAPER}/x",
        ),
        (
            "https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.google.com%2Furl%3Furl%3Dhttps%3A%2F%2Fpaper.example%2Fx",
            f"{PAPER}/x",
        ),
    ],
)
def test_link_of_a_redirect_service_gives_exactly_its_target(wrapped: str, target: str) -> None:
    assert unwrap_address(wrapped) == target


@pytest.mark.parametrize(
    "link",
    [
        f"{PAPER}/login?redirect=http://other.example/",
        f"{PAPER}/url?url=http://other.example/",
        "https://evilgoogle.com/url?url=http://other.example/",
        "https://google.com.evil.example/url?url=http://other.example/",
        "https://www.google.com/search?q=http://other.example/",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://www.google.com/url?url=",
        "https://www.facebook.com/paper?u=http://other.example/",
        "http://[::1/url?url=http://other.example/",
        "",
    ],
)
def test_any_other_link_stays_as_it_is(link: str) -> None:
    assert unwrap_address(link) == link


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("HTTP://Paper.Example:80/A?b=2&a=1#top", "http://paper.example/A?b=2&a=1"),
        (f"{PAPER}:443/", PAPER),
        (f"{PAPER}/?id=7&utm_source=rss&page=2", f"{PAPER}/?id=7&page=2"),
        (f"{PAPER}/a?fbclid=1&gclid=2&mc_cid=3&xtor=RSS-1&at_medium=RSS", f"{PAPER}/a"),
        (
            f"{PAPER}/a?source=wire&ref=2&cid=3&attachment_id=4&gid=5&pk_id=6",
            f"{PAPER}/a?source=wire&ref=2&cid=3&attachment_id=4&gid=5&pk_id=6",
        ),
        (f"{PAPER}/hall;art12,34", f"{PAPER}/hall;art12,34"),
        (f"{PAPER}/news//8", f"{PAPER}/news//8"),
        (f"{PAPER}/login?redirect=http://other.example/x", f"{PAPER}/login?redirect=http://other.example/x"),
        (f"{PAPER}/é b?12345", f"{PAPER}/%C3%A9%20b?12345"),
        (f"{PAPER}/a%7eb%2Fc?q=a+b", f"{PAPER}/a%7eb%2Fc?q=a+b"),
    ],
)
def test_key_drops_trackers_and_the_fragment_and_nothing_else(address: str, key: str) -> None:
    assert build_key(address) == key
    assert normalise_url(address) == key
    assert build_key(key) == key


@pytest.mark.parametrize(
    ("address", "former_key"),
    [
        (f"{PAPER}/hall;art12", f"{PAPER}/hall%3Bart12"),
        (f"{PAPER}/news//8", f"{PAPER}/news/8"),
        (f"{PAPER}/a?b=2&a=1", f"{PAPER}/a?a=1&b=2"),
        (f"{PAPER}/a?id=7", None),  # the same then and now
        (f"{PAPER}/a?cid=3", None),  # once dropped, so it was the key of every such page
        (f"{PAPER}/a?123", None),
        (f"{PAPER}/login?redirect=http://other.example/x", None),
        (f"{PAPER}/login?redirect={PAPER}/x", None),
    ],
)
def test_former_key_is_only_another_spelling_of_todays_key(address: str, former_key: str | None) -> None:
    assert build_former_key(address) == former_key


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        (" http://a.example/x\n/y z ", "http://a.example/x/y%20z"),
        ("http://a.example/a/./b/../c/..", "http://a.example/a/"),
        ("http://a.example/..%2f../x?y=../z", "http://a.example/..%2f../x?y=../z"),
        ("http://a.example?x=ü", "http://a.example?x=%C3%BC"),
    ],
)
def test_only_characters_that_no_request_may_contain_are_quoted(address: str, quoted: str) -> None:
    assert quote_address(address) == quoted


@given(st.text(max_size=200))
def test_no_address_raises(text: str) -> None:
    for address in (text, f"http://{text}", f"https://www.google.com/url?url={text}", f"http://a.example/{text}"):
        unwrap_address(address)
        key = normalise_url(address)
        assert key is None or normalise_url(key) == key
        build_former_key(address)
