"""What is marked as boilerplate and what is not: the cases of `tests/cases/boilerplate.md` and random text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.article import find_headline, parse_article
from briefings.model import Article
from briefings.text.folding import fold
from tests.support.case_files import Case, load_cases

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


@pytest.mark.parametrize("case", load_cases("boilerplate"))
def test_boilerplate_is_marked(case: Case) -> None:
    marked_texts = [span.of(case.fragment) for span in parse_article(Article("a", case.fragment)).boilerplate]
    assert len(marked_texts) == len(case.expected), marked_texts
    assert all(fold(text).startswith(fold(opening)) for text, opening in zip(marked_texts, case.expected, strict=True))


@given(ANY_TEXT, st.one_of(st.none(), ANY_TEXT))
def test_random_text_parses_and_is_unchanged(text: str, title: str | None) -> None:
    """Boilerplate spans are within the text, in order, with gaps between them. Parsing twice changes nothing."""
    raw = Article("a", text, title=title)
    parsed = parse_article(raw)
    assert parsed.text == text
    assert all(0 <= span.start < span.end <= len(text) for span in parsed.boilerplate)
    assert all(first.end < second.start for first, second in pairwise(parsed.boilerplate))
    assert parse_article(parsed).boilerplate == parsed.boilerplate
    headline = find_headline(raw)
    assert headline is None or not any(span.overlaps(headline) for span in parsed.boilerplate)
