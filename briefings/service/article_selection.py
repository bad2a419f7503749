"""Choose the articles that a briefing uses, and say in sentences which are left out.

Rule: the newest articles come first, as many as can be read within the time of an answer. For free words, only the
largest story is used. Every omission is stated with its reason: another language, no text, too many articles, or
another story.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings.article.metadata import Language, detect_language
from briefings.article.source_name import name_outlet
from briefings.errors import NothingFound
from briefings.model import Article
from briefings.similarity.story_memory import StoryMemory
from briefings.storage import collect_damage
from briefings.storage.repository import Repository
from briefings.stories import cluster_articles

#: maximum number of articles that one briefing uses
MAX_ARTICLES = 200
#: maximum number of articles examined to find them
MAX_CANDIDATES = 2_000
#: articles named in one sentence, and characters of a title there
_MAX_NAMED_ARTICLES, _MAX_TITLE_CHARACTERS = 3, 100


@dataclass(frozen=True, slots=True)
class ArticleSelection:
    """The articles to use and those to leave out, newest first."""

    articles: tuple[Article, ...] = ()
    foreign_articles: tuple[Article, ...] = ()
    empty_articles: tuple[Article, ...] = ()
    #: articles that contain the words but belong to another story
    other_story_articles: tuple[Article, ...] = ()
    #: number of older articles that were not examined
    older_count: int = 0

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Sentences that say what was left out and why, one per reason."""
        unread_sentences = (
            *_describe_unread("not in English", self.foreign_articles),
            *_describe_unread("without text", self.empty_articles),
        )
        return (*self._describe_older(), *_describe_other_stories(self.other_story_articles), *unread_sentences)

    def _describe_older(self) -> tuple[str, ...]:
        if not self.older_count:
            return ()
        if not self.articles:
            return (f"Older articles that were not read: {self.older_count:,}.",)
        selected_count = len(self.articles) + len(self.other_story_articles)
        if self.other_story_articles:
            return (f"Only the newest {selected_count:,} of {selected_count + self.older_count:,} articles were read.",)
        return (f"This briefing uses the newest {selected_count:,} of {selected_count + self.older_count:,} articles.",)


def select_articles(
    numbered_articles: Iterable[tuple[int, Article]], total: int, memory: StoryMemory | None = None
) -> ArticleSelection:
    """Select the first 200 articles that can be read.

    `numbered_articles` yields matching articles, newest first, each with its position among all `total` articles. It is
    consumed only as far as needed. `memory` knows the languages of articles that were selected before.
    """
    memory = memory or StoryMemory()
    readable_articles: list[Article] = []
    foreign_articles: list[Article] = []
    empty_articles: list[Article] = []
    older_count = max(0, total - MAX_CANDIDATES)
    for position, article in numbered_articles:
        if not article.text.strip():
            empty_articles.append(article)
        elif memory.recall(article.id, detect_language, article) is Language.OTHER:
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
    """Keep only the articles of the largest story, and list the others as articles of other stories.

    Among stories of the same size, the one with the newest article wins, then the one with the smallest label.
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
    predicate = "articles contain these words but are about other stories"
    if len(articles) == 1:
        predicate = "article contains these words but is about another story"
    return (
        f"{len(articles):,} other {predicate}: {', '.join(titles)}{f' and {more_count:,} more' if more_count else ''}.",
    )


def _get_label(article: Article) -> str:
    """Return the title or, without a title, the first words."""
    return " ".join((article.title or "").split()) or " ".join(
        article.text.lstrip()[: _MAX_TITLE_CHARACTERS * 2].split()
    )


def _describe_unread(reason: str, articles: Sequence[Article]) -> tuple[str, ...]:
    if not articles:
        return ()
    titles = [
        f"“{_shorten(_get_label(article))}” ({name_outlet(article) or 'unknown outlet'})"
        for article in articles[:_MAX_NAMED_ARTICLES]
    ]
    more_count = len(articles) - len(titles)
    return (f"Left out ({reason}): {', '.join(titles)}{f' and {more_count:,} more' if more_count else ''}.",)


def _shorten(title: str) -> str:
    return title if len(title) <= _MAX_TITLE_CHARACTERS else f"{title[:_MAX_TITLE_CHARACTERS].rstrip()}…"


def find_article(repository: Repository, article_id: str, missing: str) -> Article:
    """Return a stored article. Raises NothingFound with `missing`, or with a sentence that says that it is damaged."""
    with collect_damage() as problems:
        articles = repository.get_articles([article_id])
    if not articles:
        raise NothingFound(
            "This article is damaged in the database, so it is not shown. Ask an admin to run "
            "`ontherecord doctor --repair`."
            if problems
            else missing
        )
    return articles[0]
