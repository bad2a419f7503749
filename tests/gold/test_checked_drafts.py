"""Verdicts on drafts about the seed articles, from `tests/cases/check.md`."""

from collections.abc import Iterator

import pytest

from briefings.draft_report import CheckedQuote
from briefings.service.service import BriefingService
from tests.support.case_files import Case, load_cases
from tests.support.seed_service import open_seed_service


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as seed_service:
        yield seed_service


@pytest.mark.parametrize("case", load_cases("check"))
def test_quotation_gets_the_expected_verdict(service: BriefingService, case: Case) -> None:
    quotes = service.check(case.fragment).quotes
    assert [_format_verdict(quote, line) for quote, line in zip(quotes, case.expected, strict=True)] == case.expected


@pytest.mark.parametrize("case", load_cases("check"))
def test_verdicts_quote_draft_and_article_verbatim(service: BriefingService, case: Case) -> None:
    """Each quotation is the draft's text at its offsets. The quote it is compared with has a link."""
    for quote in service.check(case.fragment).quotes:
        assert case.fragment[quote.start : quote.end] == quote.quote
        assert quote.best is None or (quote.best.link or "").startswith("https://")
        assert all(change.draft.start >= quote.start and change.draft.end <= quote.end for change in quote.changes)


def _format_verdict(quote: CheckedQuote, line: str) -> str:
    """Return the verdict in the form of the expected line, with as many words and details as the line has."""
    first_words, *rest = line.split(": ", 1)[1].split(" | ")
    best = quote.best
    speaker = best.speaker.name if best and best.speaker else "-"
    cells = [
        first_words if quote.quote.startswith(first_words) else quote.quote,
        speaker,
        best.article[:3] if best else "-",
    ]
    if len(rest) > 2:
        cells.append(_format_details(quote, rest[2]))
    return f"{quote.verdict.value}: {' | '.join(cells)}"


def _format_details(quote: CheckedQuote, expected: str) -> str:
    if expected.startswith("("):
        note = quote.note or ""
        return expected if expected.strip("()") in note else f"({note})"
    best = quote.best
    assert best is not None
    draft = quote.quote
    pairs = [
        (
            draft[change.draft.start - quote.start : change.draft.end - quote.start],
            best.quote[change.source.start - best.start : change.source.end - best.start],
        )
        for change in quote.changes
    ]
    return " ; ".join(f"{draft_words} -> {source_words}".strip() for draft_words, source_words in pairs)
