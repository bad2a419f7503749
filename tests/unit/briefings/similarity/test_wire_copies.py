"""Reports of one news agency count as one source; mentioning an agency does not make an article its copy."""

import pytest

from briefings.model import Article
from briefings.similarity.source_independence import IndependentOutlets, find_agency

OWN_TEXT = "Members of parliament met in a committee room for two hours and came out of it looking gloomy."
OTHER_TEXT = "In the square outside several hundred people sang until the rain came and drove them down."


@pytest.mark.parametrize(
    ("article", "agency"),
    [
        (Article("a", f"LONDON (Reuters) - {OWN_TEXT}"), "reuters"),
        (Article("a", f"LONDON, June 28 (AP) — {OWN_TEXT}"), "ap"),
        (Article("a", OWN_TEXT, byline="Press Association"), "pa"),
        (Article("a", OWN_TEXT, byline="By Associated Press"), "ap"),
        (Article("a", f"{OWN_TEXT}\n\nAFP"), "afp"),
        (Article("a", f"{OWN_TEXT}\nSource: Reuters"), "reuters"),
        (Article("a", f"{OWN_TEXT}\nHe told Reuters"), None),
        (Article("a", f"Speaking to the Press Association, she said: {OWN_TEXT}"), None),
        (Article("a", OWN_TEXT, byline="Jane Roe"), None),
        (Article("a", "Reuters"), None),
        (Article("a", ""), None),
    ],
)
def test_agency_is_found_only_in_credits(article: Article, agency: str | None) -> None:
    assert find_agency(article) == agency


def test_reports_of_one_agency_count_as_one() -> None:
    reuters = Article("a", f"LONDON (Reuters) - {OWN_TEXT}", "One")
    second_reuters = Article("b", f"PARIS (Reuters) - {OTHER_TEXT}", "Two")
    ap = Article("c", f"PARIS (AP) - {OTHER_TEXT}", "Two")
    assert IndependentOutlets([reuters, second_reuters]).count(["a", "b"]) == 1
    assert IndependentOutlets([reuters, ap]).count(["a", "c"]) == 2


def test_one_outlet_is_one_however_its_name_is_written() -> None:
    assert (
        IndependentOutlets([Article("a", OWN_TEXT, "The Paper"), Article("b", OTHER_TEXT, "the  paper")]).count(
            ["a", "b"]
        )
        == 1
    )


def test_agency_page_and_its_copy_count_as_one() -> None:
    agency_article, copy = Article("a", OWN_TEXT, "Reuters"), Article("b", f"LONDON (Reuters) - {OTHER_TEXT}", "Two")
    assert IndependentOutlets([agency_article, copy]).count(["a", "b"]) == 1
