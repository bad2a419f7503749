"""What was fetched, as an article: with what the page tells of itself, and else with what its feed told.

Rule: nothing is made up. A page that shows only the beginning to those who do not pay is a teaser and is called so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from briefings.errors import BadInput
from briefings.ingest.address import canonical
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.fetch import Fetched
from briefings.ingest.markup import is_paid, page_of, paragraphs
from briefings.model import Article
from briefings.record.sources import Told
from briefings.text.storable import why_not_storable

#: the article of a page: its bytes, its address, the header Content-Type. Blocking. Raises BadInput
ReadPage = Callable[[bytes, str | None, str | None], Article]

#: words of a feed's own text from which on it is taken for the whole article
WHOLE = 150
#: words below which a page that asks to be paid for shows no more than its beginning
_TEASER = 200
#: words below which any page is taken for no more than that
_STUB = 40
#: what a feed's text ends with when it goes on elsewhere
_GOES_ON = ("…", "...", "[…]", "[...]", "read more", "continue reading", "read more.", "more »")
#: types of pages; an empty one is looked into
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "")
_LONGEST_ID = 500
#: bytes of a page that are searched for what it says of payment
_LOOKED_AT = 1_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """An article, and whether it is only its beginning."""

    article: Article
    teaser: bool = False


def is_whole(html: str) -> bool:
    """Whether a feed's text is likely to be all of the article."""
    text = paragraphs(html)
    return len(text.split()) >= WHOLE and not text.casefold().endswith(_GOES_ON)


def check_page(asked: str, fetched: Fetched) -> None:
    """Raises CannotFetch for what is no page, and for a site that sends to its front page what it no longer has."""
    kind = fetched.content_type.partition(";")[0].strip().lower()
    if kind not in _PAGES:
        shown = kind if kind.isprintable() and len(kind) <= 60 else "something else"
        raise CannotFetch(Failure.KIND, f"{asked} is no page but {shown}: give the address of an article.")
    if urlsplit(asked).path.strip("/") and not urlsplit(fetched.address).path.strip("/"):
        raise CannotFetch(Failure.MISSING, f"{asked} leads to the front page of its site: the article is not there.")


def read_told(address: str, told: Told, read_page: ReadPage, today: date) -> Read:
    """The article whose whole text came with its feed. Raises CannotFetch."""
    try:
        article = read_page(page_of(told.title, told.html), address, "text/html; charset=utf-8")
    except BadInput as error:
        raise CannotFetch(Failure.ARTICLE, str(error)) from error
    return Read(_completed(article, address, told, today))


def read_fetched(asked: str, fetched: Fetched, told: Told, read_page: ReadPage, today: date) -> Read:
    """The article of a page that was `asked` for and is one (`check_page`). Raises CannotFetch when it holds none."""
    assert fetched.data is not None  # noqa: S101 - whoever asks has looked
    paid = is_paid(fetched.data[:_LOOKED_AT].decode("latin-1"))
    try:
        article = read_page(fetched.data, fetched.address, fetched.content_type)
    except BadInput as error:
        return Read(_of_teaser(asked, told, today, error, paid=paid), teaser=True)
    own = canonical(article.url) or canonical(fetched.address) or fetched.address
    teaser = len(article.text.split()) < (_TEASER if paid else _STUB)
    if teaser and (text := _told_text(told)):
        article = replace(article, text=text)  # of so little, a page's own marks are easily taken for words of it
    return Read(_completed(article, own, told, today), teaser)


def _of_teaser(address: str, told: Told, today: date, error: BadInput, *, paid: bool) -> Article:
    """The words that the feed has of a page on which no article is found."""
    text = _told_text(told)
    if not text:
        why = f"{address} is for those who pay: no article can be read there." if paid else str(error)
        raise CannotFetch(Failure.ARTICLE, why) from error
    return _completed(Article(address, text), address, told, today)


def _told_text(told: Told) -> str:
    text = paragraphs(told.html)
    return "" if why_not_storable(text) else text


def _completed(article: Article, address: str, told: Told, today: date) -> Article:
    """With its address as its name, and with what the feed told where the page tells nothing."""
    published = article.published or _day(told.published)
    return replace(
        article,
        id=address if len(address) <= _LONGEST_ID else article.id,
        url=address,
        title=article.title or told.title,
        byline=article.byline or told.byline,
        publisher=article.publisher or told.outlet,
        # a date to come is a slip, or another's time zone
        published=published if published is None or published <= today + timedelta(days=1) else None,
    )


def _day(written: str | None) -> date | None:
    return datetime.fromisoformat(written).date() if written else None
