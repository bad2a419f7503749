"""What may be shown as a quotation: marks as far as they reach, reported speech apart, scare quotes nobody's."""

import pytest
from hypothesis import given, settings
from tests.unit.briefings.attribution.test_properties import TEXTS

from briefings.attribution import extract_quotes
from briefings.model import Article, Kind, Quote, Span


def quotes(text: str, *boilerplate: Span) -> list[tuple[str, str, Kind]]:
    article = Article("a", text, boilerplate=boilerplate)
    return [(_said(text, q), q.speaker.name if q.speaker else "-", q.kind) for q in extract_quotes(article)]


def test_mixed_speech_is_quoted_only_inside_its_marks() -> None:
    """The paper's own words never pass for somebody's."""
    text = 'Mayor Ada Marsh said the plan was "a gift to nobody but the builders" and would fail.'
    assert quotes(text) == [("a gift to nobody but the builders", "Ada Marsh", Kind.MIXED)]


def test_a_speech_of_several_paragraphs_is_one_quotation() -> None:
    text = 'Ada Marsh said: "We shall build the bridge before the spring.\n\n"Nobody will wait for it again."'
    assert quotes(text) == [
        ("We shall build the bridge before the spring. Nobody will wait for it again.", "Ada Marsh", Kind.DIRECT)
    ]


@pytest.mark.parametrize(
    "text", ['The council passed a motion of "no confidence" on Friday.', 'They call it "remain".']
)
def test_a_few_words_without_a_verb_of_saying_are_nobodys(text: str) -> None:
    assert [speaker for _, speaker, _ in quotes(text)] == ["-"]


def test_a_few_words_with_a_verb_of_saying_are_somebodys() -> None:
    text = 'Ada Marsh said leaving would "betray" the voters of the town.'
    assert quotes(text) == [("betray", "Ada Marsh", Kind.MIXED)]


def test_sure_reported_speech_is_kept_as_indirect() -> None:
    text = "The vote was close.\nAda Marsh said she would stand again if a contest was called."
    assert ("she would stand again if a contest was called", "Ada Marsh", Kind.INDIRECT) in quotes(text)


@settings(max_examples=150)
@given(TEXTS)
def test_spans_are_in_order_and_hold_words(text: str) -> None:
    """Whatever the text: no exception, no empty fragment, no overlap of two passages in marks."""
    found = extract_quotes(Article("a", text))
    assert list(found) == sorted(found, key=lambda quote: quote.span)
    for quote in found:
        assert all(f.end <= len(text) and any(map(str.isalnum, f.of(text))) for f in quote.content)


def _said(text: str, quote: Quote) -> str:
    return " ".join(fragment.of(text) for fragment in quote.content)
