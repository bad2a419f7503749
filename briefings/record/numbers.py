"""The numbers of articles and quotes: the newer the article, the less, whatever the order they were added in.

Rule: a number is how long before the last of all days the article's was, and a slot; a quote's id is its article's
number and its place there. So numbers in their order are the newest articles first, each one's quotes as they stand,
undated ones last; and days are a range of numbers.
"""

from datetime import date
from hashlib import sha256

#: bits of the day, of the slot within a day, and of the place within an article
_DAY, _SLOT, _PLACE = 22, 24, 16
#: articles of one day, and quotes of one article, that there are numbers for
SLOTS, PLACES = 1 << _SLOT, 1 << _PLACE
#: where the days are counted back from; no day is that late, and no dated article has its number
_END = (1 << _DAY) - 1
#: the first number of undated articles
UNDATED = _END << _SLOT


def first_choice(article_id: str, published: date | None) -> int:
    """The number an article has unless another has it."""
    slot = int.from_bytes(sha256(article_id.encode()).digest()[: _SLOT // 8])
    return (_END - (published.toordinal() if published else 0)) << _SLOT | slot


def next_choice(number: int) -> int:
    """The number after this one on the same day, the first after the last."""
    return (number & ~(SLOTS - 1)) | ((number + 1) & (SLOTS - 1))


def quote_id(number: int, place: int) -> int:
    """The id of the quote at `place` (0, 1, ... below PLACES) of the article with this number."""
    return (number << _PLACE) | place


def day_of(number: int) -> date | None:
    """The day of an article; None when it is undated."""
    return None if number >= UNDATED else date.fromordinal(_END - (number >> _SLOT))


def numbers_within(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last number of those days, both included; undated articles only when neither is given."""
    first = _END - until.toordinal() if until else 0
    last = _END - since.toordinal() if since else _END - int(until is not None)
    return first << _SLOT, (last << _SLOT) | (SLOTS - 1)


def ids_within(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last id of the quotes of those days."""
    first, last = numbers_within(since, until)
    return quote_id(first, 0), quote_id(last, PLACES - 1)
