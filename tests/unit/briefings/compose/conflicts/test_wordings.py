"""Two wordings of one quotation are a difference only if a meaningful word differs."""

import pytest

from briefings.compose.conflicts.wordings import find_wording_conflicts
from briefings.model import Article, Kind, Quote, Span, Speaker

JANE = Speaker("Jane Roe")


def find_changes(first: str, second: str, *, confidences: tuple[float, float] = (0.99, 0.99)) -> list[tuple[str, str]]:
    """Return the words that only one of two reports of Jane Roe's words has."""
    article_quotes = [
        (
            Article(name, text, publisher=name),
            Quote((Span(0, len(text)),), None, None, JANE, Kind.DIRECT, confidence, "named"),
        )
        for name, text, confidence in zip("ab", (first, second), confidences, strict=True)
    ]
    return [(wording.only_first, wording.only_second) for wording in find_wording_conflicts(article_quotes)]


TEXT = "We have signed the {} with the port company of the northern valley."


def test_other_content_word_is_a_difference() -> None:
    assert find_changes(TEXT.format("contract"), TEXT.format("treaty")) == [("contract", "treaty")]


def test_negation_is_a_difference() -> None:
    first = "We have not signed the contract with the port company."
    assert find_changes(first, first.replace("not ", "")) == [("not", "")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a contract", "contract"),
        ("organisation", "organization"),
        ("eight contracts", "8 contracts"),
        ("contracts", "contract"),
        ("contract (sic)", "contract"),
        ("[port] contract", "contract"),
    ],
)
def test_articles_spellings_endings_and_brackets_are_no_difference(first: str, second: str) -> None:
    assert find_changes(TEXT.format(first), TEXT.format(second)) == []


def test_two_sentences_with_one_phrase_in_common_are_no_difference() -> None:
    assert find_changes("They are not happy with the contract.", "They are not happy with the recall of members.") == []


def test_part_of_a_sentence_is_no_other_wording() -> None:
    whole = "We have signed the contract with the port company, and nobody in this town regrets it today."
    assert find_changes(whole, "We have signed the contract with the port company") == []


def test_doubtful_speaker_is_confirmed_by_a_certain_one_only() -> None:
    texts = (TEXT.format("contract"), TEXT.format("treaty"))
    assert len(find_changes(*texts, confidences=(0.99, 0.6))) == 1
    assert find_changes(*texts, confidences=(0.7, 0.6)) == []
