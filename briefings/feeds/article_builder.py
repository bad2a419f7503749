"""What was fetched, as an article: with what the page tells of itself, and else with what its feed told.

Rule: nothing is made up. A page that shows only the beginning to those who do not pay is a teaser and is called so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from briefings.errors import BadInput
from briefings.ingest.field_validation import normalise_url
from briefings.ingest.formats.html import build_page, extract_paragraphs, is_paywalled
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import FetchResponse
from briefings.model import Article
from briefings.storage.writes.feed_repository import FeedMetadata
from briefings.text.spans import explain_unstorable

#: the article of a page: its bytes, its address, the header Content-Type. Blocking. Raises BadInput
ReadPage = Callable[[bytes, str | None, str | None], Article]

#: words of a feed's own text from which on it is taken for the whole article
MIN_WHOLE_ARTICLE_WORDS = 150
#: words below which a page that asks to be paid for shows no more than its beginning
_MAX_TEASER_WORDS = 200
#: words below which any page is taken for no more than that
_MAX_STUB_WORDS = 40
#: what a feed's text ends with when it goes on elsewhere
_CONTINUATION_ENDINGS = ("…", "...", "[…]", "[...]", "read more", "continue reading", "read more.", "more »")
#: types of pages; an empty one is looked into
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "")
_MAX_ID_LENGTH = 500
#: bytes of a page that are searched for what it says of payment
_PAYWALL_SEARCH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """An article, and whether it is only its beginning."""

    article: Article
    is_teaser: bool = False


def is_whole_article(html: str) -> bool:
    """Whether a feed's text is likely to be all of the article."""
    text = extract_paragraphs(html)
    return len(text.split()) >= MIN_WHOLE_ARTICLE_WORDS and not text.casefold().endswith(_CONTINUATION_ENDINGS)


def check_page(requested_address: str, response: FetchResponse) -> None:
    """Raises CannotFetch for what is no page, and for a site that sends to its front page what it no longer has."""
    media_type = response.content_type.partition(";")[0].strip().lower()
    if media_type not in _PAGE_TYPES:
        shown_type = media_type if media_type.isprintable() and len(media_type) <= 60 else "something else"
        raise FetchError(
            Failure.KIND, f"{requested_address} is no page but {shown_type}: give the address of an article."
        )
    if urlsplit(requested_address).path.strip("/") and not urlsplit(response.address).path.strip("/"):
        raise FetchError(
            Failure.MISSING, f"{requested_address} leads to the front page of its site: the article is not there."
        )


def build_from_feed(address: str, feed_metadata: FeedMetadata, read_page: ReadPage, today: date) -> ExtractedArticle:
    """The article whose whole text came with its feed. Raises CannotFetch."""
    try:
        article = read_page(build_page(feed_metadata.title, feed_metadata.html), address, "text/html; charset=utf-8")
    except BadInput as error:
        raise FetchError(Failure.ARTICLE, str(error)) from error
    return ExtractedArticle(_complete_article(article, address, feed_metadata, today))


def build_from_page(
    requested_address: str, response: FetchResponse, feed_metadata: FeedMetadata, read_page: ReadPage, today: date
) -> ExtractedArticle:
    """The article of a page that was `asked` for and is one (`check_page`). Raises CannotFetch when it holds none."""
    assert response.data is not None  # noqa: S101 - whoever asks has looked
    is_paywalled_page = is_paywalled(response.data[:_PAYWALL_SEARCH_BYTES].decode("latin-1"))
    try:
        article = read_page(response.data, response.address, response.content_type)
    except BadInput as error:
        return ExtractedArticle(
            _build_from_teaser(requested_address, feed_metadata, today, error, is_paywalled_page=is_paywalled_page),
            is_teaser=True,
        )
    own_address = normalise_url(article.url) or normalise_url(response.address) or response.address
    is_teaser = len(article.text.split()) < (_MAX_TEASER_WORDS if is_paywalled_page else _MAX_STUB_WORDS)
    if is_teaser and (text := _get_feed_text(feed_metadata)):
        article = replace(article, text=text)  # of so little, a page's own marks are easily taken for words of it
    return ExtractedArticle(_complete_article(article, own_address, feed_metadata, today), is_teaser)


def _build_from_teaser(
    address: str, feed_metadata: FeedMetadata, today: date, error: BadInput, *, is_paywalled_page: bool
) -> Article:
    """The words that the feed has of a page on which no article is found."""
    text = _get_feed_text(feed_metadata)
    if not text:
        reason = f"{address} is for those who pay: no article can be read there." if is_paywalled_page else str(error)
        raise FetchError(Failure.ARTICLE, reason) from error
    return _complete_article(Article(address, text), address, feed_metadata, today)


def _get_feed_text(feed_metadata: FeedMetadata) -> str:
    text = extract_paragraphs(feed_metadata.html)
    return "" if explain_unstorable(text) else text


def _complete_article(article: Article, address: str, feed_metadata: FeedMetadata, today: date) -> Article:
    """With its address as its name, and with what the feed told where the page tells nothing."""
    publication_date = article.published or _parse_day(feed_metadata.published)
    return replace(
        article,
        id=address if len(address) <= _MAX_ID_LENGTH else article.id,
        url=address,
        title=article.title or feed_metadata.title,
        byline=article.byline or feed_metadata.byline,
        publisher=article.publisher or feed_metadata.outlet,
        # a date to come is a slip, or another's time zone
        published=publication_date
        if publication_date is None or publication_date <= today + timedelta(days=1)
        else None,
    )


def _parse_day(timestamp: str | None) -> date | None:
    return datetime.fromisoformat(timestamp).date() if timestamp else None
