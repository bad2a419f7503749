"""Pairs of quoted words are compared once, with the same answers."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.story.pair_checks import PairChecks
from briefings.similarity.quote_matching import is_same_ordered_key

KEYS = st.sampled_from(["i did all i could", "i did all", "i did all i could yesterday", "no", ""])


@given(st.lists(st.lists(st.tuples(KEYS, KEYS), max_size=8), max_size=5))
def test_answers_are_those_of_a_comparison(briefings: list[list[tuple[str, str]]]) -> None:
    """Whatever was compared before, a pair gets the answer of a comparison."""
    checks = PairChecks()
    for pairs in briefings:
        checks.start()
        assert [checks.is_same(*pair) for pair in pairs] == [is_same_ordered_key(*pair) for pair in pairs]
