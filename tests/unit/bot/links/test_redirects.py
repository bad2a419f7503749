"""Where somebody is led: a page of ours, however another address is spelt."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import urls
from bot.links.urls import add_key, resolve_redirect

SITE = "https://bot.example.org"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/record//evil.example",
        "/record\\evil.example",
        "/record/..//evil.example",
        "/record/../slack/install",
        "/record/%2E%2e/slack/install",
        "/recordings",
        "record/",
        "javascript:alert(1)",
        " /record/",
        "/record/\r\nSet-Cookie: x=1",
        "/record/\x00",
        "/record/sign-in?to=/record/sign-in",
        "/record/sign-out",
        "/record/signed-in?code=1",
        "/record/#fragment",
        "/record/" + "a" * 2001,
        "",
    ],
)
def test_no_other_place_is_led_to(address: str) -> None:
    assert resolve_redirect(address) == urls.index()


@pytest.mark.parametrize(
    "address",
    [
        "/record",
        urls.index(),
        "/record/articles/000_3e648ece572ec1d5?at=1-20",
        "/record/stories/labour-crisis?format=json",
        "/record/stories/Tooting%20by-election",
        "/record/search?q=%22lynch-mob%22&by=John%20McDonnell",
    ],
)
def test_a_page_is_led_to(address: str) -> None:
    assert resolve_redirect(address) == address


@given(st.text(alphabet="/\\.%2eE:@?#rcdoevil \t\n\x00é", max_size=60).map(lambda text: "/record" + text))
def test_what_is_led_to_is_on_our_own_host_below_the_prefix(address: str) -> None:
    """As a browser reads it: backslashes are slashes, tabs and line ends are nothing."""
    read = resolve_redirect(address).replace("\\", "/").replace("\t", "").replace("\n", "")
    led = urlsplit(urljoin(SITE + "/record/", read))
    assert (led.scheme, led.netloc) == ("https", "bot.example.org")
    assert led.path == "/record" or led.path.startswith("/record/")


@given(st.text(min_size=1, max_size=50), st.text(max_size=50))
def test_addresses_of_pages_are_safe_whatever_they_name(name: str, words: str) -> None:
    for address in (urls.article(name, 1, 20), urls.search(words), urls.person("x" + name)):
        path = address.partition("#")[0]
        assert resolve_redirect(path) == path


def test_a_key_stands_before_the_fragment() -> None:
    assert add_key("/record/articles/a?at=1-2#at", "k") == "/record/articles/a?at=1-2&key=k#at"
    assert add_key("/record/stories/a", "k") == "/record/stories/a?key=k"
    assert add_key("/record/stories/a", "") == "/record/stories/a"
