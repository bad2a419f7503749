"""Reports of one statement are gathered, with their outlets and wordings; other statements never are."""

from dataclasses import replace

import pytest

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.watches import Coverage, Report, Sameness, WatchFinding, compare_reports, summarise_coverage

WORDS = "We will never close the harbour of Easton while I am mayor"


def report(name: str, words: str, speaker: str | None = "Jane Roe", publisher: str | None = None) -> Report:
    own_words = " ".join(f"{name}{number}" for number in range(40))
    text = f"“{words},” said somebody. {own_words}"
    span = Span(1, 1 + len(words))
    quote = Quote((span,), None, None, Speaker(speaker) if speaker else None, Kind.DIRECT, 0.9, "named")
    return Article(name, text, publisher=publisher or name), WatchFinding(name, quote, Span(0, len(text)))


def narrate(name: str, sentence: str) -> Report:
    return Article(name, sentence, publisher=name), WatchFinding(name, None, Span(0, len(sentence)))


SENTENCE = "The board of Easton Ferries kept all of its fares on Tuesday."
TITLE_ONLY: Report = (Article("t", "Nothing.", title="Fares rise", publisher="t"), WatchFinding("t", None, None))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (report("a", WORDS), report("b", WORDS), Sameness.SAME),
        (report("a", WORDS), report("b", WORDS.replace("will never", "won't")), Sameness.OTHER_WORDING),
        (report("a", WORDS), report("b", WORDS.upper()), Sameness.SAME),
        (report("a", WORDS), report("b", WORDS, "Roe"), Sameness.SAME),
        (report("a", WORDS), report("b", WORDS, "John Alder"), Sameness.OTHER),
        (report("a", WORDS), report("b", WORDS, "Mary Roe"), Sameness.OTHER),
        (report("a", WORDS), report("b", WORDS, None), Sameness.SAME),
        (report("a", "It is over", None), report("b", "It is over", None), Sameness.OTHER),
        (report("a", "No"), report("b", "No"), Sameness.SAME),
        (report("a", "No"), report("b", "Yes"), Sameness.OTHER),
        (report("a", WORDS), report("b", "Fares will rise in May, and nobody can stop that now"), Sameness.OTHER),
        (report("a", WORDS), report("a", WORDS), Sameness.SAME),
        (narrate("a", SENTENCE), narrate("b", SENTENCE), Sameness.SAME),
        (narrate("a", SENTENCE), narrate("b", SENTENCE.replace("all", "most")), Sameness.OTHER_WORDING),
        (narrate("a", "It kept its fares."), narrate("b", "It kept its fares."), Sameness.OTHER),
        (narrate("a", SENTENCE), report("b", SENTENCE), Sameness.OTHER),
        (TITLE_ONLY, narrate("a", SENTENCE), Sameness.OTHER),
    ],
)
def test_reports_of_one_statement_are_recognised(first: Report, second: Report, expected: Sameness) -> None:
    assert compare_reports(first, second) is expected
    assert compare_reports(second, first) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (narrate("a", "It kept its fares."), narrate("b", "It kept its fares."), Sameness.SAME),
        (TITLE_ONLY, (replace(TITLE_ONLY[0], id="b"), replace(TITLE_ONLY[1], article="b")), Sameness.SAME),
        (report("a", "No"), report("b", "Never"), Sameness.OTHER_WORDING),
    ],
)
def test_copies_of_an_article_are_one_statement(first: Report, second: Report, expected: Sameness) -> None:
    copies = [(second[0].id, first[0].id)]
    assert compare_reports(first, second) is Sameness.OTHER
    assert compare_reports(first, second, copies) is expected
    assert compare_reports(second, first, copies) is expected


def test_coverage_counts_independent_outlets_and_wordings() -> None:
    other_wording = WORDS.replace("never", "not ever")
    reports = [
        report("a", WORDS),
        report("b", WORDS),
        report("c", other_wording),
        report("d", other_wording, publisher="a"),
        report("e", WORDS),
    ]
    assert summarise_coverage(reports[:1]) == Coverage(1, 1)
    assert summarise_coverage(reports) == Coverage(4, 2)
    assert summarise_coverage(reports, [("e", "a")]) == Coverage(3, 2)
    assert summarise_coverage([TITLE_ONLY]) == Coverage(1, 1)
