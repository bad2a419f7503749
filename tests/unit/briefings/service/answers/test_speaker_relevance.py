"""Names are left as they are only in quotes that cannot be by the speaker who is asked for."""

import pytest

from briefings.model import Kind, Quote, Span, Speaker
from briefings.service.answers.speaker_relevance import make_speaker_filter


def make_quote(name: str | None, *, anonymous: bool = False) -> Quote:
    speaker = None if name is None else Speaker(name, None, anonymous)
    return Quote((Span(0, 1),), None, None, speaker, Kind.DIRECT, 0.9, "")


@pytest.mark.parametrize(
    ("by", "name", "can_be"),
    [
        ("Corbyn", "Jeremy Corbyn", True),
        ("Corbyn", "Corbyn", True),
        ("Corbyn", "Jeremy Corbyne", True),
        ("Jeremy Corbyn", "Corbyn", True),
        ("Corbyn", "Berg", True),
        ("Corbyn", "Anna Berg", False),
        ("Jeremy Corbyn", "Anna Berg", False),
        ("Anders", "Bill Sanders", False),
    ],
)
def test_full_names_of_others_cannot_be_meant(by: str, name: str, *, can_be: bool) -> None:
    """A bare surname may get any first name; a full name keeps its words, give or take a letter."""
    can_be_by = make_speaker_filter(by, [make_quote("Jeremy Corbyn"), make_quote("Bill Anders")])
    assert can_be_by(make_quote(name)) is can_be


def test_a_middle_name_may_be_missing() -> None:
    """If nobody has the surname, it may be a middle name that the article does not print."""
    quotes = [make_quote("Hillary Clinton"), make_quote("a Rodham aide", anonymous=True)]
    assert make_speaker_filter("Rodham", quotes)(quotes[0])


@pytest.mark.parametrize("by", [None, "", "…"])
def test_without_a_name_all_quotes_count(by: str | None) -> None:
    """A question without a speaker leaves nothing out."""
    assert make_speaker_filter(by, [make_quote("Anna Berg")])(make_quote("Tom Okoro"))


@pytest.mark.parametrize("quote", [make_quote(None), make_quote("a source", anonymous=True)])
def test_quotes_without_a_name_are_not_left_out(quote: Quote) -> None:
    """Nothing is known of their speakers, and completing them changes nothing."""
    assert make_speaker_filter("Corbyn", [make_quote("Jeremy Corbyn")])(quote)
