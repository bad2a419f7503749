"""Words among their neighbours: the article's own text, boilerplate left out."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.article.citation import build_context
from briefings.model import Article, Span

TEXT = "One came. Two left.\nRelated: a link\nThree said: I did all I could, he said. Four cried.\nFive.\nSix.\nSeven."


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def test_words_stand_between_the_sentences_around_them() -> None:
    """Three on either side, the rest of their own sentence with them."""
    found = build_context(Article("a", TEXT), at(TEXT, "I did all I could"))
    assert (found.before, found.words) == ("One came. Two left.\nRelated: a link\nThree said: ", "I did all I could")
    assert found.after == ", he said. Four cried.\nFive.\nSix."


def test_boilerplate_is_left_out_and_the_gap_shown() -> None:
    article = Article("a", TEXT, boilerplate=(at(TEXT, "Related: a link"),))
    assert build_context(article, at(TEXT, "I did")).before == "One came. Two left.\n…\nThree said: "


def test_the_ends_of_an_article_are_no_trouble() -> None:
    whole = build_context(Article("a", "Only this."), Span(0, 10))
    assert (whole.before, whole.words, whole.after) == ("", "Only this.", "")


@given(st.text(alphabet='ab. \n"”', min_size=1, max_size=200), st.integers(0, 199), st.integers(1, 50))
def test_all_of_it_is_the_articles_text(text: str, start: int, length: int) -> None:
    """Without boilerplate, one piece of the article, in one run."""
    start = min(start, len(text) - 1)
    span = Span(start, min(len(text), start + length))
    found = build_context(Article("a", text), span)
    assert found.words == span.of(text)
    assert text[: span.start].endswith(found.before)
    assert text[span.end :].startswith(found.after)
