"""The same words in two reports are one utterance, found without comparing everything with everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.similarity.quote_matching import find_same_pairs, group_texts, is_same_utterance

WORDS = st.lists(st.sampled_from(["i", "did", "all", "could", "stay", "mob", "rope", "a", "the"]), max_size=9).map(
    " ".join
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
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
def test_what_is_one_utterance(one: str, other: str, same: bool) -> None:
    assert is_same_utterance(one, other) is same
    assert is_same_utterance(other, one) is same
    assert bool(list(find_same_pairs([one, other]))) == (same and bool(one))
    assert len(group_texts([one, other])) == (1 if same else 2)


@given(st.lists(WORDS, max_size=12))
def test_groups_hold_every_text_once_the_longest_first(texts: list[str]) -> None:
    groups = group_texts(texts)
    assert sorted(at for group in groups for at in group) == list(range(len(texts)))
    assert all(len(texts[group[0]]) >= len(texts[at]) for group in groups for at in group)


@given(st.lists(WORDS, max_size=12))
def test_pairs_are_the_same_utterance_and_stand_apart(texts: list[str]) -> None:
    found = list(find_same_pairs(texts))
    assert all(one != other and is_same_utterance(texts[one], texts[other]) for one, other in found)
    assert len(found) == len({frozenset(pair) for pair in found})
