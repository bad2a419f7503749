"""Invented drafts of two case files, half of them correct: no accusation, no false pass."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime

import pytest

from briefings.draft_report import CheckedQuote, Verdict
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.support.case_files import Case, read_cases

MAX_UNSURE = 15
ACCUSATIONS = frozenset([Verdict.DIFFERS, Verdict.MISATTRIBUTED, Verdict.NARRATION, Verdict.NOT_FOUND])
#: each file has its own articles and drafts
_FILES = {name: read_cases(name) for name in ("hundred_drafts", "thirty_drafts")}
_DRAFTS = {name: [case for case in cases if case.expected] for name, cases in _FILES.items()}


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, BriefingService]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(_open_service(cases)) for name, cases in _FILES.items()}


def test_files_have_their_number_of_drafts() -> None:
    assert {name: len(drafts) for name, drafts in _DRAFTS.items()} == {"hundred_drafts": 100, "thirty_drafts": 30}


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}-{case.title}") for name, cases in _DRAFTS.items() for case in cases],
)
def test_right_quotation_is_not_accused_and_wrong_one_does_not_pass(
    services: dict[str, BriefingService], name: str, case: Case
) -> None:
    faults = [
        f"{expected}: {quote.verdict.value} ({quote.note})"
        for expected, quote in _pair(services[name], case)
        if (quote.verdict in ACCUSATIONS) is expected.startswith("right") and quote.verdict is not _UNSURE
    ]
    assert faults == []


@pytest.mark.parametrize("name", _FILES)
def test_few_quotations_are_not_sure(services: dict[str, BriefingService], name: str) -> None:
    counts = Counter(quote.verdict for case in _DRAFTS[name] for _, quote in _pair(services[name], case))
    assert counts[_UNSURE] <= MAX_UNSURE * len(_DRAFTS[name]) // 100, counts


_UNSURE = Verdict.NOT_SURE


@contextmanager
def _open_service(cases: list[Case]) -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, ())
        service.add([_build_article(case) for case in cases if case.title.startswith("article: ")])
        yield service


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
