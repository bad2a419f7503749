"""Tests of highlighting: the rows contain the exact text, with quotations and other marks."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.web.pages import highlighting
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.service.article_views.view import ArticleView, NumberedQuote


def make_view(
    text: str, *contents: tuple[Span, ...], linked: Span | None = None, boilerplate: tuple[Span, ...] = ()
) -> ArticleView:
    """Create an article of one part that quotes Ada."""
    quotes = [Quote(content, None, None, Speaker("Ada"), Kind.DIRECT, 0.9, "named") for content in contents]
    whole = Span(0, len(text))
    numbered = tuple(NumberedQuote(number, quote) for number, quote in enumerate(quotes, 1))
    return ArticleView(Article("a", text, boilerplate=boilerplate), whole, (whole,), numbered, linked, len(quotes))


def join_rows(rows: list[highlighting.Row]) -> str:
    """Return the text of all rows."""
    return "".join("".join(piece.text for piece in row.pieces) + row.after for row in rows)


texts = st.text(st.sampled_from("ab. \n\r\t\u2028“”"), max_size=60)
ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6)


@given(texts, ranges, ranges, st.integers(0, 40), st.integers(0, 40))
def test_rows_contain_the_exact_text(
    text: str, quotes: list[tuple[int, int]], notices: list[tuple[int, int]], linked_start: int, linked_end: int
) -> None:
    """Even for overlapping spans. Each quotation, and the linked words, begin at most once."""
    contents = [(Span(start, start + size),) for start, size in quotes]
    linked = Span(*sorted((linked_start, linked_end))) if linked_start != linked_end else None
    boilerplate = tuple(Span(start, start + size) for start, size in notices)
    rows = highlighting.build_text_rows(make_view(text, *contents, linked=linked, boilerplate=boilerplate))
    assert join_rows(rows) == text
    pieces = [piece for row in rows for piece in row.pieces]
    begin_numbers = [number for piece in pieces for number in piece.begins]
    assert len(begin_numbers) == len(set(begin_numbers))
    assert sum(piece.is_first_linked for piece in pieces) <= 1


def test_quotation_with_two_fragments_begins_once_and_ends_twice() -> None:
    """Both fragments have its number. The linked words are marked across them."""
    text = "“One,” she said, “two.”\nThree."
    pieces = [
        p
        for row in highlighting.build_text_rows(make_view(text, (Span(1, 5), Span(18, 22)), linked=Span(0, 23)))
        for p in row.pieces
    ]
    assert [(p.text, p.begins, p.is_end, p.is_linked, p.is_first_linked) for p in pieces] == [
        ("“", (), False, True, True),
        ("One,", (1,), True, True, False),
        ("” she said, “", (), False, True, False),
        ("two.", (), True, True, False),
        ("”", (), False, True, False),
        ("Three.", (), False, False, False),
    ]


def test_piece_links_to_the_innermost_quotation() -> None:
    """An indirect quotation around a direct one: each is linked from its own words."""
    text = "Ada said it was “a mess” and went."
    pieces = [
        p for row in highlighting.build_text_rows(make_view(text, (Span(9, 24),), (Span(17, 23),))) for p in row.pieces
    ]
    assert [(p.text, p.quotation.number if p.quotation else None, p.begins) for p in pieces] == [
        ("Ada said ", None, ()),
        ("it was “", 1, (1,)),
        ("a mess", 2, (2,)),
        ("”", 1, ()),
        (" and went.", None, ()),
    ]


def test_boilerplate_inside_a_quotation_is_marked() -> None:
    rows = highlighting.build_text_rows(make_view("Related: “no” here", (Span(10, 12),), boilerplate=(Span(0, 18),)))
    assert all(piece.boilerplate for row in rows for piece in row.pieces)


def test_quote_rows_contain_only_sentences_with_quotes() -> None:
    """Linked words outside them stay hidden; otherwise a link could reveal the whole text."""
    text = "A secret opens it. Ada said: “I came.” A secret ends it.\nAnd more."
    start = text.index("I came")
    view = make_view(text, (Span(start, start + 7),), linked=Span(0, 18))
    rows = highlighting.build_quote_rows(view)
    assert join_rows(rows).strip() == "Ada said: “I came.”"
    assert [row.has_gap for row in rows] == [True]
    assert not highlighting.has_linked_words(rows)
    assert highlighting.has_linked_words(
        highlighting.build_quote_rows(replace(view, requested_span=Span(start, start + 6)))
    )


def test_blank_text_has_rows_without_pieces() -> None:
    assert join_rows(highlighting.build_text_rows(make_view(""))) == ""
    assert join_rows(highlighting.build_text_rows(make_view(" \n"))) == " \n"
    assert highlighting.build_quote_rows(make_view("")) == []
