"""Drafts about the seeds: every verdict that an editor would give, from `tests/cases/check.md`."""

from collections.abc import Iterator

import pytest

from briefings.model import CheckedQuote
from briefings.service.service import BriefingService
from tests.support.case_files import Case, load_cases
from tests.support.seed_service import open_seed_service


@pytest.fixture(scope="module")
def desk() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as opened:
        yield opened


@pytest.mark.parametrize("case", load_cases("check"))
def test_every_quotation_gets_the_verdict_an_editor_would_give(desk: BriefingService, case: Case) -> None:
    found = desk.check(case.fragment).quotes
    assert [_told(quote, line) for quote, line in zip(found, case.expected, strict=True)] == case.expected


@pytest.mark.parametrize("case", load_cases("check"))
def test_what_is_shown_is_verbatim(desk: BriefingService, case: Case) -> None:
    """The quotation is the draft's text at its offsets; what it is compared with is a hit with a link."""
    for quote in desk.check(case.fragment).quotes:
        assert case.fragment[quote.start : quote.end] == quote.quote
        assert quote.best is None or (quote.best.link or "").startswith("https://")
        assert all(change.draft.start >= quote.start and change.draft.end <= quote.end for change in quote.changes)


def _told(quote: CheckedQuote, line: str) -> str:
    """The verdict, written as its line of the case is, with as much of the quotation and the note as that has."""
    begins, *rest = line.split(": ", 1)[1].split(" | ")
    best = quote.best
    speaker = best.speaker.name if best and best.speaker else "-"
    cells = [begins if quote.quote.startswith(begins) else quote.quote, speaker, best.article[:3] if best else "-"]
    if len(rest) > 2:
        cells.append(_more(quote, rest[2]))
    return f"{quote.verdict.value}: {' | '.join(cells)}"


def _more(quote: CheckedQuote, wanted: str) -> str:
    if wanted.startswith("("):
        note = quote.note or ""
        return wanted if wanted.strip("()") in note else f"({note})"
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
    return " ; ".join(f"{has} -> {wants}".strip() for has, wants in pairs)
