"""Phrases are looked for by their words and by pairs of the commonest, and nothing that holds one is missed."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from briefings.storage.search.phrase_pairs import (
    Syntax,
    build_expression,
    filter_known_phrases,
    list_required_lexemes,
    make_pairs,
)

SYNTAX = Syntax("{}", " & ", " | ")
WORDS = st.lists(st.sampled_from(["of", "the", "end", "council", "we", "vote", "x1"]), min_size=1, max_size=12)


def everything(lexemes: Sequence[str]) -> Sequence[str]:
    return lexemes


def test_only_two_of_the_commonest_words_are_a_pair() -> None:
    assert make_pairs(["at", "the", "council", "of", "the", "port"]) == ["at_the", "of_the"]


@given(WORDS, st.data())
def test_a_text_has_all_that_a_phrase_in_it_needs(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    phrase = words[start : data.draw(st.integers(start + 1, len(words)))]
    assert {*list_required_lexemes(phrase)} <= {*words, *make_pairs(words)}


@given(WORDS)
def test_what_a_phrase_needs_names_each_of_its_words(words: list[str]) -> None:
    assert {word for lexeme in list_required_lexemes(words) for word in lexeme.split("_")} == {*words}


def test_names_have_no_pairs() -> None:
    assert list_required_lexemes(["of", "the"], "@") == ["@of", "@the"]


def test_phrases_that_differ_in_one_place_are_asked_for_as_one() -> None:
    phrases = [("council", "vote"), ("council", "veto")]
    assert build_expression(phrases, SYNTAX, everything) == "(council & ((vote) | (veto)))"


def test_only_phrases_of_known_words_are_spoken() -> None:
    assert filter_known_phrases([("a", "b"), ("a", "c")], {"a", "b"}) == [("a", "b")]
