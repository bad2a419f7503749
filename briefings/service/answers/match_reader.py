"""Read what an answer about some words needs: matching quotes, their other reports, and articles that use the words.

Rule: an article's quotes are read only if its text has the words outside the quotes that were found. They tell whether
someone else said the words, or the article itself. Most articles have the words in one quote, and are read once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from briefings.model import Article, Quote
from briefings.service import quote_lookup
from briefings.storage.db.types import QuoteScope, SearchHit
from briefings.storage.repository import Repository
from briefings.text.spans import mask_spans, merge_spans

#: maximum number of utterances whose other reports are read
MAX_REPORTED_UTTERANCES = 20

#: tells whether a text has the words
TextMatcher = Callable[[str], bool]
#: articles with all or some of their quotes
ArticlesWithQuotes = list[tuple[Article, tuple[Quote, ...]]]


@dataclass(frozen=True, slots=True)
class Matches:
    """Quotes that contain the words, and the articles to answer from, with names as the articles print them."""

    articles_with_quotes: ArticlesWithQuotes
    #: whether there may be older quotes with the words
    is_full: bool


class MatchReader:
    """Reads from one repository. Thread-safe."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def read(self, text: str, scope: QuoteScope, contains_text: TextMatcher) -> Matches:
        """Read the newest 100 quotes with the words of `text`, and the newest 40 articles with them.

        An article comes with all of its quotes if the words are also elsewhere in it, else with the matching quotes
        and those that report the same utterances.
        """
        hits = self._repository.find_quotes(text, scope, quote_lookup.MAX_QUOTES)
        articles = {hit.article.id: hit.article for hit in hits}
        other_articles = quote_lookup.find_articles_saying(
            self._repository,
            text,
            scope,
            quote_lookup.MAX_NARRATION_ARTICLES,
            with_other_languages=True,
            known_ids=articles.keys(),
        )
        articles |= {article.id: article for article in other_articles}
        reports = self._find_reports(hits, scope)
        articles |= {report.article.id: report.article for report in reports if report.article.id not in articles}
        matching_quotes, quotes = group_by_article(hits), group_by_article([*hits, *reports])
        open_ids = [
            article_id
            for article_id, article in articles.items()
            if _is_open(article, matching_quotes.get(article_id, ()), contains_text)
        ]
        quotes |= self._repository.get_quotes(open_ids)
        return Matches(
            [(article, quotes.get(article_id, ())) for article_id, article in articles.items()],
            is_full=len(hits) == quote_lookup.MAX_QUOTES,
        )

    def _find_reports(self, hits: Sequence[SearchHit], scope: QuoteScope) -> Sequence[SearchHit]:
        return []  # TEMP


def group_by_article(hits: Iterable[SearchHit]) -> dict[str, tuple[Quote, ...]]:
    """Return the quotes of each article, by its id and in text order, each once."""
    quotes: dict[str, dict[Quote, None]] = {}
    for hit in hits:
        quotes.setdefault(hit.article.id, {})[hit.quote] = None
    return {article_id: tuple(sorted(some, key=lambda quote: quote.span)) for article_id, some in quotes.items()}


def _is_open(article: Article, quotes: Sequence[Quote], contains_text: TextMatcher) -> bool:
    """Whether the article has the words outside these quotes."""
    spans = merge_spans(fragment for quote in quotes for fragment in quote.content)
    return contains_text(mask_spans(article.text, spans))
