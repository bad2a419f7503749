"""Independent outlets are counted without copies."""

from itertools import permutations

from briefings.model import Article
from briefings.similarity.source_independence import IndependentOutlets

WIRE_TEXT = "The leader of the example party said on Monday that he would stay in his post whatever came of the vote."
OWN_TEXT = "Members of parliament met in a committee room for two hours and came out of it looking rather gloomy."
OTHER_TEXT = (
    "In the square outside several hundred people sang until the rain came and drove them down into the station."
)


def count_outlets(*articles: Article) -> int:
    return IndependentOutlets(articles).count(article.id for article in articles)


def test_two_outlets_with_different_texts_count_as_two() -> None:
    assert count_outlets(Article("a", OWN_TEXT, "One"), Article("b", OTHER_TEXT, "Two")) == 2


def test_articles_of_one_outlet_count_as_one() -> None:
    assert count_outlets(Article("a", OWN_TEXT, "One"), Article("b", OTHER_TEXT, "One")) == 1


def test_copies_of_a_report_count_as_one() -> None:
    """Another case or an additional paragraph makes no difference."""
    assert count_outlets(Article("a", WIRE_TEXT, "One"), Article("b", f"{WIRE_TEXT.upper()}\n\nHe left.", "Two")) == 1


def test_articles_without_an_outlet_count_as_one() -> None:
    assert count_outlets(Article("a", OWN_TEXT), Article("b", OTHER_TEXT)) == 1


def test_common_sources_are_transitive_in_any_order() -> None:
    articles = [
        Article("a", OWN_TEXT, "One"),
        Article("b", WIRE_TEXT, "Two"),
        Article("c", WIRE_TEXT, "One"),
        Article("d", OTHER_TEXT, "Four"),
    ]
    assert {count_outlets(*order) for order in permutations(articles)} == {2}


def test_only_the_given_articles_are_counted() -> None:
    outlets = IndependentOutlets(
        [Article("a", OWN_TEXT, "One"), Article("b", OTHER_TEXT, "Two"), Article("c", WIRE_TEXT, "Three")]
    )
    assert outlets.count(["a", "a", "c"]) == 2
    assert outlets.count([]) == 0


def test_short_texts_are_not_copies() -> None:
    assert (
        count_outlets(Article("a", "He left.", "One"), Article("b", "He left.", "Two"), Article("c", "", "Three")) == 3
    )


def test_fifty_copies_count_as_one() -> None:
    assert count_outlets(*(Article(f"{number:02}", WIRE_TEXT, f"Outlet {number}") for number in range(50))) == 1
