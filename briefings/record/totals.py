"""How many articles and quotes a record holds, counted as they come and go, so that nobody has to count them.

Rule: the database itself counts, whoever adds or deletes, within the same transaction. PostgreSQL keeps the count in
parts, one for each of a few connections, so that two that add do not wait for each other.
"""

from sqlalchemy import BigInteger, Connection, cast, column, func, select, table

from briefings.model import Searched
from briefings.record.schema import articles

_CREATE_TABLE = "CREATE TABLE totals (part INTEGER PRIMARY KEY, articles BIGINT NOT NULL, quotes BIGINT NOT NULL)"
_COUNT_EXISTING = "INSERT INTO totals SELECT 0, count(*), coalesce(sum(quotes), 0) FROM articles"
_ADD = "UPDATE totals SET articles = articles + {}, quotes = quotes + {} WHERE part = 0; END"

SQLITE = (
    _CREATE_TABLE,
    _COUNT_EXISTING,
    "CREATE TRIGGER totals_came AFTER INSERT ON articles BEGIN " + _ADD.format(1, "new.quotes"),
    "CREATE TRIGGER totals_gone AFTER DELETE ON articles BEGIN " + _ADD.format(-1, "-old.quotes"),
    "CREATE TRIGGER totals_changed AFTER UPDATE OF quotes ON articles BEGIN "
    + _ADD.format(0, "new.quotes - old.quotes"),
)

_COUNT_FUNCTION = """
CREATE FUNCTION count_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more_articles bigint := 0;
    more_quotes bigint := 0;
    fewer_articles bigint := 0;
    fewer_quotes bigint := 0;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        SELECT count(*), coalesce(sum(quotes), 0) INTO more_articles, more_quotes FROM came;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT count(*), coalesce(sum(quotes), 0) INTO fewer_articles, fewer_quotes FROM gone;
    END IF;
    IF more_articles <> fewer_articles OR more_quotes <> fewer_quotes THEN
        INSERT INTO totals AS held
        VALUES (pg_backend_pid() % 64, more_articles - fewer_articles, more_quotes - fewer_quotes)
        ON CONFLICT (part) DO UPDATE
        SET articles = held.articles + excluded.articles, quotes = held.quotes + excluded.quotes;
    END IF;
    RETURN NULL;
END $$
"""
_STATEMENT_TRIGGER = (
    "CREATE TRIGGER totals_{} AFTER {} ON articles REFERENCING {} FOR EACH STATEMENT EXECUTE FUNCTION count_totals()"
)

POSTGRESQL = (
    _CREATE_TABLE,
    _COUNT_EXISTING,
    _COUNT_FUNCTION,
    _STATEMENT_TRIGGER.format("came", "INSERT", "NEW TABLE AS came"),
    _STATEMENT_TRIGGER.format("gone", "DELETE", "OLD TABLE AS gone"),
    _STATEMENT_TRIGGER.format("changed", "UPDATE", "NEW TABLE AS came OLD TABLE AS gone"),
)

_TOTALS_TABLE = table("totals", column("articles", BigInteger), column("quotes", BigInteger))
#: the days are the ends of an index
_SELECT_TOTALS = select(
    cast(func.coalesce(func.sum(_TOTALS_TABLE.c.articles), 0), BigInteger),
    cast(func.coalesce(func.sum(_TOTALS_TABLE.c.quotes), 0), BigInteger),
    select(func.min(articles.c.published)).scalar_subquery(),
    select(func.max(articles.c.published)).scalar_subquery(),
)


def read_totals(db: Connection) -> Searched:
    """How many articles and quotes there are, and the first and last day of those that are dated."""
    article_count, quote_count, first, last = db.execute(_SELECT_TOTALS).one()
    return Searched(article_count, quote_count, first, last)
