"""Relayed quotes: the speaker and the relay are separate."""

import json

import pytest

from briefings.attribution import find_attributions
from briefings.attribution.batch import to_json_line
from briefings.model import Article, Quote

QUOTATION = "“We will appeal against this ruling at once,” "


def find_only_quote(text: str) -> Quote:
    (quote,) = find_attributions(Article("a", text))
    return quote


@pytest.mark.parametrize(
    ("text", "speaker", "relay"),
    [
        (f"{QUOTATION}Walker said, according to a newspaper account.", "Walker", "a newspaper account"),
        (f"{QUOTATION}Mary Walker said on Monday, according to the Daily Bugle.", "Mary Walker", "the Daily Bugle"),
        (f"According to the Daily Bugle, Mary Walker said: {QUOTATION[:-3]}.”", "Mary Walker", "the Daily Bugle"),
    ],
)
def test_speaker_is_not_the_paper_that_reports_it(text: str, speaker: str, relay: str) -> None:
    """The person with the verb of saying is the speaker; "according to" names the relay."""
    quote = find_only_quote(text)
    assert quote.speaker is not None
    assert quote.speaker.name == speaker
    assert quote.source is not None
    assert quote.source.of(text) == speaker
    assert quote.relay is not None
    assert quote.relay.of(text) == relay


def test_json_line_has_the_paper_as_source_and_the_person_as_speaker() -> None:
    """The "source" of a line is the mention that annotators mark."""
    text = f"{QUOTATION}Mary Walker said, according to the Daily Bugle."
    (quote,) = json.loads(to_json_line(Article("a", text)))["quotes"]
    assert text[slice(*quote["source"])] == "the Daily Bugle"
    assert quote["speaker"] == "Mary Walker"


def test_paper_without_another_speaker_is_the_speaker() -> None:
    """Without a verb of saying, the words are the paper's own."""
    text = "“The bridge will be closed for a year,” according to the report."
    quote = find_only_quote(text)
    assert quote.source is not None
    assert quote.source.of(text) == "the report"


def test_according_to_inside_the_marks_names_no_relay() -> None:
    """A speaker's own reference is part of the speech."""
    text = "“The bridge is safe, according to the engineers we asked,” Mary Walker said."
    assert find_only_quote(text).relay is None


def test_offsets_are_correct_in_long_texts() -> None:
    """Offsets refer to the whole article, even if it is analysed in parts."""
    text = "Nothing happened here.\n" * 4000 + f"{QUOTATION}Mary Walker said, according to the Daily Bugle."
    (quote,) = find_attributions(Article("a", text))
    assert quote.relay is not None
    assert quote.relay.of(text) == "the Daily Bugle"
