"""Totals of articles and quotes, and the row ids that sort both newest-first.

Rule: triggers update the totals in the transaction that adds or deletes. PostgreSQL spreads each total over 64 rows, so
that concurrent writers do not block each other.
Rule: an article number combines the days left until the last possible day with a slot within the day. A quote id
combines its article's number with the quote's position. Ascending ids list the newest articles first, undated articles
last, and each article's quotes in text order; a range of days is a range of ids.
"""

from datetime import date
from hashlib import sha256

from sqlalchemy import BigInteger, Connection, cast, column, func, select, table

from briefings.model import SearchTotals
from briefings.storage.db.schema import articles

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
#: the first and last day come from the ends of an index
_SELECT_TOTALS = select(
    cast(func.coalesce(func.sum(_TOTALS_TABLE.c.articles), 0), BigInteger),
    cast(func.coalesce(func.sum(_TOTALS_TABLE.c.quotes), 0), BigInteger),
    select(func.min(articles.c.published)).scalar_subquery(),
    select(func.max(articles.c.published)).scalar_subquery(),
)


#: bits for the day, the slot within a day, and the position within an article
_DAY_BITS, _SLOT_BITS, _POSITION_BITS = 22, 24, 16
#: the most articles per day, and quotes per article, that have an id
SLOTS_PER_DAY, QUOTES_PER_ARTICLE = 1 << _SLOT_BITS, 1 << _POSITION_BITS
#: days count back from here; it is later than any date, so dated articles never reach it
_LAST_DAY = (1 << _DAY_BITS) - 1
#: the lowest number of an undated article
FIRST_UNDATED = _LAST_DAY << _SLOT_BITS


def read_totals(db: Connection) -> SearchTotals:
    """Return the counts of articles and quotes, and the first and last publication day of dated articles."""
    article_count, quote_count, first, last = db.execute(_SELECT_TOTALS).one()
    return SearchTotals(article_count, quote_count, first, last)


def choose_number(article_id: str, published: date | None) -> int:
    """Return an article's preferred number; the caller handles collisions (`choose_next_number`)."""
    slot = int.from_bytes(sha256(article_id.encode()).digest()[: _SLOT_BITS // 8])
    return (_LAST_DAY - (published.toordinal() if published else 0)) << _SLOT_BITS | slot


def choose_next_number(number: int) -> int:
    """Return the next number of the same day; the last slot wraps around to the first."""
    return (number & ~(SLOTS_PER_DAY - 1)) | ((number + 1) & (SLOTS_PER_DAY - 1))


def to_quote_id(number: int, position: int) -> int:
    """Return the id of the quote at `position` (0 to QUOTES_PER_ARTICLE - 1) of the article with this number."""
    return (number << _POSITION_BITS) | position


def to_article_number(quote_id: int) -> int:
    """Return the number of a quote's article."""
    return quote_id >> _POSITION_BITS


def get_day(number: int) -> date | None:
    """Return the publication day that an article number encodes, or None for an undated article."""
    return None if number >= FIRST_UNDATED else date.fromordinal(_LAST_DAY - (number >> _SLOT_BITS))


def get_day_number(number: int) -> int:
    """Return the days from an article's day until the last possible day; undated articles have one number, too."""
    return number >> _SLOT_BITS


def get_days_around(number: int, days: int) -> range:
    """Return the `get_day_number` of articles up to `days` days before or after; of undated ones, only their own."""
    if number >= FIRST_UNDATED:
        return range(_LAST_DAY, _LAST_DAY + 1)
    day = get_day_number(number)
    return range(max(0, day - days), min(_LAST_DAY, day + days + 1))


def get_numbers_of_days(days: range) -> tuple[int, int]:
    """Return the inclusive range of article numbers of a range of `get_day_number`."""
    return days.start << _SLOT_BITS, (days.stop << _SLOT_BITS) - 1


def get_number_range(since: date | None, until: date | None) -> tuple[int, int]:
    """Return the inclusive range of article numbers for a range of days; undated articles only if both are None."""
    first = _LAST_DAY - until.toordinal() if until else 0
    last = _LAST_DAY - since.toordinal() if since else _LAST_DAY - int(until is not None)
    return first << _SLOT_BITS, (last << _SLOT_BITS) | (SLOTS_PER_DAY - 1)


def get_quote_id_range(since: date | None, until: date | None) -> tuple[int, int]:
    """Return the inclusive range of quote ids for a range of days, as `get_number_range` does for articles."""
    first, last = get_number_range(since, until)
    return to_quote_id(first, 0), to_quote_id(last, QUOTES_PER_ARTICLE - 1)
