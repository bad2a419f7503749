"""Hard-wrapped lines are joined in a view of the same length; real lines are kept."""

from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Span
from briefings.text.sentences import split_sentences
from briefings.text.wrapped_lines import unwrap_lines

PARAGRAPHS = (
    "Jane Roe opened the harbour school on Monday with a short speech to the first class of pupils, and then she went "
    "on to the second building, which is not ready yet.",
    '"We have waited ten years for this day and I do not want to waste another minute of it," Roe said. "The children '
    'are here, the roof is on, and the heating works."',
    "Mayor John Doe said that the town had paid for the building with patience and some luck.",
)


@pytest.mark.parametrize("columns", [40, 60, 72, 78, 100, 120])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_wrapped_paragraphs_are_joined(columns: int, line_end: str) -> None:
    text = (2 * line_end).join(line_end.join(wrap(paragraph, columns)) for paragraph in PARAGRAPHS)
    view = unwrap_lines(text)
    assert len(view) == len(text)
    assert [" ".join(line.split()) for line in view.splitlines() if line.strip()] == list(PARAGRAPHS)


def test_quoted_mail_is_joined_without_its_signs() -> None:
    text = "\n".join(f"> {line}" for line in wrap(PARAGRAPHS[0], 60))
    assert " ".join(unwrap_lines(text).split()) == f"> {PARAGRAPHS[0]}"


def test_an_indent_opens_a_paragraph() -> None:
    text = "\n".join(line for paragraph in PARAGRAPHS for line in wrap(paragraph, 66, initial_indent="    "))
    assert len([line for line in unwrap_lines(text).splitlines() if line.strip()]) == len(PARAGRAPHS)


def test_a_sentence_continues_on_the_next_wrapped_line() -> None:
    text = "\n".join(wrap(PARAGRAPHS[0], 60))
    assert split_sentences(text) == (Span(0, len(text)),)


@pytest.mark.parametrize(
    "text",
    [
        "Shall I go back to Easton town,\nWhere the river runs,\nOr stay and see the lamps go down\nBefore I wake?",
        "* Bread and butter for the council\n* Milk for the children of the school\n* Tea for the mayor and his guests",
        "ROE: Good morning to everybody in Easton.\nDOE: Good morning, and thank you for asking me.\nROE: Not at all.",
        "Jane Roe opened the school.\nJohn Doe paid for it.\nThe children came on Monday.\nThey were not late.",
        f"{PARAGRAPHS[0]}\n{PARAGRAPHS[2]}\n{PARAGRAPHS[0]}",
        "Council Closes the Harbour Road for Good\nMayor Opens a New School in the Harbour\nBaker Leaves Town",
        "one line",
        "",
    ],
)
def test_real_lines_are_kept(text: str) -> None:
    assert unwrap_lines(text) == text


def test_a_bullet_in_wrapped_text_stays_a_line() -> None:
    lines = [*wrap(PARAGRAPHS[0], 60), "- bread for the council and its guests", "- milk for the children"]
    assert unwrap_lines("\n".join(lines)).splitlines()[1:] == lines[-2:]


def test_a_quotation_over_two_lines_is_joined_in_text_with_one_sentence_a_line() -> None:
    text = (
        "John Doe opened the school.\n“We have waited for ten years.\nThe roof is on,” Doe said.\nHe then left.\n"
        "“It works.”"
    )
    assert unwrap_lines(text) == text.replace("years.\nThe", "years. The")


@given(st.text(alphabet='ab .“”"\n\r>*:-Q\t', max_size=300))
def test_any_text_keeps_its_length_and_its_words(text: str) -> None:
    view = unwrap_lines(text)
    assert len(view) == len(text)
    assert all(old == new or (new == " " and old in "\n\r>| \t") for old, new in zip(text, view, strict=True))
