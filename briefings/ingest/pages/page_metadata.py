"""Extract an article's metadata from a page: title, byline, publication date, outlet and URL.

Rule: only explicit markup counts, the most specific first: JSON-LD (schema.org), Open Graph and meta tags, microdata,
then the page's headline. A date is never guessed from a URL or footer, nor an outlet from a host name. Values that are
malformed, too long or not storable are dropped.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape

from lxml.html import HtmlElement

from briefings.ingest.field_validation import MAX_FIELD_LENGTH, MAX_NAME_LENGTH, normalise_url
from briefings.ingest.publication_days import parse_day
from briefings.text.spans import explain_unstorable

#: maximum length of JSON-LD that is parsed, in characters
_MAX_JSON_LD_LENGTH = 500_000
#: maximum number of JSON-LD objects that are searched
_MAX_OBJECTS = 200
_TITLE_TAGS = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "parsely-title")
_BYLINE_TAGS = ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "article:author")
_DATE_TAGS = (
    "article:published_time",
    "og:article:published_time",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "parsely-pub-date",
    "pubdate",
    "datepublished",
)
_OUTLET_TAGS = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "article:publisher")
_BYLINE_PREFIX = re.compile(r"(?:by|written by)[:\s]+", re.IGNORECASE)


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
    json_ld_article = _find_json_ld_article(tree)
    meta_tags = _collect_meta_tags(tree)
    return PageMetadata(
        title=_get_first_usable(
            [json_ld_article.get("headline")], _get_meta_values(meta_tags, _TITLE_TAGS), _find_titles(tree)
        ),
        byline=_get_first_usable(
            _join_names(json_ld_article.get("author")),
            _get_meta_values(meta_tags, _BYLINE_TAGS),
            _find_bylines(tree),
            is_name=True,
        ),
        published=_get_first_date(
            [json_ld_article.get("datePublished")], _get_meta_values(meta_tags, _DATE_TAGS), _find_dates(tree)
        ),
        publisher=_get_first_usable(
            _join_names(json_ld_article.get("publisher")),
            _get_meta_values(meta_tags, _OUTLET_TAGS),
            is_name=True,
            max_length=MAX_NAME_LENGTH,
        ),
        url=_find_address(tree, meta_tags, base),
    )


def _find_json_ld_article(tree: HtmlElement) -> Mapping[str, object]:
    """Return the first article among the page's top-level objects; nested objects describe other articles."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        for json_object in _parse_json_ld_objects(script.text or ""):
            types = json_object.get("@type")
            types = types if isinstance(types, list) else [types]
            if any(
                isinstance(type_name, str) and type_name.endswith(("Article", "BlogPosting")) for type_name in types
            ):
                return json_object
    return {}


def _parse_json_ld_objects(json_text: str) -> Iterator[dict[str, object]]:
    try:
        parsed_json = json.loads(json_text, strict=False) if len(json_text) <= _MAX_JSON_LD_LENGTH else None
    except (ValueError, RecursionError):
        return
    for json_object in (parsed_json if isinstance(parsed_json, list) else [parsed_json])[:_MAX_OBJECTS]:
        if isinstance(json_object, dict):
            yield json_object
            graph = json_object.get("@graph")
            yield from (
                graph_item
                for graph_item in (graph if isinstance(graph, list) else [])[:_MAX_OBJECTS]
                if _is_map(graph_item)
            )


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


def _collect_meta_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of the meta tags by lower-case name."""
    contents_by_name: dict[str, list[str]] = {}
    for tag in tree.iterfind(".//meta[@content]"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        contents_by_name.setdefault(name.strip().lower(), []).append(tag.get("content", ""))
    return contents_by_name


def _get_meta_values(meta_tags: Mapping[str, list[str]], names: Iterable[str]) -> list[str]:
    return [value for name in names for value in meta_tags.get(name, [])[:1]]


def _join_names(value: object) -> list[str]:
    """Join the names of one or more people or organisations in JSON-LD into one text."""
    names = []
    for person in value[:20] if isinstance(value, list) else [value]:
        name = person.get("name") if isinstance(person, dict) else person
        if isinstance(name, str) and name.strip() and name not in names:
            names.append(name)
    return [", ".join(names)] if names else []


def _find_titles(tree: HtmlElement) -> list[str]:
    headings = [" ".join(heading.itertext()) for heading in tree.iterfind(".//h1")]
    return (headings if len(headings) == 1 else []) + [
        title_element.text or "" for title_element in tree.iterfind(".//head/title")
    ][:1]


def _find_bylines(tree: HtmlElement) -> list[str]:
    elements = tree.xpath(".//*[@itemprop='author' or @rel='author' or contains(concat(' ', @class, ' '), ' byline ')]")
    return [" ".join(element.itertext()) for element in elements][:1]


def _find_dates(tree: HtmlElement) -> list[str]:
    values = tree.xpath(
        ".//time[@pubdate or @itemprop='datePublished']/@datetime | .//*[@itemprop='datePublished']/@content"
    )
    return [str(value) for value in values][:1]


def _find_address(tree: HtmlElement, meta_tags: Mapping[str, list[str]], base: str | None) -> str | None:
    links = [str(link) for link in tree.xpath(".//link[@rel='canonical']/@href")]
    return next(
        (address for link in [*links, *meta_tags.get("og:url", [])] if (address := normalise_url(link, base))), None
    )


def _get_first_usable(
    *candidate_lists: Iterable[object], is_name: bool = False, max_length: int = MAX_FIELD_LENGTH
) -> str | None:
    """Return the first text that is storable and not too long, on one line; None if all are unusable.

    With `is_name`, a leading "By" is removed and URLs are skipped.
    """
    for value in (value for candidates in candidate_lists for value in candidates):
        if not isinstance(value, str):
            continue
        text = " ".join(unescape(value).split())
        if is_name:
            text = _BYLINE_PREFIX.sub("", text, count=1) if _BYLINE_PREFIX.match(text) else text
        if text and len(text) <= max_length and not explain_unstorable(text) and not (is_name and "://" in text):
            return text
    return None


def _get_first_date(*candidate_lists: Iterable[object]) -> date | None:
    texts = (text.strip() for candidates in candidate_lists for text in candidates if isinstance(text, str))
    return next((day for text in texts if (day := parse_day(text))), None)
