"""A header block, or a headline with its byline and day, gives the metadata of a text; nothing else does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.plain_text.header import read_header

DAY = date(2024, 3, 12)
TEXT = "The council voted. “We are done,” said Jane Roe."


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        ("Title: Road closed\nDate: 12 March 2024", {"title": "Road closed", "published": DAY}),
        ("Headline: Road closed\nPublished: 2024-03-12T10:00:00Z", {"title": "Road closed", "published": DAY}),
        ("TITLE: Road: closed\nAuthor: By Jane Roe", {"title": "Road: closed", "byline": "Jane Roe"}),
        ("Title: Road closed\nSubtitle: and now\nDate: 2024-03-12", {"title": "Road closed", "published": DAY}),
        ("Title: Road closed\nMood: grey\nOutlet: The Tribune", {"title": "Road closed", "publisher": "The Tribune"}),
        ("Title: Road closed\nSection:\nWord count: 7\nPages: 2\nOutlet: The Tribune",
         {"title": "Road closed", "publisher": "The Tribune"}),
        ("Publication date: March 12, 2024\nNewspaper: The Tribune", {"published": DAY, "publisher": "The Tribune"}),
        ("Date:2024-03-12\nTitle:Road closed", {"title": "Road closed", "published": DAY}),
        ("Title: Road closed\nDate: next week", {"title": "Road closed"}),
        ("Title: Road closed\nDate: 03/04/2024", {"title": "Road closed"}),
        ("Title: Road closed\nURL: tribune.example/a", {"title": "Road closed"}),
        ("Title: Road closed\nLink: https://tribune.example/a",
         {"title": "Road closed", "url": "https://tribune.example/a"}),
        ('---\ntitle: "Road closed"\ntags:\n  - harbour\nlayout: post\n---', {"title": "Road closed"}),
        ("---\ntitle: Road closed\ndate: 2024-03-12 10:00:00 +0100\nauthors: [Jane Roe]\n---",
         {"title": "Road closed", "published": DAY, "byline": "Jane Roe"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_header_block_is_read_and_is_not_part_of_the_text(block: str, fields: dict[str, object], line_end: str) -> None:
    header = read_header(f"{block}\n\n{TEXT}\n".replace("\n", line_end))
    assert header.fields == fields
    assert header.text == f"{TEXT}{line_end}"


@pytest.mark.parametrize(
    "text",
    [
        f"Title: Road closed\n\n{TEXT}",
        f"Roe: We will.\nPoe: We may.\n\n{TEXT}",
        f"Title: Road closed\nDate: 2024-03-12\nand the text goes on.\n\n{TEXT}",
        "Title: Road closed\nDate: 2024-03-12",
        f"Title: Road closed\nRoe: We will.\nPoe: We may.\nDate: 2024-03-12\n\n{TEXT}",
        f"---\n\n{TEXT}",
    ],
)
def test_lines_that_are_no_header_block_stay_text(text: str) -> None:
    header = read_header(text)
    assert (header.fields, header.text, header.warnings) == ({}, text, ())


def test_value_that_is_not_understood_is_left_out_with_a_warning() -> None:
    header = read_header(f"Title: Road closed\nDate: next\tweek\n\n{TEXT}")
    assert list(header.warnings) == ['“next week” is not understood as the "published", so it was left out.']


@pytest.mark.parametrize(
    ("top", "fields"),
    [
        ("Road closed\nBy Jane Roe\n12 March 2024", {"byline": "Jane Roe", "published": DAY}),
        ("Road closed\n\nBy Jane Roe\n\n12 March 2024", {"byline": "Jane Roe", "published": DAY}),
        ("Road closed\nBy Jane Roe / 12 March 2024", {"byline": "Jane Roe", "published": DAY}),
        ("Road closed\nBy Jane Roe, Political Editor | March 12, 2024",
         {"byline": "Jane Roe, Political Editor", "published": DAY}),
        ("Road closed\n12 March 2024\nBy Jane Roe", {"byline": "Jane Roe", "published": DAY}),
        ("Road closed\nBY JANE ROE AND TOM POE\nPublished: Tuesday, 12 March 2024",
         {"byline": "JANE ROE AND TOM POE", "published": DAY}),
        ("By Jean-Luc d'Arc and Zoë van den Berg in Easton", {"byline": "Jean-Luc d'Arc and Zoë van den Berg"}),
        ("Will it be closed?\nBy Jane Roe, economics correspondent", {"byline": "Jane Roe"}),
        ("Road closed\nBy Agencies\n12 March 2024", {"byline": "Agencies", "published": DAY}),
        ("Road closed\nThe harbour is open again\nBy Jane Roe", {"byline": "Jane Roe"}),
        ("Road closed\n12 March 2024\nBy Jane Roe\n13 March 2024", {"byline": "Jane Roe"}),
        ("Road closed\nBy Jane Roe\n03/04/2024", {}),
        ("Road closed\nBy Jane Roe\nThe council has voted and", {}),
        ("Road closed\n12 March 2024", {}),
        ("Road closed\nBy Monday", {}),
        ("Road closed\nBy Easter Monday, the road was closed", {}),
        ("Road closed\nBy Jane Roe's account it is closed", {}),
        ("It is closed. Why?\nThe council knows why.\nBy Jane Roe", {}),
        ("# Road closed", {"title": "Road closed"}),
        ("# Road closed #\n\n*By Jane Roe*", {"title": "Road closed", "byline": "Jane Roe"}),
        ("**Road** closed\n=====\n\n_By Jane Roe, 12 March 2024_",
         {"title": "**Road** closed", "byline": "Jane Roe", "published": DAY}),
        ("#hashtag", {}),
    ],
)  # fmt: skip
def test_unmistakable_top_gives_byline_and_day_and_stays_text(top: str, fields: dict[str, object]) -> None:
    text = f"{top}\n\n{TEXT}"
    header = read_header(text)
    assert (header.fields, header.text) == (fields, text)


@given(st.text(st.sampled_from("ByJaneRoe12March2024 :,/|\n-#*=—TitleDate\r\t\ufeff"), max_size=300))
def test_any_text_is_read_and_its_end_is_kept(text: str) -> None:
    assert text.endswith(read_header(text).text)
