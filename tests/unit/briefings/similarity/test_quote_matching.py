"""Reports of one utterance are matched without comparing every pair of texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity import quote_matching
from briefings.similarity.quote_matching import find_same_pairs, group_texts, is_same_utterance

WORDS = st.lists(st.sampled_from(["i", "did", "all", "could", "stay", "mob", "rope", "a", "the"]), max_size=9).map(
    " ".join
)


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("I did all I could", "“I did all I could.”", True),
        ("like a lynch-mob without a rope", "In fact, it was like a lynch mob without the rope.", True),
        ("It’s your fault, Jeremy.", "It's your fault Jeremy. I had a Polish friend in tears.", True),
        ("to spend the next two months debating", "to spentd the next two months debating", True),
        ("Yes, I’m here.", "Where were you when we needed you?", False),
        ("betray", "I will not betray them", False),
        ("Betray", "betray!", True),
        ("", "I did all I could", False),
    ],
)
def test_same_utterance_in_two_reports(first: str, second: str, is_same: bool) -> None:
    assert is_same_utterance(first, second) is is_same
    assert is_same_utterance(second, first) is is_same
    assert bool(list(find_same_pairs([first, second]))) == (is_same and bool(first))
    assert len(group_texts([first, second])) == (1 if is_same else 2)


@given(st.lists(WORDS, max_size=12))
def test_groups_have_every_text_once_with_the_longest_first(texts: list[str]) -> None:
    groups = group_texts(texts)
    assert sorted(index for group in groups for index in group) == list(range(len(texts)))
    assert all(len(texts[group[0]]) >= len(texts[index]) for group in groups for index in group)


@given(st.lists(WORDS, max_size=12))
def test_pairs_are_distinct_and_report_the_same_utterance(texts: list[str]) -> None:
    pairs = list(find_same_pairs(texts))
    assert all(first != second and is_same_utterance(texts[first], texts[second]) for first, second in pairs)
    assert len(pairs) == len({frozenset(pair) for pair in pairs})


@given(st.lists(WORDS, max_size=40))
def test_the_size_of_the_index_does_not_matter(texts: list[str]) -> None:
    """Few texts are compared by another kind of index than many, with the same pairs in the same order."""
    pairs = list(quote_matching.find_candidate_pairs(texts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quote_matching, "_MAX_BITS", 0)
        assert list(quote_matching.find_candidate_pairs(texts)) == pairs
