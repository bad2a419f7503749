"""Words are found however they were printed or typed."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.folding import contains_phrase, make_search_key

#: soft hyphens, joiners and direction marks
UNSEEN = "\u00ad\ufeff" + "".join(
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
def test_marks_case_and_accents_do_not_matter(text: str, key: str) -> None:
    assert make_search_key(text) == key


def plainly(text: str) -> str:
    """The key as it is defined, whatever it takes to find it."""
    folded = normalize("NFKD", normalize("NFKD", text).casefold())
    seen = (char for char in folded if not ("\u0300" <= char <= "\u036f") and char not in UNSEEN)
    return " ".join("".join(char if char.isalnum() else " " for char in seen).split())


@given(ANY_TEXT | st.text("aZé“”‘’–—…\u00a0\u00ad\u200b_-'1½ﬁİ "))
def test_the_key_is_what_its_plain_definition_gives(text: str) -> None:
    assert make_search_key(text) == plainly(text)


@given(ANY_TEXT)
def test_the_key_of_a_key_is_that_key(text: str) -> None:
    assert make_search_key(make_search_key(text)) == make_search_key(text)


@given(ANY_TEXT)
def test_a_key_holds_letters_digits_and_single_spaces_only(text: str) -> None:
    key = make_search_key(text)
    assert all(word.isalnum() for word in key.split(" ")) or key == ""


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_words_are_found_between_any_others(before: str, words: str, after: str) -> None:
    assert contains_phrase(f"{before} {words} {after}", words) == bool(make_search_key(words))


def test_only_whole_words_in_their_order_are_found() -> None:
    assert contains_phrase("like a lynch-mob without a rope", "lynch mob")
    assert not contains_phrase("like a lynch-mob without a rope", "lynch mo")
    assert not contains_phrase("the mob would lynch", "lynch mob")
    assert not contains_phrase("anything", "?!")
