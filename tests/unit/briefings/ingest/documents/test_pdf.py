"""The text layer of a PDF file becomes paragraphs in reading order; scans and garbage are refused by name."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.pdf import reader
from briefings.model import Article
from tests.stand_ins.documents.pdf_writer import Placed, place_lines, write_pdf

STORY = """The council voted on Thursday to close the harbour road, after a
debate that lasted until midnight.

“We have listened for long enough, and the people of this town
deserve an answer before the winter comes again,” said Jane Roe,
the council leader. “Nobody wants another year.”

Tom Poe, who rents a kiosk, told the meeting that you can take the
bread from our tables."""
PARAGRAPHS = [" ".join(paragraph.split("\n")) for paragraph in STORY.split("\n\n")]


def read(data: bytes) -> Article:
    (article,) = reader.read(data, "a.pdf", "a", ReadOptions())
    assert isinstance(article, Article)
    return article


def read_text(*pages: Sequence[Placed]) -> str:
    return read(write_pdf(pages)).text


def test_text_whose_font_has_no_table_is_read_if_it_is_words() -> None:
    assert read_text([Placed("The council voted on Thursday", font="F2")]) == "The council voted on Thursday"


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_apart() -> None:
    assert read_text(place_lines(STORY)).split("\n\n") == PARAGRAPHS


def test_indent_begins_a_paragraph() -> None:
    lines, y = [], 700.0
    for paragraph in STORY.split("\n\n"):
        for number, line in enumerate(paragraph.split("\n")):
            lines.append(Placed(line, 72 if number else 84, y))
            y -= 13.2
    assert read_text(lines).split("\n\n") == PARAGRAPHS


def test_short_line_after_a_sentence_ends_a_paragraph() -> None:
    assert read_text(place_lines(STORY.replace("\n\n", "\n"))).split("\n\n") == PARAGRAPHS


def test_headline_of_two_lines_is_one_paragraph() -> None:
    headline = place_lines("Harbour road will be closed\nafter a long debate", y=750, size=20, leading=24)
    assert read_text([*headline, *place_lines(STORY)]).split("\n\n")[:2] == [
        "Harbour road will be closed after a long debate",
        PARAGRAPHS[0],
    ]


LEFT = """The wall will cost three million
pounds and will be built in the
spring, said Ann Loe, the county
engineer, on Monday."""
RIGHT = """“It can not wait,” she told the
meeting in the old town hall. The
road will stay open until then,
for buses only."""


@pytest.mark.parametrize("is_interleaved", [False, True])
def test_columns_are_read_one_after_the_other_whatever_their_order_in_the_file(is_interleaved: bool) -> None:
    left, right = place_lines(LEFT), place_lines(RIGHT, x=320)
    columns = [item for pair in zip(left, right, strict=True) for item in pair] if is_interleaved else [*left, *right]
    head = Placed("Harbour wall will be built at last, after a debate of seven years", 72, 740, 16)
    assert read_text([head, *columns]).split("\n\n")[1:] == [LEFT.replace("\n", " "), RIGHT.replace("\n", " ")]


def test_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first = place_lines("Jane Roe said: “We have listened for\nlong enough, and the people of this", y=100)
    second = place_lines("town deserve an answer before winter.\nWe will give it.” The council agreed.")
    expected = (
        "Jane Roe said: “We have listened for long enough, and the people of this town deserve an answer before winter."
        " We will give it.” The council agreed."
    )
    assert read_text(first, second) == expected
    assert (
        read_text(
            [
                *place_lines(first[0].text + "\n" + first[1].text, y=200),
                *place_lines(
                    "town deserve an answer before winter.\nWe will give it.” The council agreed.", x=330, y=220
                ),
            ]
        )
        == expected
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("You are taking the bread and you know it per-", "fectly well, he said.", "perfectly well"),
        ("It was, as all of the people agreed, a well-", "known outcome, he said.", "well-known outcome"),
        ("The south-east is dry. All of the people in the south-", "east know it well.", "the south-east know"),
        ("All of the people, she said, agreed that the Anglo-", "Saxon church will stay.", "Anglo-Saxon"),
        ("All of the people, she said, agreed on it –", "nearly all of them, at least.", "it – nearly"),
    ],
)
def test_hyphen_at_a_line_end_does_not_break_a_word(first: str, second: str, expected: str) -> None:
    assert expected in read_text(place_lines(f"{first}\n{second}"))
    assert expected in read_text(place_lines(first, y=60), place_lines(second))


def test_heads_feet_and_page_numbers_are_removed_from_all_pages() -> None:
    pages = [
        [
            Placed("Easton Council – annual report", 72, 760, 9),
            *place_lines(f"Chapter {number} opens with words that no other page has: {'x' * number}.\nIt ends."),
            Placed(f"Page {number} of 4", 280, 40, 9),
        ]
        for number in range(1, 5)
    ]
    text = read_text(*pages)
    assert "annual report" not in text
    assert "Page" not in text
    assert text.count("It ends.") == 4


def test_print_out_of_a_browser_loses_its_day_of_printing_and_address() -> None:
    head = Placed("30/06/2026, 10:15 Harbour plan | The Tribune", 24, 770, 8)
    foot = Placed("https://tribune.example/harbour 1/1", 24, 16, 8)
    assert read_text([*place_lines(STORY), head, foot]).split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize("page_count", [2, 6])
def test_pages_with_the_same_text_are_kept(page_count: int) -> None:
    text = read_text(*[place_lines(STORY, y=740)] * page_count)
    assert text.count("Nobody wants another year") == page_count
    assert text.count("The council voted") == page_count


def test_drop_capital_is_joined_with_its_word() -> None:
    lines = place_lines("ouncillors voted on Thursday to close\nthe harbour road, after a debate that", x=100)
    below = place_lines("lasted until midnight, in the old hall.", y=700 - 26.4)
    text = read_text([Placed("C", 72, 688, 30), *lines, *below])
    assert text == (
        "Councillors voted on Thursday to close the harbour road, after a debate that lasted until midnight, in the old"
        " hall."
    )


def test_drop_capital_that_the_file_has_elsewhere_is_joined_and_a_word_keeps_its_blank() -> None:
    lines = place_lines("council voted for the council to close\nits gates, said a woman of the old city", x=100)
    below = place_lines("at midnight, in the old hall.", y=700 - 26.4)
    head = Placed("Harbour", 72, 740, 18)
    assert read_text([Placed("A", 72, 688, 30), head, *lines, *below]) == (
        "Harbour\n\nA council voted for the council to close its gates, said a woman of the old city at"
        " midnight, in the old hall."
    )


def test_raised_number_of_a_footnote_is_dropped_but_other_numbers_are_kept() -> None:
    line = "The wall will cost three million pounds"
    width = 184  # of the line in Helvetica
    text = read_text([Placed(line), Placed("1", 72 + width, 704.5, 7), Placed(", she said in 2016.", 76 + width)])
    assert text == f"{line}, she said in 2016."
    assert read_text([Placed("It has 300 m"), Placed("2", 132.6, 704.5, 7)]).replace("\n", "") == "It has 300 m2"


def test_lines_at_the_right_are_lines() -> None:
    head = [Placed("Easton Council", 468, 760), Placed("1 Harbour Street", 460, 746.8), Placed("Easton", 508, 733.6)]
    assert read_text([*head, *place_lines(STORY, y=700)]).split("\n\n") == [
        "Easton Council\n1 Harbour Street\nEaston",
        *PARAGRAPHS,
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Harbour road closed", "Harbour road closed"),
        ("Harbour road closed | The Tribune", "Harbour road closed"),
        ("Microsoft Word - release_v3.doc", None),
        ("release_v3.indd", None),
        ("Template for press releases", None),
        ("", None),
    ],
)
def test_title_of_the_properties_counts_only_if_it_is_printed(title: str, expected: str | None) -> None:
    info = {"Title": title, "Author": "Typist", "CreationDate": "D:20160630100000Z"}
    article = read(write_pdf([[Placed("Harbour road closed", 72, 740, 18), *place_lines(STORY)]], info))
    assert (article.title, article.byline, article.published) == (expected, None, None)


def test_visible_day_stays_text_and_a_header_block_is_read() -> None:
    release = read(write_pdf([place_lines(f"Press release\n30 June 2016\n\n{STORY}", y=740)]))
    assert release.published is None
    assert "30 June 2016" in release.text
    block = read(write_pdf([place_lines(f"Title: Harbour road closed\nDate: 30 June 2016\n\n{STORY}", y=740)]))
    assert (block.title, str(block.published)) == ("Harbour road closed", "2016-06-30")
    assert block.text.split("\n\n") == PARAGRAPHS


GARBAGE = Placed("7KH FRXQFLO YRWHG RQ 7KXUVGD WR FORVH", font="F2")
ENCRYPTION = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O ({'o' * 32}) /U ({'u' * 32}) /P -4 >> /ID [(a) (a)]"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (write_pdf([[]], has_picture=True), "a.pdf is a scan without text. Run OCR on it, then add it again."),
        (write_pdf([[]]), "a.pdf contains no text"),
        (
            write_pdf([[Placed("7KH FRXQFLO YRWHG RQ 7KXUVGD\\ WR FORVH", font="F2")]]),
            "a.pdf has text that can't be decoded",
        ),
        (write_pdf([place_lines(STORY)], trailer=ENCRYPTION), "a.pdf is protected"),
        (write_pdf([place_lines(STORY)])[:300], "a.pdf is a damaged or incomplete PDF file"),
        (b"%PDF-1.4", "a.pdf is a damaged or incomplete PDF file"),
    ],
)
def test_file_without_usable_text_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(BadInput) as error:
        read(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_PAGES", 2)
    with pytest.raises(BadInput, match=r"a\.pdf has 3 pages"):
        read(write_pdf([place_lines(STORY)] * 3))


def test_scanned_pages_among_others_are_named() -> None:
    data = write_pdf([place_lines(STORY), [], []], has_picture=True)
    article, problem = reader.read(data, "a.pdf", "a", ReadOptions())
    assert isinstance(article, Article)
    assert "2 of 3 pages are scans without text, the first is page 2" in str(problem)


@given(st.data())
def test_mutated_file_gives_articles_or_is_refused(data: st.DataObject) -> None:
    content = bytearray(write_pdf([place_lines(STORY), place_lines(LEFT)]))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert reader.read(bytes(content), "a.pdf", "a", ReadOptions())
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017 - most files are read
