"""Links open the publisher's page at the passage, and no article text can break or redirect them."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.article.citation import build_link, build_text_fragment, get_page_url
from briefings.model import Article, Span
from briefings.text.folding import fold

WORDS = st.sampled_from(["a", "no-one", "b,", "c&d", "“e”", "-", "f", "\n", "\u2028", "g ", "é", "#:~:text=", "%2D"])
TEXTS = st.one_of(st.text(st.characters()), st.lists(WORDS, max_size=40).map(" ".join))
_WORD = r"(?:[A-Za-z0-9_.~]|%[0-9A-F]{2})+"


def find_span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def test_short_span_is_given_in_full() -> None:
    text = "He said it was like a lynch-mob, without “the rope”."
    fragment = build_text_fragment(text, find_span(text, "like a lynch-mob, without “the rope”"))
    assert fragment == "like%20a%20lynch%2Dmob%2C%20without%20%E2%80%9Cthe%20rope%E2%80%9D"


def test_long_span_is_given_by_its_two_ends() -> None:
    text = "One two three four five six seven eight nine ten."
    assert build_text_fragment(text, Span(0, len(text))) == "One%20two%20three%20four,seven%20eight%20nine%20ten."


def test_the_two_ends_never_overlap() -> None:
    """Browsers search for the end after the start, so nine words cannot give eight and four."""
    text = "A b c d and more. A b c d e f g h i"
    assert build_text_fragment(text, Span(18, len(text))) == "A%20b%20c%20d%20e,f%20g%20h%20i"


def test_repeated_words_are_identified_by_the_words_before_them() -> None:
    text = "Leader: 'I did all I could'\n\nAsked at the parade, he said: “I did all I could.”"
    start = text.rindex("I did")
    assert (
        build_text_fragment(text, Span(start, start + 17))
        == "parade%2C%20he%20said%3A%20%E2%80%9C-,I%20did%20all%20I%20could"
    )
    assert build_text_fragment(text, find_span(text, "I did all I could")) == "I%20did%20all%20I%20could"


def test_span_of_several_paragraphs_is_given_by_its_first_and_last() -> None:
    text = '"On Monday we met.\n\n"MP after MP got up."'
    assert build_text_fragment(text, Span(1, len(text) - 1)) == "On%20Monday%20we%20met.,after%20MP%20got%20up."


@given(TEXTS, st.data())
def test_fragment_is_ascii_with_encoded_marks(text: str, data: st.DataObject) -> None:
    """Raw "-" and "," have a meaning in the directive, and "&" would begin another directive."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    fragment = build_text_fragment(text, span)
    assert re.fullmatch(rf"(?:{_WORD}-,)?{_WORD}(?:,{_WORD})?(?:,-{_WORD})?", fragment) or fragment == ""
    assert bool(fragment) == bool(span.of(text).strip())


@given(st.lists(WORDS, max_size=40), st.data())
def test_words_of_the_fragment_are_in_the_span(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    fragment = build_text_fragment(text, span)
    fragment_parts = fragment.split("-,")[-1].split(",-")[0].split(",") if fragment else []
    span_text = " ".join(span.of(text).split())
    assert all(unquote(part) in span_text for part in fragment_parts)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//paper.example/a",
        "https://",
        "https://[::1",
        "https://paper.example/a b",
        "https://paper.example/a|b",
        "https://paper.example/<b>",
        'https://paper.example/"b"',
        "https://paper.example/\x1b]8;;",
        "https://paper.example/\u202egnp",
        "https://paper.example/\x9b",
    ],
)
def test_unsafe_url_is_not_linked(url: str | None) -> None:
    article = Article("a", "He left.", url=url)
    assert get_page_url(article) is None
    assert build_link(article, Span(0, 8)) is None


def test_fragment_of_the_url_is_replaced() -> None:
    article = Article("a", "He left.", url="https://paper.example/a?b=c#top")
    assert build_link(article, Span(0, 8)) == "https://paper.example/a?b=c#:~:text=He%20left."
    assert build_link(article, Span(2, 3)) == "https://paper.example/a?b=c"


def test_earlier_match_ignores_case_like_browsers_do() -> None:
    """The same words in other case are an earlier match."""
    text = "He Left Now.\nhe left now."
    assert fold(text[:12]) == text[13:25]
    assert build_text_fragment(text, Span(13, 20)) == "he%20left,-now."
