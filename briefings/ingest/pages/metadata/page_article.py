"""Choose the JSON-LD object of a page's own article among objects of related articles, and read its fields.

Rule: an object is the page's if it states the page's URL or headline, or if it is the only one and contradicts neither.
Several objects without a match describe nothing for certain, so none is used.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from briefings.ingest.field_validation import normalise_url
from briefings.ingest.pages.metadata.json_ld import JsonObject, get_links, get_texts, get_type_names

_ARTICLE_TYPE = re.compile(r"\w*(?:Article|BlogPosting)|Report|PressRelease", re.IGNORECASE)
_PAGE_TYPES = frozenset(["WebPage", "ItemPage"])
#: share of words in common from which two headlines are one; more if the URLs differ
SIMILAR, _NEARLY_EQUAL = 0.5, 0.8
#: words that headlines have in common by chance
_SHORT_WORD_LENGTH = 3
_MAX_TITLE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What a page states about itself: its headlines, the title of its window, and its URLs."""

    headlines: tuple[str, ...]
    window_title: str
    urls: tuple[str, ...]
    base: str | None

    @property
    def titles(self) -> tuple[str, ...]:
        """All titles of the page."""
        return (*self.headlines, self.window_title)


@dataclass(frozen=True, slots=True)
class PageArticle:
    """JSON-LD of a page's own article, of the page itself and of its site."""

    articles: tuple[JsonObject, ...] = ()
    pages: tuple[JsonObject, ...] = ()
    sites: tuple[JsonObject, ...] = ()

    def get_headlines(self) -> list[str]:
        """Return the headlines of the article."""
        return [text for article in self.articles for text in get_texts(article.get("headline"))[:1]]

    def get_author_lists(self) -> list[list[str]]:
        """Return the authors of the article as each object states them."""
        return [get_texts(article.get(name)) for name in ("author", "creator") for article in self.articles]

    def get_publishers(self) -> list[str]:
        """Return the publishers of the article; none if an object names several."""
        publishers = [get_texts(json_object.get("publisher")) for json_object in (*self.articles, *self.pages)]
        return [names[0] for names in publishers if len(set(names)) == 1]

    def get_site_names(self) -> list[str]:
        """Return the names of the site."""
        return [name for site in self.sites for name in get_texts(site.get("name"))[:1]]

    def get_day_lists(self) -> Iterator[list[str]]:
        """Yield the days of publication of the article, then those of the page."""
        for objects in (self.articles, self.pages):
            yield [text for json_object in objects for text in get_texts(json_object.get("datePublished"))]


def choose_page_article(objects: Sequence[JsonObject], identity: PageIdentity) -> PageArticle:
    """Return the objects of the page's own article, of the page and of its site."""
    articles = [
        json_object for json_object in objects if any(map(_ARTICLE_TYPE.fullmatch, get_type_names(json_object)))
    ]
    pages = [json_object for json_object in objects if get_type_names(json_object) & _PAGE_TYPES]
    pages = [page for page in pages if page not in articles and not _contradicts_url(page, identity)]
    sites = [json_object for json_object in objects if "WebSite" in get_type_names(json_object)]
    main_entities = [link for page in pages for link in get_links(page.get("mainEntity")) if link]
    return PageArticle(tuple(_choose_articles(articles, identity, main_entities)), tuple(pages), tuple(sites[:1]))


def measure_similarity(first_title: str, second_title: str) -> float:
    """Return the share of words that two titles have in common."""
    first_words, second_words = set(_split_words(first_title, 1)), set(_split_words(second_title, 1))
    all_words = first_words | second_words
    return len(first_words & second_words) / len(all_words) if all_words else 0.0


def _choose_articles(
    articles: Sequence[JsonObject], identity: PageIdentity, main_entities: Sequence[str]
) -> list[JsonObject]:
    by_url = [article for article in articles if _has_page_url(article, identity)]
    by_id = [article for article in articles if article.get("@id") in main_entities] if main_entities else []
    if by_url or by_id:
        return by_url or by_id
    similarities = [(_measure_headline(article, identity), article) for article in articles]
    best = max((similarity for similarity, _ in similarities), default=0)
    if best >= SIMILAR:
        return [article for similarity, article in similarities if similarity == best]
    remaining = [article for article in articles if not _contradicts(article, identity)]
    return remaining if len(remaining) == 1 or _are_one(remaining) else []


def _has_page_url(json_object: JsonObject, identity: PageIdentity) -> bool:
    return not _list_url_keys(json_object, identity).isdisjoint(_normalise_urls(identity.urls, identity.base))


def _contradicts_url(json_object: JsonObject, identity: PageIdentity) -> bool:
    """Tell whether an object states URLs, and the page states others."""
    keys, page_keys = _list_url_keys(json_object, identity), _normalise_urls(identity.urls, identity.base)
    return bool(keys and page_keys) and keys.isdisjoint(page_keys)


def _contradicts(article: JsonObject, identity: PageIdentity) -> bool:
    """Tell whether an object describes another article: it has another URL, or no word of the page's titles."""
    headlines = get_texts(article.get("headline"))[:1]
    words = [word for headline in headlines for word in _split_words(headline)]
    page_words = {word for title in identity.titles for word in _split_words(title)}
    # the title of a window alone can be that of the site
    has_other_words = any(identity.headlines) and bool(words and page_words) and page_words.isdisjoint(words)
    return has_other_words or _contradicts_url(article, identity)


def _are_one(articles: Sequence[JsonObject]) -> bool:
    """Tell whether all objects describe one article: the same headline, which each states."""
    headlines = {" ".join(get_texts(article.get("headline"))[:1]).casefold() for article in articles}
    return len(headlines) == 1 and "" not in headlines


def _list_url_keys(json_object: JsonObject, identity: PageIdentity) -> frozenset[str]:
    links = [link for name in ("url", "@id", "mainEntityOfPage") for link in get_links(json_object.get(name))]
    return _normalise_urls(links, identity.base)


def _normalise_urls(links: Iterable[str], base: str | None) -> frozenset[str]:
    """Return keys of URLs, which are equal for http and https, with and without "www." and a final slash."""
    keys = set()
    for link in list(links)[:20]:
        if not link.startswith("#") and (url := normalise_url(link, base)):
            parts = urlsplit(url)
            path = unquote(parts.path).rstrip("/")
            # the address of a home page identifies no article
            if path:
                keys.add(f"{(parts.hostname or '').removeprefix('www.')}{path}?{parts.query}")
    return frozenset(keys)


def _measure_headline(article: JsonObject, identity: PageIdentity) -> float:
    """Return how similar the article's headline is to the page's titles. If the URLs differ, less similarity is 0."""
    headlines = get_texts(article.get("headline"))[:1]
    similarity = max(
        (measure_similarity(headline, title) for headline in headlines for title in identity.titles), default=0.0
    )
    return 0.0 if similarity < _NEARLY_EQUAL and _contradicts_url(article, identity) else similarity


def _split_words(title: str, min_length: int = _SHORT_WORD_LENGTH + 1) -> list[str]:
    return [word for word in re.findall(r"\w+", title[:_MAX_TITLE_LENGTH].casefold()) if len(word) >= min_length]
