"""The most important days of a story are those that many of its articles name."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Article
from briefings.stories.salient_days import rank_days

COLLAPSE = date(2016, 6, 20)
STORY = [
    Article(id="a", published=date(2016, 6, 21), text="The Harrow bridge gave way on Monday. Nobody was hurt."),
    Article(id="b", published=date(2016, 6, 23), text="Divers searched under the Harrow bridge, which fell on Monday."),
    Article(
        id="c", published=date(2016, 6, 28), text="The Harrow bridge fell on 20 June. Its engineer resigned today."
    ),
]
TEXTS = st.lists(
    st.sampled_from(["The bridge", "fell", "on Monday", "yesterday", "on 3 May", "on 20 June 2016", ".", "\n", "will"]),
    max_size=20,
).map(" ".join)
ARTICLES = st.lists(
    st.builds(Article, id=st.text("abcd", min_size=1, max_size=2), text=TEXTS, published=st.none() | st.dates()),
    max_size=6,
)


def test_day_that_all_articles_name_comes_first() -> None:
    assert rank_days(STORY)[0] == COLLAPSE


def test_article_that_repeats_its_day_counts_once() -> None:
    repetitive_article = Article(
        id="d", published=date(2016, 6, 29), text="The Harrow bridge today. Today, today and again today. " * 9
    )
    assert rank_days([*STORY, repetitive_article])[0] == COLLAPSE


def test_unrelated_article_counts_less() -> None:
    unrelated_article = Article(
        id="s", published=date(2016, 5, 5), text="Cake recipes for a spring picnic: whisk, rest, bake."
    )
    days = rank_days([*STORY, unrelated_article])
    assert days.index(date(2016, 6, 28)) < days.index(date(2016, 5, 5))


def test_undated_articles_name_only_full_dates() -> None:
    assert rank_days([Article(id="a", text="It fell on 20 June 2016. On Monday it was closed.")]) == (COLLAPSE,)
    assert rank_days([]) == ()


@given(ARTICLES, st.randoms(use_true_random=False))
def test_article_order_makes_no_difference(articles: list[Article], shuffler: object) -> None:
    shuffled = list(articles)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' own Random
    assert rank_days(shuffled) == rank_days(articles)
    assert len(set(rank_days(articles))) == len(rank_days(articles))
