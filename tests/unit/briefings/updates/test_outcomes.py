"""Plans and the lines that report them as done, on invented news."""

import pytest

from briefings.updates.outcomes import find_plan


@pytest.mark.parametrize(
    ("plan", "outcome", "is_done"),
    [
        (
            "The mayor announced that the city will formally withdraw the harbour bill on Friday.",
            "The city withdrew the harbour bill after weeks of strikes, the mayor announced.",
            True,
        ),
        (
            "Lawmakers are expected to approve flood aid for the valley towns next week.",
            "Lawmakers approved flood aid for the valley towns by 61 votes to 12.",
            True,
        ),
        (
            "The minister was scheduled to testify about the ferry contract in parliament.",
            "The minister testified about the ferry contract in parliament for three hours.",
            True,
        ),
        (  # still ahead
            "Lawmakers are expected to approve flood aid for the valley towns next week.",
            "Lawmakers who approved flood aid once will vote on the valley towns again.",
            False,
        ),
        (  # it did not happen
            "The minister was scheduled to testify about the ferry contract in parliament.",
            "The minister never testified about the ferry contract in parliament.",
            False,
        ),
        (  # another event with the same verb
            "The city will withdraw the harbour bill on Friday.",
            "The bank withdrew its offer for a chain of bakeries.",
            False,
        ),
        (  # someone's words
            "Lawmakers are expected to approve flood aid for the valley towns next week.",
            'A farmer in the valley towns said: "They approved flood aid only for the lawmakers."',
            False,
        ),
    ],
)
def test_plan_is_done_only_when_its_verb_is_past(plan: str, outcome: str, is_done: bool) -> None:
    found_plan = find_plan(plan)
    assert found_plan
    assert found_plan.is_done_in(outcome) is is_done


@pytest.mark.parametrize(
    "text",
    ["The council met on Monday.", "The vote will be close.", 'Roe said: "We will approve the aid for the valley."'],
)
def test_line_without_a_step_ahead_is_no_plan(text: str) -> None:
    assert find_plan(text) is None
