"""Lexemes are equal only for equal words, and splitting into pieces loses no searchable phrase."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.storage.db.full_text import MAX_PHRASE_WORDS, split_into_pieces, to_lexemes, to_name_lexemes
from briefings.text.folding import make_search_key

#: few different words, so that each is frequent
WORDS = st.lists(st.sampled_from(["a", "b", "c" * 190]), max_size=900)


@given(st.text())
def test_short_words_are_their_own_lexemes(text: str) -> None:
    assert to_lexemes(text) == make_search_key(text)


@given(st.integers(201, 260), st.integers(201, 260), st.sampled_from("xy"), st.sampled_from("xy"))
def test_long_words_have_the_same_lexeme_only_if_equal(
    first_length: int, second_length: int, first_end: str, second_end: str
) -> None:
    first, second = "w" * first_length + first_end, "w" * second_length + second_end
    assert (to_lexemes(first) == to_lexemes(second)) == (first == second)
    assert len(to_lexemes(first).encode()) < 2_046  # the limit of PostgreSQL


def test_lexeme_of_four_byte_characters_fits_postgresql() -> None:
    assert len(to_lexemes("\U00020000" * 5_000).encode()) < 2_046


@given(WORDS)
def test_pieces_overlap_so_that_no_phrase_is_cut(words: list[str]) -> None:
    pieces = [list(piece) for piece in split_into_pieces(words)]
    joined_words = pieces[0] + [word for piece in pieces[1:] for word in piece[MAX_PHRASE_WORDS - 1 :]]
    assert joined_words == words
    assert all(piece.count(word) <= 255 for piece in pieces for word in set(piece))


def test_text_that_repeats_one_word_is_split() -> None:
    assert [len(piece) for piece in split_into_pieces(["a"] * 400)] == [255, 208]
    assert [list(piece) for piece in split_into_pieces([])] == [[]]


def test_name_is_cut_to_250_words() -> None:
    assert len(to_name_lexemes("word " * 1_000).split()) == 250
    assert to_name_lexemes(None) == to_name_lexemes("?!") == ""
