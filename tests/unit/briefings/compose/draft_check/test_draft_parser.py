"""The quotations of a draft: their spans, their speakers, and the drafts that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS, MAX_QUOTATIONS, parse_quotations
from briefings.errors import BadInput


def parse(draft: str) -> list[tuple[str, str | None]]:
    return [
        (quotation.span.of(draft), quotation.claimed_speaker.name if quotation.claimed_speaker else None)
        for quotation in parse_quotations(draft)
    ]


def test_quotation_is_the_text_in_marks_with_its_speaker() -> None:
    assert parse("“We must go now,” said Jane Roe. She left.") == [("We must go now", "Jane Roe")]


def test_reported_speech_is_not_a_quotation() -> None:
    assert parse("Jane Roe said that they would go. “We must all go now,” said Jane Roe.") == [
        ("We must all go now", "Jane Roe")
    ]


def test_wrapped_lines_are_one_paragraph() -> None:
    draft = "Nobody in the crowded hall had expected it at all. “We must go now,”\nJane Roe said in the end.\n"
    assert parse(draft) == [("We must go now", "Jane Roe")]


def test_few_unattributed_words_are_short() -> None:
    (quotation,) = parse_quotations("The film “Gone Girl” ran on.")
    assert quotation.is_short


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("Nobody said a word.", "has no quotes"),
        ("“…”, he said.", "has no quotes"),
        ("a\0“b c d e”", "holds a NUL"),
        ("\ud800“b c d e”", "half of a surrogate pair"),
        ("“We go.” " * MAX_DRAFT_CHARACTERS, "the limit is 200,000"),
        ("“We must go now.”\n" * (MAX_QUOTATIONS + 1), "more than 500 quotes"),
    ],
)
def test_unusable_draft_is_refused(draft: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        parse_quotations(draft)


@given(st.text(alphabet="“”\"'‘’ aB.…[]\n,1", max_size=120))
def test_any_draft_gives_quotations_inside_it_or_an_error(draft: str) -> None:
    try:
        quotations = parse_quotations(draft)
    except BadInput:
        return
    assert all(quotation.span.end <= len(draft) for quotation in quotations)
    assert all(quotation.word_count or quotation.is_unchecked for quotation in quotations)
