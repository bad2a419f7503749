"""Each quotation mark of a draft is in a quotation, has a reason why it is not one, or is unchecked."""

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.draft_check.draft_parser import MAX_DRAFT_CHARACTERS, ParsedDraft, parse_draft
from briefings.compose.draft_check.marks import find_marks
from briefings.draft_report import MarkReason
from briefings.errors import BadInput

QUOTE = "“We must close the old library,” said Jane Roe. "


def list_unchecked(draft: str) -> list[str]:
    return [quotation.span.of(draft) for quotation in parse_draft(draft).quotations if quotation.is_unchecked]


def assert_complete(draft: str, parsed_draft: ParsedDraft) -> None:
    spans = [quotation.outer for quotation in parsed_draft.quotations]
    spans += [marks.span for marks in parsed_draft.ignored_marks]
    for mark in find_marks(draft):
        assert sum(span.covers(mark) for span in spans) == 1, (draft, mark)


@given(st.text(alphabet="“”\"'‘’«»‹›「」„`´ʺ🙶&;#quot39<>=ast aB.…[]\n,15", max_size=150))
def test_each_mark_of_any_draft_is_accounted_for_once(draft: str) -> None:
    try:
        parsed_draft = parse_draft(draft)
    except BadInput:
        return
    assert_complete(draft, parsed_draft)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("the workers' hall", MarkReason.APOSTROPHE),
        ("the workers’ hall", MarkReason.APOSTROPHE),
        ("goin' home", MarkReason.APOSTROPHE),
        ("back in ’94", MarkReason.APOSTROPHE),
        ("rock 'n roll", MarkReason.APOSTROPHE),
        ("tell ’em", MarkReason.APOSTROPHE),
        ('a 5" nail', MarkReason.MEASURE),
        ("a 5″ nail", MarkReason.MEASURE),
        ("a 12' pole", MarkReason.MEASURE),
        ('nothing "" here', MarkReason.NO_WORDS),
        ("nothing “” here", MarkReason.NO_WORDS),
        ("nothing “…” here", MarkReason.NO_WORDS),
        ('<a title="x y">here</a>', MarkReason.ATTRIBUTE),
        ("<a title='x y'>here</a>", MarkReason.ATTRIBUTE),
    ],
)
def test_mark_that_is_no_quotation_mark_has_its_reason(words: str, reason: MarkReason) -> None:
    draft = f"{QUOTE}\n\nIt was {words}."
    parsed_draft = parse_draft(draft)
    assert_complete(draft, parsed_draft)
    assert {marks.reason for marks in parsed_draft.ignored_marks} == {reason}
    assert list_unchecked(draft) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("&quot;We close the road,&quot; she said.", ["We close the road", "We close the road"]),
        ("&ldquo;We close the road&rdquo; she said.", ["We close the road", "We close the road"]),
        ("&#8220;We close the road&#x201D; she said.", ["We close the road", "We close the road"]),
        ("&#39;We close the road&apos; she said.", ["We close the road", "We close the road"]),
        ("She said <q>We close the road</q>.", ["We close the road"]),
        ('<BLOCKQUOTE cite="x">We close the road</BLOCKQUOTE>', ["We close the road"]),
        ("She said:\n\n> We close the road\n> for a year", ["We close the road"]),
        (">We close the road", ["We close the road"]),
        (">> We close the road", ["We close the road"]),
        ("´We close the road´ she said.", ["We close the road", "We close the road"]),
        ("🙶We close the road🙷 she said.", ["We close the road", "We close the road"]),
        ("《We close the road》 she said.", ["We close the road", "We close the road"]),
        ("״We close the road״ she said.", ["We close the road", "We close the road"]),
    ],
)
def test_quotation_by_other_means_than_marks_is_unchecked(words: str, expected: list[str]) -> None:
    draft = f"{QUOTE}\n\n{words}"
    assert_complete(draft, parse_draft(draft))
    unchecked = list_unchecked(draft)
    assert len(unchecked) == len(expected)
    assert all(part in shown for shown, part in zip(unchecked, expected, strict=True)), unchecked


@pytest.mark.parametrize(
    "words",
    [
        "the workers&rsquo; hall",
        "they don&#39;t",
        "a 5&quot; nail",
        "a > b",
        "> “We must close the old library,” said Jane Roe.\n> She left.",
        "the <quote> element",
        "Hawaiʻi",
        "the תנ״ך",
        "AT&T; Q&A",
    ],
)
def test_what_only_looks_like_a_quotation_is_not_unchecked(words: str) -> None:
    draft = f"{QUOTE}\n\nIt was {words}." if not words.startswith(">") else f"{QUOTE}\n\n{words}"
    assert_complete(draft, parse_draft(draft))
    assert list_unchecked(draft) == []


@pytest.mark.parametrize(
    ("words", "unchecked_words"),
    [
        ("We close the road,” she said.", "We close the road"),
        ('We close the road in 1945" she said.', "We close the road in 1945"),
        ("We close the road’ she said.", "We close the road"),
        ("She said: ‘We close the road.", "We close the road"),
        ("‹We close the road› she said.", "We close the road› she said"),
        ("「We close the road」 she said.", "We close the road」 she said"),
        ("‚We close the road she said.", "We close the road she said"),
    ],
)
def test_mark_without_a_partner_is_unchecked_with_its_words(words: str, unchecked_words: str) -> None:
    draft = f"{QUOTE}\n\n{words}"
    assert_complete(draft, parse_draft(draft))
    assert unchecked_words in list_unchecked(draft)


@pytest.mark.parametrize("mark", ["“We close today.” ", '"We close today." ', "‘We close today.’ ", "«We close.» "])
def test_each_quotation_of_a_paragraph_with_too_many_marks_is_unchecked(mark: str) -> None:
    draft = mark * 310
    assert_complete(draft, parse_draft(draft))
    assert len(list_unchecked(draft)) == 310


@pytest.mark.parametrize(
    "part",
    [
        "“",
        "”",
        '"',
        "'",
        "‘a ",
        "a’ ",
        "“a”",
        '"" ',
        "“a ",
        "don't ",
        '<a x="',
        "<",
        "「a」",
        "“a\n",
        '5" ',
        "“We go now ” ",
    ],
)
def test_hostile_draft_takes_little_time(part: str) -> None:
    draft = QUOTE + part * ((MAX_DRAFT_CHARACTERS - len(QUOTE)) // len(part))
    start = process_time()
    with suppress(BadInput):
        parse_draft(draft)
    assert process_time() - start < 5
