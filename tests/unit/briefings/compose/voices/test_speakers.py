"""A quotation is never shown under a doubtful name."""

import pytest

from briefings.compose.candidates import Candidates
from briefings.compose.voices.passages import find_passages
from briefings.compose.voices.speakers import is_certain
from briefings.model import Article, Kind, Quote, Span, Speaker

WORDS = "We will keep the harbour open for all of the boats."
TEXT = f"“{WORDS}” It was a long day in the old town."


def make_quote(speaker: Speaker, confidence: float = 0.99) -> Quote:
    return Quote((Span(1, 1 + len(WORDS)),), None, None, speaker, Kind.DIRECT, confidence, "named")


def list_speakers(*quotes: Quote, publisher: str = "The Daily Harbour") -> list[str]:
    """Return the speakers of the passages, each quote in an article of another outlet."""
    articles = [
        (Article(str(number), TEXT, publisher=f"{publisher} {number}" if number else publisher), (quote,))
        for number, quote in enumerate(quotes)
    ]
    return [passage.speaker.name for passage in find_passages(Candidates(articles))]


def test_certain_speaker_is_shown() -> None:
    assert list_speakers(make_quote(Speaker("Jane Roe"))) == ["Jane Roe"]


@pytest.mark.parametrize("confidence", [0.5, 0.79, 0.85])
def test_uncertain_speaker_of_one_outlet_is_not_shown(confidence: float) -> None:
    assert list_speakers(make_quote(Speaker("Jane Roe"), confidence)) == []


@pytest.mark.parametrize("name", ["Wednesday", "August", "R-Ohio", "Y.", "President", "Evening Times", "Many Reports"])
def test_day_initial_label_and_outlet_are_no_speakers(name: str) -> None:
    assert not is_certain(make_quote(Speaker(name)))


@pytest.mark.parametrize("name", ["statement", "police report", "his most recent tweet", "copy of the contract"])
def test_document_is_no_speaker(name: str) -> None:
    assert not is_certain(make_quote(Speaker(name, anonymous=True)))


def test_described_speaker_is_shown() -> None:
    assert is_certain(make_quote(Speaker("senior harbour official", anonymous=True)))


def test_outlet_of_the_story_is_no_speaker() -> None:
    assert list_speakers(make_quote(Speaker("Daily Harbour"))) == []


def test_single_word_that_nobody_completes_is_no_speaker() -> None:
    assert list_speakers(make_quote(Speaker("Malaria"))) == []
    assert list_speakers(make_quote(Speaker("UNESCO"))) == ["UNESCO"]
    assert list_speakers(make_quote(Speaker("Roe", role="mayor"))) == ["Roe"]


def test_words_that_two_outlets_give_to_two_people_are_not_shown() -> None:
    assert list_speakers(make_quote(Speaker("Jane Roe")), make_quote(Speaker("John Doe"))) == []


def test_surer_of_two_attributions_is_shown() -> None:
    assert list_speakers(make_quote(Speaker("Jane Roe"), 0.99), make_quote(Speaker("John Doe"), 0.91)) == ["Jane Roe"]


@pytest.mark.parametrize(
    ("mention", "name", "shown"),
    [
        ("the Chamber", "Harbour Chamber", []),
        ("The Council", "Easton Council", []),
        ("the Council", "The Council", ["The Council"]),
        ("Roe", "Jane Roe", ["Jane Roe"]),
        ("the mayor", "Jane Roe", ["Jane Roe"]),
    ],
)
def test_one_word_after_the_is_no_other_body(mention: str, name: str, shown: list[str]) -> None:
    text = f"“{WORDS}” said {mention}."
    start = text.index(mention)
    source = Span(start, start + len(mention))
    quote = Quote((Span(1, 1 + len(WORDS)),), source, None, Speaker(name, "mayor"), Kind.DIRECT, 0.99, "named")
    article = Article("a", text, publisher="The Daily Harbour")
    assert [passage.speaker.name for passage in find_passages(Candidates([(article, (quote,))]))] == shown
