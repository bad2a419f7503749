"""Lexemes tell words apart as words differ, and pieces lose no phrase that an index can be asked for."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.storage.db.full_text import MAX_PHRASE_WORDS, split_into_pieces, to_lexemes, to_name_lexemes
from briefings.text.folding import make_search_key

#: few words, so that one comes often
WORDS = st.lists(st.sampled_from(["a", "b", "c" * 190]), max_size=900)


@given(st.text())
def test_words_of_common_length_are_their_own_lexemes(text: str) -> None:
    assert to_lexemes(text) == make_search_key(text)


@given(st.integers(201, 260), st.integers(201, 260), st.sampled_from("xy"), st.sampled_from("xy"))
def test_long_words_have_one_lexeme_exactly_when_they_are_equal(one: int, other: int, a: str, b: str) -> None:
    first, second = "w" * one + a, "w" * other + b
    assert (to_lexemes(first) == to_lexemes(second)) == (first == second)
    assert len(to_lexemes(first).encode()) < 2_046  # what PostgreSQL takes


def test_a_word_of_four_bytes_a_character_is_short_enough_for_postgresql() -> None:
    assert len(to_lexemes("\U00020000" * 5_000).encode()) < 2_046


@given(WORDS)
def test_pieces_overlap_so_that_every_run_stands_whole_in_one(words: list[str]) -> None:
    found = [list(piece) for piece in split_into_pieces(words)]
    whole = found[0] + [word for piece in found[1:] for word in piece[MAX_PHRASE_WORDS - 1 :]]
    assert whole == words
    assert all(piece.count(word) <= 255 for piece in found for word in set(piece))


def test_a_text_of_one_word_over_and_over_is_parted() -> None:
    assert [len(piece) for piece in split_into_pieces(["a"] * 400)] == [255, 208]
    assert [list(piece) for piece in split_into_pieces([])] == [[]]


def test_a_name_has_at_most_250_words() -> None:
    assert len(to_name_lexemes("word " * 1_000).split()) == 250
    assert to_name_lexemes(None) == to_name_lexemes("?!") == ""
