"""Texts that a browser takes for the same have the same words, and words have the edges that browsers see."""

import pytest

from briefings.article.page_words import is_word_edge, read_page_words, read_words


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
    page = read_page_words("The pier. The sea.", "Pier opens")
    assert not page.has_once(read_words("pier"))
    assert page.has_first_after(read_words("Pier opens"), "") is False
    assert page.has_first_after(read_words("the pier"), "")
    assert not page.has_first_after(read_words("the"), "The pier. ")
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
