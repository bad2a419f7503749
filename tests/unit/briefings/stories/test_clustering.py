"""Clustering puts articles about one story together, in any order, and keeps others apart."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Article
from briefings.stories import cluster_articles

BRIDGE = (
    "The Harrow bridge over the Wend was closed on Monday after engineers found cracks in two of its piers. "
    "Mayor Ellen Frost said that repairs would take a month."
)
BRIDGE_AGAIN = (
    "Engineers found cracks in the piers of the Harrow bridge, which was closed on Monday. "
    "Repairs to the bridge over the Wend may take a month, said Ellen Frost, the mayor."
)
STRIKE = (
    "Bus drivers in Calder walked out on Tuesday over pay. The union, led by Omar Reed, asks for six per cent; "
    "the company has offered two."
)
STRIKE_AGAIN = (
    "A strike by bus drivers stopped every route in Calder on Tuesday. Omar Reed of the union said the offer of two "
    "per cent on pay was an insult."
)
WORDS = st.lists(st.sampled_from([*BRIDGE.split(), *STRIKE.split()]), max_size=30).map(" ".join)
ARTICLES = st.lists(
    st.builds(
        Article,
        id=st.text("abc", min_size=1, max_size=2),
        text=WORDS,
        published=st.none() | st.dates(date(2016, 1, 1), date(2016, 3, 1)),
        title=st.none() | WORDS,
    ),
    max_size=12,
)


def article(identity: str, text: str, day: date | None = None) -> Article:
    return Article(id=identity, text=text, published=day)


def test_articles_on_one_event_share_the_smallest_id() -> None:
    articles = [article("d", STRIKE), article("b", BRIDGE), article("a", BRIDGE_AGAIN), article("c", STRIKE_AGAIN)]
    assert cluster_articles(articles) == ("c", "a", "a", "c")


def test_same_words_a_year_later_are_another_story() -> None:
    articles = [article("a", BRIDGE, date(2015, 6, 1)), article("b", BRIDGE_AGAIN, date(2016, 6, 1))]
    assert cluster_articles(articles) == ("a", "b")


def test_articles_a_few_days_apart_are_one_story() -> None:
    articles = [article("a", BRIDGE, date(2016, 6, 1)), article("b", BRIDGE_AGAIN, date(2016, 6, 5))]
    assert cluster_articles(articles) == ("a", "a")


def test_empty_article_is_a_separate_story() -> None:
    assert cluster_articles([article("a", ""), article("b", BRIDGE), article("c", "")]) == ("a", "b", "c")
    assert cluster_articles([]) == ()


def test_stories_of_articles_with_equal_ids_have_different_labels() -> None:
    articles = [article("empty", BRIDGE), article("empty", STRIKE), article("empty", BRIDGE_AGAIN)]
    first_bridge, strike, second_bridge = cluster_articles(articles)
    assert first_bridge == second_bridge != strike


@given(ARTICLES, st.randoms(use_true_random=False))
def test_article_order_makes_no_difference(articles: list[Article], shuffler: object) -> None:
    shuffled = list(articles)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' own Random
    labels = sorted(zip(map(repr, articles), cluster_articles(articles), strict=True))
    assert labels == sorted(zip(map(repr, shuffled), cluster_articles(shuffled), strict=True))


def test_many_articles_are_one_story() -> None:
    articles = [article(f"{number:04}", f"{BRIDGE} Note {number}.") for number in range(600)]
    assert set(cluster_articles(articles)) == {"0000"}
