"""A summary has whole sentences within the word limit, without repetition, and does not depend on article order."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.article import parse_article
from briefings.model import Article
from briefings.stories.summarizer import Excerpt, summarise
from briefings.text.sentences import split_sentences
from briefings.text.words import count_words

FIRST = Article(
    id="a",
    title="Cracks close the Harrow bridge",
    text="The Harrow bridge was closed on Monday after engineers found cracks in its piers. "
    "Ellen Frost, the mayor, said that repairs would take a month. "
    "A baker near the river sold fewer rolls than usual that morning.",
)
SECOND = Article(
    id="b",
    title="Harrow bridge shut for repairs",
    text="Cracks in its piers have closed the Harrow bridge. "
    "Traffic was sent round by the ford at Calder. "
    "The bridge was built by a grandfather of the mayor.",
)
WORDS = st.lists(st.sampled_from([*FIRST.text.split(), *SECOND.text.split(), "\n", "“No", "way.”", "é́"]), max_size=40)
ARTICLES = st.lists(
    st.builds(
        Article,
        id=st.text("abcdef", min_size=1, max_size=3),
        text=WORDS.map(" ".join),
        title=st.none() | WORDS.map(" ".join),
    ),
    max_size=6,
    unique_by=lambda article: article.id,
)


def get_texts(excerpts: tuple[Excerpt, ...]) -> list[str]:
    return [excerpt.text for excerpt in excerpts]


def test_facts_in_the_headlines_and_both_articles_come_first() -> None:
    texts = get_texts(summarise([FIRST, SECOND], 30))
    assert "Harrow bridge" in texts[0]
    assert not any("baker" in text for text in texts)


def test_summary_does_not_repeat_itself() -> None:
    copy = Article(id="c", title=FIRST.title, text=FIRST.text)
    texts = get_texts(summarise([FIRST, copy], 200))
    assert len(texts) == len(set(texts)) == 3


def test_boilerplate_is_left_out() -> None:
    article = parse_article(
        Article(id="a", text=f"{FIRST.text}\nThis article was written by Ann Lee for the Harrow Post.")
    )
    assert not any("written by" in text for text in get_texts(summarise([article], 200)))


def test_summary_is_empty_when_nothing_fits() -> None:
    assert summarise([], 100) == ()
    assert summarise([Article(id="a", text="")], 100) == ()
    assert summarise([FIRST], 3) == ()


@given(ARTICLES, st.integers(0, 80), st.randoms(use_true_random=False))
def test_summary_has_whole_sentences_within_the_limit(articles: list[Article], words: int, shuffler: object) -> None:
    excerpts = summarise(articles, words)
    assert sum(count_words(excerpt.text) for excerpt in excerpts) <= words
    assert all(excerpt.span in split_sentences(excerpt.article.text) for excerpt in excerpts)
    shuffled = list(articles)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' own Random
    assert summarise(shuffled, words) == excerpts
