"""The address of every page, and nothing else: whoever links to one asks here. Pure.

Rule: what an address names (an id, a name, words) may be any text; it is percent-encoded here and decoded once, by the
web server. Addresses are paths: whoever sends one outside puts the site's own address before it.

The addresses of our pages as messages link to them. Pure.

Rule: a page stands beside the publisher's link, never in its place. What is too long to be linked is left out.

Where somebody is led once they are let in: a page of ours, whatever was asked for. Pure.

Rule: only a path below our own prefix, never another host, whichever way an address may be spelt.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

#: all pages are below it
PREFIX = "/record"
#: the paths of the pages below the prefix, as aiohttp's router reads them
INDEX, ARTICLES, ARTICLE = "/", "/articles", "/articles/{id}"
STORY, PERSON, SEARCH, STATIC = "/stories/{ask}", "/people/{name}", "/search", "/static"
#: the doors: to Slack and back, and out
SIGN_IN, SIGN_IN_CALLBACK, SIGN_OUT = "/sign-in", "/signed-in", "/sign-out"
#: where the asked words stand on an article's page
SPAN_ANCHOR = "at"
#: no segment of a path can be these: they are steps in a tree
_DOT_SEGMENTS = ("", ".", "..")


def index() -> str:
    """The first page."""
    return PREFIX + INDEX


def article(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The page of an article, opened at the characters from `start` to `end` (half-open) when they are given."""
    path = PREFIX + ARTICLES
    span_params = {"at": f"{start}-{end}"} if start is not None and end is not None else {}
    if article_id in _DOT_SEGMENTS:
        return _add_query(path, {"id": article_id} | span_params, SPAN_ANCHOR if span_params else "")
    return _add_query(f"{path}/{_encode_segment(article_id)}", span_params, SPAN_ANCHOR if span_params else "")


def article_from(article_id: str, offset: int) -> str:
    """The page of a long article, in the part that holds the character `begin`."""
    path = PREFIX + ARTICLES
    if article_id in _DOT_SEGMENTS:
        return _add_query(path, {"id": article_id, "from": str(offset)})
    return _add_query(f"{path}/{_encode_segment(article_id)}", {"from": str(offset)})


def quotation(article_id: str, number: int) -> str:
    """The page of an article, opened at its quotation of that number, counted from 1."""
    return f"{article(article_id)}#{quotation_anchor(number)}"


def quotation_anchor(number: int) -> str:
    """What a quotation of an article is called on its page."""
    return f"q{number}"


def story(text: str, *, as_json: bool = False, **params: str) -> str:
    """The page of a story: a topic's slug or words, as `/briefing` takes them; `more` are further parameters."""
    return _add_query(f"{PREFIX}/stories/{_encode_segment(text)}", ({"format": "json"} if as_json else {}) | params)


def person(name: str, **params: str) -> str:
    """The page of somebody who is quoted."""
    return _add_query(f"{PREFIX}/people/{_encode_segment(name)}", params)


def search(text: str = "", **params: str) -> str:
    """The search page, answered when there are words; `more` are its filters."""
    return _add_query(PREFIX + SEARCH, ({"q": text} if text else {}) | params)


def sign_out() -> str:
    """Where somebody who was let in leaves."""
    return PREFIX + SIGN_OUT


def static(name: str) -> str:
    """A file that ships with the pages."""
    return f"{PREFIX}{STATIC}/{name}"


def _encode_segment(text: str) -> str:
    # a lone surrogate has no bytes; nothing in the record holds one
    return quote(text, safe="", errors="replace")


def _add_query(path: str, params: dict[str, str], fragment: str = "") -> str:
    query_string = urlencode(params, quote_via=quote, errors="replace")
    return f"{path}{'?' if query_string else ''}{query_string}{'#' if fragment else ''}{fragment}"


#: characters of an address that is kept while somebody signs in
MAX_LENGTH = 2000
#: the parameter of an address that holds the key to it
KEY_PARAMETER = "key"

# no backslash, which browsers read as a slash; no control; nothing that is not percent-encoded already
_PAGE_PATTERN = re.compile(re.escape(PREFIX) + r"(?:/(?!/)[!$-\[\]_a-z~]*)?(?:\?[!$-\[\]_a-z~]*)?")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
#: the paths of the doors
AUTH_PATHS = tuple(PREFIX + path for path in (SIGN_IN, SIGN_IN_CALLBACK, SIGN_OUT))


def resolve_redirect(url: str) -> str:
    """`address` if it is a page of ours, else the first page."""
    path = url.partition("?")[0]
    is_page = (
        len(url) <= MAX_LENGTH
        and _PAGE_PATTERN.fullmatch(url)
        and not _DOT_SEGMENT.search(path)
        and path not in AUTH_PATHS
    )
    return url if is_page else index()


def add_key(url: str, key: str) -> str:
    """`address` with the key in it, in front of its fragment; as it is without one."""
    path, separator, fragment = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{KEY_PARAMETER}={key}{separator}{fragment}" if key else url


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Pages under `base`, an address without a slash at its end; `key` opens them, "" where none is to stand there."""

    base: str
    key: str = ""

    def build_article_link(self, article_id: str, start: int, end: int) -> str:
        """An article, opened at the characters from `start` to `end` (half-open)."""
        return self._build_link(article(article_id, start, end))

    def build_story_link(self, words: str) -> str:
        """A story: a topic's slug, or words."""
        return self._build_link(story(words))

    def _build_link(self, path: str) -> str:
        return self.base + add_key(path, self.key)
