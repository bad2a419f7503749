"""PostgreSQL's index: tsvectors with GIN, one or more for each quote and article.

Rule: tsvectors and tsqueries are written by us, lexeme by lexeme, and never parsed by PostgreSQL, whose idea of a word
depends on its locale. What is not content or text has a mark before its lexemes, so that GIN tells them apart. Quotes
are found by their words and `pairs`, and places are looked at only in what is found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod, sqrt

from sqlalchemy import Connection

from briefings.record.index import AnyOf, ArticlesSought, ArticleWords, QuotesSought, QuoteWords
from briefings.record.lexemes import pieces
from briefings.record.numbers import UNDATED
from briefings.record.pairs import Syntax, expression, gathered, needed, pairs, spoken
from briefings.record.writing import write

#: how many quotes a word is counted in at most
_COUNTED = 2_000
#: what stands before the lexemes of a speaker, an outlet, a title: none is a letter, so that no lexeme begins so
SPEAKER, OUTLET, TITLE = "@", "#", "^"
#: between two fields of one tsvector, so that no phrase reaches from one into the other
_GAP = 100
#: the ends of lexemes, by their places; PostgreSQL takes none beyond
_PLACES = [f":{at}" for at in range(16_384)]

#: A row is a piece of a quote or an article (see `lexemes.pieces`); `parted` when it has others.
CREATE = (
    "CREATE TABLE quote_words (id BIGINT NOT NULL REFERENCES quotes (id) ON DELETE CASCADE, piece INTEGER NOT NULL, "
    "vector TSVECTOR NOT NULL, PRIMARY KEY (id, piece))",
    "CREATE TABLE article_words (number BIGINT NOT NULL REFERENCES articles (number) ON DELETE CASCADE, "
    "piece INTEGER NOT NULL, parted BOOLEAN NOT NULL, vector TSVECTOR NOT NULL, PRIMARY KEY (number, piece))",
    'CREATE TABLE words (word TEXT COLLATE "C" PRIMARY KEY)',
    "CREATE INDEX ix_quote_words_vector ON quote_words USING gin (vector)",
    "CREATE INDEX ix_article_words_vector ON article_words USING gin (vector)",
    "CREATE INDEX ix_article_words_parted ON article_words (number) WHERE parted",
)

#: articles that are many at once, and how GIN takes what many hold with fewer walks through itself
_MANY = 100
_FOR_MANY = ("SET LOCAL work_mem = '64MB'", "SET LOCAL gin_pending_list_limit = '16MB'")
#: in sorted order, so that two writers never wait for each other
_NEW_WORDS = "INSERT INTO words SELECT unnest(string_to_array(%s, ' ')) ON CONFLICT DO NOTHING"
#: how many times as many of the newest quotes are looked through as should be enough, and how many at most
_SPARE, _WINDOW = 5, 30_000
#: how many quotes are looked through in their order in the time in which GIN gives one and it is read from its place
_CHEAPER = 20
#: places are looked for where GIN cannot see it: it would look up every word, the commonest too
_EXACTLY = " AND (vector || ''::tsvector) @@ %s::tsquery"
_NEWEST = (
    "SELECT DISTINCT id FROM (SELECT id, vector FROM quote_words WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s) "
    "AS newest WHERE vector @@ %s::tsquery ORDER BY id LIMIT %s"
)
#: "+ 0" keeps PostgreSQL from walking through all quotes in their order, which it does for common words that stand in
#: no quote together: it knows how common words are, and not how common a phrase is
_QUOTES = "SELECT DISTINCT id + 0 AS id FROM quote_words WHERE {} ORDER BY 1 LIMIT %s"
_MATCHING = f"vector @@ %s::tsquery AND id BETWEEN %s AND %s{_EXACTLY}"
_ABOUT = " AND id >> 16 IN (SELECT number FROM article_words WHERE vector @@ %s::tsquery)"
_WHOLE = "SELECT number FROM article_words WHERE vector @@ %s::tsquery AND number BETWEEN %s AND %s"
#: one phrase may stand in one piece of an article, and the next in another
_PARTED = "SELECT number FROM article_words WHERE parted AND vector @@ %s::tsquery AND number BETWEEN %s AND %s"
_ARTICLES = "SELECT DISTINCT number FROM ({}) AS found ORDER BY number LIMIT %s"
_COUNT = (
    "SELECT count(*), coalesce(sum(quotes), 0), min(number) FILTER (WHERE number < %s), "
    "max(number) FILTER (WHERE number < %s) FROM articles WHERE number IN ({})"
)
_COMMON = (
    "SELECT most_common_elems::text::text[], most_common_elem_freqs, reltuples FROM pg_stats, pg_class "
    "WHERE schemaname = current_schema() AND tablename = 'quote_words' AND attname = 'vector' "
    "AND pg_class.oid = 'quote_words'::regclass"
)
_KNOWN = "SELECT word FROM words WHERE word = ANY(%s)"
_HOW_MANY = (
    "SELECT word, (SELECT count(*) FROM (SELECT FROM quote_words WHERE vector @@ query::tsquery LIMIT %s) AS held) "
    "FROM unnest(%s::text[], %s::text[]) AS asked (word, query) JOIN words USING (word)"
)
#: by how many of its rarest lexemes GIN looks for a phrase
_RAREST = 3
_SYNTAX = Syntax("'{}'", " & ", " | ")


@dataclass(frozen=True, slots=True)
class _Statistics:
    """What PostgreSQL knows of the quotes: how many, and the share of them that hold each of the commonest lexemes."""

    quotes: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)


class TSearch:
    """The index of a record in PostgreSQL."""

    def __init__(self) -> None:
        #: once PostgreSQL has counted; they change little
        self._known = _Statistics()

    def put(self, db: Connection, articles: Sequence[ArticleWords], quotes: Sequence[QuoteWords]) -> None:
        """Lets what is new be found."""
        words = sorted({word for quote in quotes for word in quote.content.split()})
        if len(articles) >= _MANY:
            for setting in _FOR_MANY:
                db.exec_driver_sql(setting)
        if words:
            db.exec_driver_sql(_NEW_WORDS, (" ".join(words),))
        texts = (row for article in articles for row in _article_rows(article))
        write(db, "article_words", ("number", "piece", "parted", "vector"), texts)
        write(db, "quote_words", ("id", "piece", "vector"), (row for quote in quotes for row in _quote_rows(quote)))

    def settle(self, db: Connection, step: int) -> bool:  # noqa: ARG002 - all is done in one
        """Brings the words that GIN has put off to their places, and counts them anew, which decides how to search."""
        for index in ("ix_quote_words_vector", "ix_article_words_vector"):
            db.exec_driver_sql("SELECT gin_clean_pending_list(%s::regclass)", (index,))
        db.exec_driver_sql("ANALYZE quote_words, article_words, quotes, articles")
        return False

    def drop_article(self, db: Connection, number: int) -> None:
        """Takes an article's own words out, its quotes' aside."""
        db.exec_driver_sql("DELETE FROM article_words WHERE number = %s", (number,))

    def quotes(self, db: Connection, sought: QuotesSought, limit: int) -> list[int]:
        """Ids of quotes, least first."""
        if sought.content:
            known = self.known(db, {word for phrase in sought.content for word in phrase})
            sought = replace(sought, content=spoken(sought.content, known))
            if not (sought.content or sought.words):
                return []
        exactly = _quotes_query(sought)
        if not sought.about and (window := self._window(db, sought, limit)):
            newest = db.exec_driver_sql(_NEWEST, (*sought.ids, window, exactly, limit)).scalars().all()
            if len(newest) >= limit:
                return list(newest)
        where, values = _MATCHING, [self._query(sought), *sought.ids, exactly]
        if sought.about:
            where, values = where + _ABOUT, [*values, _about(sought.about, titles=True)]
        return [row[0] for row in db.exec_driver_sql(_QUOTES.format(where), (*values, limit))]

    def articles(self, db: Connection, sought: ArticlesSought, limit: int) -> list[int]:
        """Numbers of articles, least first."""
        found, values = _found(sought)
        return [row[0] for row in db.exec_driver_sql(_ARTICLES.format(found), (*values, limit))]

    def count(self, db: Connection, sought: ArticlesSought) -> tuple[int, int, int | None, int | None]:
        """How many articles, how many quotes stand in them, and the least and greatest number of a dated one."""
        found, values = _found(sought)
        row = db.exec_driver_sql(_COUNT.format(found), (UNDATED, UNDATED, *values)).one()
        return row[0], int(row[1]), row[2], row[3]

    def known(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Those of `words` that stand in quotes, or did."""
        return {row[0] for row in db.exec_driver_sql(_KNOWN, (list(words),))}

    def how_many(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """How many quotes hold each word, counted up to 2,000."""
        known = self._statistics(db)  # the commonest words need not be counted
        often = {word: min(_COUNTED, int(known.shares[word] * known.quotes)) for word in words if word in known.shares}
        asked = sorted(set(words) - often.keys())
        counted = (
            db.exec_driver_sql(_HOW_MANY, (_COUNTED, asked, [_phrase([[word]]) for word in asked])) if asked else ()
        )
        return often | {word: number for word, number in counted if number}

    def _query(self, sought: QuotesSought) -> str:
        """What GIN is asked for: places do not count."""
        wanted = [f"({expression(phrases, _SYNTAX, self._rarest, mark)})" for mark, phrases in _fields(sought)]
        if sought.words:
            wanted.append(f"({_any_of([[word] for word in sought.words])})")
        return " & ".join(wanted)

    def _rarest(self, lexemes: Sequence[str]) -> Sequence[str]:
        return sorted(lexemes, key=lambda lexeme: self._known.shares.get(lexeme, 0.0))[:_RAREST]

    def _window(self, db: Connection, sought: QuotesSought, limit: int) -> int:
        """How many of the newest quotes are to be looked through before GIN is asked; 0 for none.

        A lexeme that a share of the quotes holds is held by one of the newest 1 / share; GIN gives every one of them.
        """
        known = self._statistics(db)
        share = prod(self._share(phrases, mark) for mark, phrases in _fields(sought))
        if sought.words or share <= sqrt(limit / max(known.quotes * _CHEAPER, 1)):
            return 0
        return min(int(_SPARE * limit / share), _WINDOW)

    def _statistics(self, db: Connection) -> _Statistics:
        if not self._known.shares and (row := db.exec_driver_sql(_COMMON).first()) is not None:
            self._known = _Statistics(row[2], dict(zip(row[0] or (), row[1] or (), strict=False)))
        return self._known

    def _share(self, phrases: AnyOf, mark: str) -> float:
        """The greatest share of the quotes that can hold one of the phrases; 0 for few."""
        shares = self._known.shares
        return max(min(shares.get(lexeme, 0.0) for lexeme in needed(phrase, mark)) for phrase in phrases)


def _article_rows(article: ArticleWords) -> Iterator[tuple[int, int, bool, str]]:
    title = article.title.split()
    parts = list(pieces(article.text.split()))
    for piece, text in enumerate(parts):
        yield article.number, piece, len(parts) > 1, tsvector((("", text), (TITLE, () if piece else title)))


def _quote_rows(quote: QuoteWords) -> Iterator[tuple[int, int, str]]:
    names = (SPEAKER, quote.speaker.split()), (OUTLET, quote.outlet.split())
    for piece, content in enumerate(pieces(quote.content.split())):
        yield quote.id, piece, f"{tsvector((('', content), *names))} {' '.join(pairs(content))}"


def tsvector(fields: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A tsvector of some fields, each a mark and its lexemes, as PostgreSQL reads it: it sorts them itself."""
    found: list[str] = []
    start = 1
    for mark, words in fields:
        places = _PLACES[start : start + len(words)]
        found += [f"{mark}{word}{place}" for word, place in zip(words, places, strict=True)]
        start += len(words) + _GAP
    return " ".join(found)


def _fields(sought: QuotesSought) -> list[tuple[str, AnyOf]]:
    """The mark of each field that is asked for, and its phrases."""
    fields = (("", sought.content), (SPEAKER, sought.speaker), (OUTLET, sought.outlet))
    return [(mark, phrases) for mark, phrases in fields if phrases]


def _quotes_query(sought: QuotesSought) -> str:
    """What the quotes sought hold, words in a row as such."""
    wanted = [f"({_any_of(phrases, mark)})" for mark, phrases in _fields(sought)]
    if sought.words:
        wanted.append(f"({_any_of([[word] for word in sought.words])})")
    return " & ".join(wanted)


def _found(sought: ArticlesSought) -> tuple[str, list[object]]:
    clauses = [_about(phrases, titles=sought.titles) for phrases in sought.each]
    together = " & ".join(f"({clause})" for clause in clauses)
    values: list[object] = [together, *sought.numbers]
    if len(clauses) < 2:
        return _WHOLE, values
    apart = " INTERSECT ".join([_PARTED] * len(clauses))
    return f"{_WHOLE} UNION ({apart})", values + [value for clause in clauses for value in (clause, *sought.numbers)]


def _about(phrases: AnyOf, *, titles: bool) -> str:
    return _any_of(phrases) + (f" | {_any_of(phrases, TITLE)}" if titles else "")


def _any_of(phrases: AnyOf, mark: str = "") -> str:
    return " | ".join(_phrase(phrase, mark) for phrase in gathered(phrases))


def _phrase(phrase: Sequence[Sequence[str]], mark: str = "") -> str:
    # letters, digits and marks: nothing in a lexeme can close the quotation marks
    places = (" | ".join(f"'{mark}{word}'" for word in words) for words in phrase)
    return "(" + " <-> ".join(f"({place})" for place in places) + ")"
