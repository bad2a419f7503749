"""The numbers of articles and quotes: the newer the article, the less, whatever the order they were added in.

Rule: a number is how long before the last of all days the article's was, and a slot; a quote's id is its article's
number and its place there. So numbers in their order are the newest articles first, each one's quotes as they stand,
undated ones last; and days are a range of numbers.
"""

from datetime import date
from hashlib import sha256

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
