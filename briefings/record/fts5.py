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

from briefings.record.engine import sqlite_of
from briefings.record.index import AnyOf, ArticlesSought, ArticleWords, QuotesSought, QuoteWords
from briefings.record.numbers import UNDATED
from briefings.record.pairs import Syntax, expression, pairs, spoken

#: how often a word is counted at most
_COUNTED = 2_000

#: what stands before the lexemes of a speaker and an outlet: no letter, so that no lexeme begins so
_SPEAKER, _OUTLET = "@", "#"
#: names of which the lexemes are kept at hand
_REMEMBERED = 4_096
#: pages of an index that are merged in one transaction
_PAGES = 2_000
_MERGE = "INSERT INTO {0} ({0}, rank) VALUES ('merge', ?)"
_TABLES = ("quote_words", "article_words")
_SYNTAX = Syntax('"{}"', " AND ", " OR ")
#: how many hits tell how rare a lexeme is, by their number and how far back they reach; of how many lexemes that is
#: kept at hand; and by how many of the rarest a phrase is looked for
_LOOKED_AT, _RANKED, _RAREST = 1_000, 20_000, 2

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
_RUN = "instr(' ' || lexemes || ' ', ?)"
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
_KNOWN = "SELECT value FROM json_each(?) WHERE value IN words"
_HOW_MANY = (
    "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM quote_vocabulary WHERE term = value LIMIT ?)) FROM json_each(?)"
)


class Fts5:
    """The index of a record in SQLite."""

    def __init__(self) -> None:
        #: how rare lexemes are, the rarest least; it changes little, and only decides how a search is run
        self._ranks: dict[str, tuple[int, int]] = {}

    def put(self, db: Connection, articles: Sequence[ArticleWords], quotes: Sequence[QuoteWords]) -> None:
        """Lets what is new be found."""
        # sorted: FTS5 writes what it has gathered to the file whenever a number is less than the one before
        if articles:
            db.exec_driver_sql(_NEW_ARTICLE, sorted((a.number, a.text, a.title) for a in articles))
        if quotes:
            words = sorted({word for quote in quotes for word in quote.content.split()})
            db.exec_driver_sql(_NEW_WORDS, (json.dumps(words),))
            db.exec_driver_sql(_NEW_QUOTE, sorted((quote.id, _lexemes(quote)) for quote in quotes))

    def settle(self, db: Connection, step: int) -> bool:
        """Merges what was put in with what was there, so that a word is looked up in one place; a bit at each step."""
        before = sqlite_of(db).total_changes
        for table in _TABLES:
            # less than none: every segment is to be merged, be they ever so few
            db.exec_driver_sql(_MERGE.format(table), (_PAGES if step else -_PAGES,))
        # that each was asked for counts as a change
        return sqlite_of(db).total_changes - before > len(_TABLES)

    def drop_article(self, db: Connection, number: int) -> None:
        """Takes an article's own words out, its quotes' aside."""
        db.exec_driver_sql("DELETE FROM article_words WHERE rowid = ?", (number,))

    def quotes(self, db: Connection, sought: QuotesSought, limit: int) -> list[int]:
        """Ids of quotes, least first."""
        if sought.content:
            known = self.known(db, {word for phrase in sought.content for word in phrase})
            sought = replace(sought, content=spoken(sought.content, known))
            if not (sought.content or sought.words):
                return []
        where, values = _MATCHING, [self._query(db, sought), *sought.ids]
        for runs in _runs(sought):
            where, values = f"{where} AND ({' OR '.join([_RUN] * len(runs))})", [*values, *runs]
        if sought.about:
            where, values = where + _ABOUT, [*values, _any_of(sought.about)]
        return [row[0] for row in db.exec_driver_sql(_QUOTES.format(where), (*values, limit))]

    def articles(self, db: Connection, sought: ArticlesSought, limit: int) -> list[int]:
        """Numbers of articles, least first."""
        rows = db.exec_driver_sql(_ARTICLES, (_articles_query(sought), *sought.numbers, limit))
        return [row[0] for row in rows]

    def count(self, db: Connection, sought: ArticlesSought) -> tuple[int, int, int | None, int | None]:
        """How many articles, how many quotes stand in them, and the least and greatest number of a dated one."""
        values = (UNDATED, UNDATED, _articles_query(sought), *sought.numbers)
        number, quotes, least, greatest = db.exec_driver_sql(_COUNT, values).one()
        return number, quotes, least, greatest

    def known(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Those of `words` that stand in quotes, or did."""
        return {row[0] for row in db.exec_driver_sql(_KNOWN, (json.dumps(list(words)),))}

    def how_many(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """How often each word stands in quotes, counted up to 2,000."""
        rows = db.exec_driver_sql(_HOW_MANY, (_COUNTED, json.dumps(sorted(set(words)))))
        return {word: number for word, number in rows if number}

    def _query(self, db: Connection, sought: QuotesSought) -> str:
        def rarest(lexemes: Sequence[str]) -> Sequence[str]:
            return self._rarest(db, lexemes)

        wanted = [f"({expression(phrases, _SYNTAX, rarest, mark)})" for mark, phrases in _fields(sought)]
        if sought.words:
            wanted.append(f"({_any_of([[word] for word in sought.words])})")
        return " AND ".join(wanted)

    def _rarest(self, db: Connection, lexemes: Sequence[str]) -> Sequence[str]:
        """Those that few have: more would be looked up at each hit of these, which costs more than it saves."""
        if len(lexemes) <= _RAREST:
            return lexemes
        if len(self._ranks) > _RANKED:
            self._ranks.clear()
        for lexeme in lexemes:
            if lexeme not in self._ranks:
                number, reach = db.exec_driver_sql(_RANK, (_SYNTAX.lexeme.format(lexeme), _LOOKED_AT)).one()
                self._ranks[lexeme] = number, reach or 0
        ordered = sorted(lexemes, key=self._ranks.__getitem__)
        return ordered[: _RAREST + int(self._ranks[ordered[0]][0] == _LOOKED_AT)]


def _lexemes(quote: QuoteWords) -> str:
    words = quote.content.split()
    return " ".join((quote.content, *pairs(words), _marked(quote.speaker, _SPEAKER), _marked(quote.outlet, _OUTLET)))


@lru_cache(maxsize=_REMEMBERED)
def _marked(name: str, mark: str) -> str:
    return " ".join(f"{mark}{word}" for word in name.split())


def _fields(sought: QuotesSought) -> list[tuple[str, AnyOf]]:
    """What stands before the lexemes of each field that is asked for, and its phrases."""
    fields = (("", sought.content), (_SPEAKER, sought.speaker), (_OUTLET, sought.outlet))
    return [(mark, phrases) for mark, phrases in fields if phrases]


def _runs(sought: QuotesSought) -> list[list[str]]:
    """For each field that is asked for with several words in a row, the runs of which a quote has to hold one."""
    return [
        [f" {' '.join(f'{mark}{word}' for word in phrase)} " for phrase in phrases]
        for mark, phrases in _fields(sought)
        if max(map(len, phrases)) > 1
    ]


def _articles_query(sought: ArticlesSought) -> str:
    columns = "{text title}" if sought.titles else "{text}"
    return " AND ".join(f"({columns} : ({_any_of(phrases)}))" for phrases in sought.each)


def _any_of(phrases: AnyOf) -> str:
    # letters, digits and the mark of long words: nothing in a lexeme can close the quotation marks
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
