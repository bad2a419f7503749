"""Extract an article's metadata from a page: title, byline, publication date, outlet and URL.

Rule: only explicit marks of the page's own article count, the most certain first: JSON-LD (schema.org), meta tags,
microdata, then the head of the article. Neighbours such as related stories never count. Neither a date nor an outlet
is guessed from a URL, footer or host name. Values that are malformed, too long or not storable are dropped.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import unescape

from lxml.html import HtmlElement

from briefings.ingest.bylines import join_authors
from briefings.ingest.field_validation import MAX_FIELD_LENGTH, MAX_NAME_LENGTH, normalise_url
from briefings.ingest.pages.metadata.json_ld import collect_objects
from briefings.ingest.pages.metadata.meta_tags import (
    MetaTags,
    collect_meta_tags,
    get_author_lists,
    get_outlets,
    get_titles,
)
from briefings.ingest.pages.metadata.page_article import PageArticle, PageIdentity, choose_page_article
from briefings.ingest.pages.metadata.page_authors import find_byline, find_publisher
from briefings.ingest.pages.metadata.page_days import find_day
from briefings.ingest.pages.metadata.page_parts import PageParts, find_parts, get_text
from briefings.text.spans import explain_unstorable

#: parts of a page that never describe its article
_OUTSIDE = "not(ancestor::aside or ancestor::nav or ancestor::footer)"
_ADDRESS = re.compile(r"://|^www\.|^@|facebook\.com|^\{\{|^\[object ")
#: the part of a title that names the outlet, after "|" or another sign, or after a dash
_SIGN_AND_OUTLET = re.compile(r"\s*(?:[|»•·]|::)\s*\S")
_DASH_AND_OUTLET = re.compile(r"\s+[-–—:]\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Metadata of a page; None where the page states nothing."""

    title: str | None
    byline: str | None
    published: date | None
    publisher: str | None
    #: the URL that the page states for itself; untrusted
    url: str | None


def extract_metadata(tree: HtmlElement, base: str | None) -> PageMetadata:
    """Extract the metadata of a page. `base` is the URL of the page, if known."""
    meta_tags = collect_meta_tags(iter(tree.xpath(f"descendant::meta[@content and {_OUTSIDE}]")))
    address = _find_address(tree, meta_tags, base)
    page_title = next((element.text or "" for element in tree.iterfind(".//head/title")), "")
    parts = find_parts(tree, [*get_titles(meta_tags), page_title])
    heading = "" if parts.headline is None else get_text(parts.headline)
    urls = tuple(url for url in (address, base) if url)
    identity = PageIdentity((heading, *get_titles(meta_tags)), page_title, urls, base or address)
    article = choose_page_article(
        collect_objects(iter(tree.xpath(f"descendant::script[@type and {_OUTSIDE}]"))), identity
    )
    publisher = _choose_publisher(article, meta_tags, parts)
    titles = [*article.get_headlines(), *get_titles(meta_tags), heading, page_title]
    return PageMetadata(
        title=_choose_title(titles, publisher),
        byline=_choose_byline(article, meta_tags, parts),
        published=find_day(article, meta_tags, parts),
        publisher=publisher,
        url=address,
    )


def _choose_publisher(article: PageArticle, meta_tags: MetaTags, parts: PageParts) -> str | None:
    """Return the outlet that the page names, never an address."""
    names = [*article.get_publishers(), *get_outlets(meta_tags), find_publisher(parts) or "", *article.get_site_names()]
    return _get_first_usable([name for name in names if not _ADDRESS.search(name.strip())], MAX_NAME_LENGTH)


def _choose_byline(article: PageArticle, meta_tags: MetaTags, parts: PageParts) -> str | None:
    """Return the authors that the most certain source states."""
    for names in (*article.get_author_lists(), *get_author_lists(meta_tags)):
        if byline := join_authors(names):
            return byline
    return find_byline(parts)


def _choose_title(titles: Iterable[str], publisher: str | None) -> str | None:
    """Return the first title, without the outlet if another title is the same without it."""
    usable_titles = [title for text in titles if (title := _get_first_usable([text]))]
    if not usable_titles:
        return None
    first_title = usable_titles[0]
    is_outlet = publisher is not None and first_title.casefold() == publisher.casefold()
    if is_outlet:
        return next((title for title in usable_titles if title.casefold() != first_title.casefold()), first_title)
    return next((title for title in usable_titles if _adds_outlet(first_title, title, publisher)), first_title)


def _adds_outlet(title: str, clean_title: str, publisher: str | None) -> bool:
    """Tell whether `title` is `clean_title` with the outlet behind it."""
    if len(clean_title) >= len(title) or not title.startswith(clean_title):
        return False
    rest = title[len(clean_title) :]
    match = _DASH_AND_OUTLET.fullmatch(rest)
    is_publisher = match is not None and publisher is not None and match[1].casefold() == publisher.casefold()
    return is_publisher or _SIGN_AND_OUTLET.match(rest) is not None


def _find_address(tree: HtmlElement, meta_tags: MetaTags, base: str | None) -> str | None:
    links = [str(link) for link in tree.xpath("descendant::link[@rel='canonical']/@href")]
    return next(
        (address for link in [*links, *meta_tags.get("ogurl", [])] if (address := normalise_url(link, base))), None
    )


def _get_first_usable(texts: Iterable[str], max_length: int = MAX_FIELD_LENGTH) -> str | None:
    """Return the first text that is storable and not too long, on one line; None if all are unusable."""
    for value in texts:
        text = " ".join(unescape(value).split())
        if text and len(text) <= max_length and not explain_unstorable(text):
            return text
    return None
