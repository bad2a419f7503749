"""Which text is shown as a quotation: words inside marks, indirect speech, scare quotes without a speaker."""

import pytest
from hypothesis import given, settings

from briefings.attribution import extract_quotes
from briefings.model import Article, Kind, Quote, Span
from tests.unit.briefings.attribution.test_properties import TEXTS


def list_quotes(text: str, *boilerplate: Span) -> list[tuple[str, str, Kind]]:
    article = Article("a", text, boilerplate=boilerplate)
    return [(_join_content(text, q), q.speaker.name if q.speaker else "-", q.kind) for q in extract_quotes(article)]


def test_mixed_speech_is_quoted_only_inside_its_marks() -> None:
    """The paper's own words are never shown as the speaker's."""
    text = 'Mayor Ada Marsh said the plan was "a gift to nobody but the builders" and would fail.'
    assert list_quotes(text) == [("a gift to nobody but the builders", "Ada Marsh", Kind.MIXED)]


def test_speech_of_several_paragraphs_is_one_quotation() -> None:
    text = 'Ada Marsh said: "We shall build the bridge before the spring.\n\n"Nobody will wait for it again."'
    assert list_quotes(text) == [
        ("We shall build the bridge before the spring. Nobody will wait for it again.", "Ada Marsh", Kind.DIRECT)
    ]


@pytest.mark.parametrize(
    "text", ['The council passed a motion of "no confidence" on Friday.', 'They call it "remain".']
)
def test_few_words_without_a_verb_of_saying_have_no_speaker(text: str) -> None:
    assert [speaker for _, speaker, _ in list_quotes(text)] == ["-"]


def test_few_words_with_a_verb_of_saying_have_a_speaker() -> None:
    text = 'Ada Marsh said leaving would "betray" the voters of the town.'
    assert list_quotes(text) == [("betray", "Ada Marsh", Kind.MIXED)]


def test_confident_reported_speech_is_indirect() -> None:
    text = "The vote was close.\nAda Marsh said she would stand again if a contest was called."
    assert ("she would stand again if a contest was called", "Ada Marsh", Kind.INDIRECT) in list_quotes(text)


@settings(max_examples=150)
@given(TEXTS)
def test_spans_are_in_order_and_contain_words(text: str) -> None:
    """Random text raises no exception and gives no empty fragment."""
    quotes = extract_quotes(Article("a", text))
    assert list(quotes) == sorted(quotes, key=lambda quote: quote.span)
    for quote in quotes:
        assert all(span.end <= len(text) and any(map(str.isalnum, span.of(text))) for span in quote.content)


def _join_content(text: str, quote: Quote) -> str:
    return " ".join(fragment.of(text) for fragment in quote.content)
