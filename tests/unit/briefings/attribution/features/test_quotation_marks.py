"""Passages in quotation marks of every style, and marks that are not quotation marks."""

import pytest

from briefings.attribution.features.quotation_marks import find_passages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said: “I did all I could.”", ["I did all I could."]),
        ('"It\'s your fault," he said.', ["It's your fault,"]),
        ("‘We’ve got the workers’ rights to defend,’ she said.", ["We’ve got the workers’ rights to defend,"]),
        ("the workers’ rights and ’90s music", []),
        ("“A ‘nested’ one,” he said", ["A ‘nested’ one,"]),
        ('<iframe src="https://example.org" width="790">', []),
        ('""= and "" and “”', []),
        ("``So be it,'' he said.", ["So be it,"]),
        ("He said : `` So be it . '' `` Now go , '' she said .", [" So be it . ", " Now go , "]),
        ("He is 5' 11\" tall", []),
        ("no marks at all", []),
        ("", []),
    ],
)
def test_passages_are_the_words_inside_marks(text: str, expected: list[str]) -> None:
    assert [passage.inner.of(text) for passage in find_passages(text)] == expected


def test_speech_over_paragraphs_opens_each_of_them_and_closes_the_last() -> None:
    text = "She said: “First part.\n\n“Second part.\n\n“Third part.”"
    assert [(p.inner.of(text), p.is_closed, p.is_continuation) for p in find_passages(text)] == [
        ("First part.", False, False),
        ("Second part.", False, True),
        ("Third part.", True, True),
    ]


def test_block_quotation_includes_middle_paragraphs_without_marks() -> None:
    text = "The letter says: “First part.\n\nSecond part.\n\nThird part.”\n\nHe left."
    assert [p.inner.of(text) for p in find_passages(text)] == ["First part.", "Second part.", "Third part."]
    assert [p.is_continuation for p in find_passages(text)] == [False, True, True]


def test_unpaired_opening_mark_does_not_quote_later_paragraphs() -> None:
    text = "He said “this\n\nand left.\n\nThe end."
    assert [p.inner.of(text) for p in find_passages(text)] == ["this"]
