"""SQLite's index: two FTS5 tables whose rows are numbered as the quotes and articles are.

Rule: newest first is the order of the rows, so that a common phrase costs no more than its hits. Rows are never read
backwards: FTS5 (3.40) then leaves out some that hold a phrase. Quotes are found without the places of their
words (`pairs`), and what is found is compared in full.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection

from briefings.storage.db.counters import FIRST_UNDATED
from briefings.storage.db.database import get_sqlite_connection
from briefings.storage.db.full_text import AnyOf, ArticleQuery, ArticleWords, QuoteQuery, QuoteWords
from briefings.storage.search.phrase_pairs import Syntax, build_expression, filter_known_phrases, make_pairs

#: how often a word is counted at most
_MAX_COUNT = 2_000

#: what stands before the lexemes of a speaker and an outlet: no letter, so that no lexeme begins so
_SPEAKER, _OUTLET = "@", "#"
#: names of which the lexemes are kept at hand
_CACHE_SIZE = 4_096
#: pages of an index that are merged in one transaction
_PAGES_PER_MERGE = 2_000
_MERGE = "INSERT INTO {0} ({0}, rank) VALUES ('merge', ?)"
_TABLES = ("quote_words", "article_words")
_SYNTAX = Syntax('"{}"', " AND ", " OR ")
#: how many hits tell how rare a lexeme is, by their number and how far back they reach; of how many lexemes that is
#: kept at hand; and by how many of the rarest a phrase is looked for
_MAX_HITS_FOR_RANK, _MAX_CACHED_RANKS, _RAREST_LEXEMES = 1_000, 20_000, 2

#: The lexemes are folded already and parted by single spaces: "ascii" leaves them as they are. A quote has its words in
#: their order, then their pairs, then its speaker and outlet; places are not kept. The index of a
#: quote or an article goes with its row, whoever deletes that. `words` is every word that was ever said.
CREATE = (
    "CREATE VIRTUAL TABLE quote_words USING fts5(lexemes, tokenize = \"ascii tokenchars '_@#'\", detail = none, "
    "columnsize = 0)",
    "CREATE VIRTUAL TABLE article_words USING fts5(text, title, tokenize = 'ascii', columnsize = 0)",
    "CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE quote_vocabulary USING fts5vocab(quote_words, instance)",
    "CREATE TRIGGER quotes_gone AFTER DELETE ON quotes BEGIN DELETE FROM quote_words WHERE rowid = old.id; END",
    "CREATE TRIGGER articles_gone AFTER DELETE ON articles "
    "BEGIN DELETE FROM article_words WHERE rowid = old.number; END",
)

_NEW_QUOTE = "INSERT INTO quote_words (rowid, lexemes) VALUES (?, ?)"
_NEW_WORDS = "INSERT OR IGNORE INTO words SELECT value FROM json_each(?)"
_NEW_ARTICLE = "INSERT INTO article_words (rowid, text, title) VALUES (?, ?, ?)"
_QUOTES = "SELECT rowid FROM quote_words WHERE {} ORDER BY rowid LIMIT ?"
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
    """The index of a record in SQLite."""

    def __init__(self) -> None:
        #: how rare lexemes are, the rarest least; it changes little, and only decides how a search is run
        self._ranks: dict[str, tuple[int, int]] = {}

    def add(self, db: Connection, articles: Sequence[ArticleWords], quotes: Sequence[QuoteWords]) -> None:
        """Lets what is new be found."""
        # sorted: FTS5 writes what it has gathered to the file whenever a number is less than the one before
        if articles:
            db.exec_driver_sql(_NEW_ARTICLE, sorted((a.number, a.text, a.title) for a in articles))
        if quotes:
            words = sorted({word for quote in quotes for word in quote.content.split()})
            db.exec_driver_sql(_NEW_WORDS, (json.dumps(words),))
            db.exec_driver_sql(_NEW_QUOTE, sorted((quote.id, _join_lexemes(quote)) for quote in quotes))

    def optimize(self, db: Connection, step: int) -> bool:
        """Merges what was put in with what was there, so that a word is looked up in one place; a bit at each step."""
        changes_before = get_sqlite_connection(db).total_changes
        for table in _TABLES:
            # less than none: every segment is to be merged, be they ever so few
            db.exec_driver_sql(_MERGE.format(table), (_PAGES_PER_MERGE if step else -_PAGES_PER_MERGE,))
        # that each was asked for counts as a change
        return get_sqlite_connection(db).total_changes - changes_before > len(_TABLES)

    def drop_article(self, db: Connection, number: int) -> None:
        """Takes an article's own words out, its quotes' aside."""
        db.exec_driver_sql("DELETE FROM article_words WHERE rowid = ?", (number,))

    def search_quotes(self, db: Connection, query: QuoteQuery, limit: int) -> list[int]:
        """Ids of quotes, least first."""
        if query.content:
            known_words = self.find_known_words(db, {word for phrase in query.content for word in phrase})
            query = replace(query, content=filter_known_phrases(query.content, known_words))
            if not (query.content or query.words):
                return []
        where, values = _MATCHING, [self._build_query(db, query), *query.ids]
        for runs in _list_runs(query):
            where, values = f"{where} AND ({' OR '.join([_HOLDS_RUN] * len(runs))})", [*values, *runs]
        if query.about:
            where, values = where + _ABOUT, [*values, _match_any(query.about)]
        return [row[0] for row in db.exec_driver_sql(_QUOTES.format(where), (*values, limit))]

    def search_articles(self, db: Connection, query: ArticleQuery, limit: int) -> list[int]:
        """Numbers of articles, least first."""
        rows = db.exec_driver_sql(_ARTICLES, (_build_articles_query(query), *query.numbers, limit))
        return [row[0] for row in rows]

    def count_articles(self, db: Connection, query: ArticleQuery) -> tuple[int, int, int | None, int | None]:
        """How many articles, how many quotes stand in them, and the least and greatest number of a dated one."""
        values = (FIRST_UNDATED, FIRST_UNDATED, _build_articles_query(query), *query.numbers)
        number, quotes, least, greatest = db.exec_driver_sql(_COUNT, values).one()
        return number, quotes, least, greatest

    def find_known_words(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Those of `words` that stand in quotes, or did."""
        return {row[0] for row in db.exec_driver_sql(_KNOWN_WORDS, (json.dumps(list(words)),))}

    def count_words(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """How often each word stands in quotes, counted up to 2,000."""
        rows = db.exec_driver_sql(_COUNT_WORDS, (_MAX_COUNT, json.dumps(sorted(set(words)))))
        return {word: number for word, number in rows if number}

    def _build_query(self, db: Connection, query: QuoteQuery) -> str:
        def pick_rarest(lexemes: Sequence[str]) -> Sequence[str]:
            return self._pick_rarest(db, lexemes)

        clauses = [
            f"({build_expression(phrases, _SYNTAX, pick_rarest, mark)})" for mark, phrases in _list_fields(query)
        ]
        if query.words:
            clauses.append(f"({_match_any([[word] for word in query.words])})")
        return " AND ".join(clauses)

    def _pick_rarest(self, db: Connection, lexemes: Sequence[str]) -> Sequence[str]:
        """Those that few have: more would be looked up at each hit of these, which costs more than it saves."""
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


def _join_lexemes(quote: QuoteWords) -> str:
    words = quote.content.split()
    return " ".join(
        (quote.content, *make_pairs(words), _mark_words(quote.speaker, _SPEAKER), _mark_words(quote.outlet, _OUTLET))
    )


@lru_cache(maxsize=_CACHE_SIZE)
def _mark_words(name: str, mark: str) -> str:
    return " ".join(f"{mark}{word}" for word in name.split())


def _list_fields(query: QuoteQuery) -> list[tuple[str, AnyOf]]:
    """What stands before the lexemes of each field that is asked for, and its phrases."""
    fields = (("", query.content), (_SPEAKER, query.speaker), (_OUTLET, query.outlet))
    return [(mark, phrases) for mark, phrases in fields if phrases]


def _list_runs(query: QuoteQuery) -> list[list[str]]:
    """For each field that is asked for with several words in a row, the runs of which a quote has to hold one."""
    return [
        [f" {' '.join(f'{mark}{word}' for word in phrase)} " for phrase in phrases]
        for mark, phrases in _list_fields(query)
        if max(map(len, phrases)) > 1
    ]


def _build_articles_query(query: ArticleQuery) -> str:
    columns = "{text title}" if query.include_titles else "{text}"
    return " AND ".join(f"({columns} : ({_match_any(phrases)}))" for phrases in query.phrase_groups)


def _match_any(phrases: AnyOf) -> str:
    # letters, digits and the mark of long words: nothing in a lexeme can close the quotation marks
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
