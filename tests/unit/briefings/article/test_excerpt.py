"""The context of a passage is the article's own text, without boilerplate."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.article.citation import build_context
from briefings.model import Article, Span

TEXT = "One came. Two left.\nRelated: a link\nThree said: I did all I could, he said. Four cried.\nFive.\nSix.\nSeven."


def find_span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def test_passage_is_between_its_neighbour_sentences() -> None:
    """The context is three sentences on each side and the rest of the passage's own sentence."""
    context = build_context(Article("a", TEXT), find_span(TEXT, "I did all I could"))
    assert (context.before, context.words) == (
        "One came. Two left.\nRelated: a link\nThree said: ",
        "I did all I could",
    )
    assert context.after == ", he said. Four cried.\nFive.\nSix."


def test_boilerplate_is_replaced_by_a_gap_mark() -> None:
    article = Article("a", TEXT, boilerplate=(find_span(TEXT, "Related: a link"),))
    assert build_context(article, find_span(TEXT, "I did")).before == "One came. Two left.\n…\nThree said: "


def test_passage_can_be_the_whole_article() -> None:
    context = build_context(Article("a", "Only this."), Span(0, 10))
    assert (context.before, context.words, context.after) == ("", "Only this.", "")


@given(st.text(alphabet='ab. \n"”', min_size=1, max_size=200), st.integers(0, 199), st.integers(1, 50))
def test_context_is_text_of_the_article(text: str, start: int, length: int) -> None:
    """Without boilerplate, the context is one continuous part of the article."""
    start = min(start, len(text) - 1)
    span = Span(start, min(len(text), start + length))
    context = build_context(Article("a", text), span)
    assert context.words == span.of(text)
    assert text[: span.start].endswith(context.before)
    assert text[span.end :].startswith(context.after)
