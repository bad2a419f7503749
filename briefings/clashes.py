"""Tells an article that changed from another one under the same id, as archives that number their articles have them.

Rule: only what cannot be the same report is taken apart: two long texts with hardly a run of words in common, told by
different titles or days, under an id that is no address. Everything else is a change.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from briefings.errors import BadInput
from briefings.model import Article
from briefings.text.folding import make_search_key

#: words of each text that are compared; with fewer than the second, any text may replace it
_MAX_COMPARED_WORDS, _MIN_WORDS = 2_000, 15
#: words in a row that two texts share or do not, and the share of the fewer runs under which they are two reports
_SHINGLE_SIZE, _MIN_OVERLAP = 3, 0.02
#: articles that may stand under one id of an archive
_MAX_IDS = 20


def are_different_articles(stored_article: Article, incoming_article: Article) -> bool:
    """Whether two articles of one id are two reports, not one and its change."""
    if "://" in incoming_article.id or (
        stored_article.title == incoming_article.title and stored_article.published == incoming_article.published
    ):
        return False
    stored_words, incoming_words = (
        make_search_key(article.text[: _MAX_COMPARED_WORDS * 10]).split()[:_MAX_COMPARED_WORDS]
        for article in (stored_article, incoming_article)
    )
    if min(len(stored_words), len(incoming_words)) < _MIN_WORDS:
        return False
    stored_shingles, incoming_shingles = _make_shingles(stored_words), _make_shingles(incoming_words)
    return len(stored_shingles & incoming_shingles) < _MIN_OVERLAP * min(len(stored_shingles), len(incoming_shingles))


def choose_article_id(incoming_article: Article, find_stored: Callable[[str], Article | None]) -> Article:
    """The article under the first of "601", "601~2", "601~3" ... that is free, or its own, or that it is a change of.

    `held` gives the article that stands under an id. Raises BadInput when all twenty are other articles.
    """
    for number in range(1, _MAX_IDS + 1):
        candidate = incoming_article if number == 1 else replace(incoming_article, id=f"{incoming_article.id}~{number}")
        existing = find_stored(candidate.id)
        if existing is None or existing.text == candidate.text or not are_different_articles(existing, candidate):
            return candidate
    raise BadInput(
        f"{incoming_article.id} is the id of {_MAX_IDS} other articles already: give each article an id of its own."
    )


def _make_shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[start : start + _SHINGLE_SIZE]) for start in range(len(words) - _SHINGLE_SIZE + 1))
