"""Phrases are searched by words and pairs of common words, and no match is missed."""

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


def choose_all(lexemes: Sequence[str]) -> Sequence[str]:
    return lexemes


def test_only_two_common_words_form_a_pair() -> None:
    assert make_pairs(["at", "the", "council", "of", "the", "port"]) == ["at_the", "of_the"]


@given(WORDS, st.data())
def test_text_has_every_lexeme_its_phrases_require(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    phrase = words[start : data.draw(st.integers(start + 1, len(words)))]
    assert {*list_required_lexemes(phrase)} <= {*words, *make_pairs(words)}


@given(WORDS)
def test_required_lexemes_cover_each_word_of_a_phrase(words: list[str]) -> None:
    assert {word for lexeme in list_required_lexemes(words) for word in lexeme.split("_")} == {*words}


def test_names_have_no_pairs() -> None:
    assert list_required_lexemes(["of", "the"], "@") == ["@of", "@the"]


def test_phrases_that_differ_in_one_position_are_merged() -> None:
    phrases = [("council", "vote"), ("council", "veto")]
    assert build_expression(phrases, SYNTAX, choose_all) == "(council & ((vote) | (veto)))"


def test_phrases_with_unknown_words_are_dropped() -> None:
    assert filter_known_phrases([("a", "b"), ("a", "c")], {"a", "b"}) == [("a", "b")]
