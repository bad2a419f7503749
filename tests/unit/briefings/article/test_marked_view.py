"""The marked view adds marks around quotation elements, and converts its spans back."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from briefings.article.element_signatures import find_signature
from briefings.article.marked_view import build_marked_view
from briefings.model import Article, Span


def _mark(text: str, *words: str) -> str:
    spans = tuple(Span(text.index(part), text.index(part) + len(part)) for part in words)
    return build_marked_view(Article("a", text, quotation_elements=spans)).text


def test_words_of_an_element_are_in_marks() -> None:
    assert _mark("She said we will wait, and left.", "we will wait") == "She said “we will wait”, and left."


def test_lines_of_one_element_are_closed_once() -> None:
    assert _mark("She said:\nOne.\nTwo.\nThen she left.", "One.", "Two.") == "She said:\n“One.\n“Two.”\nThen she left."


def test_marks_inside_an_element_become_single_ones() -> None:
    assert _mark("It read: He said “no” to me.", "He said “no” to me.") == "It read: “He said 'no' to me.”"


def test_name_below_an_element_gets_a_dash() -> None:
    assert _mark("We wait.\nJane Roe, mayor\nIt rained.", "We wait.") == "“We wait.”\n— Jane Roe, mayor\nIt rained."


def test_article_without_elements_is_unchanged() -> None:
    view = build_marked_view(Article("a", "She said “no”."))
    assert view.text == "She said “no”."
    assert view.to_article(Span(3, 5)) == Span(3, 5)


def test_signature_is_a_name_or_has_a_dash_and_is_no_sentence() -> None:
    for line in ("Jane Roe", "— Jane Roe, mayor", "Dr. Jane Roe, a nurse", "John A. Doe (councillor)"):
        assert find_signature(f"We wait.\n{line}\nIt rained.", 8) == Span(9, 9 + len(line)), line
    for line in ("Notes to editors", "Jane Roe left.", "It rained", "Easton Harbour", "The Easton Plan"):
        assert find_signature(f"We wait.\n{line}\nIt rained.", 8) is None, line


@given(st.text(alphabet="ab “”\n", min_size=1, max_size=60), st.data())
def test_spans_of_the_view_are_converted_back_to_the_same_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    view = build_marked_view(Article("a", text, quotation_elements=(Span(start, end),)))
    converted = [view.to_article(Span(index, index)).start for index in range(len(view.text) + 1)]
    assert converted[0] == 0
    assert converted[-1] == len(text)
    assert all(0 <= after - before <= 1 for before, after in pairwise(converted))
