"""The quotations of a draft: where they stand, who is named, and what is no draft at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS, MAX_QUOTATIONS, parse_quotations
from briefings.errors import BadInput


def read(draft: str) -> list[tuple[str, str | None]]:
    return [
        (found.span.of(draft), found.claimed_speaker.name if found.claimed_speaker else None)
        for found in parse_quotations(draft)
    ]


def test_a_quotation_is_what_stands_in_the_marks_and_its_speaker_is_named() -> None:
    assert read("“We must go now,” said Jane Roe. She left.") == [("We must go now", "Jane Roe")]


def test_reported_speech_is_no_quotation() -> None:
    assert read("Jane Roe said that they would go. “We must all go now,” said Jane Roe.") == [
        ("We must all go now", "Jane Roe")
    ]


def test_lines_that_an_editor_broke_are_one_paragraph() -> None:
    draft = "Nobody in the crowded hall had expected it at all. “We must go now,”\nJane Roe said in the end.\n"
    assert read(draft) == [("We must go now", "Jane Roe")]


def test_a_few_words_given_to_nobody_are_short() -> None:
    (found,) = parse_quotations("The film “Gone Girl” ran on.")
    assert found.is_short


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("Nobody said a word.", "holds no quotation"),
        ("“…”, he said.", "holds no quotation"),
        ("a\0“b c d e”", "holds a NUL"),
        ("\ud800“b c d e”", "half of a surrogate pair"),
        ("“We go.” " * MAX_DRAFT_CHARACTERS, "at most 200,000 are checked at once"),
        ("“We must go now.”\n" * (MAX_QUOTATIONS + 1), "over 500 quotations"),
    ],
)
def test_what_is_no_draft_is_refused_in_a_sentence(draft: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_quotations(draft)


@given(st.text(alphabet="“”\"'‘’ aB.…[]\n,1", max_size=120))
def test_any_draft_gives_quotations_inside_it_or_a_sentence(draft: str) -> None:
    try:
        found = parse_quotations(draft)
    except BadInput:
        return
    assert all(one.span.end <= len(draft) and one.word_count for one in found)
