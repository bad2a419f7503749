"""The numbers of articles and quotes: the newer the article, the greater, whatever the order they were added in.

Rule: a number is the day and a slot; a quote's id is its article's number and its place there, counted from the end. So
numbers read backwards are the newest articles first and each one's quotes as they stand, and days are a range of them.
"""

from datetime import date
from hashlib import sha256

#: bits of the slot within a day, and of the place within an article
_SLOT, _PLACE = 24, 16
#: articles of one day, and quotes of one article, that there are numbers for
SLOTS, PLACES = 1 << _SLOT, 1 << _PLACE
#: the greatest id that any quote can have: days have 22 bits
LAST_ID = (1 << (22 + _SLOT + _PLACE)) - 1


def first_choice(article_id: str, published: date | None) -> int:
    """The number an article has unless another has it: undated ones come before the first day."""
    slot = int.from_bytes(sha256(article_id.encode()).digest()[: _SLOT // 8])
    return ((published.toordinal() if published else 0) << _SLOT) | slot


def next_choice(number: int) -> int:
    """The number after this one on the same day, the first after the last."""
    return (number & ~(SLOTS - 1)) | ((number + 1) & (SLOTS - 1))


def quote_id(number: int, place: int) -> int:
    """The id of the quote at `place` (0, 1, ... below PLACES) of the article with this number."""
    return (number << _PLACE) | (PLACES - 1 - place)


def article_of(quote: int) -> int:
    """The number of the article that a quote stands in."""
    return quote >> _PLACE


def day_of(number: int) -> date | None:
    """The day of an article; None when it is undated."""
    ordinal = number >> _SLOT
    return date.fromordinal(ordinal) if ordinal else None


def numbers_within(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last number of those days, both included; undated articles only when neither is given."""
    first = since.toordinal() if since else int(until is not None)
    last = until.toordinal() if until else LAST_ID >> (_SLOT + _PLACE)
    return first << _SLOT, (last << _SLOT) | (SLOTS - 1)


def ids_within(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last id of the quotes of those days."""
    first, last = numbers_within(since, until)
    return quote_id(first, PLACES - 1), quote_id(last, 0)
