"""A sketch depends on the words of one quote only."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity.wording_sketches import build_sketches

#: common words and others, so that some texts end in a run of common words
_WORDS = ("the", "of", "and", "it", "harbour", "quay", "reopened", "is")
_texts = st.lists(st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join), min_size=1, max_size=6)


def _list_sketches(texts: list[str]) -> list[list[int]]:
    sketches = build_sketches(["okoro"] * len(texts), texts)
    bounds = sketches.ends.tolist()
    return [sketches.hashes[start:end].tolist() for start, end in pairwise(bounds)]


@given(_texts)
def test_neighbours_do_not_change_a_sketch(texts: list[str]) -> None:
    """Texts that are processed together have the sketches that each has alone."""
    assert _list_sketches(texts) == [_list_sketches([text])[0] for text in texts]


def test_a_common_word_at_the_end_is_not_paired_with_the_next_text() -> None:
    """The first words of the next text do not count, even if a text ends in common words only."""
    assert _list_sketches(["the and of it", "harbour quay reopened"])[0] == _list_sketches(["the and of it"])[0]
