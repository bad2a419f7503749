"""Reads what an answer needs by comparing every stored quote and article: the slow way, to compare answers with.

Rule: it uses neither the full-text index nor stored utterances, and every article comes with all of its quotes.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from briefings.model import Article, Quote
from briefings.service import quote_lookup
from briefings.service.answers.match_reader import MAX_REPORTED_UTTERANCES, Matches, TextMatcher
from briefings.similarity.quote_matching import get_quote_text
from briefings.storage.db.counters import to_quote_id
from briefings.storage.db.schema import articles as article_table
from briefings.storage.db.types import ANYWHERE, QuoteScope
from briefings.storage.repository import Repository
from briefings.text.folding import contains_phrase, make_search_key

_CHUNK_SIZE = 500
#: returns the ids of all quotes that report the same utterance as one of these, for up to so many utterances
FindReports = Callable[[Sequence[int], int], Set[int]]


@dataclass(frozen=True, slots=True)
class _StoredQuote:
    id: int
    article: Article
    quote: Quote


class PlainMatchReader:
    """Reads everything at the start. `find_reports` groups the quotes by utterance."""

    def __init__(self, repository: Repository, find_reports: FindReports) -> None:
        numbers = repository.run_query(
            lambda db, _: db.execute(select(article_table.c.id, article_table.c.number).order_by("number")).all()
        )
        self._articles: list[Article] = []
        self._quotes: list[_StoredQuote] = []
        self._all_quotes: dict[str, tuple[Quote, ...]] = {}
        self._find_reports = find_reports
        for start in range(0, len(numbers), _CHUNK_SIZE):
            self._load(repository, {row.id: row.number for row in numbers[start : start + _CHUNK_SIZE]})
        self._article_keys = [f" {make_search_key(article.text)} " for article in self._articles]
        self._quote_keys = [make_search_key(get_quote_text(stored.article, stored.quote)) for stored in self._quotes]

    def _load(self, repository: Repository, numbers: dict[str, int]) -> None:
        articles = sorted(repository.get_articles(numbers), key=lambda article: numbers[article.id])
        quotes = repository.get_quotes(numbers)
        self._articles += articles
        self._all_quotes |= quotes
        self._quotes += [
            _StoredQuote(to_quote_id(numbers[article.id], position), article, quote)
            for article in articles
            for position, quote in enumerate(quotes[article.id])
        ]

    def read(self, text: str, scope: QuoteScope, contains_text: TextMatcher) -> Matches:
        """See `MatchReader.read`."""
        letters = make_search_key(text).replace(" ", "")
        hits = [
            stored
            for stored, key in zip(self._quotes, self._quote_keys, strict=True)
            if letters in key.replace(" ", "") and contains_text(key) and _is_in_scope(stored, scope)
        ][: quote_lookup.MAX_QUOTES]
        articles = {stored.article.id: stored.article for stored in hits}
        articles |= {article.id: article for article in self._find_articles(text, letters, scope, contains_text)}
        report_ids = self._find_reports([stored.id for stored in hits], MAX_REPORTED_UTTERANCES)
        articles |= {
            stored.article.id: stored.article
            for stored in self._quotes
            if stored.id in report_ids and _is_in_scope(stored, replace(scope, by=None))
        }
        return Matches(
            [(article, self._all_quotes[article_id]) for article_id, article in articles.items()],
            is_full=len(hits) == quote_lookup.MAX_QUOTES,
        )

    def _find_articles(
        self, text: str, letters: str, scope: QuoteScope, contains_text: TextMatcher
    ) -> Iterable[Article]:
        """Return the newest articles with the words: in their text, or with a filter also in their title."""
        found_articles = [
            article
            for article, key in zip(self._articles, self._article_keys, strict=True)
            if (
                (letters in key.replace(" ", "") and contains_text(key))
                or (scope != ANYWHERE and contains_phrase(article.title or "", text))
            )
            and _is_about(article, scope)
        ][: quote_lookup.MAX_NARRATION_ARTICLES]
        outlet = (scope.outlet or "").casefold()
        return [article for article in found_articles if outlet in (article.publisher or "").casefold()]


def _is_in_scope(stored: _StoredQuote, scope: QuoteScope) -> bool:
    speaker = stored.quote.speaker
    return (
        (scope.by is None or (speaker is not None and contains_phrase(speaker.name, scope.by)))
        and (scope.outlet is None or contains_phrase(stored.article.publisher or "", scope.outlet))
        and _is_about(stored.article, scope)
    )


def _is_about(article: Article, scope: QuoteScope) -> bool:
    day = article.published
    is_in_period = scope.since is None and scope.until is None
    if not is_in_period and day is not None:
        is_in_period = (scope.since or date.min) <= day <= (scope.until or date.max)
    return is_in_period and (
        scope.about is None
        or any(contains_phrase(f"{article.title or ''}\n{article.text}", phrase) for phrase in scope.about)
    )
