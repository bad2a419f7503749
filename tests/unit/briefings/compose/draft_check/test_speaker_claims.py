"""Whom a draft names beside whom the record has: names, offices, descriptions, doubt."""

import pytest

from briefings.compose.draft_check.draft_parser import SpeakerMatch, is_same_person, match_speaker
from briefings.model import Kind, Quote, Span, Speaker
from tests.support.articles import article

PAPER = article("The Labour leader, Jane Roe, left. “We must go now,” the Labour leader said.")


def compared(claimed: Speaker | None, speaker: Speaker | None, confidence: float = 0.9) -> SpeakerMatch:
    quote = Quote((Span(36, 50),), None, None, speaker, Kind.DIRECT, confidence, "why")
    return match_speaker(claimed, PAPER, quote)


@pytest.mark.parametrize(
    ("one", "other", "same"),
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
def test_names(one: str, other: str, same: bool) -> None:
    assert is_same_person(one, other) is same
    assert is_same_person(other, one) is same


def test_a_draft_that_names_nobody_claims_nothing() -> None:
    assert compared(None, Speaker("Jane Roe")) is SpeakerMatch.SAME
    assert compared(None, None) is SpeakerMatch.SAME


def test_what_the_record_does_not_know_is_unclear() -> None:
    assert compared(Speaker("Jane Roe"), None) is SpeakerMatch.UNCLEAR


def test_a_speaker_who_is_not_sure_accuses_nobody() -> None:
    assert compared(Speaker("John Doe"), Speaker("Jane Roe")) is SpeakerMatch.OTHER
    assert compared(Speaker("John Doe"), Speaker("Jane Roe"), 0.6) is SpeakerMatch.UNCLEAR


def test_an_office_is_whoever_the_article_calls_so_or_the_one_with_that_role() -> None:
    assert compared(Speaker("Labour leader", anonymous=True), Speaker("Jane Roe")) is SpeakerMatch.SAME
    assert compared(Speaker("Labour leader", anonymous=True), Speaker("John Doe")) is SpeakerMatch.OTHER
    assert (
        compared(Speaker("chancellor", anonymous=True), Speaker("John Doe", "shadow chancellor")) is SpeakerMatch.SAME
    )


def test_a_description_that_the_article_does_not_use_is_unclear() -> None:
    assert compared(Speaker("protester", anonymous=True), Speaker("Jane Roe")) is SpeakerMatch.UNCLEAR


def test_a_source_that_is_kept_unnamed_is_nobody_whom_a_draft_could_name() -> None:
    assert compared(Speaker("John Doe"), Speaker("senior Labour source", anonymous=True)) is SpeakerMatch.OTHER
    assert compared(Speaker("John Doe"), Speaker("union leaders", anonymous=True)) is SpeakerMatch.OTHER
    assert compared(Speaker("John Doe"), Speaker("angry protester", anonymous=True)) is SpeakerMatch.UNCLEAR


def test_two_descriptions_that_share_a_word_are_one() -> None:
    one, other = Speaker("a senior source", anonymous=True), Speaker("Labour sources", anonymous=True)
    assert compared(one, other) is SpeakerMatch.SAME
    assert compared(Speaker("a heckler", anonymous=True), other) is SpeakerMatch.UNCLEAR
