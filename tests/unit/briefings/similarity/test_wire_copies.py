"""One agency's reports are one voice, whoever prints them; naming an agency is not being its copy."""

import pytest

from briefings.model import Article
from briefings.similarity.source_independence import IndependentOutlets, find_agency

OWN = "Members of parliament met in a committee room for two hours and came out of it looking gloomy."
OTHER = "In the square outside several hundred people sang until the rain came and drove them down."


@pytest.mark.parametrize(
    ("article", "agency"),
    [
        (Article("a", f"LONDON (Reuters) - {OWN}"), "reuters"),
        (Article("a", f"LONDON, June 28 (AP) — {OWN}"), "ap"),
        (Article("a", OWN, byline="Press Association"), "pa"),
        (Article("a", OWN, byline="By Associated Press"), "ap"),
        (Article("a", f"{OWN}\n\nAFP"), "afp"),
        (Article("a", f"{OWN}\nSource: Reuters"), "reuters"),
        (Article("a", f"{OWN}\nHe told Reuters"), None),
        (Article("a", f"Speaking to the Press Association, she said: {OWN}"), None),
        (Article("a", OWN, byline="Jane Roe"), None),
        (Article("a", "Reuters"), None),
        (Article("a", ""), None),
    ],
)
def test_only_a_credit_names_an_agency(article: Article, agency: str | None) -> None:
    assert find_agency(article) == agency


def test_two_reports_of_one_agency_are_one_voice() -> None:
    one, other = Article("a", f"LONDON (Reuters) - {OWN}", "One"), Article("b", f"PARIS (Reuters) - {OTHER}", "Two")
    assert IndependentOutlets([one, other]).count(["a", "b"]) == 1
    assert IndependentOutlets([one, Article("c", f"PARIS (AP) - {OTHER}", "Two")]).count(["a", "c"]) == 2


def test_one_outlet_is_one_however_its_name_is_written() -> None:
    assert (
        IndependentOutlets([Article("a", OWN, "The Paper"), Article("b", OTHER, "the  paper")]).count(["a", "b"]) == 1
    )


def test_an_agencys_own_page_and_its_copy_elsewhere_are_one() -> None:
    own, copy = Article("a", OWN, "Reuters"), Article("b", f"LONDON (Reuters) - {OTHER}", "Two")
    assert IndependentOutlets([own, copy]).count(["a", "b"]) == 1
