"""Addresses: whatever an id, a name or words are, they come back out of the address as they went in."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import urls

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)


@given(anything)
def test_an_article_of_any_id_has_an_address_that_gives_the_id_back(article_id: str) -> None:
    """One segment of the path, or the query where the id would be a step in the tree."""
    parts = urlsplit(urls.article(article_id, 3, 9))
    named = parse_qs(parts.query, keep_blank_values=True)
    assert named["at"] == ["3-9"]
    assert parts.fragment == "at"
    head, _, last = parts.path.rpartition("/")
    if article_id in (".", ".."):
        assert (parts.path, named["id"]) == ("/record/articles", [article_id])
    else:
        assert (head, unquote(last)) == ("/record/articles", article_id)


@given(anything, anything)
def test_names_and_words_come_back(name: str, words: str) -> None:
    assert unquote(urls.person(name).removeprefix("/record/people/")) == name
    assert unquote(urls.story(name).removeprefix("/record/stories/")) == name
    asked = parse_qs(urlsplit(urls.search(words, by=name)).query, keep_blank_values=True)
    assert asked == {"q": [words], "by": [name]}


def test_addresses_as_people_see_them() -> None:
    """Pinned, because they stand in messages that stay."""
    assert urls.index() == "/record/"
    assert urls.article("a b") == "/record/articles/a%20b"
    assert urls.article("https://x.example/1?a=b", 0, 4) == (
        "/record/articles/https%3A%2F%2Fx.example%2F1%3Fa%3Db?at=0-4#at"
    )
    assert urls.article_from("..", 7) == "/record/articles?id=..&from=7"
    assert urls.quotation("a", 3) == "/record/articles/a#q3"
    assert urls.story("labour-crisis", as_json=True) == "/record/stories/labour-crisis?format=json"
    assert urls.search() == "/record/search"


@pytest.mark.parametrize("text", ["\ud800", "\0", "é", "‮"])
def test_what_has_no_bytes_makes_an_address_all_the_same(text: str) -> None:
    """ASCII, whatever went in."""
    assert urls.article(text).isascii()
