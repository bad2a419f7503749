"""URLs of pages: any id, name or query survives encoding and decoding."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import urls

any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)


@given(any_text)
def test_any_article_id_survives_the_round_trip(article_id: str) -> None:
    """The id is one path segment; "." and ".." go into the query, because browsers would resolve them."""
    parts = urlsplit(urls.article(article_id, 3, 9))
    query = parse_qs(parts.query, keep_blank_values=True)
    assert query["at"] == ["3-9"]
    assert parts.fragment == "at"
    head, _, last = parts.path.rpartition("/")
    if article_id in (".", ".."):
        assert (parts.path, query["id"]) == ("/record/articles", [article_id])
    else:
        assert (head, unquote(last)) == ("/record/articles", article_id)


@given(any_text, any_text)
def test_names_and_words_survive_the_round_trip(name: str, words: str) -> None:
    assert unquote(urls.person(name).removeprefix("/record/people/")) == name
    assert unquote(urls.story(name).removeprefix("/record/stories/")) == name
    query = parse_qs(urlsplit(urls.search(words, by=name)).query, keep_blank_values=True)
    assert query == {"q": [words], "by": [name]}


def test_urls_do_not_change() -> None:
    """Old messages contain these URLs."""
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
def test_text_that_cannot_be_encoded_gives_an_ascii_url(text: str) -> None:
    assert urls.article(text).isascii()
