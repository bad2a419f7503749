"""Cues outside quotation marks and asides show what is open; a bare "will" is a weak one."""

import pytest

from briefings.compose.outlook.openness import OpenKind, judge_openness, opens_with_expletive

#: least score of a sentence that a briefing shows as open, apart from the bonus for new articles and titles
OPEN = 1.2


@pytest.mark.parametrize(
    "sentence",
    [
        "The committee will decide later whether to file charges.",
        "The report is also expected next week.",
        "Results of the test were pending.",
        "The treaty must still be approved by both chambers.",
        "Prosecutors are considering further charges.",
        "The hearing is scheduled for July.",
    ],
)
def test_step_to_come_is_open(sentence: str) -> None:
    openness = judge_openness(sentence)
    assert openness.score >= OPEN
    assert openness.kind is OpenKind.AHEAD


@pytest.mark.parametrize(
    "sentence",
    [
        "It was not immediately clear whether the ferry had a permit.",
        "It remains unclear who ordered the closure.",
        "The driver has not been charged with a crime.",
    ],
)
def test_what_the_articles_call_unknown_is_open(sentence: str) -> None:
    openness = judge_openness(sentence)
    assert openness.score >= OPEN
    assert openness.kind is OpenKind.UNKNOWN


@pytest.mark.parametrize(
    "sentence",
    [
        "The committee decided on Monday to file charges.",
        "The vote was expected on Friday but was held on Thursday.",
        "Roe, who will retire in May, praised the harbour plan.",
        "He signed his will in the presence of two witnesses.",
        "The company had planned to open the port in 2014.",
    ],
)
def test_what_is_done_or_past_is_not_open(sentence: str) -> None:
    assert judge_openness(sentence).score < OPEN


def test_question_about_something_unnamed_does_not_stand_alone() -> None:
    assert opens_with_expletive("It was not clear whether the ferry had a permit.")
    assert not opens_with_expletive("It is unclear if that is still the plan.")
    assert not opens_with_expletive("It closed on Monday.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The company raised prices on Friday in a dispute that Roe says she is preparing to end.",
        "The threat of a strike is used in talks where the union is seeking better pay.",
        "If Roe dies, the town will take years to recover.",
        "The ferry could then be back as soon as May 2021.",
        "But much remains unclear in the report of the inquiry.",
        "The uproar is likely to dwarf the old one.",
        "While the inquiry is pending, Roe works as a teacher.",
        "Neighbours are weighing in on the plan.",
    ],
)
def test_cue_in_a_side_clause_or_a_guess_is_not_open(sentence: str) -> None:
    assert judge_openness(sentence).score < OPEN


@pytest.mark.parametrize(
    "sentence",
    [
        "While two inquiries go on, it is unclear what the council can do.",
        "Roe offered to open the hearing, which is scheduled for Monday.",
        "Doe must also appear for a hearing on 2 May.",
        "If convicted, he faces up to ten years and will be sentenced in May.",
        "Roe said on Monday that the council will vote on the plan.",
        "The march was the day before the former mayor Jane Roe is expected to announce a bid.",
        "The nine divers who remain in Easton will continue to receive care.",
        "Whether Jane Roe, a judge of the old court, gets to fill that seat remains unclear.",
    ],
)
def test_main_clause_and_what_it_reports_are_open(sentence: str) -> None:
    assert judge_openness(sentence).score >= OPEN
