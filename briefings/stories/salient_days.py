"""Rank the days of a story by importance.

Rule: a day's weight is the number of articles that name it, weighted by their closeness to the story. Repetitions in
one article do not count. So a stray article, or one that repeats its own day, decides nothing.

Source: counting resolved mentions (Tran et al. 2013), weighted by similarity to the collection's centroid.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from briefings.model import Article
from briefings.similarity.tfidf import compute_centroid, compute_tfidf_vectors, cosine_similarity
from briefings.text import lexicon
from briefings.text.dates import find_day_expressions, resolve_day
from briefings.text.folding import fold
from briefings.text.sentences import split_sentences
from briefings.text.spans import mask_spans

#: weight of a publication day relative to a named day: news about today often gives no date
_PUBLICATION_WEIGHT = 0.2
_FUTURE_PATTERN = re.compile(rf"\b(?:{lexicon.build_alternation('to_come')})\b")


def rank_days(articles: Iterable[Article]) -> tuple[date, ...]:
    """Return the days that `articles` name or were published on, most important first, then earliest first."""
    sorted_articles = sorted(
        articles,
        key=lambda unsorted_article: (
            unsorted_article.id,
            unsorted_article.text,
            unsorted_article.title or "",
            str(unsorted_article.published),
        ),
    )
    weights: dict[date, float] = {}
    for article, centrality in zip(sorted_articles, _compute_centralities(sorted_articles), strict=True):
        for day in _find_named_days(article):
            weights[day] = weights.get(day, 0.0) + centrality
        if article.published is not None:
            weights[article.published] = weights.get(article.published, 0.0) + _PUBLICATION_WEIGHT * centrality
    return tuple(sorted(weights, key=lambda day: (-weights[day], day)))


def _compute_centralities(articles: Sequence[Article]) -> list[float]:
    """Return each article's closeness to the centroid, 0 to 1, squared so that distant articles hardly count."""
    article_vectors = compute_tfidf_vectors([f"{article.title or ''}\n{article.text}" for article in articles])
    centroid_vector = compute_centroid(article_vectors)
    return [cosine_similarity(vector, centroid_vector) ** 2 for vector in article_vectors]


def _find_named_days(article: Article) -> set[date]:
    text = mask_spans(article.text, article.boilerplate)
    named_days: set[date] = set()
    for sentence in split_sentences(text):
        is_future = _FUTURE_PATTERN.search(fold(sentence.of(text))) is not None
        days = (
            resolve_day(words, article.published, is_future=is_future) for words in find_day_expressions(text, sentence)
        )
        named_days.update(day for day in days if day is not None)
    return named_days
