"""What is marked as boilerplate, and what is not: the cases of `tests/cases/boilerplate.md`, and any text at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.article import find_headline, parse_article
from briefings.model import Article
from briefings.text.folding import fold
from tests.support.case_files import Case, cases

LINES = st.sampled_from(
    [
        "Related: more",
        "© 2016",
        "He left.",
        "<a href='x'>",
        "<b",
        "</p>",
        "Advertisement",
        "A caption of five words",
        "“No",
        "",
    ]
)
ANY_TEXT = st.one_of(st.text(st.characters()), st.lists(LINES).map("\n".join), st.lists(LINES).map(" ".join))


@pytest.mark.parametrize("case", cases("boilerplate"))
def test_what_is_marked(case: Case) -> None:
    marked = [span.of(case.fragment) for span in parse_article(Article("a", case.fragment)).boilerplate]
    assert len(marked) == len(case.expected), marked
    assert all(fold(text).startswith(fold(opening)) for text, opening in zip(marked, case.expected, strict=True))


@given(ANY_TEXT, st.one_of(st.none(), ANY_TEXT))
def test_any_text_parses_and_is_kept(text: str, title: str | None) -> None:
    """Marks lie in the text, in order, apart; nothing of the text changes; reading again changes nothing."""
    raw = Article("a", text, title=title)
    found = parse_article(raw)
    assert found.text == text
    assert all(0 <= span.start < span.end <= len(text) for span in found.boilerplate)
    assert all(one.end < other.start for one, other in pairwise(found.boilerplate))
    assert parse_article(found).boilerplate == found.boilerplate
    head = find_headline(raw)
    assert head is None or not any(span.overlaps(head) for span in found.boilerplate)
