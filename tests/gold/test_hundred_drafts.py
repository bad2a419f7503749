"""A hundred invented drafts of `tests/cases/hundred_drafts.md`, half of them correct: no accusation, no false pass."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from briefings.model import Article, CheckedQuote, Verdict
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.support.case_files import Case, load_cases

MAX_UNSURE = 15
ACCUSATIONS = frozenset([Verdict.DIFFERS, Verdict.MISATTRIBUTED, Verdict.NARRATION, Verdict.NOT_FOUND])
_CASES: list[Case] = [parameter.values[0] for parameter in load_cases("hundred_drafts")]  # type: ignore[attr-defined]
_ARTICLES = [case for case in _CASES if case.title.startswith("article: ")]
_DRAFTS = [case for case in _CASES if case.expected]


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, ())
        service.add([_build_article(case) for case in _ARTICLES])
        yield service


def test_file_has_a_hundred_drafts() -> None:
    assert len(_DRAFTS) == 100


@pytest.mark.parametrize("case", [pytest.param(case, id=case.title) for case in _DRAFTS])
def test_right_quotation_is_not_accused_and_wrong_one_does_not_pass(service: BriefingService, case: Case) -> None:
    faults = [
        f"{expected}: {quote.verdict.value} ({quote.note})"
        for expected, quote in _pair(service, case)
        if (quote.verdict in ACCUSATIONS) is expected.startswith("right") and quote.verdict is not _UNSURE
    ]
    assert faults == []


def test_few_quotations_are_not_sure(service: BriefingService) -> None:
    counts = Counter(quote.verdict for case in _DRAFTS for _, quote in _pair(service, case))
    assert counts[_UNSURE] <= MAX_UNSURE, counts


_UNSURE = Verdict.NOT_SURE


def _pair(service: BriefingService, case: Case) -> list[tuple[str, CheckedQuote]]:
    """Pair each expected line with the verdict on the quotation that begins with its words."""
    quotes = service.check(case.fragment).quotes
    pairs = []
    for expected in case.expected:
        words = expected.split(": ", 1)[1]
        matches = [quote for quote in quotes if quote.quote.startswith(words)]
        assert matches, f"no verdict on {words!r}"
        pairs.append((expected, matches[0]))
    return pairs


def _build_article(case: Case) -> Article:
    return Article(
        case.title.removeprefix("article: "),
        case.fragment,
        publisher=case.fields["outlet"],
        published=date.fromisoformat(case.fields["published"]),
        url=f"https://example.org/{case.title.removeprefix('article: ')}",
    )
