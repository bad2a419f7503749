"""Every word that is one slip away is among the neighbours, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from briefings.record.spelling import LONGEST, halves, joined, neighbours

WORD = st.text("abcxyz", min_size=1, max_size=8)


@given(WORD)
def test_neighbours_are_one_slip_away(word: str) -> None:
    assert all(OSA.distance(word, other) == 1 for other in neighbours(word))


@given(WORD, WORD)
def test_every_word_one_slip_away_is_a_neighbour(word: str, other: str) -> None:
    assert (other in neighbours(word)) == (OSA.distance(word, other) == 1)


def test_letters_put_in_are_of_the_words_own_script() -> None:
    assert "москва" in neighbours("мосва")
    assert "caf1" not in neighbours("cafe")
    assert "caf2" in neighbours("caf1")


def test_very_long_words_have_no_neighbours_and_no_halves() -> None:
    assert neighbours("a" * (LONGEST + 1)) == set()
    assert list(halves("a" * (LONGEST + 1))) == []


def test_compounds_are_written_apart_and_together() -> None:
    assert list(halves("lynchmob")) == [("lyn", "chmob"), ("lync", "hmob"), ("lynch", "mob")]
    assert list(joined(["a", "lynch", "mob"])) == [("alynch", "mob"), ("a", "lynchmob")]
    assert list(joined(["mob"])) == list(halves("short")) == []
