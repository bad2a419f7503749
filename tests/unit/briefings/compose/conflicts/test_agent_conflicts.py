"""Two outlets that name different doers of one thing are shown side by side; what both may have done is not."""

from datetime import date

import pytest

from briefings.compose import compose
from briefings.model import Slot
from tests.support.articles import article, read_articles
from tests.support.case_files import Case, cases

DAYS = {"first": date(2016, 6, 27), "second": date(2016, 6, 27)}


def notes(case: Case) -> list[str]:
    """The notes of the differences between the two sentences of a case, in two outlets unless it says otherwise."""
    one, other = case.fragment.split("\n", 1)
    opening = "{} The party of Jane Roe, John Doe, Mary Poe and Adam Coe met in Manchester for its long conference."
    days = [date.fromisoformat(case.given.get(which, day.isoformat())) for which, day in DAYS.items()]
    publisher = case.given.get("outlet", "The Post")
    found = compose(
        "s",
        "S",
        read_articles(
            article(opening.format(one), "a", day=days[0]),
            article(f"{other} Elsewhere, Mary Poe met Adam Coe, Jane Roe and John Doe.", "b", publisher, days[1]),
        ),
        max_words=1000,
    )
    return [line.note or "" for line in found.get_slot_lines(Slot.DIFFERENCES)]


@pytest.mark.parametrize("case", cases("doers"))
def test_doers_that_differ(case: Case) -> None:
    assert notes(case) == case.expected
