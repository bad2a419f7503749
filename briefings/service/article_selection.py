"""Which of the articles found a briefing rests on, and in words which it does not.

Rule: the newest first, as many as can be read in the time of an answer; of what was found by words alone the one story
that most of it tells. What is left out is said, with the reason: an article in another language, one of which no text
came, the older ones of very many, those of other stories.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings.article.language import Language, detect_language
from briefings.model import Article
from briefings.stories import cluster_articles

#: articles that one answer rests on
MAX_ARTICLES = 200
#: articles looked at to find those
MAX_CANDIDATES = 2_000
#: articles named in one sentence, and characters of a title, or of the first words, there
_MAX_NAMED_ARTICLES, _MAX_TITLE_CHARACTERS = 3, 100


@dataclass(frozen=True, slots=True)
class ArticleSelection:
    """The articles to read and those left out, each newest first."""

    articles: tuple[Article, ...] = ()
    foreign_articles: tuple[Article, ...] = ()
    empty_articles: tuple[Article, ...] = ()
    #: those that hold the words asked for and tell another story
    other_story_articles: tuple[Article, ...] = ()
    #: how many more there are that nobody looked at, older than all of these
    older_count: int = 0

    @property
    def exclusions(self) -> tuple[str, ...]:
        """What was left out and why, one sentence a reason."""
        unread_sentences = (
            *_describe_unread("not in English", self.foreign_articles),
            *_describe_unread("without a text", self.empty_articles),
        )
        return (*self._describe_older(), *_describe_other_stories(self.other_story_articles), *unread_sentences)

    def _describe_older(self) -> tuple[str, ...]:
        if not self.older_count:
            return ()
        if not self.articles:
            return (f"Not looked at: {self.older_count:,} older articles.",)
        selected_count = len(self.articles) + len(self.other_story_articles)
        if self.other_story_articles:
            return (
                f"Only the newest {selected_count:,} of {selected_count + self.older_count:,} articles were looked at.",
            )
        return (
            f"This briefing rests on the newest {selected_count:,} of {selected_count + self.older_count:,} articles.",
        )


def select_articles(numbered_articles: Iterable[tuple[int, Article]], total: int) -> ArticleSelection:
    """The first `MOST` articles of `found` that can be read.

    `found` gives those of the first `LOOKED_AT` of `total` articles that belong there, newest first, each with how many
    of the `total` come before it; no more of it is taken than is needed.
    """
    readable_articles: list[Article] = []
    foreign_articles: list[Article] = []
    empty_articles: list[Article] = []
    older_count = max(0, total - MAX_CANDIDATES)
    for position, article in numbered_articles:
        if not article.text.strip():
            empty_articles.append(article)
        elif detect_language(article) is Language.OTHER:
            foreign_articles.append(article)
        else:
            readable_articles.append(article)
        if len(readable_articles) == MAX_ARTICLES:
            older_count = total - position - 1
            break
    return ArticleSelection(
        tuple(readable_articles), tuple(foreign_articles), tuple(empty_articles), older_count=older_count
    )


def keep_largest_story(selection: ArticleSelection) -> ArticleSelection:
    """`selected` with the articles of its largest story alone, the others told apart.

    Of equally large stories the one with the newest article, then the one whose label comes first.
    """
    labels = cluster_articles(selection.articles)
    sizes = Counter(labels)
    newest_days = dict.fromkeys(labels, date.min)
    for label, article in zip(labels, selection.articles, strict=True):
        newest_days[label] = max(newest_days[label], article.published or date.min)
    largest_label = min(sizes, key=lambda label: (-sizes[label], -newest_days[label].toordinal(), label), default=None)
    labelled_articles = tuple(zip(labels, selection.articles, strict=True))
    return replace(
        selection,
        articles=tuple(article for label, article in labelled_articles if label == largest_label),
        other_story_articles=tuple(article for label, article in labelled_articles if label != largest_label),
    )


def _describe_other_stories(articles: Sequence[Article]) -> tuple[str, ...]:
    if not articles:
        return ()
    titles = [f"“{_shorten(_get_label(article))}”" for article in articles[:_MAX_NAMED_ARTICLES]]
    more_count = len(articles) - len(titles)
    predicate = "articles hold these words but tell other stories"
    if len(articles) == 1:
        predicate = "article holds these words but tells another story"
    return (
        f"{len(articles):,} other {predicate}: {', '.join(titles)}{f' and {more_count:,} more' if more_count else ''}.",
    )


def _get_label(article: Article) -> str:
    """The title, or the first words."""
    return " ".join((article.title or "").split()) or " ".join(
        article.text.lstrip()[: _MAX_TITLE_CHARACTERS * 2].split()
    )


def _describe_unread(reason: str, articles: Sequence[Article]) -> tuple[str, ...]:
    if not articles:
        return ()
    titles = [
        f"“{_shorten(article.title or article.id)}” ({article.publisher or 'unknown outlet'})"
        for article in articles[:_MAX_NAMED_ARTICLES]
    ]
    more_count = len(articles) - len(titles)
    return (f"Left out, as {reason}: {', '.join(titles)}{f' and {more_count:,} more' if more_count else ''}.",)


def _shorten(title: str) -> str:
    return title if len(title) <= _MAX_TITLE_CHARACTERS else f"{title[:_MAX_TITLE_CHARACTERS].rstrip()}…"
