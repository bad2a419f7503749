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
STORY, PERSON, SEARCH, NEWS, STATIC = "/stories/{ask}", "/people/{name}", "/search", "/news", "/static"
TIMELINE, COMPARISON = "/people/{name}/timeline", "/compare"
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
#: query parameter that names the workspace whose record a link without a key opens; it gives no access
WORKSPACE_PARAMETER = "workspace"
#: query parameter that names the format of a download
FORMAT_PARAMETER = "format"

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


def news(**params: str) -> str:
    """Return the path of the news of some days: `days="this week"`, or `since` and `until`."""
    return _add_query(f"{PREFIX}{NEWS}", params)


def person(name: str, **params: str) -> str:
    """Return the path of a quoted person's page. `params` are added to the query."""
    return _add_query(f"{PREFIX}/people/{_encode_segment(name)}", params)


def timeline(name: str, **params: str) -> str:
    """Return the path of a person's timeline. `params` are its subject and other filters."""
    return _add_query(f"{PREFIX}/people/{_encode_segment(name)}/timeline", params)


def comparison(first: str = "", second: str = "", **params: str) -> str:
    """Return the path of the page with two people side by side. `params` are its subject and other filters."""
    names = {"first": first, "second": second} if first or second else {}
    return _add_query(f"{PREFIX}{COMPARISON}", names | params)


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
    return _add_parameter(url, KEY_PARAMETER, key)


def add_params(path: str, params: dict[str, str]) -> str:
    """Return the path of a page without query parameters, with `params` as its query parameters."""
    return _add_query(path, params)


def add_format(path: str, name: str) -> str:
    """Return the path of a page in another format, without its fragment."""
    path = path.partition("#")[0]
    return f"{path}{'&' if '?' in path else '?'}{FORMAT_PARAMETER}={name}"


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Builds links to pages. `base` is the site's URL without a final slash; `key` opens the pages ("" for no key).

    `workspace` is in links without a key, if each workspace has its own record.
    """

    base: str
    key: str = ""
    workspace: str = ""

    def build_article_link(self, article_id: str, start: int, end: int) -> str:
        """Return the URL of an article, opened at the half-open character range from `start` to `end`."""
        return self._build_link(article(article_id, start, end))

    def build_story_link(self, words: str, **filters: str) -> str:
        """Return the URL of a story: a topic's slug or any words. `filters` are the outlet and days."""
        return self._build_link(add_params(story(words), filters))

    def build_timeline_link(self, name: str, about: str | None = None, **filters: str) -> str:
        """Return the URL of a person's timeline, on a subject or on everything. `filters` are the outlet and days."""
        return self._build_link(timeline(name, **({"about": about} if about else {}), **filters))

    def build_comparison_link(self, first: str, second: str, about: str | None = None, **filters: str) -> str:
        """Return the URL of the page with two people side by side. `filters` are the outlet and days."""
        return self._build_link(comparison(first, second, **({"about": about} if about else {}), **filters))

    def _build_link(self, path: str) -> str:
        if self.key:
            return self.base + add_key(path, self.key)
        return self.base + _add_parameter(path, WORKSPACE_PARAMETER, self.workspace)


def _add_parameter(url: str, name: str, value: str) -> str:
    path, separator, fragment = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{name}={value}{separator}{fragment}" if value else url


def _encode_segment(text: str) -> str:
    # a lone surrogate cannot be encoded; stored text contains none
    return quote(text, safe="", errors="replace")


def _add_query(path: str, params: dict[str, str], fragment: str = "") -> str:
    query_string = urlencode(params, quote_via=quote, errors="replace")
    return f"{path}{'?' if query_string else ''}{query_string}{'#' if fragment else ''}{fragment}"
