"""Neighbours of a word are exactly the words one typo away."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from briefings.storage.search.query_terms import find_neighbours
from briefings.text.compounds import MAX_WORD_LENGTH, join_words, split_in_halves

WORD = st.text("abcxyz", min_size=1, max_size=8)


@given(WORD)
def test_neighbours_are_one_typo_away(word: str) -> None:
    assert all(OSA.distance(word, other_word) == 1 for other_word in find_neighbours(word))


@given(WORD, WORD)
def test_every_word_one_typo_away_is_a_neighbour(word: str, other_word: str) -> None:
    assert (other_word in find_neighbours(word)) == (OSA.distance(word, other_word) == 1)


def test_inserted_letters_match_the_script_of_the_word() -> None:
    assert "москва" in find_neighbours("мосва")
    assert "caf1" not in find_neighbours("cafe")
    assert "caf2" in find_neighbours("caf1")


def test_very_long_words_have_no_neighbours_and_no_halves() -> None:
    assert find_neighbours("a" * (MAX_WORD_LENGTH + 1)) == set()
    assert list(split_in_halves("a" * (MAX_WORD_LENGTH + 1))) == []


def test_compounds_are_split_and_joined() -> None:
    assert list(split_in_halves("lynchmob")) == [("lyn", "chmob"), ("lync", "hmob"), ("lynch", "mob")]
    assert list(join_words(["a", "lynch", "mob"])) == [("alynch", "mob"), ("a", "lynchmob")]
    assert list(join_words(["mob"])) == list(split_in_halves("short")) == []
