"""SQLite's full-text index: two FTS5 tables that share row ids with quotes and articles.

Rule: row order is newest-first, so a search for a common phrase reads only its hits. Rows are never read in descending
order: FTS5 3.40 then misses some matches of phrases. Quotes are searched without positions (`phrase_pairs`), and each
candidate is compared in full.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection

from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.counters import FIRST_UNDATED
from briefings.storage.db.database import get_sqlite_connection
from briefings.storage.db.full_text import AnyOf, ArticleQuery, ArticleWords, QuoteQuery, QuoteWords
from briefings.storage.db.raw_rows import fetch_all
from briefings.storage.search.phrase_pairs import (
    Syntax,
    WordChoices,
    build_expression,
    filter_known_phrases,
    make_pairs,
    merge_phrases,
    omit_common_words,
)

#: a word is counted up to this number
_MAX_COUNT = 2_000

#: marks before lexemes of a speaker and an outlet: not letters, so no lexeme begins with one
_SPEAKER, _OUTLET = "@", "#"
#: names whose lexemes are cached
_CACHE_SIZE = 4_096
#: index pages merged in one transaction
_PAGES_PER_MERGE = 2_000
#: batch size from which FTS5 collects more bytes before it writes a segment: fewer segments need fewer merges. FTS5
#: keeps the setting; it takes this memory only while a transaction adds so much.
_MIN_BULK_ARTICLES, _BULK_BUFFER_BYTES = 100, 8 * 1024 * 1024
_SET_BUFFER_SIZE = "INSERT INTO {0} ({0}, rank) VALUES ('hashsize', ?)"
_MERGE = "INSERT INTO {0} ({0}, rank) VALUES ('merge', ?)"
_TABLES = ("quote_words", "article_words")
_SYNTAX = Syntax('"{}"', " AND ", " OR ")
#: hits read to rank a lexeme by their count and age; lexemes whose rank is cached; rarest lexemes searched per phrase
_MAX_HITS_FOR_RANK, _MAX_CACHED_RANKS, _RAREST_LEXEMES = 1_000, 20_000, 2

_NEW_WORDS = "INSERT OR IGNORE INTO words SELECT value FROM json_each(?)"
_QUOTES = "SELECT rowid FROM {} WHERE {} ORDER BY rowid LIMIT ?"
_NEWEST = "(SELECT rowid, lexemes FROM quote_words WHERE {} ORDER BY rowid LIMIT ?)"
_HOLDS_RUN = "instr(' ' || lexemes || ' ', ?)"
_RANK = (
    "SELECT count(*), -max(rowid) FROM (SELECT rowid FROM quote_words WHERE quote_words MATCH ? ORDER BY rowid LIMIT ?)"
)
_MATCHING = "quote_words MATCH ? AND rowid BETWEEN ? AND ?"
_ABOUT = " AND rowid >> 16 IN (SELECT rowid FROM article_words WHERE article_words MATCH ?)"
_ARTICLES = (
    "SELECT rowid FROM article_words WHERE article_words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?"
)
_COUNT = (
    "SELECT count(*), coalesce(sum(quotes), 0), min(number) FILTER (WHERE number < ?), max(number) FILTER "
    "(WHERE number < ?) FROM article_words JOIN articles ON number = article_words.rowid "
    "WHERE article_words MATCH ? AND article_words.rowid BETWEEN ? AND ?"
)
_KNOWN_WORDS = "SELECT value FROM json_each(?) WHERE value IN words"
_COUNT_WORDS = (
    "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM quote_vocabulary WHERE term = value LIMIT ?)) FROM json_each(?)"
)


class Fts5Index:
    """Full-text index in SQLite; see `FullTextIndex` for the methods."""

    def __init__(self) -> None:
        #: cached ranks of lexemes, the rarest lowest; they change little and affect only speed
        self._ranks: dict[str, tuple[int, int]] = {}

    def add(self, db: Connection, articles: Sequence[ArticleWords], quotes: Iterable[QuoteWords]) -> None:
        """Index new articles and quotes. FTS5 flushes its buffer whenever a row id is lower than the one before."""
        if len(articles) >= _MIN_BULK_ARTICLES:
            for table in _TABLES:
                db.exec_driver_sql(_SET_BUFFER_SIZE.format(table), (_BULK_BUFFER_BYTES,))
        texts = ((article.number, article.text, article.title) for article in articles)
        insert_rows(db, "article_words", ("rowid", "text", "title"), texts)
        new_words: set[str] = set()
        insert_rows(db, "quote_words", ("rowid", "lexemes"), _make_quote_rows(quotes, new_words))
        if new_words:
            db.exec_driver_sql(_NEW_WORDS, (json.dumps(sorted(new_words)),))

    def optimize(self, db: Connection, step: int) -> bool:
        """Merge some index segments, so that a word is looked up in one place; return True while work remains."""
        changes_before = get_sqlite_connection(db).total_changes
        for table in _TABLES:
            # a negative number on the first step makes FTS5 merge all segments, even if there are few
            db.exec_driver_sql(_MERGE.format(table), (_PAGES_PER_MERGE if step else -_PAGES_PER_MERGE,))
        # each merge command itself counts as one change
        return get_sqlite_connection(db).total_changes - changes_before > len(_TABLES)

    def drop_article(self, db: Connection, number: int) -> None:
        """Remove an article's text and title from the index; its quotes stay."""
        db.exec_driver_sql("DELETE FROM article_words WHERE rowid = ?", (number,))

    def search_quotes(self, db: Connection, query: QuoteQuery, limit: int) -> list[int]:
        """Return up to `limit` quote ids in ascending order."""
        if query.content:
            known_words = self.find_known_words(db, {word for phrase in query.content for word in phrase})
            query = replace(query, content=filter_known_phrases(query.content, known_words))
            if not (query.content or query.word_sets):
                return []
        where, values = _MATCHING, [self._build_query(db, query), *query.ids]
        if query.about:
            where, values = where + _ABOUT, [*values, _match_any(query.about)]
        source = "quote_words"
        if query.content and query.max_compared:
            source = _NEWEST.format(where)
            where, values = "true", [*values, query.max_compared]
        for condition, runs in _build_run_conditions(query):
            where, values = f"{where} AND ({condition})", [*values, *runs]
        return [row[0] for row in fetch_all(db, _QUOTES.format(source, where), (*values, limit))]

    def search_articles(self, db: Connection, query: ArticleQuery, limit: int) -> list[int]:
        """Return up to `limit` article numbers in ascending order."""
        values = _build_articles_query(query), *query.numbers, limit
        return [row[0] for row in fetch_all(db, _ARTICLES, values)]

    def count_articles(self, db: Connection, query: ArticleQuery) -> tuple[int, int, int | None, int | None]:
        """Return the count of articles, the count of their quotes, and the lowest and highest dated number."""
        values = (FIRST_UNDATED, FIRST_UNDATED, _build_articles_query(query), *query.numbers)
        article_count, quote_count, lowest, highest = db.exec_driver_sql(_COUNT, values).one()
        return article_count, quote_count, lowest, highest

    def find_known_words(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Return the words that occur in quotes, or once occurred in a quote that was deleted."""
        return {row[0] for row in fetch_all(db, _KNOWN_WORDS, (json.dumps(list(words)),))}

    def count_words(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """Return how often each word occurs in quotes, up to 2,000; words that do not occur are omitted."""
        rows = db.exec_driver_sql(_COUNT_WORDS, (_MAX_COUNT, json.dumps(sorted(set(words)))))
        return {word: number for word, number in rows if number}

    def _build_query(self, db: Connection, query: QuoteQuery) -> str:
        def pick_rarest(lexemes: Sequence[str]) -> Sequence[str]:
            return omit_common_words(lexemes) if query.max_compared else self._pick_rarest(db, lexemes)

        clauses = [
            f"({build_expression(phrases, _SYNTAX, pick_rarest, mark)})" for mark, phrases in _list_fields(query)
        ]
        if query.word_sets:
            clauses.append(f"({_match_sets(query.word_sets)})")
        return " AND ".join(clauses)

    def _pick_rarest(self, db: Connection, lexemes: Sequence[str]) -> Sequence[str]:
        """Return the rarest lexemes: checking more of them at each hit costs more than it saves."""
        if len(lexemes) <= _RAREST_LEXEMES:
            return lexemes
        if len(self._ranks) > _MAX_CACHED_RANKS:
            self._ranks.clear()
        for lexeme in lexemes:
            if lexeme not in self._ranks:
                number, reach = db.exec_driver_sql(
                    _RANK, (_SYNTAX.lexeme_format.format(lexeme), _MAX_HITS_FOR_RANK)
                ).one()
                self._ranks[lexeme] = number, reach or 0
        ordered = sorted(lexemes, key=self._ranks.__getitem__)
        return ordered[: _RAREST_LEXEMES + int(self._ranks[ordered[0]][0] == _MAX_HITS_FOR_RANK)]


def _make_quote_rows(quotes: Iterable[QuoteWords], words: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the id and lexemes of each quote, and add its words to `words`."""
    for quote in quotes:
        quote_words = quote.content.split()
        words.update(quote_words)
        names = _mark_words(quote.speaker, _SPEAKER), _mark_words(quote.outlet, _OUTLET)
        yield quote.id, " ".join((quote.content, *make_pairs(quote_words), *names))


@lru_cache(maxsize=_CACHE_SIZE)
def _mark_words(name: str, mark: str) -> str:
    return " ".join(f"{mark}{word}" for word in name.split())


def _list_fields(query: QuoteQuery) -> list[tuple[str, AnyOf]]:
    """Return the mark and phrases of each non-empty field."""
    fields = (("", query.content), (_SPEAKER, query.speaker), (_OUTLET, query.outlet))
    return [(mark, phrases) for mark, phrases in fields if phrases]


def _build_run_conditions(query: QuoteQuery) -> Iterator[tuple[str, list[str]]]:
    """Yield, per field with a phrase of several words, a condition that a quote has one of its phrases, and values."""
    for mark, phrases in _list_fields(query):
        if max(map(len, phrases)) > 1:
            conditions = [_build_run_condition(word_choices, mark) for word_choices in merge_phrases(phrases)]
            yield " OR ".join(condition for condition, _ in conditions), [run for _, runs in conditions for run in runs]


def _build_run_condition(word_choices: WordChoices, mark: str) -> tuple[str, list[str]]:
    """Build the condition for a merged phrase.

    The words around the position with alternatives come first. Few quotes have them, so few are compared with each of
    up to hundreds of alternatives.
    """
    position = next((position for position, words in enumerate(word_choices) if len(words) > 1), 0)
    words_before, words_after = (
        [words[0] for words in part] for part in (word_choices[:position], word_choices[position + 1 :])
    )
    runs = [_make_run([*words_before, word, *words_after], mark) for word in word_choices[position]]
    condition = f"({' OR '.join([_HOLDS_RUN] * len(runs))})"
    if len(runs) == 1:
        return condition, runs
    fixed_runs = [_make_run(words, mark) for words in (words_before, words_after) if words]
    return f"({' AND '.join([*[_HOLDS_RUN] * len(fixed_runs), condition])})", [*fixed_runs, *runs]


def _make_run(words: Sequence[str], mark: str) -> str:
    return f" {' '.join(f'{mark}{word}' for word in words)} "


def _build_articles_query(query: ArticleQuery) -> str:
    columns = "{text title}" if query.include_titles else "{text}"
    return " AND ".join(f"({columns} : ({_match_any(phrases)}))" for phrases in query.phrase_groups)


def _match_sets(word_sets: AnyOf) -> str:
    return " OR ".join(f"({' AND '.join(map(_SYNTAX.lexeme_format.format, words))})" for words in word_sets)


def _match_any(phrases: AnyOf) -> str:
    # lexemes have only letters, digits and the mark of long words, so they cannot close the quotes
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
