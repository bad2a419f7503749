"""Redirects after sign-in: only to our own pages, even if a URL is spelt in an odd way."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import urls
from bot.links.urls import add_key, resolve_redirect

SITE = "https://bot.example.org"


@pytest.mark.parametrize(
    "url",
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
def test_url_outside_the_pages_leads_to_the_first_page(url: str) -> None:
    assert resolve_redirect(url) == urls.index()


@pytest.mark.parametrize(
    "url",
    [
        "/record",
        urls.index(),
        "/record/articles/000_3e648ece572ec1d5?at=1-20",
        "/record/stories/labour-crisis?format=json",
        "/record/stories/Tooting%20by-election",
        "/record/search?q=%22lynch-mob%22&by=John%20McDonnell",
    ],
)
def test_page_url_is_kept(url: str) -> None:
    assert resolve_redirect(url) == url


@given(st.text(alphabet="/\\.%2eE:@?#rcdoevil \t\n\x00é", max_size=60).map(lambda text: "/record" + text))
def test_redirect_stays_on_our_host_below_the_prefix(url: str) -> None:
    """Parse as browsers do: a backslash is a slash, and tabs and line ends are ignored."""
    target = resolve_redirect(url).replace("\\", "/").replace("\t", "").replace("\n", "")
    parts = urlsplit(urljoin(SITE + "/record/", target))
    assert (parts.scheme, parts.netloc) == ("https", "bot.example.org")
    assert parts.path == "/record" or parts.path.startswith("/record/")


@given(st.text(min_size=1, max_size=50), st.text(max_size=50))
def test_page_urls_with_any_name_are_valid_redirects(name: str, words: str) -> None:
    for url in (urls.article(name, 1, 20), urls.search(words), urls.person("x" + name)):
        path = url.partition("#")[0]
        assert resolve_redirect(path) == path


def test_key_is_added_before_the_fragment() -> None:
    assert add_key("/record/articles/a?at=1-2#at", "k") == "/record/articles/a?at=1-2&key=k#at"
    assert add_key("/record/stories/a", "k") == "/record/stories/a?key=k"
    assert add_key("/record/stories/a", "") == "/record/stories/a"
