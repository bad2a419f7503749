"""Alignment of quoted words with a source: equal words, matches of pieces, and differing words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.draft_check.word_alignment import (
    Similarity,
    iterate_locations,
    locate_parts,
    measure_similarity,
    split_pieces,
    split_words,
)
from briefings.model import Span


def cover(text: str) -> Span:
    return Span(0, len(text))


def compare(draft: str, source: str) -> Similarity:
    return measure_similarity(split_pieces(draft, cover(draft)), split_words(source, cover(source)))


def is_exact(draft: str, source: str) -> bool:
    return locate_parts(split_pieces(draft, cover(draft)), split_words(source, cover(source))) is not None


def find_changes(draft: str, source: str) -> list[tuple[str, str]]:
    return [(change.draft.of(draft), change.source.of(source)) for change in compare(draft, source).changes]


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("IT'S YOUR FAULT", "“It’s your fault, Jeremy.”"),
        ("a lynch mob", "like a lynch-mob without"),
        ("a lynchmob", "like a lynch-mob without"),
        ("a lynch-mob", "like a lynchmob without"),
        ("the cafe is closed", "The café is closed"),
        ("60 per cent of members", "by 60% of members"),
        ("60 percent of members", "by 60% of members"),
        ("140000 people", "that 140,000 people"),
        ("it was… the end", "It was not the end"),
        ("[it] was the end", "This was the end"),
        ("so . . . it goes", "So, he said, it goes"),
    ],
)
def test_exact_words(draft: str, source: str) -> None:
    assert is_exact(draft, source)


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("were late", "we're late"),
        ("a loss of $5m", "a loss of £5m"),
        ("up 15 points", "up 1.5 points"),
        ("up 1,5 points", "up 15 points"),
        ("60 of members", "60% of members in"),
        ("the end … it was", "it was the end"),
        ("nowhere", "now here"),
        ("mob", "mobilising"),
    ],
)
def test_words_that_are_not_exact(draft: str, source: str) -> None:
    assert not is_exact(draft, source) or "percent" in split_words(source, cover(source)).keys


def test_missing_sign_is_a_difference() -> None:
    assert find_changes("by 60 of members there", "by 60% of members there") == [("", "%")]


def test_most_compact_match_is_returned() -> None:
    source = "we will win and we will lose"
    spans = locate_parts(split_pieces("we … lose", cover("we … lose")), split_words(source, cover(source)))
    assert spans is not None
    assert [span.start for span in spans] == [16, 24]


def test_every_match_is_returned_once_and_in_order() -> None:
    source = "no, no and no"
    matches = list(iterate_locations(split_pieces("no", cover("no")), split_words(source, cover(source)), 9))
    assert [spans[0] for spans in matches] == [Span(0, 2), Span(4, 6), Span(11, 13)]


@pytest.mark.parametrize(
    ("draft", "source", "expected"),
    [
        ("like a mob with a rope", "It was like a mob without a rope, he said", [("with", "without")]),
        ("I did all I could for us", "I did all I could", [("for us", "")]),
        ("Yes, I'm here", "Yes, I'm here, thank you.", []),
        ("banana the party to get", "they want the party to get on", [("banana", "want")]),
        ("they want the party to zebra", "they want the party to get on the front foot", [("zebra", "get")]),
        ("the party has zebra", "the leader of the party has won", [("zebra", "won")]),
        ("I can … win them", "I cannot ever really win them", [("can", "cannot ever really")]),
    ],
)
def test_differing_words(draft: str, source: str, expected: list[tuple[str, str]]) -> None:
    assert find_changes(draft, source) == expected


def test_unrelated_texts_have_a_low_score() -> None:
    assert compare("the quarterly dividend yield", "We went to the sea in the summer.").score < 0.6


def test_very_long_quotation_is_compared_in_bounded_time() -> None:
    assert 0 < compare("we will win the day " * 8_000, "they will lose the night " * 8_000).score < 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_compared_with_offsets_inside_them(draft: str, source: str) -> None:
    similarity = compare(draft, source)
    assert 0 <= similarity.score <= 1
    assert all(
        cover(draft).covers(change.draft) and cover(source).covers(change.source) for change in similarity.changes
    )


@given(st.lists(st.sampled_from(["we", "lynch-mob", "1,000", "£5m", "café", "don’t", "60%", "I'm"]), min_size=1))
def test_text_equals_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert is_exact(text, text)
    assert find_changes(text, text) == []
