"""Which of the articles found a briefing rests on, and in words which it does not.

Rule: the newest first, as many as can be read in the time of an answer; of what was found by words alone the one story
that most of it tells. What is left out is said, with the reason: an article in another language, one of which no text
came, the older ones of very many, those of other stories.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings.article.language import Language, language
from briefings.model import Article
from briefings.stories import grouped

#: articles that one answer rests on
MOST = 200
#: articles looked at to find those
LOOKED_AT = 2_000
#: articles named in one sentence, and characters of a title, or of the first words, there
_NAMED, _TITLE = 3, 100


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles to read and those left out, each newest first."""

    articles: tuple[Article, ...] = ()
    foreign: tuple[Article, ...] = ()
    empty: tuple[Article, ...] = ()
    #: those that hold the words asked for and tell another story
    other: tuple[Article, ...] = ()
    #: how many more there are that nobody looked at, older than all of these
    older: int = 0

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was left out and why, one sentence a reason."""
        unread = (*_unread("not in English", self.foreign), *_unread("without a text", self.empty))
        return (*self._older(), *_of_other_stories(self.other), *unread)

    def _older(self) -> tuple[str, ...]:
        if not self.older:
            return ()
        if not self.articles:
            return (f"Not looked at: {self.older:,} older articles.",)
        kept = len(self.articles) + len(self.other)
        if self.other:
            return (f"Only the newest {kept:,} of {kept + self.older:,} articles were looked at.",)
        return (f"This briefing rests on the newest {kept:,} of {kept + self.older:,} articles.",)


def select(found: Iterable[tuple[int, Article]], total: int) -> Selection:
    """The first `MOST` articles of `found` that can be read.

    `found` gives those of the first `LOOKED_AT` of `total` articles that belong there, newest first, each with how many
    of the `total` come before it; no more of it is taken than is needed.
    """
    read: list[Article] = []
    foreign: list[Article] = []
    empty: list[Article] = []
    older = max(0, total - LOOKED_AT)
    for before, article in found:
        if not article.text.strip():
            empty.append(article)
        elif language(article) is Language.OTHER:
            foreign.append(article)
        else:
            read.append(article)
        if len(read) == MOST:
            older = total - before - 1
            break
    return Selection(tuple(read), tuple(foreign), tuple(empty), older=older)


def largest_story(selected: Selection) -> Selection:
    """`selected` with the articles of its largest story alone, the others told apart.

    Of equally large stories the one with the newest article, then the one whose label comes first.
    """
    labels = grouped(selected.articles)
    sizes = Counter(labels)
    newest = dict.fromkeys(labels, date.min)
    for label, article in zip(labels, selected.articles, strict=True):
        newest[label] = max(newest[label], article.published or date.min)
    largest = min(sizes, key=lambda label: (-sizes[label], -newest[label].toordinal(), label), default=None)
    told = tuple(zip(labels, selected.articles, strict=True))
    return replace(
        selected,
        articles=tuple(article for label, article in told if label == largest),
        other=tuple(article for label, article in told if label != largest),
    )


def _of_other_stories(articles: Sequence[Article]) -> tuple[str, ...]:
    if not articles:
        return ()
    named = [f"“{_short(_name(article))}”" for article in articles[:_NAMED]]
    more = len(articles) - len(named)
    told = "articles hold these words but tell other stories"
    if len(articles) == 1:
        told = "article holds these words but tells another story"
    return (f"{len(articles):,} other {told}: {', '.join(named)}{f' and {more:,} more' if more else ''}.",)


def _name(article: Article) -> str:
    """The title, or the first words."""
    return " ".join((article.title or "").split()) or " ".join(article.text.lstrip()[: _TITLE * 2].split())


def _unread(reason: str, articles: Sequence[Article]) -> tuple[str, ...]:
    if not articles:
        return ()
    named = [f"“{_short(a.title or a.id)}” ({a.publisher or 'unknown outlet'})" for a in articles[:_NAMED]]
    more = len(articles) - len(named)
    return (f"Left out, as {reason}: {', '.join(named)}{f' and {more:,} more' if more else ''}.",)


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[:_TITLE].rstrip()}…"
