"""Vectors, what is alike, and picking without repetition."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity.tfidf import (
    compute_centroid,
    compute_tfidf_vectors,
    cosine_similarity,
    extract_terms,
    find_similar_owners,
    pick_by_mmr,
)

WORDS = ["vote", "party", "leader", "rope", "mob", "union", "rally", "the", "said"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=9)


def test_stop_words_and_marks_tell_nothing() -> None:
    assert extract_terms("The leader’s “lynch-mob” was not the party's.") == ["leader", "lynch", "mob", "party"]


@given(TEXTS)
def test_vectors_have_length_one_or_nothing_in_them(texts: list[str]) -> None:
    for vector in [*compute_tfidf_vectors(texts), compute_centroid(compute_tfidf_vectors(texts))]:
        assert not vector or isclose(cosine_similarity(vector, vector), 1)


@given(TEXTS, st.floats(0.05, 0.95), st.data())
def test_bearers_are_those_that_comparing_all_pairs_would_find(
    texts: list[str], least: float, data: st.DataObject
) -> None:
    owners = data.draw(st.lists(st.sampled_from("abc"), min_size=len(texts), max_size=len(texts)))
    weighed = compute_tfidf_vectors(texts)
    found = find_similar_owners(weighed, owners, least)
    for own, vector, mine in zip(owners, weighed, found, strict=True):
        likenesses = [(cosine_similarity(vector, other), owner) for other, owner in zip(weighed, owners, strict=True)]
        same = {owner for other, owner in zip(weighed, owners, strict=True) if other == vector}
        surely = {owner for likeness, owner in likenesses if likeness >= least + 1e-6}
        at_most = {owner for likeness, owner in likenesses if likeness >= least - 1e-6}
        assert {own} | surely <= mine <= {own} | same | at_most


def test_the_best_that_fits_is_picked_and_ties_go_to_the_earlier() -> None:
    def best(candidates: list[str], longest: int = 9) -> str | None:
        return pick_by_mmr(
            candidates,
            score=len,
            similarity=lambda one, other: float(one == other),
            picked_candidates=["taken"],
            is_allowed=lambda candidate: len(candidate) <= longest,
        )

    assert best(["a", "bbb", "ccc"]) == "bbb"
    assert best(["taken", "b"]) == "b"
    assert best(["dddd", "ccc"], longest=3) == "ccc"
    assert best([]) is None
    assert best(["taken"]) is None
