"""Build articles from fetched pages, with metadata from the page first and from its feed second.

Rule: nothing is invented. A page that shows only the beginning of an article to non-subscribers counts as a teaser.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from briefings.article import parse_article
from briefings.errors import BadInput, LimitExceeded
from briefings.feeds.plain_text import read_plain_text
from briefings.ingest.field_validation import normalise_url
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import FetchResponse
from briefings.ingest.pages.html import build_page, extract_paragraphs, is_paywalled
from briefings.model import Article
from briefings.storage.writes.feed_repository import FeedMetadata
from briefings.text.spans import explain_unstorable

#: parses a page from its bytes, URL and Content-Type header. Blocking. Raises BadInput
ReadPage = Callable[[bytes, str | None, str | None], Article]

#: number of words below which a paywalled page counts as a teaser
_MAX_TEASER_WORDS = 200
#: number of words below which any page counts as a teaser
_MAX_STUB_WORDS = 40
#: content types of pages; without a content type, the content is parsed too
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "")
_MAX_ID_LENGTH = 500
#: beginning of a page that its server calls plain text
_HTML_BEGINNING = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
#: number of bytes of a page that are searched for a paywall mark
_PAYWALL_SEARCH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """An article, and whether only its beginning could be read."""

    article: Article
    is_teaser: bool = False


def check_type(requested_address: str, response: FetchResponse) -> None:
    """Raise FetchError if the response is not a page."""
    media_type = _get_media_type(response)
    if media_type not in _PAGE_TYPES:
        shown_type = media_type if media_type.isprintable() and len(media_type) <= 60 else "unknown type"
        raise FetchError(
            Failure.KIND, f"{requested_address} is not a web page ({shown_type}). Use the address of an article."
        )


def check_existence(requested_address: str, response: FetchResponse) -> None:
    """Raise FetchError if the site redirected a missing article to its front page."""
    if urlsplit(requested_address).path.strip("/") and not urlsplit(response.address).path.strip("/"):
        raise FetchError(
            Failure.MISSING,
            f"{requested_address} redirects to its site's front page, so the article seems to be gone.",
        )


def build_from_feed(address: str, feed_metadata: FeedMetadata, read_page: ReadPage, today: date) -> ExtractedArticle:
    """Build an article from the whole text in its feed. Raises FetchError if it contains no article."""
    try:
        article = read_page(build_page(feed_metadata.title, feed_metadata.html), address, "text/html; charset=utf-8")
    except BadInput as error:
        raise FetchError(_classify(error), str(error)) from error
    return ExtractedArticle(_complete_article(article, address, feed_metadata, today))


def build_from_page(
    requested_address: str, response: FetchResponse, feed_metadata: FeedMetadata, read_page: ReadPage, today: date
) -> ExtractedArticle:
    """Build an article from a page that passed `check_type`; use the feed's text if the page has only a teaser.

    Raises FetchError if neither the page nor the feed has text.
    """
    assert response.data is not None  # noqa: S101 - callers only pass responses with content
    is_paywalled_page = is_paywalled(response.data[:_PAYWALL_SEARCH_BYTES].decode("latin-1"))
    try:
        if _get_media_type(response) == "text/plain" and not _HTML_BEGINNING.match(response.data):
            article = read_plain_text(response.data, requested_address, response.content_type)
        else:
            article = read_page(response.data, response.address, response.content_type)
    except BadInput as error:
        return ExtractedArticle(
            _build_from_teaser(requested_address, feed_metadata, today, error, is_paywalled_page=is_paywalled_page),
            is_teaser=True,
        )
    own_address = normalise_url(article.url) or normalise_url(response.address) or response.address
    is_teaser = len(article.text.split()) < (_MAX_TEASER_WORDS if is_paywalled_page else _MAX_STUB_WORDS)
    if is_teaser and (text := _get_feed_text(feed_metadata)):
        article = replace(article, text=text)  # on such short pages, navigation is easily mistaken for the article
        own_address = requested_address if "#" in requested_address else own_address
    return ExtractedArticle(_complete_article(article, own_address, feed_metadata, today), is_teaser)


async def fetch_article(
    url: str, fetch: Callable[[str], Awaitable[FetchResponse]], read_page: ReadPage, today: date
) -> Article | None:
    """Return the article at a URL as its page has it now; None if the page has no article, or only a teaser."""
    try:
        response = await fetch(url)
        if response.data is None:
            return None
        check_type(url, response)
        check_existence(url, response)
        extracted = build_from_page(url, response, FeedMetadata(), read_page, today)
    except (FetchError, BadInput):
        return None
    return None if extracted.is_teaser else parse_article(extracted.article)


def _build_from_teaser(
    address: str, feed_metadata: FeedMetadata, today: date, error: BadInput, *, is_paywalled_page: bool
) -> Article:
    """Build an article from the feed's text for a page without an article. Raises FetchError without such text."""
    text = _get_feed_text(feed_metadata)
    if not text:
        reason = f"{address} is behind a paywall, so no article could be read." if is_paywalled_page else str(error)
        raise FetchError(_classify(error), reason) from error
    return _complete_article(Article(address, text), address, feed_metadata, today)


def _classify(error: BadInput) -> Failure:
    return Failure.LIMIT if isinstance(error, LimitExceeded) else Failure.ARTICLE


def _get_feed_text(feed_metadata: FeedMetadata) -> str:
    text = extract_paragraphs(feed_metadata.html)
    return "" if explain_unstorable(text) else text


def _complete_article(article: Article, address: str, feed_metadata: FeedMetadata, today: date) -> Article:
    """Set the article's id to its URL, and fill missing metadata from the feed."""
    publication_date = article.published or _parse_day(feed_metadata.published)
    return replace(
        article,
        id=address if len(address) <= _MAX_ID_LENGTH else article.id,
        url=address,
        title=article.title or feed_metadata.title,
        byline=article.byline or feed_metadata.byline,
        publisher=article.publisher or feed_metadata.outlet,
        # a date more than a day ahead is an error; one day can be a difference of time zones
        published=publication_date
        if publication_date is None or publication_date <= today + timedelta(days=1)
        else None,
    )


def _get_media_type(response: FetchResponse) -> str:
    return response.content_type.partition(";")[0].strip().lower()


def _parse_day(timestamp: str | None) -> date | None:
    return datetime.fromisoformat(timestamp).date() if timestamp else None
