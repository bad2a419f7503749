"""The text as the article page draws it: to the character, marked where somebody is quoted."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.web.pages import highlighting
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.service.article_view import ArticleView, NumberedQuote


def held(
    text: str, *quotes: tuple[Span, ...], asked: Span | None = None, boilerplate: tuple[Span, ...] = ()
) -> ArticleView:
    """An article of one part, in which Ada is quoted so."""
    said = [Quote(content, None, None, Speaker("Ada"), Kind.DIRECT, 0.9, "named") for content in quotes]
    whole = Span(0, len(text))
    numbered = tuple(NumberedQuote(number, quote) for number, quote in enumerate(said, 1))
    return ArticleView(Article("a", text, boilerplate=boilerplate), whole, (whole,), numbered, asked, len(said))


def joined(rows: list[highlighting.Row]) -> str:
    return "".join("".join(piece.text for piece in row.pieces) + row.after for row in rows)


texts = st.text(st.sampled_from("ab. \n\r\t\u2028“”"), max_size=60)
ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6)


@given(texts, ranges, ranges, st.integers(0, 40), st.integers(0, 40))
def test_the_text_is_drawn_to_the_character(
    text: str, quotes: list[tuple[int, int]], notices: list[tuple[int, int]], one: int, other: int
) -> None:
    """Whatever overlaps; each quotation begins once at most, and the words asked for too."""
    contents = [(Span(start, start + size),) for start, size in quotes]
    asked = Span(min(one, other), max(one, other)) if one != other else None
    boilerplate = tuple(Span(start, start + size) for start, size in notices)
    rows = highlighting.build_text_rows(held(text, *contents, asked=asked, boilerplate=boilerplate))
    assert joined(rows) == text
    pieces = [piece for row in rows for piece in row.pieces]
    begun = [number for piece in pieces for number in piece.begins]
    assert len(begun) == len(set(begun))
    assert sum(piece.is_first_linked for piece in pieces) <= 1


def test_a_quotation_of_two_fragments_begins_once_and_ends_twice() -> None:
    """Both fragments bear its number, and the words asked for are marked across them."""
    text = "“One,” she said, “two.”\nThree."
    pieces = [
        p
        for row in highlighting.build_text_rows(held(text, (Span(1, 5), Span(18, 22)), asked=Span(0, 23)))
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


def test_the_innermost_quotation_is_the_one_that_is_linked() -> None:
    """An indirect quotation around words in marks: both are reached, each from its own words."""
    text = "Ada said it was “a mess” and went."
    pieces = [
        p for row in highlighting.build_text_rows(held(text, (Span(9, 24),), (Span(17, 23),))) for p in row.pieces
    ]
    told = [(p.text, p.quotation.number if p.quotation else None, p.begins) for p in pieces]
    assert told == [
        ("Ada said ", None, ()),
        ("it was “", 1, (1,)),
        ("a mess", 2, (2,)),
        ("”", 1, ()),
        (" and went.", None, ()),
    ]


def test_boilerplate_is_marked_under_a_quotation_too() -> None:
    rows = highlighting.build_text_rows(held("Related: “no” here", (Span(10, 12),), boilerplate=(Span(0, 18),)))
    assert all(piece.boilerplate for row in rows for piece in row.pieces)


def test_with_full_texts_off_only_sentences_with_quotations_are_drawn() -> None:
    """The words asked for are not shown for being asked for: a link could ask for everything."""
    text = "A secret opens it. Ada said: “I came.” A secret ends it.\nAnd more."
    start = text.index("I came")
    some = held(text, (Span(start, start + 7),), asked=Span(0, 18))
    rows = highlighting.build_quote_rows(some)
    assert joined(rows).strip() == "Ada said: “I came.”"
    assert [row.has_gap for row in rows] == [True]
    assert not highlighting.has_linked_words(rows)
    assert highlighting.has_linked_words(
        highlighting.build_quote_rows(replace(some, requested_span=Span(start, start + 6)))
    )


def test_blank_texts_have_rows_without_pieces() -> None:
    assert joined(highlighting.build_text_rows(held(""))) == ""
    assert joined(highlighting.build_text_rows(held(" \n"))) == " \n"
    assert highlighting.build_quote_rows(held("")) == []
