"""Different agents of one event in two outlets are a difference, unless both may be true."""

from datetime import date

import pytest

from briefings.compose import compose
from briefings.model import Slot
from tests.support.articles import analyse_articles, make_article
from tests.support.case_files import Case, load_cases

DAYS = {"first": date(2016, 6, 27), "second": date(2016, 6, 27)}


def find_notes(case: Case) -> list[str]:
    """Return the notes of the differences between the two sentences of a case, by default in two outlets."""
    first_sentence, second_sentence = case.fragment.split("\n", 1)
    opening = "{} The party of Jane Roe, John Doe, Mary Poe and Adam Coe met in Manchester for its long conference."
    days = [date.fromisoformat(case.fields.get(ordinal, day.isoformat())) for ordinal, day in DAYS.items()]
    publisher = case.fields.get("outlet", "The Post")
    briefing = compose(
        "s",
        "S",
        analyse_articles(
            make_article(opening.format(first_sentence), "a", day=days[0]),
            make_article(
                f"{second_sentence} Elsewhere, Mary Poe met Adam Coe, Jane Roe and John Doe.", "b", publisher, days[1]
            ),
        ),
        max_words=1000,
    )
    return [line.note or "" for line in briefing.get_slot_lines(Slot.DIFFERENCES)]


@pytest.mark.parametrize("case", load_cases("agents"))
def test_different_agents_are_described(case: Case) -> None:
    assert find_notes(case) == case.expected
