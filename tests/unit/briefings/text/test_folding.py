"""Search keys match words regardless of case, accents and marks."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.folding import contains_phrase, make_search_key, split_words

#: soft hyphens, joiners and direction marks
INVISIBLE = "\u00ad\ufeff" + "".join(
    chr(code)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x2069))
    for code in range(first, last + 1)
)
ANY_TEXT = st.text(st.characters())  # lone surrogates and NUL among them


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Lynch-Mob", "lynch mob"),
        ("a “lynch‑mob” — without a rope", "a lynch mob without a rope"),
        ("Corbyn’s leadership", "corbyn s leadership"),
        ("Corbyn's leadership", "corbyn s leadership"),
        ("Zoë O'Neill, STRASSE and Straße", "zoe o neill strasse and strasse"),
        ("ﬁnance İstanbul", "finance istanbul"),
        ("100% _sure_ \\ £3.5m", "100 sure 3 5m"),
        ("co\u00adoperate \u202eleft\u202c", "cooperate left"),
        ("“…” -- !", ""),
        ("", ""),
    ],
)
def test_key_ignores_marks_case_and_accents(text: str, key: str) -> None:
    assert make_search_key(text) == key


def build_key_slowly(text: str) -> str:
    """Build the key directly from its definition, without optimisation."""
    folded = normalize("NFKD", normalize("NFKD", text).casefold())
    visible_characters = (char for char in folded if not ("\u0300" <= char <= "\u036f") and char not in INVISIBLE)
    return " ".join("".join(char if char.isalnum() else " " for char in visible_characters).split())


@given(ANY_TEXT | st.text("aZé“”‘’–—…\u00a0\u00ad\u200b_-'1½ﬁİ "))
def test_key_equals_its_definition(text: str) -> None:
    assert make_search_key(text) == build_key_slowly(text)


@given(ANY_TEXT | st.text("aZé“”‘’–—…\u00a0\u00ad\u200b_-'1½ﬁİ "))
def test_words_are_runs_of_letters_and_digits(text: str) -> None:
    """The fast way for ASCII splits as the pattern does."""
    assert split_words(text) == re.findall(r"[^\W_]+", text)


@given(ANY_TEXT)
def test_key_of_a_key_is_the_same_key(text: str) -> None:
    assert make_search_key(make_search_key(text)) == make_search_key(text)


@given(ANY_TEXT)
def test_key_contains_only_letters_digits_and_single_spaces(text: str) -> None:
    key = make_search_key(text)
    assert all(word.isalnum() for word in key.split(" ")) or key == ""


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_phrase_is_found_between_any_other_words(before: str, words: str, after: str) -> None:
    assert contains_phrase(f"{before} {words} {after}", words) == bool(make_search_key(words))


def test_only_whole_words_in_order_are_found() -> None:
    assert contains_phrase("like a lynch-mob without a rope", "lynch mob")
    assert not contains_phrase("like a lynch-mob without a rope", "lynch mo")
    assert not contains_phrase("the mob would lynch", "lynch mob")
    assert not contains_phrase("anything", "?!")
