"""Which parts of a sentence can be left out, and which must stay."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.compression import generate_variants
from briefings.facts import classify_factuality
from briefings.model import ELISION, Span

_WORDS = (
    "Jane Roe",
    ", who lives in Leeds,",
    ", a close ally of his,",
    " – to loud applause there – ",
    " has",
    " left",
    " not",
    " the party",
    ", leaving it without a leader",
    " in the wake of the vote",
    " (all four of them)",
    ".",
    "But ",
    "Following the vote on it, ",
    " said",
    " “yes",
    "”",
    " is expected to go",
    ", which many doubted",
)
PIECES = st.lists(st.sampled_from(_WORDS), max_size=9).map("".join)


def shorten(sentence: str) -> str:
    return ELISION.join(
        piece.of(sentence) for piece in list(generate_variants(sentence, sentence, Span(0, len(sentence))))[-1]
    )


@pytest.mark.parametrize(
    ("sentence", "expected_start"),
    [
        ("Jane Roe, a close ally of the leader, has left it.", "Jane Roe … has left it."),
        ("Jane Roe, who won it by a mile, told them to go.", "Jane Roe … told them to go."),
        ("They left it – to loud applause there – at ten.", "They left it … at ten."),
        ("They left it, leaving the party divided for good.", "They left it"),
        ("They tabled it on Friday in the aftermath of the shock result.", "They tabled it on Friday"),
        (
            "Following the outcome of the vote, Jane Roe and John Doe left the hall together.",
            "Jane Roe and John Doe left",
        ),
    ],
)
def test_insertions_and_circumstances_can_be_cut(sentence: str, expected_start: str) -> None:
    assert shorten(sentence).startswith(expected_start)
    assert len(shorten(sentence)) < len(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Jane Roe, who did not vote for it, has left it.",
        "Jane Roe, who denies the whole of it, has left.",
        "Jane Roe, who said she was ill that day, has left.",
        "Jane Roe, who is expected to run again, has left.",
        "Jane Roe, an alleged thief of the party's silver, has left.",
        "Jane Roe, who called it “a three ring circus”, has left.",
        "Six people, including two officers, an aide and a lobbyist, were injured there.",
        "Unions, including Unite, Unison and GMB, were there.",
        "He met the king, the queen and the prince, was it?",
        "They left it, unless the vote goes the other way.",
        "They left it, accusing the leader of failing them.",
        "They left it, according to reports in two papers.",
        "Despite the calls for him to go, the leader stayed in his post for good.",
        "Asked if he would run again, the leader of the party said yes to all of it.",
        "They would leave it, if a bid was launched by rivals.",
    ],
)
def test_negations_attributions_conditions_lists_and_quotes_are_not_cut(sentence: str) -> None:
    assert shorten(sentence) == sentence


@given(PIECES)
def test_pieces_are_ordered_and_keep_the_factuality(sentence: str) -> None:
    whole = Span(0, len(sentence))
    for pieces in generate_variants(sentence, sentence, whole):
        shortened_text = ELISION.join(piece.of(sentence) for piece in pieces)
        assert all(first.end < second.start for first, second in pairwise(pieces))
        assert all(whole.covers(piece) for piece in pieces)
        shortened_state = classify_factuality(shortened_text, Span(0, len(shortened_text)))
        assert shortened_state is classify_factuality(sentence, whole)
