"""Quoted words beside what was said: what counts as the same word, where pieces stand, which words differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.draft_check.word_alignment import (
    iterate_locations,
    locate_parts,
    measure_similarity,
    split_pieces,
    split_words,
)
from briefings.model import Span


def whole(text: str) -> Span:
    return Span(0, len(text))


def stands(draft: str, said: str) -> bool:
    return locate_parts(split_pieces(draft, whole(draft)), split_words(said, whole(said))) is not None


def changes(draft: str, said: str) -> list[tuple[str, str]]:
    found = measure_similarity(split_pieces(draft, whole(draft)), split_words(said, whole(said)))
    return [(change.draft.of(draft), change.source.of(said)) for change in found.changes]


@pytest.mark.parametrize(
    ("draft", "said"),
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
def test_these_stand_so(draft: str, said: str) -> None:
    assert stands(draft, said)


@pytest.mark.parametrize(
    ("draft", "said"),
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
def test_these_do_not(draft: str, said: str) -> None:
    assert not stands(draft, said) or "percent" in split_words(said, whole(said)).keys


def test_a_sign_that_is_left_out_is_a_difference() -> None:
    assert changes("by 60 of members there", "by 60% of members there") == [("", "%")]


def test_pieces_stand_as_close_together_as_they_can() -> None:
    said = "we will win and we will lose"
    found = locate_parts(split_pieces("we … lose", whole("we … lose")), split_words(said, whole(said)))
    assert found is not None
    assert [span.start for span in found] == [16, 24]


def test_every_place_is_found_once_and_in_order() -> None:
    said = "no, no and no"
    found = list(iterate_locations(split_pieces("no", whole("no")), split_words(said, whole(said)), 9))
    assert [at[0] for at in found] == [Span(0, 2), Span(4, 6), Span(11, 13)]


@pytest.mark.parametrize(
    ("draft", "said", "expected"),
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
def test_the_words_that_differ(draft: str, said: str, expected: list[tuple[str, str]]) -> None:
    assert changes(draft, said) == expected


def test_words_apart_are_not_alike() -> None:
    draft, said = "the quarterly dividend yield", "We went to the sea in the summer."
    assert measure_similarity(split_pieces(draft, whole(draft)), split_words(said, whole(said))).score < 0.6


def test_an_endless_quotation_is_compared_within_bounds() -> None:
    draft, said = "we will win the day " * 8_000, "they will lose the night " * 8_000
    assert 0 < measure_similarity(split_pieces(draft, whole(draft)), split_words(said, whole(said))).score < 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_are_compared_and_offsets_stay_inside_them(draft: str, said: str) -> None:
    found = measure_similarity(split_pieces(draft, whole(draft)), split_words(said, whole(said)))
    assert 0 <= found.score <= 1
    assert all(whole(draft).covers(change.draft) and whole(said).covers(change.source) for change in found.changes)


@given(st.lists(st.sampled_from(["we", "lynch-mob", "1,000", "£5m", "café", "don’t", "60%", "I'm"]), min_size=1))
def test_a_text_stands_in_itself_without_a_difference(words: list[str]) -> None:
    text = " ".join(words)
    assert stands(text, text)
    assert changes(text, text) == []
