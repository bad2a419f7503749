"""TF-IDF vectors, similar vectors, and picking without repetition."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity.tfidf import (
    compute_centroid,
    compute_tfidf_vectors,
    cosine_similarity,
    extract_first_terms,
    extract_last_terms,
    extract_terms,
    find_similar_owners,
)

WORDS = ["vote", "party", "leader", "rope", "mob", "union", "rally", "the", "said"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=9)


def test_stop_words_and_punctuation_are_ignored() -> None:
    assert extract_terms("The leader’s “lynch-mob” was not the party's.") == ["leader", "lynch", "mob", "party"]


@given(
    st.lists(
        st.sampled_from(["The ", "bridge", "mayor ", "of-", "é\u0301", "\u00ad", " said,\n", "İ ", "a"]), max_size=300
    ),
    st.integers(1, 9),
)
def test_first_and_last_terms_of_a_long_text_are_those_of_all_its_terms(pieces: list[str], count: int) -> None:
    text = "".join(pieces)
    assert extract_first_terms(text, count) == extract_terms(text)[:count]
    assert extract_last_terms(text, count) == extract_terms(text)[-count:]


@given(TEXTS)
def test_vectors_have_norm_one_or_are_empty(texts: list[str]) -> None:
    for vector in [*compute_tfidf_vectors(texts), compute_centroid(compute_tfidf_vectors(texts))]:
        assert not vector or isclose(cosine_similarity(vector, vector), 1)


@given(TEXTS, st.floats(0.05, 0.95), st.data())
def test_similar_owners_equal_those_of_comparing_all_pairs(
    texts: list[str], min_similarity: float, data: st.DataObject
) -> None:
    owners = data.draw(st.lists(st.sampled_from("abc"), min_size=len(texts), max_size=len(texts)))
    vectors = compute_tfidf_vectors(texts)
    for owner, vector, similar_owners in zip(
        owners, vectors, find_similar_owners(vectors, owners, min_similarity), strict=True
    ):
        pairs = list(zip(vectors, owners, strict=True))
        scores = [(cosine_similarity(vector, candidate), candidate_owner) for candidate, candidate_owner in pairs]
        equal_owners = {candidate_owner for candidate, candidate_owner in pairs if candidate == vector}
        lower_bound = {candidate_owner for score, candidate_owner in scores if score >= min_similarity + 1e-6}
        upper_bound = {candidate_owner for score, candidate_owner in scores if score >= min_similarity - 1e-6}
        assert {owner} | lower_bound <= similar_owners <= {owner} | equal_owners | upper_bound
