"""Words that came through somebody: who speaks and who passes it on are kept apart."""

import json

import pytest

from briefings.attribution import find_attributions
from briefings.attribution.batch import to_json_line
from briefings.model import Article, Quote

SAID = "“We will appeal against this ruling at once,” "


def only(text: str) -> Quote:
    (quote,) = find_attributions(Article("a", text))
    return quote


@pytest.mark.parametrize(
    ("text", "speaker", "through"),
    [
        (f"{SAID}Walker said, according to a newspaper account.", "Walker", "a newspaper account"),
        (f"{SAID}Mary Walker said on Monday, according to the Daily Bugle.", "Mary Walker", "the Daily Bugle"),
        (f"According to the Daily Bugle, Mary Walker said: {SAID[:-3]}.”", "Mary Walker", "the Daily Bugle"),
    ],
)
def test_the_speaker_is_not_the_paper_that_reports_it(text: str, speaker: str, through: str) -> None:
    """Whoever says it is the speaker; "according to" names whom it came through."""
    quote = only(text)
    assert quote.speaker is not None
    assert quote.speaker.name == speaker
    assert quote.source is not None
    assert quote.source.of(text) == speaker
    assert quote.relay is not None
    assert quote.relay.of(text) == through


def test_the_stream_prints_the_paper_as_the_source_and_the_person_as_the_speaker() -> None:
    """The source mention of a line is the one that annotators mark."""
    text = f"{SAID}Mary Walker said, according to the Daily Bugle."
    (quote,) = json.loads(to_json_line(Article("a", text)))["quotes"]
    assert text[slice(*quote["source"])] == "the Daily Bugle"
    assert quote["speaker"] == "Mary Walker"


def test_a_paper_that_nobody_speaks_through_is_the_speaker() -> None:
    """Without a verb of saying the words are the paper's own."""
    text = "“The bridge will be closed for a year,” according to the report."
    quote = only(text)
    assert quote.source is not None
    assert quote.source.of(text) == "the report"


def test_according_to_inside_the_marks_passes_nothing_on() -> None:
    """What somebody leans on while speaking is part of the speech."""
    text = "“The bridge is safe, according to the engineers we asked,” Mary Walker said."
    assert only(text).relay is None


def test_places_move_with_long_texts_and_boilerplate() -> None:
    """A mention is found at its place in the whole article, however far down it stands."""
    text = "Nothing happened here.\n" * 4000 + f"{SAID}Mary Walker said, according to the Daily Bugle."
    (quote,) = find_attributions(Article("a", text))
    assert quote.relay is not None
    assert quote.relay.of(text) == "the Daily Bugle"
