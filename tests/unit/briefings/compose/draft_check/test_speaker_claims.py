"""The speaker that a draft names, compare with an article's: names, offices, descriptions and doubt."""

import pytest

from briefings.compose.draft_check.draft_parser import SpeakerMatch, is_same_person, match_speaker
from briefings.model import Kind, Quote, Span, Speaker
from tests.support.articles import make_article

PAPER = make_article("The Labour leader, Jane Roe, left. “We must go now,” the Labour leader said.")


def compare(claimed_speaker: Speaker | None, speaker: Speaker | None, confidence: float = 0.9) -> SpeakerMatch:
    quote = Quote((Span(36, 50),), None, None, speaker, Kind.DIRECT, confidence, "why")
    return match_speaker(claimed_speaker, PAPER, quote)


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("Corbyn", "Jeremy Corbyn", True),
        ("J. Corbyn", "Jeremy Corbyn", True),
        ("Diane Abbot", "Diane Abbott", True),
        ("Labour", "Labour Party", True),
        ("Hilary Benn", "Tony Benn", False),
        ("Corbyn", "McDonnell", False),
        ("Ann Coffey", "Ann Leslie", False),
    ],
)
def test_names_of_one_person_match(first: str, second: str, is_same: bool) -> None:
    assert is_same_person(first, second) is is_same
    assert is_same_person(second, first) is is_same


def test_draft_without_a_speaker_always_matches() -> None:
    assert compare(None, Speaker("Jane Roe")) is SpeakerMatch.SAME
    assert compare(None, None) is SpeakerMatch.SAME


def test_unattributed_quote_is_unclear() -> None:
    assert compare(Speaker("Jane Roe"), None) is SpeakerMatch.UNCLEAR


def test_uncertain_attribution_does_not_contradict_the_draft() -> None:
    assert compare(Speaker("John Doe"), Speaker("Jane Roe")) is SpeakerMatch.OTHER
    assert compare(Speaker("John Doe"), Speaker("Jane Roe"), 0.6) is SpeakerMatch.UNCLEAR


def test_office_means_the_person_with_that_office_or_role() -> None:
    assert compare(Speaker("Labour leader", anonymous=True), Speaker("Jane Roe")) is SpeakerMatch.SAME
    assert compare(Speaker("Labour leader", anonymous=True), Speaker("John Doe")) is SpeakerMatch.OTHER
    assert compare(Speaker("chancellor", anonymous=True), Speaker("John Doe", "shadow chancellor")) is SpeakerMatch.SAME


def test_unknown_description_is_unclear() -> None:
    assert compare(Speaker("protester", anonymous=True), Speaker("Jane Roe")) is SpeakerMatch.UNCLEAR


def test_unnamed_source_is_not_a_named_person() -> None:
    assert compare(Speaker("John Doe"), Speaker("senior Labour source", anonymous=True)) is SpeakerMatch.OTHER
    assert compare(Speaker("John Doe"), Speaker("union leaders", anonymous=True)) is SpeakerMatch.OTHER
    assert compare(Speaker("John Doe"), Speaker("angry protester", anonymous=True)) is SpeakerMatch.UNCLEAR


def test_descriptions_with_a_common_word_match() -> None:
    sources = Speaker("Labour sources", anonymous=True)
    assert compare(Speaker("a senior source", anonymous=True), sources) is SpeakerMatch.SAME
    assert compare(Speaker("a heckler", anonymous=True), sources) is SpeakerMatch.UNCLEAR
