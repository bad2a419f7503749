"""Builds the URL of every page, and decides where a browser may be redirected after sign-in. Pure.

Rule: any text can be an id, a name or a query. It is percent-encoded here and decoded once, by the web server. Each
function returns a path; messages prefix it with the site's URL. A page link is added next to the publisher's link and
never replaces it. Redirects go only to paths below `PREFIX`, never to another host, however the URL is spelt.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

#: prefix of all page paths
PREFIX = "/record"
#: paths below the prefix, in the syntax of aiohttp's router
INDEX, ARTICLES, ARTICLE = "/", "/articles", "/articles/{id}"
STORY, PERSON, SEARCH, STATIC = "/stories/{ask}", "/people/{name}", "/search", "/static"
#: sign-in with Slack, its callback, and sign-out
SIGN_IN, SIGN_IN_CALLBACK, SIGN_OUT = "/sign-in", "/signed-in", "/sign-out"
#: full paths of the sign-in pages; no redirect goes to them
AUTH_PATHS = tuple(PREFIX + path for path in (SIGN_IN, SIGN_IN_CALLBACK, SIGN_OUT))
#: anchor of the linked words on an article's page
SPAN_ANCHOR = "at"
#: longest URL that is kept during sign-in, in characters
MAX_LENGTH = 2000
#: query parameter that contains a link's key
KEY_PARAMETER = "key"

#: ids that cannot be a path segment, because browsers resolve them
_DOT_SEGMENTS = ("", ".", "..")
# excludes backslashes (browsers read them as slashes), control characters and unencoded text
_PAGE_PATTERN = re.compile(re.escape(PREFIX) + r"(?:/(?!/)[!$-\[\]_a-z~]*)?(?:\?[!$-\[\]_a-z~]*)?")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)


def index() -> str:
    """Return the path of the first page."""
    return PREFIX + INDEX


def article(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the path of an article, opened at the half-open character range from `start` to `end` if given."""
    path = PREFIX + ARTICLES
    span_params = {"at": f"{start}-{end}"} if start is not None and end is not None else {}
    if article_id in _DOT_SEGMENTS:
        return _add_query(path, {"id": article_id} | span_params, SPAN_ANCHOR if span_params else "")
    return _add_query(f"{path}/{_encode_segment(article_id)}", span_params, SPAN_ANCHOR if span_params else "")


def article_from(article_id: str, offset: int) -> str:
    """Return the path of the part of a long article that contains the character at `offset`."""
    path = PREFIX + ARTICLES
    if article_id in _DOT_SEGMENTS:
        return _add_query(path, {"id": article_id, "from": str(offset)})
    return _add_query(f"{path}/{_encode_segment(article_id)}", {"from": str(offset)})


def quotation(article_id: str, number: int) -> str:
    """Return the path of an article, opened at its quote number `number`, counted from 1."""
    return f"{article(article_id)}#{quotation_anchor(number)}"


def quotation_anchor(number: int) -> str:
    """Return the anchor of a quote on an article's page."""
    return f"q{number}"


def story(text: str, *, as_json: bool = False, **params: str) -> str:
    """Return the path of a story: a topic's slug or any words, as in `/briefing`. `params` are added to the query."""
    return _add_query(f"{PREFIX}/stories/{_encode_segment(text)}", ({"format": "json"} if as_json else {}) | params)


def person(name: str, **params: str) -> str:
    """Return the path of a quoted person's page. `params` are added to the query."""
    return _add_query(f"{PREFIX}/people/{_encode_segment(name)}", params)


def search(text: str = "", **params: str) -> str:
    """Return the path of the search page, with results for `text` unless it is empty. `params` are its filters."""
    return _add_query(PREFIX + SEARCH, ({"q": text} if text else {}) | params)


def sign_out() -> str:
    """Return the path that ends a session."""
    return PREFIX + SIGN_OUT


def static(name: str) -> str:
    """Return the path of a static file."""
    return f"{PREFIX}{STATIC}/{name}"


def resolve_redirect(url: str) -> str:
    """Return `url` if it is the path of a page, else the path of the first page."""
    path = url.partition("?")[0]
    is_page = (
        len(url) <= MAX_LENGTH
        and _PAGE_PATTERN.fullmatch(url)
        and not _DOT_SEGMENT.search(path)
        and path not in AUTH_PATHS
    )
    return url if is_page else index()


def add_key(url: str, key: str) -> str:
    """Return `url` with `key` as a query parameter, before the fragment. An empty key changes nothing."""
    path, separator, fragment = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{KEY_PARAMETER}={key}{separator}{fragment}" if key else url


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Builds links to pages. `base` is the site's URL without a final slash; `key` opens the pages ("" for no key)."""

    base: str
    key: str = ""

    def build_article_link(self, article_id: str, start: int, end: int) -> str:
        """Return the URL of an article, opened at the half-open character range from `start` to `end`."""
        return self._build_link(article(article_id, start, end))

    def build_story_link(self, words: str) -> str:
        """Return the URL of a story: a topic's slug or any words."""
        return self._build_link(story(words))

    def _build_link(self, path: str) -> str:
        return self.base + add_key(path, self.key)


def _encode_segment(text: str) -> str:
    # a lone surrogate cannot be encoded; stored text contains none
    return quote(text, safe="", errors="replace")


def _add_query(path: str, params: dict[str, str], fragment: str = "") -> str:
    query_string = urlencode(params, quote_via=quote, errors="replace")
    return f"{path}{'?' if query_string else ''}{query_string}{'#' if fragment else ''}{fragment}"
