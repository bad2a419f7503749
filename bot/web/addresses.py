"""The address of every page, and nothing else: whoever links to one asks here. Pure.

Rule: what an address names (an id, a name, words) may be any text; it is percent-encoded here and decoded once, by the
web server. Addresses are paths: whoever sends one outside puts the site's own address before it.
"""

from urllib.parse import quote, urlencode

#: all pages are below it
PREFIX = "/record"
#: the paths of the pages below the prefix, as aiohttp's router reads them
FRONT, ARTICLES, ARTICLE = "/", "/articles", "/articles/{id}"
STORY, PERSON, SEARCH, STATIC = "/stories/{ask}", "/people/{name}", "/search", "/static"
#: where the asked words stand on an article's page
ASKED = "at"
#: no segment of a path can be these: they are steps in a tree
_STEPS = ("", ".", "..")


def front() -> str:
    """The first page."""
    return PREFIX + FRONT


def article(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The page of an article, opened at the characters from `start` to `end` (half-open) when they are given."""
    path = PREFIX + ARTICLES
    asked = {"at": f"{start}-{end}"} if start is not None and end is not None else {}
    if article_id in _STEPS:
        return _with(path, {"id": article_id} | asked, ASKED if asked else "")
    return _with(f"{path}/{_segment(article_id)}", asked, ASKED if asked else "")


def article_from(article_id: str, begin: int) -> str:
    """The page of a long article, in the part that holds the character `begin`."""
    path = PREFIX + ARTICLES
    if article_id in _STEPS:
        return _with(path, {"id": article_id, "from": str(begin)})
    return _with(f"{path}/{_segment(article_id)}", {"from": str(begin)})


def quotation(article_id: str, number: int) -> str:
    """The page of an article, opened at its quotation of that number, counted from 1."""
    return f"{article(article_id)}#{quotation_anchor(number)}"


def quotation_anchor(number: int) -> str:
    """What a quotation of an article is called on its page."""
    return f"q{number}"


def story(ask: str, *, as_json: bool = False, **more: str) -> str:
    """The page of a story: a topic's slug or words, as `/briefing` takes them; `more` are further parameters."""
    return _with(f"{PREFIX}/stories/{_segment(ask)}", ({"format": "json"} if as_json else {}) | more)


def person(name: str, **more: str) -> str:
    """The page of somebody who is quoted."""
    return _with(f"{PREFIX}/people/{_segment(name)}", more)


def search(words: str = "", **more: str) -> str:
    """The search page, answered when there are words; `more` are its filters."""
    return _with(PREFIX + SEARCH, ({"q": words} if words else {}) | more)


def static(name: str) -> str:
    """A file that ships with the pages."""
    return f"{PREFIX}{STATIC}/{name}"


def _segment(text: str) -> str:
    # a lone surrogate has no bytes; nothing in the record holds one
    return quote(text, safe="", errors="replace")


def _with(path: str, query: dict[str, str], fragment: str = "") -> str:
    asked = urlencode(query, quote_via=quote, errors="replace")
    return f"{path}{'?' if asked else ''}{asked}{'#' if fragment else ''}{fragment}"
