"""Independent outlets are counted, copies are not."""

from itertools import permutations

from briefings.model import Article
from briefings.similarity.source_independence import IndependentOutlets

WIRE = "The leader of the example party said on Monday that he would stay in his post whatever came of the vote."
OWN = "Members of parliament met in a committee room for two hours and came out of it looking rather gloomy."
OTHER = "In the square outside several hundred people sang until the rain came and drove them down into the station."


def count(*articles: Article) -> int:
    return IndependentOutlets(articles).count(article.id for article in articles)


def test_two_outlets_with_words_of_their_own_are_two() -> None:
    assert count(Article("a", OWN, "One"), Article("b", OTHER, "Two")) == 2


def test_one_outlet_is_one_voice_however_much_it_prints() -> None:
    assert count(Article("a", OWN, "One"), Article("b", OTHER, "One")) == 1


def test_a_wire_report_is_one_voice_whoever_prints_it() -> None:
    """Marks, case and an added paragraph do not make it another's."""
    assert count(Article("a", WIRE, "One"), Article("b", f"{WIRE.upper()}\n\nHe left.", "Two")) == 1


def test_outlets_that_are_not_known_count_as_one() -> None:
    assert count(Article("a", OWN), Article("b", OTHER)) == 1


def test_what_is_one_voice_with_either_is_one_with_both_in_any_order() -> None:
    articles = [
        Article("a", OWN, "One"),
        Article("b", WIRE, "Two"),
        Article("c", WIRE, "One"),
        Article("d", OTHER, "Four"),
    ]
    assert {count(*order) for order in permutations(articles)} == {2}


def test_only_the_articles_asked_for_are_counted() -> None:
    outlets = IndependentOutlets([Article("a", OWN, "One"), Article("b", OTHER, "Two"), Article("c", WIRE, "Three")])
    assert outlets.count(["a", "a", "c"]) == 2
    assert outlets.count([]) == 0


def test_short_texts_are_no_copies_of_anything() -> None:
    assert count(Article("a", "He left.", "One"), Article("b", "He left.", "Two"), Article("c", "", "Three")) == 3


def test_the_fiftieth_copy_is_still_one() -> None:
    assert count(*(Article(f"{at:02}", WIRE, f"Outlet {at}") for at in range(50))) == 1
