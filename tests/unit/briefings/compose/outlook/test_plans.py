"""A plan is done when a sentence tells its verb in the past with the same actors and objects."""

import pytest

from briefings.compose.outlook.plans import find_plan


def is_done(plan: str, outcome: str) -> bool:
    found_plan = find_plan(plan)
    return found_plan is not None and found_plan.is_done_in(outcome)


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        ("Mayor Jane Roe will withdraw the harbour bill.", "On Tuesday Roe withdrew the harbour bill."),
        ("The council is expected to approve the budget.", "The council approved the budget by two votes."),
        (
            "Officials said the divers would be taken to Easton hospital.",
            "The divers were taken to a hospital in Easton.",
        ),
        ("Roe will meet Doe in Easton on Monday.", "Doe and Roe met in Easton."),
        ("Roe said she plans to greet the divers at Easton airport.", "At Easton airport they were greeted by Roe."),
        ("The new bishop is to be sworn in on Thursday.", "The new bishop was sworn in before a crowd."),
    ],
)
def test_plan_is_done_in_its_report(plan: str, outcome: str) -> None:
    assert is_done(plan, outcome)


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        ("Jane Roe will testify before the harbour committee.", "Doe testified to a court that Roe lied."),
        ("The council is expected to approve the budget.", "The council has not approved the budget."),
        ("The council is expected to approve the budget.", "If the council approved the budget, taxes fell."),
        ("The council is expected to approve the budget.", "The council is expected to say it approved the budget."),
        ("Doe will be the acting mayor of Easton.", "The acting mayor of Easton was fired."),
        ("The council is expected to approve the budget.", 'The council met. "It approved the budget," Roe said.'),
        ("The talks seemed to lead to a pact, which would meet the demands of Easton.", "The council met in Easton."),
    ],
)
def test_other_news_does_not_end_a_plan(plan: str, outcome: str) -> None:
    assert not is_done(plan, outcome)


@pytest.mark.parametrize(
    ("state", "end"),
    [
        ("Jane Roe could still face charges over the fire.", "Roe was charged with arson on Tuesday."),
        ("Doe has not been charged with a crime.", "Prosecutors said Doe was indicted by a jury in Easton."),
        ("The gunman John Doe is still at large.", "Doe was arrested in Easton."),
        ("Jane Roe refused to resign.", "Roe resigned on Tuesday."),
    ],
)
def test_open_state_ends_with_its_end(state: str, end: str) -> None:
    assert is_done(state, end)


@pytest.mark.parametrize(
    ("state", "end"),
    [
        ("Jane Roe could still face charges over the fire.", "Doe was charged with arson on Tuesday."),
        ("Jane Roe has not been charged over the fire.", "Roe was charged with fraud on 30 October."),
        ("Jane Roe has been charged with arson.", "Roe was charged with arson on Tuesday."),
        ("Jane Roe refused to resign.", "Roe would not say why Doe resigned."),
    ],
)
def test_open_state_goes_on_after_other_news(state: str, end: str) -> None:
    assert not is_done(state, end)
