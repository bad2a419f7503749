"""Reports of one utterance are one statement, at its earliest day, with its wordings compared."""

from datetime import date

import pytest

from briefings.compose.people.statements import StatementGroups, build_statements
from briefings.model import Article, Kind, Quote, Span, Speaker

ROE = Speaker("Jane Roe", "mayor")


def build(*reports: tuple[str, str | None, date | None]) -> StatementGroups:
    """Build statements from (words, outlet, day)."""
    quotes = []
    for number, (words, outlet, day) in enumerate(reports):
        text = f"Report {number}. “{words}” said Jane Roe."
        start = text.index(words)
        quote = Quote((Span(start, start + len(words)),), None, None, ROE, Kind.DIRECT, 0.9, "named")
        article = Article(f"a{number}", text, outlet, day, f"https://paper{number}.example/x")
        quotes.append((article, quote))
    return build_statements(quotes)


def test_no_quotations_are_no_statements() -> None:
    assert build() == StatementGroups((), (), 0)


def test_statements_are_in_the_order_of_their_first_report_and_undated_ones_last() -> None:
    groups = build(
        ("the harbour will close before winter", "Tribune", None),
        ("ferries cannot reach a harbour of sand", "Tribune", date(2025, 3, 2)),
        ("tourists love walking on the old walls", "Herald", date(2025, 3, 1)),
    )
    assert [statement.first_day for statement in groups.statements] == [date(2025, 3, 1), date(2025, 3, 2), None]
    assert groups.outlets == 2
    assert [(count.day, count.publisher, count.quotes) for count in groups.day_counts] == [
        (date(2025, 3, 1), "Herald", 1),
        (date(2025, 3, 2), "Tribune", 1),
        (None, "Tribune", 1),
    ]


def test_a_changed_wording_is_shown_with_its_own_words_and_those_it_leaves_out() -> None:
    (statement,) = build(
        ("the harbour will close before winter comes again this year", "Tribune", date(2025, 3, 2)),
        ("the harbour must close before winter comes again this year", "Herald", date(2025, 3, 1)),
    ).statements
    (rewording,) = statement.rewordings
    assert statement.hit.quote == "the harbour will close before winter comes again this year"
    assert [rewording.text[span.start : span.end] for span in rewording.changes] == ["must"]
    assert rewording.missing == ("will",)
    assert (statement.first_day, statement.last_day) == (date(2025, 3, 1), date(2025, 3, 2))
    assert statement.other_reports == ()


@pytest.mark.parametrize(
    "part", ["will close before winter comes", "The harbour will close before winter comes again,"]
)
def test_a_part_of_the_words_is_no_other_wording(part: str) -> None:
    (statement,) = build(
        ("the harbour will close before winter comes again", "Tribune", date(2025, 3, 1)),
        (part, "Herald", date(2025, 3, 3)),
    ).statements
    assert statement.rewordings == ()
    assert [report.source.publisher for report in statement.other_reports] in (["Herald"], ["Tribune"])


def test_every_report_is_verbatim_at_its_place() -> None:
    words = ["the harbour will close  before\nwinter comes again", "the harbour will close before spring comes again"]
    groups = build(*((text, "Tribune", date(2025, 3, 1)) for text in words))
    reports = [report for statement in groups.statements for report in statement.reports]
    assert sorted(report.text for report in reports) == sorted(words)
    assert all(report.end - report.start == len(report.text) for report in reports)
    assert all(span.end <= len(report.text) for report in reports for span in report.changes)


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("The mayor went home. She would not “betray” the town, she said. It rained.", "betray", 1),
        ("The mayor went home. She would not “close the old harbour today” for that, she said.", "close the old", 1),
        (
            "The mayor said: “We will close the old harbour today.” It rained.",
            "We will close the old harbour today.",
            0,
        ),
        ("“Never.”\n\nThe mayor went home.", "Never.", 0),
    ],
)
def test_a_few_quoted_words_come_with_their_sentence(text: str, words: str, sentence: int) -> None:
    start = text.index(words)
    quote = Quote((Span(start, start + len(words)),), None, None, ROE, Kind.DIRECT, 0.9, "named")
    (statement,) = build_statements([(Article("a", text), quote)]).statements
    expected = text[text.index("She would") : text.index("she said.") + len("she said.")] if sentence else ""
    assert statement.sentence == expected


def test_a_sentence_of_a_very_long_article_is_found_and_an_endless_one_is_left_out() -> None:
    filler = "The ferry left the harbour on time. " * 2_000
    for text, is_found in (
        (f"{filler}She would not “betray” the town, she said. {filler}", True),
        (f"{'she went on and on, ' * 500}“betray”, {'she went on and on, ' * 500}", False),
    ):
        start = text.index("betray")
        quote = Quote((Span(start, start + 6),), None, None, ROE, Kind.DIRECT, 0.9, "named")
        (statement,) = build_statements([(Article("a", text), quote)]).statements
        assert statement.sentence == ("She would not “betray” the town, she said." if is_found else "")
