"""Labels of speakers: a name, a description or the article's own words, and never a number."""

import pytest

from briefings.model import Kind, Quote, Span, Speaker
from briefings.render.terminal import Style, format_hit_speaker
from briefings.speaker_labels import (
    AS_DESCRIBED,
    BY_NAME,
    NO_SAYING_VERB,
    NOT_CERTAIN,
    NOT_SPEECH,
    SpeakerStatus,
    label_hit,
    label_quote,
)
from tests.support.articles import make_hit_by

JANE = Speaker("Jane Roe", "mayor")


@pytest.mark.parametrize(
    ("speaker", "source", "confidence", "reason", "status", "text"),
    [
        (JANE, "Roe", 0.97, BY_NAME, SpeakerStatus.CERTAIN, "Jane Roe, mayor"),
        (JANE, "Roe", 0.75, BY_NAME, SpeakerStatus.PROBABLE, "Probably Jane Roe, mayor (named in the article)"),
        (
            JANE,
            "she",
            0.97,
            "“she” refers to this name in the article",
            SpeakerStatus.CERTAIN,
            "Jane Roe, mayor (“she” refers to this name in the article)",
        ),
        (
            Speaker("senior official", anonymous=True),
            "a senior official",
            0.7,
            AS_DESCRIBED,
            SpeakerStatus.UNNAMED,
            "senior official (unnamed)",
        ),
        (None, "he", 0.0, NOT_CERTAIN, SpeakerStatus.UNSURE, "“he” (not certain whose words these are)"),
        (None, "He", 0.0, NOT_CERTAIN, SpeakerStatus.UNSURE, "“He” (not certain whose words these are)"),
        (
            Speaker("official", anonymous=True),
            "the official",
            0.0,
            NOT_CERTAIN,
            SpeakerStatus.UNSURE,
            "“the official” (not certain whose words these are)",
        ),
        (None, None, 0.0, NOT_CERTAIN, SpeakerStatus.UNKNOWN, "Unknown speaker (not certain whose words these are)"),
        (
            None,
            None,
            0.0,
            "the article does not name the speaker",
            SpeakerStatus.UNKNOWN,
            "Unknown speaker (the article does not name the speaker)",
        ),
        (None, None, 0.0, NOT_SPEECH, SpeakerStatus.NOT_SPEECH, f"No speaker ({NOT_SPEECH})"),
        (None, None, 0.0, NO_SAYING_VERB, SpeakerStatus.NOT_SPEECH, f"No speaker ({NO_SAYING_VERB})"),
    ],
)
def test_each_kind_of_answer_has_its_words(
    speaker: Speaker | None, source: str | None, confidence: float, reason: str, status: SpeakerStatus, text: str
) -> None:
    hit = make_hit_by(speaker, source=source, confidence=confidence, reason=reason)
    assert (label_hit(hit).status, format_hit_speaker(hit, Style())) == (status, text)


@pytest.mark.parametrize("words", ["Jane Roe", "Commerce Director", "C.", "R-Easton", "The Tribune", "Mayor Roe"])
def test_uncertain_words_that_look_like_a_name_are_not_shown(words: str) -> None:
    label = label_hit(make_hit_by(None, source=words, confidence=0.0, reason=NOT_CERTAIN))
    assert (label.status, label.name) == (SpeakerStatus.UNKNOWN, "Unknown speaker")


def test_label_of_a_quote_has_the_words_of_the_article() -> None:
    text = "“We are late,” the  official\nsaid."
    quote = Quote((Span(1, 13),), Span(15, 28), Span(29, 33), None, Kind.DIRECT, 0.0, NOT_CERTAIN)
    assert label_quote(quote, text).name == "“the official”"
