"""A claim and its denial in another outlet are a difference; refusals and what no one claims are not."""

from datetime import date

import pytest

from briefings.compose import compose
from briefings.model import Line, Slot
from tests.support.articles import analyse_articles, make_article

MONDAY = date(2016, 6, 27)
#: other sentences of the two articles: the words of the compared ones are not common in the story
FILLINGS = (
    " The council met in the old town hall for hours. Rain fell on the valley. Trains ran late in the north."
    " A new bridge is open to lorries. The museum sold its last ticket at noon. Bakers were busy on the square.",
    " Farmers brought in the hay. A choir sang at the lake. The cinema shows two old films. Snow is likely in winter."
    " The library lent more books than ever. Cyclists want a wider lane. The zoo has a young bear.",
)
CLAIM = "Prosecutors said that Jane Roe had shredded the harbour invoices of the ferry company."


def find_differences(first: str, second: str, outlet: str = "The Tribune") -> list[Line]:
    """Return the differences between the texts, each in an article of its own."""
    articles = (
        make_article(first + FILLINGS[0], "a", day=MONDAY),
        make_article(second + FILLINGS[1], "b", outlet, MONDAY),
    )
    return list(compose("s", "S", analyse_articles(*articles), max_words=1000).get_slot_lines(Slot.DIFFERENCES))


@pytest.mark.parametrize(
    "denial",
    [
        "Roe denied that she had shredded the harbour invoices.",
        "Jane Roe has denied shredding harbour invoices, and left the town.",
        "On Monday Roe rejected the allegation that harbour invoices were shredded.",
        "Jane Roe came home. She said she had not shredded the harbour invoices.",
    ],
)
def test_claim_and_its_denial_in_another_outlet_are_a_difference(denial: str) -> None:
    (line,) = find_differences(CLAIM, denial)
    assert line.note == "contradiction: reported in one, denied in the other"
    assert "Prosecutors said" in line.evidence[0].text
    assert {piece.article for piece in line.evidence} == {"a", "b"}


def test_speakers_own_denial_is_compared_with_an_accusation() -> None:
    accusation = "Prosecutors accused Jane Roe of shredding the harbour invoices of the ferry company."
    denial = "“I never shredded the harbour invoices,” said Jane Roe."
    (line,) = find_differences(accusation, denial)
    assert line.note == "contradiction: reported in one, denied in the other"


def test_denied_claims_of_a_person_are_what_another_outlet_reports_them_to_claim() -> None:
    (line,) = find_differences("John Doe testified that Jane Roe hid the keys of the mill.", "Roe denies Doe’s claims.")
    assert "hid the keys" in line.evidence[0].text


@pytest.mark.parametrize(
    "denial",
    [
        "Roe denied the ferry company access to the harbour invoices.",
        "The harbour invoices of the ferry company were denied by nobody.",
        "John Doe denied that he had shredded the harbour invoices.",
        "Roe said she did not know of the shredded harbour invoices.",
        "Roe denied that she had painted the yellow lighthouse.",
        "Roe denied that she had shredded the harbour invoices, but later admitted it.",
    ],
)
def test_refusals_and_denials_of_other_people_or_deeds_are_no_difference(denial: str) -> None:
    assert find_differences(CLAIM, denial) == []


@pytest.mark.parametrize(
    "statement",
    [
        "Jane Roe has also denied shredding the harbour invoices.",
        "It is unclear whether Jane Roe shredded the harbour invoices.",
        "Jane Roe never shredded the harbour invoices.",
    ],
)
def test_statement_that_does_not_assert_it_is_no_other_side(statement: str) -> None:
    assert find_differences(statement, "Roe denied that she had shredded the harbour invoices.") == []


def test_two_articles_of_one_outlet_are_no_difference() -> None:
    assert find_differences(CLAIM, "Roe denied that she had shredded the harbour invoices.", "The Paper") == []


STAGED = "Activist Tom Poe shouted at the mayor. Allies of the mayor said the protest was staged by {} from the valley."


@pytest.mark.parametrize("blamed", ["activists", "Tom Poe and others"])
@pytest.mark.parametrize("account", ["I did not plan to shout at all.", "I had no idea that the mayor was there."])
def test_claim_of_intent_and_the_account_of_a_participant_are_a_difference(blamed: str, account: str) -> None:
    (line,) = find_differences(STAGED.format(blamed), f"“{account}” said Tom Poe. He went home.")
    assert line.note == "contradiction: a claim in one, Tom Poe’s own account in the other"
    assert line.evidence[1].text == account


def test_clause_about_the_blamed_people_is_not_shown() -> None:
    claim = STAGED.format("activists").rstrip(".") + " who want the mayor to leave."
    (line,) = find_differences(claim.replace(" from the valley", ""), "“I did not plan to shout at all.” said Tom Poe.")
    assert line.evidence[0].text.endswith("staged by activists")


@pytest.mark.parametrize(
    ("claim", "account"),
    [
        (STAGED.format("doctors"), "“I did not plan to shout at all,” said Tom Poe."),
        (STAGED.format("activists"), "“I did not like the soup at all,” said Tom Poe."),
        (STAGED.format("activists"), "“I did not plan to shout at all,” said Ann Coe."),
        (STAGED.format("activists").replace("staged", "visited"), "“I did not plan to shout at all,” said Tom Poe."),
    ],
)
def test_account_of_another_matter_or_person_is_no_difference(claim: str, account: str) -> None:
    assert find_differences(claim, account) == []
