"""Which posted URLs are our pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import urls
from bot.links.page_address import PageAddress, PageKind, parse_page_url

BASE = "https://bot.example"


@pytest.mark.parametrize(
    ("url", "kind", "subject", "params", "key"),
    [
        ("https://bot.example/record/articles/a1?at=3-9&key=k.e-y#at", PageKind.ARTICLE, "a1", {"at": "3-9"}, "k.e-y"),
        ("https://bot.example/record/articles/a%2Fb%20c", PageKind.ARTICLE, "a/b c", {}, None),
        ("https://bot.example/record/articles?id=..&at=1-2", PageKind.ARTICLE, "..", {"id": "..", "at": "1-2"}, None),
        ("https://bot.example/record/stories/labour-crisis", PageKind.STORY, "labour-crisis", {}, None),
        ("https://bot.example/record/people/Zo%C3%AB%20Roe?page=2", PageKind.PERSON, "Zoë Roe", {"page": "2"}, None),
        ("https://bot.example/record/search?q=a+b&by=Roe", PageKind.SEARCH, "", {"q": "a b", "by": "Roe"}, None),
        ("HTTPS://BOT.EXAMPLE:443/record/search?q=x", PageKind.SEARCH, "", {"q": "x"}, None),
    ],
)
def test_a_page_is_read_from_its_url(
    url: str, kind: PageKind, subject: str, params: dict[str, str], key: str | None
) -> None:
    assert parse_page_url(url, BASE) == PageAddress(kind, subject, params, key)


def test_the_first_of_repeated_parameters_counts_as_on_the_page() -> None:
    address = parse_page_url(f"{BASE}/record/search?q=a&key=first&q=b&key=second", BASE)
    assert address == PageAddress(PageKind.SEARCH, "", {"q": "a"}, "first")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://bot.example",
        "https://bot.example/",
        "https://bot.example/record/",
        "https://bot.example/record/static/record.css",
        "https://bot.example/record/sign-in?to=/record/",
        "https://bot.example/record/articles/",
        "https://bot.example/record/articles/a/b",
        "https://bot.example/recordx/articles/a",
        "https://bot.example/other/record/articles/a",
        "http://bot.example/record/articles/a",
        "https://bot.example:8443/record/articles/a",
        "https://bot.example.evil.example/record/articles/a",
        "https://evil.example/record/articles/a",
        "https://bot.example@evil.example/record/articles/a",
        "https://user@bot.example/record/articles/a",
        "https://bot.example\\@evil.example/record/articles/a",
        "https://[bot.example/record/articles/a",
        "https://bot.example:port/record/articles/a",
        "https://bot.example/record/articles/%FF",
        "https://bot.example/record/search?q=%FF",
        "https://bot.example/record/articles/a%00",
        "https://bot.example/record/search?q=%00",
        "https://bot.example/record/articles/" + "a" * 5_000,
        "javascript:alert(1)//bot.example/record/articles/a",
        "/record/articles/a",
        "https://bot.example/record/search?" + "&".join(f"a{number}=1" for number in range(50)),
    ],
)
def test_no_other_url_is_one_of_our_pages(url: str) -> None:
    assert parse_page_url(url, BASE) is None


def test_a_site_below_a_path_has_its_own_pages() -> None:
    base = "https://bot.example/app/"
    assert parse_page_url("https://bot.example/app/record/people/Roe", base) is not None
    assert parse_page_url("https://bot.example/record/people/Roe", base) is None


@given(st.text(), st.integers(0, 99), st.integers(1, 99))
def test_every_link_that_we_build_is_read_again(subject: str, start: int, length: int) -> None:
    subject = subject.replace("\x00", "").encode("utf-8", "replace").decode()
    address = parse_page_url(BASE + urls.article(subject, start, start + length), BASE)
    if subject:
        assert address is not None
        assert (address.kind, address.subject) == (PageKind.ARTICLE, subject)
        assert address.params["at"] == f"{start}-{start + length}"
    for path, kind in ((urls.story(subject), PageKind.STORY), (urls.person(subject), PageKind.PERSON)):
        page = parse_page_url(BASE + path, BASE)
        assert page is None if not subject else page is not None and (page.kind, page.subject) == (kind, subject)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse_page_url(text, BASE)
    parse_page_url(f"{BASE}/record/{text}", BASE)
