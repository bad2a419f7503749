"""SQLite's index: two FTS5 tables whose rows are numbered as the quotes and articles are.

Rule: newest first is the order of the rows, so that a common phrase costs no more than its hits. Rows are never read
backwards: FTS5 (3.40) then leaves out some that hold a phrase.
"""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from briefings.record.index import AnyOf, ArticlesSought, ArticleWords, QuotesSought, QuoteWords
from briefings.record.numbers import UNDATED

#: how often a word is counted at most
_COUNTED = 2_000

#: The lexemes are folded already and parted by single spaces: "ascii" leaves them as they are. The index of a quote or
#: an article goes with its row, whoever deletes that.
CREATE = (
    "CREATE VIRTUAL TABLE quote_words USING fts5(content, speaker, outlet, tokenize = 'ascii', columnsize = 0)",
    "CREATE VIRTUAL TABLE article_words USING fts5(text, title, tokenize = 'ascii', columnsize = 0)",
    "CREATE VIRTUAL TABLE quote_vocabulary USING fts5vocab(quote_words, instance)",
    "CREATE TRIGGER quotes_gone AFTER DELETE ON quotes BEGIN DELETE FROM quote_words WHERE rowid = old.id; END",
    "CREATE TRIGGER articles_gone AFTER DELETE ON articles "
    "BEGIN DELETE FROM article_words WHERE rowid = old.number; END",
)

_NEW_QUOTE = "INSERT INTO quote_words (rowid, content, speaker, outlet) VALUES (?, ?, ?, ?)"
_NEW_ARTICLE = "INSERT INTO article_words (rowid, text, title) VALUES (?, ?, ?)"
_QUOTES = "SELECT rowid FROM quote_words WHERE {} ORDER BY rowid LIMIT ?"
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
_KNOWN = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM quote_vocabulary WHERE term = value)"
_HOW_MANY = (
    "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM quote_vocabulary WHERE term = value LIMIT ?)) FROM json_each(?)"
)


class Fts5:
    """The index of a record in SQLite."""

    def put(self, db: Connection, articles: Sequence[ArticleWords], quotes: Sequence[QuoteWords]) -> None:
        """Lets what is new be found."""
        # sorted: FTS5 writes what it has gathered to the file whenever a number is less than the one before
        if articles:
            db.exec_driver_sql(_NEW_ARTICLE, sorted((a.number, a.text, a.title) for a in articles))
        if quotes:
            db.exec_driver_sql(_NEW_QUOTE, sorted((q.id, q.content, q.speaker, q.outlet) for q in quotes))

    def settle(self, db: Connection) -> None:
        """Does nothing: FTS5 keeps itself in order."""

    def drop_article(self, db: Connection, number: int) -> None:
        """Takes an article's own words out, its quotes' aside."""
        db.exec_driver_sql("DELETE FROM article_words WHERE rowid = ?", (number,))

    def quotes(self, db: Connection, sought: QuotesSought, limit: int) -> list[int]:
        """Ids of quotes, least first."""
        where, values = _MATCHING, [_quotes_query(sought), *sought.ids]
        if sought.about:
            where, values = where + _ABOUT, [*values, _any_of(sought.about)]
        rows = db.exec_driver_sql(_QUOTES.format(where), (*values, limit))
        return [row[0] for row in rows]

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
        """Those of `words` that stand in quotes."""
        return {row[0] for row in db.exec_driver_sql(_KNOWN, (json.dumps(list(words)),))}

    def how_many(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """How often each word stands in quotes, counted up to 2,000."""
        rows = db.exec_driver_sql(_HOW_MANY, (_COUNTED, json.dumps(sorted(set(words)))))
        return {word: number for word, number in rows if number}


def _quotes_query(sought: QuotesSought) -> str:
    fields = {"content": sought.content, "speaker": sought.speaker, "outlet": sought.outlet}
    wanted = [f"({{{name}}} : ({_any_of(phrases)}))" for name, phrases in fields.items() if phrases]
    if sought.words:
        wanted.append(f"({{content}} : ({_any_of([[word] for word in sought.words])}))")
    return " AND ".join(wanted)


def _articles_query(sought: ArticlesSought) -> str:
    columns = "{text title}" if sought.titles else "{text}"
    return " AND ".join(f"({columns} : ({_any_of(phrases)}))" for phrases in sought.each)


def _any_of(phrases: AnyOf) -> str:
    # letters, digits and the mark of long words: nothing in a lexeme can close the quotation marks
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
