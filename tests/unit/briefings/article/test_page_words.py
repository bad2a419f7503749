"""Texts that a browser takes for the same have the same words, and words have the edges that browsers see."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefings.article import page_words
from briefings.article.page_words import Page, has_words, is_word_edge, read_page_words, read_words
from briefings.model import Span

#: words, marks and blanks that are joined without anything between them
_PIECES = [
    "pier",
    "Pier",
    "seaside",
    " ",
    " ",
    "\n",
    ",",
    "’",
    "_",
    "é",
    "ǽ",
    "æ",
    "ß",
    "ﬁnd",
    "\u00ad",
    "\u0301",
    "我",
    "½",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lynch-Mob", "lynch mob"),
        ("“isn’t it”", "isn't it"),
        ("CAFÉ façade", "cafe facade"),
        ("ﬁnd the oﬃce", "find the office"),
        ("Straße", "STRASSE"),
        ("Søren Bjørk, Łódź, œuvre", "soren bjork lodz oeuvre"),
        ("un\u00adfor\u00adgettable", "unforgettable"),
        ("9\u00a0p.m.", "9 p.m."),
        ("Ｅａｓｔｏｎ", "Easton"),
    ],
)
def test_same_words_to_a_browser_are_the_same_here(one: str, other: str) -> None:
    assert read_words(one) == read_words(other)


def test_words_are_found_only_whole() -> None:
    page = read_page_words("The pier and the piers. A pier’s end.", "")
    assert page.has_once(read_words("piers"))
    assert not page.has_once(read_words("pier"))
    assert not page.has_once(read_words("pi"))


def test_every_character_without_spaces_is_a_word() -> None:
    """Browsers may split such a text between any two characters."""
    page = read_page_words("我们会重建码头。重建。", "")
    assert not page.has_once(read_words("重建"))
    assert page.has_once(read_words("码头"))


def test_headline_is_before_the_text() -> None:
    text = "The pier. The sea."
    page = read_page_words(text, "Pier opens")
    assert not page.has_once(read_words("pier"))
    assert page.has_first_after(read_words("Pier opens"), text, 0) is False
    assert page.has_first_after(read_words("the pier"), text, 0)
    assert not page.has_first_after(read_words("the"), text, 10)
    assert read_words("…") == ""


@pytest.mark.parametrize(
    ("before", "after", "is_edge"),
    [
        ("the ", "pier", True),
        ("the", " pier", True),
        ("“", "pier", True),
        ("no-", "one", True),
        ("", "pier", True),
        ("pier", "", True),
        ("pier", ".", True),
        ("pier", ". It", True),
        ("pi", "er", False),
        ("isn", "’t", False),
        ("isn’", "t", False),
        ("3.", "5", False),
        ("3", ".5", False),
        ("un", "\u00adfor", False),
        ("cafe", "\u0301", False),
        ("重", "建", False),
        ("「", "重", True),
    ],
)
def test_edge_of_a_word_is_where_browsers_see_one(before: str, after: str, is_edge: bool) -> None:
    assert is_word_edge(before + after, len(before)) is is_edge


def test_a_long_page_has_the_same_words_and_positions_as_if_it_were_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_words, "_STEP", 7)
    random = Random(1)  # noqa: S311 - no secrets
    characters = "abcAB ß é\u0301\u00ad\u200b\n ,.;“”\"'’-我ﬁæİΣσ_1½\t"
    for _ in range(500):
        text, headline = ("".join(random.choices(characters, k=random.randrange(size))) for size in (60, 12))
        page, end = read_page_words(text, headline), random.randrange(len(text) + 1)
        assert page.words == read_words(f"{headline}\n{text}")
        assert page._find_position(text, end) == max(0, len(read_words(f"{headline}\n{text[:end]}")) - 1)


@given(
    st.lists(st.sampled_from(_PIECES), max_size=40).map("".join) | st.text(max_size=60),
    st.sampled_from(["", "Pier opens", "ǽ sea"]),
    st.integers(0, 60),
    st.integers(0, 60),
)
@example("ǽ ae ǽ", "", 0, 1)
@example("repiered pier", "", 9, 13)
def test_words_that_are_rare_are_found_once_as_if_the_whole_page_were_read(
    text: str, headline: str, start: int, length: int
) -> None:
    """The cheap look at single words never answers otherwise than the words of all of the page."""
    span = Span(min(start, len(text)), min(start + length, len(text)))
    words = read_words(span.of(text))
    assert Page(text, headline).has_once(span, words) == read_page_words(text, headline).has_once(words)


@given(st.text() | st.sampled_from(["½", "℡", "“’", "\u00a8", "_", "\u200b"]))
def test_a_text_has_words_if_any_are_read(text: str) -> None:
    assert has_words(text) is bool(read_words(text))
