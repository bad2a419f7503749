"""Bylines keep the names as written, and drop labels, addresses, handles, dates and accounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.bylines import clean_byline, join_authors


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe",
        "Jane Roe, Political Editor",
        "Jane Roe and Sam Poe",
        "Jane Roe, Sam Poe and Kim Low",
        "JANE ROE",
        "Byron Low",
        "By-Smith Roe",
        "Von Miller",
        "von Neumann",
        "Di Morris",
        "Zoë O’Roe-Łow",
        "The Tribune",
        "Tribune staff",
        "Staff reporter",
        "Easton News Agency",
        "Jane Roe (Easton)",
        "Jane Roe in Easton",
        "May June",
        "Jane Roe, Photo editor",
        "[Jane Roe]",
    ],
)
def test_names_and_roles_stay_as_written(text: str) -> None:
    assert clean_byline(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "By Jane Roe",
        "by: Jane Roe",
        "BY  Jane\n Roe",
        "Written by Jane Roe",
        "Words by Jane Roe",
        "Words: Jane Roe",
        "Text: Jane Roe",
        "Posted by: Jane Roe",
        "Author: Jane Roe",
        "Von Jane Roe",
        "von Jane Roe",
        "Von: Jane Roe",
        "Par Jane Roe",
        "Por Jane Roe",
        "di Jane Roe",
        "Door Jane Roe",
        "Jane Roe <jane.roe@tribune.example>",
        "jane.roe@tribune.example (Jane Roe)",
        "Jane Roe (jane.roe@tribune.example)",
        "Jane Roe, jane.roe@tribune.example",
        "Jane Roe @janeroe",
        "Jane Roe (@janeroe)",
        "Jane Roe | @janeroe",
        "Jane Roe https://tribune.example/people/jane-roe",
        "By Jane Roe Follow @janeroe",
        "Jane Roe Email",
        "Jane Roe View all posts by Jane Roe",
        "By Jane Roe / 12 March 2024",
        "By Jane Roe June 30, 2016",
        "Jane Roe | Thursday 30 June 2016 10:15",
        "Jane Roe, Published 10:15, 30 June 2016",
        "Jane Roe - Last updated: 30/6/2016",
        "Jane Roe • 4 min read",
        "Jane Roe, admin",
        "Jane Roe;",
        "Jane&nbsp;Roe",
        "Words: Jane Roe; Pictures: Sam Poe",
        "Reporting by Jane Roe; Editing by Sam Poe",
        "By Jane Roe Photographs by Sam Poe",
        "Exclusive by Jane Roe",
        "['Jane Roe']",
        '["Jane Roe"]',
    ],
)
def test_labels_addresses_handles_and_dates_are_dropped(text: str) -> None:
    assert clean_byline(text) == "Jane Roe"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "By",
        "admin",
        "Admin",
        "Staff",
        "webmaster",
        "tribune-admin",
        "by Administrator",
        "user_27",
        "jroe123",
        "1234",
        "noreply@tribune.example",
        "mailto:desk@tribune.example",
        "https://www.facebook.example/tribune",
        "www.tribune.example",
        "@tribune",
        "30 June 2016",
        "Published: 30 June 2016",
        "{{ author.name }}",
        "[object Object]",
        "null",
        "N/A",
        "\ud800",
        "Jane Roe \0",
        "Jane Roe writes about the harbour. " * 60,
        "x" * 100_000,
    ],
)
def test_text_without_a_name_is_no_byline(text: str) -> None:
    assert clean_byline(text) is None


@pytest.mark.parametrize(
    ("names", "byline"),
    [
        (["Jane Roe", "Sam Poe"], "Jane Roe, Sam Poe"),
        (["By Jane Roe", "jane roe", "admin", "Sam Poe"], "Jane Roe, Sam Poe"),
        (["admin", ""], None),
        ([], None),
        (["['Jane Roe', 'Sam Poe']"], "Jane Roe, Sam Poe"),
        (["[]"], None),
        (["Jane Roe " * 50] * 3 + ["Sam Poe " * 100], None),
    ],
)
def test_several_authors_become_one_byline_without_repetition(names: list[str], byline: str | None) -> None:
    assert join_authors(names) == byline


@given(st.text(max_size=400))
def test_any_text_gives_a_byline_on_one_line_with_a_letter_or_none(text: str) -> None:
    byline = clean_byline(text)
    assert byline is None or (byline == " ".join(byline.split()) and any(char.isalpha() for char in byline))


@pytest.mark.parametrize(
    "piece", ["by ", "(", "@", "a@", "a@a.", "<", ", ", "- ", "and ", "1 ", "published 1", "www.", "Follow "]
)
def test_repeated_pieces_take_no_time(piece: str) -> None:
    clean_byline(piece * (1_000 // len(piece)))
