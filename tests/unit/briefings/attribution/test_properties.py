"""Random text: no exception, spans in range, never empty, never boilerplate; an unpaired mark affects one paragraph."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings.attribution import complete_speakers, extract_quotes
from briefings.attribution.features.quotation_marks import find_passages
from briefings.model import Article, Quote, Span

_PIECES = st.sampled_from(
    ["“", "”", '"', "‘", "’", "'", "\n", "\n\n", " ", ",", ".", ":", "—", "said", " he ", " Corbyn ", " Mr. Smith ",
     "that ", " according to ",
     "<iframe src=\"x\">", "â€œ", "\u00a0", "İ", "ß", "WALLACE: ", "Q: ", "A: ",
     "a leader, ", " who ", "( ", "said said "]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=120).map("".join))
SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(TEXTS)
def test_every_span_is_within_the_text_and_contains_a_word(text: str) -> None:
    for quote in extract_quotes(Article("a", text)):
        assert quote.content
        for span in quote.content:
            assert span.end <= len(text)
            assert any(char.isalnum() for char in span.of(text))
        assert list(quote.content) == sorted(quote.content)
        assert 0.0 <= quote.confidence <= 1.0
        assert quote.reason
        assert (quote.speaker is None) <= (quote.confidence == 0.0)
        for part in (quote.source, quote.cue):
            assert part is None or part.of(text).strip()


@SLOW
@given(TEXTS, st.data())
def test_boilerplate_is_never_quoted(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    boilerplate = Span(start, end)
    for quote in extract_quotes(Article("a", text, boilerplate=(boilerplate,))):
        for span in quote.content:
            shared_indexes = range(max(span.start, start), min(span.end, end))
            assert all(not text[index].isalnum() for index in shared_indexes) or not len(boilerplate)


@SLOW
@given(TEXTS)
def test_passages_never_cross_a_line_end(text: str) -> None:
    passages = find_passages(text)
    for passage in passages:
        assert passage.outer.covers(passage.inner)
        assert "\n" not in passage.inner.of(text)
        assert passage.inner.of(text).strip()
    assert all(first.outer.end <= second.outer.start for first, second in pairwise(passages))


@SLOW
@given(st.lists(TEXTS, max_size=3))
def test_completion_changes_no_offset(texts: list[str]) -> None:
    batch = [
        (article, extract_quotes(article))
        for article in (Article(str(number), text) for number, text in enumerate(texts))
    ]
    resolved = complete_speakers(batch)
    assert [_list_contents(quotes) for _, quotes in resolved] == [_list_contents(quotes) for _, quotes in batch]


def test_unpaired_mark_affects_only_its_own_paragraph() -> None:
    paragraph = "“We are ready to go tomorrow,” Jane Smith said.\n"
    text = paragraph + "This “one never ends, he said.\n" + paragraph
    passages = [passage.inner.of(text) for passage in find_passages(text)]
    assert passages[0] == passages[-1] == "We are ready to go tomorrow,"


def _list_contents(quotes: tuple[Quote, ...]) -> list[tuple[Span, ...]]:
    return [quote.content for quote in quotes]
