"""Whether a sentence is a clause of its own, and what is planned for a day."""

import pytest

from briefings.compose.ranking.clauses import is_clause, tells_plan


@pytest.mark.parametrize(
    "sentence",
    [
        "A daily roundup of news from Easton.",
        "Read the full report of the council here.",
        "Look at the budget of the town of Easton.",
        "Just look at the queues in front of the town hall.",
        "Directed current and former officials to refuse the request.",
        "Spreading rumours about farmers, teachers and the poor.",
        "Two other candidates with a strong night — Jane Roe and John Doe.",
        "Roe asked at a press conference Monday.",
        "Before the hearing, Doe took to Twitter.",
        "Jane Roe wrote on Facebook after the vote.",
    ],
)
def test_fragment_order_or_report_without_its_words_is_no_clause(sentence: str) -> None:
    assert not is_clause(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Each count carries a penalty of five years in prison.",
        "Officials say the bridge at Easton needs more steel.",
        "The fight over the bridge extends beyond Easton.",
        "Jane Roe won.",
        "Asked about the vote, Jane Roe said that she would stay.",
        "Jane Roe said on Monday that she would stay.",
        "Read Smith Jones won the seat of Easton.",
        "Jane Roe asked for a recount in Easton.",
    ],
)
def test_sentence_with_a_verb_and_a_subject_is_a_clause(sentence: str) -> None:
    assert is_clause(sentence)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("the ban goes into effect ", True),
        ("jane roe has an event scheduled in easton ", False),
        ("miners were already set to meet in easton ", True),
        ("jane roe was to speak in easton ", True),
        ("the ban, which the council passed, takes effect ", True),
        ("jane roe met the council ", False),
        ("jane roe is to speak in easton ", True),
        ("the council, which is new, was elected ", False),
    ],
)
def test_present_tense_before_a_day_tells_a_plan(before: str, expected: bool) -> None:
    assert tells_plan(before) is expected
