"""Two wordings of one quotation are a difference only if a meaningful word differs."""

import pytest

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.wordings import find_wording_conflicts
from briefings.model import Article, Kind, Quote, Span, Speaker

JANE = Speaker("Jane Roe")


def read_story(article_quotes: list[tuple[Article, Quote]]) -> Candidates:
    """Return the story of articles with one quote each."""
    return Candidates([(article, (quote,)) for article, quote in article_quotes])


def find_changes(first: str, second: str, *, confidences: tuple[float, float] = (0.99, 0.99)) -> list[tuple[str, str]]:
    """Return the words that only one of two reports of Jane Roe's words has."""
    article_quotes = [
        (
            Article(name, text, publisher=name),
            Quote((Span(0, len(text)),), None, None, JANE, Kind.DIRECT, confidence, "named"),
        )
        for name, text, confidence in zip("ab", (first, second), confidences, strict=True)
    ]
    return [(wording.only_first, wording.only_second) for wording in find_wording_conflicts(read_story(article_quotes))]


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


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Yes, we have signed the contract of the port.", "We have signed the contract of the port, thank you."),
        ("We have signed number one of the port contracts.", "We have signed No. 1 of the port contracts."),
        ("We have signed when the port company came.", "We have signed where the port company came."),
        ("We told the F.B.I. about the contract of the port.", "We told the FBI, about the contract of the port."),
        ("We sign the contract of the port at 6:00 today.", "We sign the contract of the port at 6 today."),
        ("We must sign the contract of the port company.", "We have to sign the contract of the port company."),
        ("We are waiting for a vaccine of the port company.", "We are waiting for a vaccination of the port company."),
    ],
)
def test_courtesies_and_function_words_are_no_difference(first: str, second: str) -> None:
    assert find_changes(first, second) == []


def test_omission_that_the_article_marks_is_no_difference() -> None:
    first = "We have signed the large new contract with the port company of the northern valley."
    assert find_changes(first, first.replace("large new", "…")) == []
    assert find_changes(first, first.replace("large new", "...")) == []


def test_word_that_both_have_by_chance_after_a_cut_is_no_difference() -> None:
    first = "We all thank the port company for its work, but we hate to leave you."
    second = "We all thank the port company for its work, but we hate to leave hopefully you will hire us all soon."
    assert find_changes(first, second) == []


def test_two_sentences_with_different_openings_and_ends_are_no_difference() -> None:
    first = "I would gladly use the new harbour if I had never had a safe berth in the old port."
    second = "If I had a safe berth in the old port, I would never need to move to the new harbour."
    assert find_changes(first, second) == []


def test_two_sentences_with_one_phrase_in_common_are_no_difference() -> None:
    assert find_changes("They are not happy with the contract.", "They are not happy with the recall of members.") == []


def test_part_of_a_sentence_is_no_other_wording() -> None:
    whole = "We have signed the contract with the port company, and nobody in this town regrets it today."
    assert find_changes(whole, "We have signed the contract with the port company") == []


def test_doubtful_speaker_is_confirmed_by_a_certain_one_only() -> None:
    texts = (TEXT.format("contract"), TEXT.format("treaty"))
    assert len(find_changes(*texts, confidences=(0.99, 0.6))) == 1
    assert find_changes(*texts, confidences=(0.7, 0.6)) == []


def test_two_reports_of_one_outlet_are_no_difference() -> None:
    texts = (TEXT.format("contract"), TEXT.format("treaty"))
    article_quotes = [
        (
            Article(name, text, publisher="The Tribune"),
            Quote((Span(0, len(text)),), None, None, JANE, Kind.DIRECT, 0.99, "named"),
        )
        for name, text in zip("ab", texts, strict=True)
    ]
    assert list(find_wording_conflicts(read_story(article_quotes))) == []
