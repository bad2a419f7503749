"""Which days of a story matter, most important first.

Rule: a day matters by how many of the story's articles name it, however often each does, and by how near those articles
are to the story's heart; so an article gathered by mistake, or one that repeats its own day, decides nothing.
Source: counting resolved mentions (Tran et al. 2013), weighed by likeness to the collection's centroid.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from briefings.model import Article
from briefings.ranking import centroid, cosine, vectors
from briefings.text import lexicon
from briefings.text.blank import blanked
from briefings.text.dates import day_words, resolve
from briefings.text.fold import fold
from briefings.text.sentences import sentences

#: what having appeared on a day is worth beside naming it: news is told on its own day, often without a date
_APPEARED = 0.2
_TO_COME = re.compile(rf"\b(?:{lexicon.alternation('to_come')})\b")


def days_of(articles: Iterable[Article]) -> tuple[date, ...]:
    """The days that `articles` name or appeared on, most important first; of equals the earlier one."""
    ordered = sorted(articles, key=lambda a: (a.id, a.text, a.title or "", str(a.published)))
    weight: dict[date, float] = {}
    for article, centrality in zip(ordered, _centralities(ordered), strict=True):
        for day in _named(article):
            weight[day] = weight.get(day, 0.0) + centrality
        if article.published is not None:
            weight[article.published] = weight.get(article.published, 0.0) + _APPEARED * centrality
    return tuple(sorted(weight, key=lambda day: (-weight[day], day)))


def _centralities(articles: Sequence[Article]) -> list[float]:
    """How near each article is to what all are about, 0 to 1: squared, so that the far ones hardly count."""
    weighed = vectors([f"{article.title or ''}\n{article.text}" for article in articles])
    middle = centroid(weighed)
    return [cosine(vector, middle) ** 2 for vector in weighed]


def _named(article: Article) -> set[date]:
    text = blanked(article.text, article.boilerplate)
    found: set[date] = set()
    for sentence in sentences(text):
        to_come = _TO_COME.search(fold(sentence.of(text))) is not None
        days = (resolve(words, article.published, to_come=to_come) for words in day_words(text, sentence))
        found.update(day for day in days if day is not None)
    return found
