"""The seed articles, small articles for tests, and a Hypothesis strategy for random stories."""

from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from briefings.article import parse_article
from briefings.attribution import complete_speakers, extract_quotes
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article, Hit, Kind, Quote, Speaker

SEEDS = Path(__file__).parents[2] / "seeds"
AnalysedArticles = list[tuple[Article, tuple[Quote, ...]]]

_OPENERS = ["Related: a story", "© 2016 The Example Agency", "<b>", "A caption of more than five words", "“", '"']
_SENTENCES = [
    "Jane Roe, the example secretary, said on Monday that 140,000 people had signed.",
    '"I did all that I could for the example party," said Jane Roe.',
    "“I did all I could for the example party,” Roe told reporters on Friday.",
    "Close to 150,000 people had signed the petition of the example party by Tuesday (28 June).",
    "The example party is expected to vote on Monday.",
    "He said: “No.",
    "A source in the example party said it was like a mob without \x1b[1m a rope.",
    "On 27 June the example party lost its vote by 170 to 40, \u202ereports said.",
]
_PIECES = st.one_of(st.sampled_from([*_OPENERS, *_SENTENCES, "\n", "\n\n"]), st.text(max_size=12))


def load_seeds() -> list[Article]:
    """Return the four seed articles, parsed."""
    return [parse_article(raw_article) for raw_article in read_raw_articles(SEEDS)]


def analyse_seeds() -> AnalysedArticles:
    """Return the seed articles with their quotes. Names are completed from all four."""
    return analyse_articles(*load_seeds())


def make_article(
    text: str, name: str = "a", publisher: str | None = "The Paper", day: date | None = date(2016, 6, 30)
) -> Article:
    """Return a parsed article. `name` is its id and the end of its URL."""
    return parse_article(Article(name, text, publisher=publisher, published=day, url=f"https://paper.example/{name}"))


def analyse_articles(*articles: Article) -> AnalysedArticles:
    """Return articles with their quotes. Names are completed as in one story."""
    return complete_speakers([(article, extract_quotes(article)) for article in articles])


def _make_story(rows: list[tuple[str, str | None, date | None]]) -> list[Article]:
    return [make_article(text, f"a{index}", publisher, day) for index, (text, publisher, day) in enumerate(rows)]


#: stories of one to four articles, with the damage that archives have
STORIES = st.lists(
    st.tuples(
        st.lists(_PIECES, max_size=12).map(" ".join),
        st.sampled_from(["The Paper", "The Post", None]),
        st.sampled_from([date(2016, 6, 28), date(2016, 6, 30), date.min, date.max, None]),
    ),
    min_size=1,
    max_size=4,
).map(_make_story)


def make_hit_by(speaker: Speaker | None, *, source: str | None, confidence: float, reason: str) -> Hit:
    """Return a hit with this answer about its speaker."""
    return Hit(
        speaker, "We are late", Kind.DIRECT, "said", source, confidence, reason, "a", 0, 11, None, None, None, None, 1
    )
