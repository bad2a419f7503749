"""PostgreSQL's full-text index: tsvectors with GIN, one or more per quote and article.

Rule: this module writes tsvectors and tsqueries lexeme by lexeme. PostgreSQL never parses text, since its word
boundaries depend on its locale. Lexemes of names and titles have a mark, so that GIN can tell fields apart. GIN finds
quotes by words and pairs; positions are compared only in the rows it returns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod, sqrt

from sqlalchemy import Connection

from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.counters import FIRST_UNDATED
from briefings.storage.db.full_text import AnyOf, ArticleQuery, ArticleWords, QuoteQuery, QuoteWords, split_into_pieces
from briefings.storage.db.raw_rows import fetch_all
from briefings.storage.search.phrase_pairs import (
    Syntax,
    build_expression,
    filter_known_phrases,
    list_required_lexemes,
    make_pairs,
    merge_phrases,
    omit_common_words,
)

#: a word is counted up to this number of quotes
_MAX_COUNT = 2_000
#: marks before lexemes of a speaker, an outlet, a title: not letters, so no lexeme begins with one
SPEAKER, OUTLET, TITLE = "@", "#", "^"
#: positions between two fields of a tsvector, so that no phrase spans both
_FIELD_GAP = 100
#: suffixes of lexemes by position; PostgreSQL accepts no higher positions
_POSITION_SUFFIXES = [f":{position}" for position in range(16_384)]

#: batch size from which bulk settings apply; they let GIN insert many lexemes in fewer passes
_MIN_BULK_ARTICLES = 100
_BULK_SETTINGS = ("SET LOCAL work_mem = '64MB'", "SET LOCAL gin_pending_list_limit = '16MB'")
#: inserted in sorted order, so that two writers never deadlock
_NEW_WORDS = "INSERT INTO words SELECT unnest(string_to_array(%s, ' ')) ON CONFLICT DO NOTHING"
#: safety factor for the number of newest quotes to scan, and the maximum
_WINDOW_FACTOR, _MAX_WINDOW = 5, 30_000
#: newest quotes to scan for candidates that are compared, before GIN is used
_COMPARED_WINDOW = 4_000
#: quotes that a scan in id order reads in the time GIN takes to find and read one
_SCAN_SPEEDUP = 20
#: newest articles to scan for common words, and candidates that GIN may return instead
_ARTICLE_WINDOW, _MAX_COMPARED_ARTICLES = 4_000, 2_000
#: the concatenation hides positions from GIN, which would otherwise look up every word, even the commonest
_EXACT_MATCH = " AND (vector || ''::tsvector) @@ %s::tsquery"
_NEWEST = (
    "SELECT DISTINCT id FROM (SELECT id, vector FROM quote_words WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s) "
    "AS newest WHERE vector @@ %s::tsquery ORDER BY id LIMIT %s"
)
#: "+ 0" stops PostgreSQL from scanning all quotes in id order for common words that never occur together: it knows how
#: common words are, but not how common a phrase is
_QUOTES = "SELECT DISTINCT id + 0 AS id FROM quote_words WHERE {} ORDER BY 1 LIMIT %s"
_CANDIDATES = "vector @@ %s::tsquery AND id BETWEEN %s AND %s"
_COMPARED = (
    "SELECT DISTINCT id FROM quote_words WHERE id = ANY(%s) AND (vector || ''::tsvector) @@ %s::tsquery "
    "ORDER BY id LIMIT %s"
)
_MATCHING = f"vector @@ %s::tsquery AND id BETWEEN %s AND %s{_EXACT_MATCH}"
_ABOUT = " AND id >> 16 IN (SELECT number FROM article_words WHERE vector @@ %s::tsquery)"
_MATCHING_ARTICLES = "SELECT number FROM article_words WHERE vector @@ %s::tsquery AND number BETWEEN %s AND %s"
#: for phrases in different pieces of one article
_MATCHING_PIECES = (
    "SELECT number FROM article_words WHERE parted AND vector @@ %s::tsquery AND number BETWEEN %s AND %s"
)
#: "+ 0" as above
_ARTICLES = "SELECT DISTINCT number + 0 AS number FROM ({}) AS matching ORDER BY 1 LIMIT %s"
_NEWEST_ARTICLES = (
    "SELECT DISTINCT number FROM (SELECT number, vector FROM article_words WHERE number BETWEEN %s AND %s "
    "ORDER BY number LIMIT %s) AS newest WHERE vector @@ %s::tsquery ORDER BY number LIMIT %s"
)
_COUNT = (
    "SELECT count(*), coalesce(sum(quotes), 0), min(number) FILTER (WHERE number < %s), "
    "max(number) FILTER (WHERE number < %s) FROM articles WHERE number IN ({})"
)
_COMMON_LEXEMES = (
    "SELECT most_common_elems::text::text[], most_common_elem_freqs, reltuples FROM pg_stats, pg_class "
    "WHERE schemaname = current_schema() AND tablename = %s AND attname = 'vector' "
    "AND pg_class.oid = %s::regclass"
)
_KNOWN_WORDS = "SELECT word FROM words WHERE word = ANY(%s)"
_COUNT_WORDS = (
    "SELECT word, (SELECT count(*) FROM (SELECT FROM quote_words WHERE vector @@ query::tsquery LIMIT %s) AS matching) "
    "FROM unnest(%s::text[], %s::text[]) AS known (word, query) JOIN words USING (word)"
)
#: lexemes of a phrase that GIN looks up: the rarest
_RAREST_LEXEMES = 3
_SYNTAX = Syntax("'{}'", " & ", " | ")


@dataclass(frozen=True, slots=True)
class _Statistics:
    """PostgreSQL's statistics: the count of quotes or articles, and the share of them with each common lexeme."""

    count: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)


class TSearchIndex:
    """Full-text index in PostgreSQL; see `FullTextIndex` for the methods."""

    def __init__(self) -> None:
        #: cached once PostgreSQL has statistics; they change little
        self._stored_statistics = _Statistics()
        self._article_statistics = _Statistics()

    def add(self, db: Connection, articles: Sequence[ArticleWords], quotes: Iterable[QuoteWords]) -> None:
        """Index new articles and quotes."""
        if len(articles) >= _MIN_BULK_ARTICLES:
            for setting in _BULK_SETTINGS:
                db.exec_driver_sql(setting)
        texts = (row for article in articles for row in _to_article_rows(article))
        insert_rows(db, "article_words", ("number", "piece", "parted", "vector"), texts)
        new_words: set[str] = set()
        insert_rows(db, "quote_words", ("id", "piece", "vector"), _make_quote_rows(quotes, new_words))
        if new_words:
            db.exec_driver_sql(_NEW_WORDS, (" ".join(sorted(new_words)),))

    def optimize(self, db: Connection, step: int) -> bool:  # noqa: ARG002 - there is only one step
        """Merge GIN's pending lists and update the statistics that query plans depend on; return False."""
        for index in ("ix_quote_words_vector", "ix_article_words_vector"):
            db.exec_driver_sql("SELECT gin_clean_pending_list(%s::regclass)", (index,))
        db.exec_driver_sql("ANALYZE quote_words, article_words, quotes, articles")
        return False

    def drop_article(self, db: Connection, number: int) -> None:
        """Remove an article's text and title from the index; its quotes stay."""
        db.exec_driver_sql("DELETE FROM article_words WHERE number = %s", (number,))

    def search_quotes(self, db: Connection, query: QuoteQuery, limit: int) -> list[int]:
        """Return up to `limit` quote ids in ascending order."""
        if query.content:
            known_words = self.find_known_words(db, {word for phrase in query.content for word in phrase})
            query = replace(query, content=filter_known_phrases(query.content, known_words))
            if not (query.content or query.word_sets):
                return []
        exact_query = _build_quotes_query(query)
        if query.content and query.max_compared:
            return self._search_newest(db, query, exact_query, limit)
        if not query.about and (window := self._choose_window(db, query, limit)):
            newest = fetch_all(db, _NEWEST, (*query.ids, window, exact_query, limit))
            if len(newest) >= limit:
                return [row[0] for row in newest]
        where, values = _MATCHING, [self._build_query(query), *query.ids, exact_query]
        if query.about:
            where, values = where + _ABOUT, [*values, _match_about(query.about, include_titles=True)]
        return [row[0] for row in fetch_all(db, _QUOTES.format(where), (*values, limit))]

    def _search_newest(self, db: Connection, query: QuoteQuery, exact_query: str, limit: int) -> list[int]:
        """Compare the phrases only with the newest `max_compared` quotes that have the lexemes of one."""
        lexeme_query = self._build_query(query)
        candidate_ids: list[int] = []
        if not query.about:
            newest = fetch_all(db, _NEWEST, (*query.ids, _COMPARED_WINDOW, lexeme_query, query.max_compared))
            candidate_ids = [row[0] for row in newest]
        if len(candidate_ids) < query.max_compared:
            where, values = _CANDIDATES, [lexeme_query, *query.ids]
            if query.about:
                where, values = where + _ABOUT, [*values, _match_about(query.about, include_titles=True)]
            rows = fetch_all(db, _QUOTES.format(where), (*values, query.max_compared))
            candidate_ids = [row[0] for row in rows]
        rows = fetch_all(db, _COMPARED, (candidate_ids, exact_query, limit))
        return [row[0] for row in rows]

    def search_articles(self, db: Connection, query: ArticleQuery, limit: int) -> list[int]:
        """Return up to `limit` article numbers in ascending order."""
        if len(query.phrase_groups) == 1 and (window := self._choose_article_window(db, query, limit)):
            expression = _match_about(query.phrase_groups[0], include_titles=query.include_titles)
            newest = fetch_all(db, _NEWEST_ARTICLES, (*query.numbers, window, expression, limit))
            if len(newest) >= limit:
                return [row[0] for row in newest]
        subquery, values = _build_article_subquery(query)
        return [row[0] for row in fetch_all(db, _ARTICLES.format(subquery), (*values, limit))]

    def count_articles(self, db: Connection, query: ArticleQuery) -> tuple[int, int, int | None, int | None]:
        """Return the count of articles, the count of their quotes, and the lowest and highest dated number."""
        subquery, values = _build_article_subquery(query)
        row = db.exec_driver_sql(_COUNT.format(subquery), (FIRST_UNDATED, FIRST_UNDATED, *values)).one()
        return row[0], int(row[1]), row[2], row[3]

    def find_known_words(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Return the words that occur in quotes, or once occurred in a quote that was deleted."""
        return {row[0] for row in fetch_all(db, _KNOWN_WORDS, (list(words),))}

    def count_words(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """Return the count of quotes with each word, up to 2,000; words that do not occur are omitted."""
        statistics = self._load_statistics(db)  # common words are estimated, not counted
        counts = {
            word: min(_MAX_COUNT, int(statistics.shares[word] * statistics.count))
            for word in words
            if word in statistics.shares
        }
        uncounted_words = sorted(set(words) - counts.keys())
        counted_rows = (
            db.exec_driver_sql(
                _COUNT_WORDS, (_MAX_COUNT, uncounted_words, [_build_phrase([[word]]) for word in uncounted_words])
            )
            if uncounted_words
            else ()
        )
        return counts | {word: number for word, number in counted_rows if number}

    def _build_query(self, query: QuoteQuery) -> str:
        """Build the query for GIN, which ignores positions."""
        pick = omit_common_words if query.max_compared else self._pick_rarest
        clauses = [f"({build_expression(phrases, _SYNTAX, pick, mark)})" for mark, phrases in _list_fields(query)]
        if query.word_sets:
            clauses.append(f"({_match_sets(query.word_sets)})")
        return " & ".join(clauses)

    def _pick_rarest(self, lexemes: Sequence[str]) -> Sequence[str]:
        return sorted(lexemes, key=lambda lexeme: self._stored_statistics.shares.get(lexeme, 0.0))[:_RAREST_LEXEMES]

    def _choose_window(self, db: Connection, query: QuoteQuery, limit: int) -> int:
        """Return how many of the newest quotes to scan before GIN is used; 0 for none.

        If a share of the quotes match, one of the newest 1 / share should match; GIN would return all matches.
        """
        statistics = self._load_statistics(db)
        share = prod(self._estimate_share(phrases, mark) for mark, phrases in _list_fields(query))
        if query.word_sets or share <= sqrt(limit / max(statistics.count * _SCAN_SPEEDUP, 1)):
            return 0
        return min(int(_WINDOW_FACTOR * limit / share), _MAX_WINDOW)

    def _choose_article_window(self, db: Connection, query: ArticleQuery, limit: int) -> int:
        """Return how many of the newest articles to scan before GIN is used; 0 for none.

        Articles with common words are so many that comparing all of them takes far longer than the newest ones do.
        """
        statistics = self._load_article_statistics(db)
        shares = (
            min(statistics.shares.get(word, 0.0) for word in phrase)
            for group in query.phrase_groups
            for phrase in group
        )
        has_many = max(shares) * statistics.count > _MAX_COMPARED_ARTICLES
        return max(_ARTICLE_WINDOW, _WINDOW_FACTOR * limit) if has_many and limit < _ARTICLE_WINDOW else 0

    def _load_statistics(self, db: Connection) -> _Statistics:
        if not self._stored_statistics.shares:
            self._stored_statistics = _read_statistics(db, "quote_words")
        return self._stored_statistics

    def _load_article_statistics(self, db: Connection) -> _Statistics:
        if not self._article_statistics.shares:
            self._article_statistics = _read_statistics(db, "article_words")
        return self._article_statistics

    def _estimate_share(self, phrases: AnyOf, mark: str) -> float:
        """Return the highest share of quotes that can have one of the phrases; 0 for rare lexemes."""
        shares = self._stored_statistics.shares
        return max(min(shares.get(lexeme, 0.0) for lexeme in list_required_lexemes(phrase, mark)) for phrase in phrases)


def _read_statistics(db: Connection, table: str) -> _Statistics:
    row = db.exec_driver_sql(_COMMON_LEXEMES, (table, table)).first()
    return _Statistics() if row is None else _Statistics(row[2], dict(zip(row[0] or (), row[1] or (), strict=False)))


def build_tsvector(fields: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Build the text form of a tsvector from fields, each a mark and its lexemes; PostgreSQL sorts it."""
    entries: list[str] = []
    start = 1
    for mark, words in fields:
        suffixes = _POSITION_SUFFIXES[start : start + len(words)]
        entries += [f"{mark}{word}{suffix}" for word, suffix in zip(words, suffixes, strict=True)]
        start += len(words) + _FIELD_GAP
    return " ".join(entries)


def _to_article_rows(article: ArticleWords) -> Iterator[tuple[int, int, bool, str]]:
    title = article.title.split()
    parts = list(split_into_pieces(article.text.split()))
    for piece, text in enumerate(parts):
        yield article.number, piece, len(parts) > 1, build_tsvector((("", text), (TITLE, () if piece else title)))


def _make_quote_rows(quotes: Iterable[QuoteWords], words: set[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the rows of each quote, and add its words to `words`."""
    for quote in quotes:
        names = (SPEAKER, quote.speaker.split()), (OUTLET, quote.outlet.split())
        quote_words = quote.content.split()
        words.update(quote_words)
        for piece, content in enumerate(split_into_pieces(quote_words)):
            yield quote.id, piece, f"{build_tsvector((('', content), *names))} {' '.join(make_pairs(content))}"


def _list_fields(query: QuoteQuery) -> list[tuple[str, AnyOf]]:
    """Return the mark and phrases of each non-empty field."""
    fields = (("", query.content), (SPEAKER, query.speaker), (OUTLET, query.outlet))
    return [(mark, phrases) for mark, phrases in fields if phrases]


def _build_quotes_query(query: QuoteQuery) -> str:
    """Build the exact query, which compares positions."""
    clauses = [f"({_match_any(phrases, mark)})" for mark, phrases in _list_fields(query)]
    if query.word_sets:
        clauses.append(f"({_match_sets(query.word_sets)})")
    return " & ".join(clauses)


def _build_article_subquery(query: ArticleQuery) -> tuple[str, list[object]]:
    clauses = [_match_about(phrases, include_titles=query.include_titles) for phrases in query.phrase_groups]
    combined_clause = " & ".join(f"({clause})" for clause in clauses)
    values: list[object] = [combined_clause, *query.numbers]
    if len(clauses) < 2:
        return _MATCHING_ARTICLES, values
    intersection = " INTERSECT ".join([_MATCHING_PIECES] * len(clauses))
    return f"{_MATCHING_ARTICLES} UNION ({intersection})", values + [
        value for clause in clauses for value in (clause, *query.numbers)
    ]


def _match_about(phrases: AnyOf, *, include_titles: bool) -> str:
    return _match_any(phrases) + (f" | {_match_any(phrases, TITLE)}" if include_titles else "")


def _match_sets(word_sets: AnyOf) -> str:
    return " | ".join(f"({' & '.join(map(_SYNTAX.lexeme_format.format, words))})" for words in word_sets)


def _match_any(phrases: AnyOf, mark: str = "") -> str:
    return " | ".join(_build_phrase(phrase, mark) for phrase in merge_phrases(phrases))


def _build_phrase(phrase: Sequence[Sequence[str]], mark: str = "") -> str:
    # lexemes have only letters, digits and marks, so they cannot close the quotes
    alternatives = (" | ".join(f"'{mark}{word}'" for word in words) for words in phrase)
    return "(" + " <-> ".join(f"({alternative})" for alternative in alternatives) + ")"
