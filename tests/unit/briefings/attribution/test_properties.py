"""Any string at all: no exception, spans in range, never empty, never boilerplate, damage kept to its paragraph."""

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
def test_every_span_lies_in_the_text_and_holds_a_word(text: str) -> None:
    for quote in extract_quotes(Article("a", text)):
        assert quote.content
        for span in quote.content:
            assert span.end <= len(text)
            assert any(sign.isalnum() for sign in span.of(text))
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
    hidden = Span(start, end)
    for quote in extract_quotes(Article("a", text, boilerplate=(hidden,))):
        for span in quote.content:
            shared = range(max(span.start, start), min(span.end, end))
            assert all(not text[at].isalnum() for at in shared) or not len(hidden)


@SLOW
@given(TEXTS)
def test_passages_stay_inside_their_line(text: str) -> None:
    found = find_passages(text)
    for passage in found:
        assert passage.outer.covers(passage.inner)
        assert "\n" not in passage.inner.of(text)
        assert passage.inner.of(text).strip()
    assert all(one.outer.end <= other.outer.start for one, other in pairwise(found))


@SLOW
@given(st.lists(TEXTS, max_size=3))
def test_resolving_keeps_every_quote_in_its_place(texts: list[str]) -> None:
    batch = [
        (article, extract_quotes(article))
        for article in (Article(str(number), text) for number, text in enumerate(texts))
    ]
    resolved = complete_speakers(batch)
    assert [_places(quotes) for _, quotes in resolved] == [_places(quotes) for _, quotes in batch]


def test_an_unbalanced_mark_spoils_its_own_paragraph_alone() -> None:
    good = "“We are ready to go tomorrow,” Jane Smith said.\n"
    text = good + "This “one never ends, he said.\n" + good
    found = [passage.inner.of(text) for passage in find_passages(text)]
    assert found[0] == found[-1] == "We are ready to go tomorrow,"


def _places(quotes: tuple[Quote, ...]) -> list[tuple[Span, ...]]:
    return [quote.content for quote in quotes]
