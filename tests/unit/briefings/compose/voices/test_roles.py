"""The role beside a name is the longest form that the articles give."""

from collections import Counter

import pytest

from briefings.compose.voices.names import is_noun_phrase
from briefings.compose.voices.roles import choose_role, count_offices, is_party


def find_offices(text: str, name: str = "Jane Roe") -> list[str]:
    return sorted(count_offices(name, [text], is_noun_phrase))


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Later Federal Harbour Agency Administrator Jane Roe left.", "Federal Harbour Agency Administrator"),
        ("It rained. But Easton Mayor Jane Roe left.", "Easton Mayor"),
        ("Under Secretary of State Jane Roe left.", "Under Secretary of State"),
        ("Jane Roe, the mayor of Easton, left.", "mayor of Easton"),
        ("Weston Republican Rep. Jane Roe left.", "Weston Republican Rep."),
        ("Boats for Easton President Jane Roe left.", "Boats for Easton President"),
        ("John Doe and Sen. Jane Roe left.", "Sen."),
        ("Mayor John Doe and Council Leader Jane Roe left.", "Council Leader"),
    ],
)
def test_office_beside_the_name_is_found(text: str, office: str) -> None:
    assert office in find_offices(text)


@pytest.mark.parametrize(
    "text", ["Yesterday in Easton Jane Roe left.", "The mayor's wife Jane Roe left.", "Jane Roe, a Republican, left."]
)
def test_other_words_beside_the_name_are_no_office(text: str) -> None:
    assert find_offices(text) == []


def test_office_is_printed_instead_of_a_party() -> None:
    assert choose_role("Weston Republican", Counter({"Gov.": 2})) == "Gov."
    assert choose_role("Weston Republican", Counter()) == "Weston Republican"


def test_cut_role_is_completed_and_whole_role_is_kept() -> None:
    assert choose_role("Secretary", Counter({"Under Secretary": 1, "Mayor": 3})) == "Under Secretary"
    assert choose_role("harbour master", Counter({"Mayor": 3})) == "harbour master"


@pytest.mark.parametrize("role", ["Republican", "Former Weston Republican", "Democrat of Easton"])
def test_party_with_or_without_a_home_is_a_party(role: str) -> None:
    assert is_party(role)
