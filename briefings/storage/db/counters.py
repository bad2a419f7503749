"""How many articles and quotes a record holds, counted as they come and go, so that nobody has to count them.

Rule: the database itself counts, whoever adds or deletes, within the same transaction. PostgreSQL keeps the count in
parts, one for each of a few connections, so that two that add do not wait for each other.

The numbers of articles and quotes: the newer the article, the less, whatever the order they were added in.

Rule: a number is how long before the last of all days the article's was, and a slot; a quote's id is its article's
number and its place there. So numbers in their order are the newest articles first, each one's quotes as they stand,
undated ones last; and days are a range of numbers.
"""

from datetime import date
from hashlib import sha256

from sqlalchemy import BigInteger, Connection, cast, column, func, select, table

from briefings.model import Searched
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


#: bits of the day, of the slot within a day, and of the place within an article
_DAY_BITS, _SLOT_BITS, _POSITION_BITS = 22, 24, 16
#: articles of one day, and quotes of one article, that there are numbers for
SLOTS_PER_DAY, QUOTES_PER_ARTICLE = 1 << _SLOT_BITS, 1 << _POSITION_BITS
#: where the days are counted back from; no day is that late, and no dated article has its number
_LAST_DAY = (1 << _DAY_BITS) - 1
#: the first number of undated articles
FIRST_UNDATED = _LAST_DAY << _SLOT_BITS


def choose_number(article_id: str, published: date | None) -> int:
    """The number an article has unless another has it."""
    slot = int.from_bytes(sha256(article_id.encode()).digest()[: _SLOT_BITS // 8])
    return (_LAST_DAY - (published.toordinal() if published else 0)) << _SLOT_BITS | slot


def choose_next_number(number: int) -> int:
    """The number after this one on the same day, the first after the last."""
    return (number & ~(SLOTS_PER_DAY - 1)) | ((number + 1) & (SLOTS_PER_DAY - 1))


def to_quote_id(number: int, position: int) -> int:
    """The id of the quote at `place` (0, 1, ... below PLACES) of the article with this number."""
    return (number << _POSITION_BITS) | position


def get_day(number: int) -> date | None:
    """The day of an article; None when it is undated."""
    return None if number >= FIRST_UNDATED else date.fromordinal(_LAST_DAY - (number >> _SLOT_BITS))


def get_number_range(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last number of those days, both included; undated articles only when neither is given."""
    first = _LAST_DAY - until.toordinal() if until else 0
    last = _LAST_DAY - since.toordinal() if since else _LAST_DAY - int(until is not None)
    return first << _SLOT_BITS, (last << _SLOT_BITS) | (SLOTS_PER_DAY - 1)


def get_quote_id_range(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last id of the quotes of those days."""
    first, last = get_number_range(since, until)
    return to_quote_id(first, 0), to_quote_id(last, QUOTES_PER_ARTICLE - 1)
