"""The factuality of a sentence, and the names in it."""

import pytest

from briefings.facts import Factuality, classify_factuality, extract_facts
from briefings.facts.extraction import find_names
from briefings.model import Span


@pytest.mark.parametrize(
    ("text", "factuality"),
    [
        ("The members voted on it.", Factuality.HAPPENED),
        ("She is expected to announce a bid.", Factuality.EXPECTED),
        ("He denied that he had been told of it.", Factuality.DENIED),
        ("He was accused of failing the party.", Factuality.ALLEGED),
        ("He denied that he will resign.", Factuality.DENIED),
        ("He said Wednesday that he has no plans to run.", Factuality.HAPPENED),
        ("The governor ensured that the bill will become law after voting.", Factuality.HAPPENED),
        ("The council was to vote on Monday.", Factuality.HAPPENED),
        ("The hearing had been scheduled for Monday.", Factuality.HAPPENED),
        ("Jane Roe, who was elected in May, will meet the council.", Factuality.EXPECTED),
        ("After the vote, the council is to meet again, officials said.", Factuality.EXPECTED),
        ("The inquiry has yet to report.", Factuality.EXPECTED),
        ("The council will not appeal.", Factuality.HAPPENED),
        ("Members who will vote on it met in the hall.", Factuality.HAPPENED),
    ],
)
def test_factuality_of_a_sentence(text: str, factuality: Factuality) -> None:
    assert classify_factuality(text, Span(0, len(text))) is factuality


def test_quoted_words_do_not_change_the_factuality() -> None:
    text = 'The leader said: "I will win, and they deny it."'
    view = text[:18] + " " * (len(text) - 18)
    assert extract_facts(text, view, Span(0, len(text)), None).factuality is Factuality.HAPPENED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The leader, Jane Roe, met Dr John Doe in London.", ["Jane Roe", "John Doe", "London"]),
        ("Voters left.", []),
        ("Jane Roe left.", ["Jane Roe"]),
        ("Despite Corbyn they left.", ["Corbyn"]),
    ],
)
def test_names_are_found_without_titles_and_openers(text: str, expected: list[str]) -> None:
    assert [name.of(text) for name in find_names(text, Span(0, len(text)))] == expected
