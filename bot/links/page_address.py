"""Reads the posted URL of one of our pages. Pure.

Rule: the URL is a stranger's text. Only a URL with exactly our scheme, host, port and path prefix is one of our pages;
each part is decoded once, as the web server does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bot.links.urls import KEY_PARAMETER, PREFIX, WORKSPACE_PARAMETER

#: longest URL that is read, in characters, and most query parameters
_MAX_LENGTH, _MAX_PARAMETERS = 4_000, 20


class PageKind(StrEnum):
    """Kinds of pages that say something about the record."""

    ARTICLE = "article"
    STORY = "story"
    PERSON = "person"
    SEARCH = "search"
    TIMELINE = "timeline"
    COMPARISON = "comparison"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class PageAddress:
    """A page. `subject` is its article id, words or name, or "" for other pages. A link without a key has no `key`.

    `workspace` is the workspace that a link names, if it names one.
    """

    kind: PageKind
    subject: str
    params: Mapping[str, str]
    key: str | None = None
    workspace: str | None = None


def parse_page_url(url: str, base_url: str) -> PageAddress | None:
    """Return the page that `url` opens at the site `base_url`, or None for any other URL."""
    if len(url) > _MAX_LENGTH:
        return None
    try:
        parts, base = urlsplit(url), urlsplit(base_url)
        is_ours = _get_origin(parts) == _get_origin(base)
        pairs = parse_qsl(parts.query, max_num_fields=_MAX_PARAMETERS, errors="strict")
        params = dict(reversed(pairs))  # the first of equal names counts, as on the page
        prefix = base.path.rstrip("/") + PREFIX + "/"
        if not is_ours or not parts.path.startswith(prefix):
            return None
        return _read_path(parts.path.removeprefix(prefix).split("/"), params)
    except ValueError:  # an invalid URL, or bytes that are not UTF-8
        return None


def _read_path(segments: list[str], params: dict[str, str]) -> PageAddress | None:
    key, workspace = params.pop(KEY_PARAMETER, None), params.pop(WORKSPACE_PARAMETER, None)
    subjects = [unquote(segment, errors="strict") for segment in segments]
    if any("\x00" in text for text in (*subjects, *params.values())):  # PostgreSQL has no such text
        return None
    match subjects:
        case ["articles", str(article_id)] if article_id:
            return PageAddress(PageKind.ARTICLE, article_id, params, key, workspace)
        case ["articles"] if params.get("id"):
            return PageAddress(PageKind.ARTICLE, params["id"], params, key, workspace)
        case ["stories", str(words)] if words:
            return PageAddress(PageKind.STORY, words, params, key, workspace)
        case ["people", str(name)] if name:
            return PageAddress(PageKind.PERSON, name, params, key, workspace)
        case ["people", str(name), "timeline"] if name:
            return PageAddress(PageKind.TIMELINE, name, params, key, workspace)
        case ["compare"]:
            return PageAddress(PageKind.COMPARISON, "", params, key, workspace)
        case ["news"]:
            return PageAddress(PageKind.NEWS, "", params, key, workspace)
        case ["search"]:
            return PageAddress(PageKind.SEARCH, "", params, key, workspace)
    return None


def _get_origin(parts: SplitResult) -> tuple[str, str, int | None]:
    """Return scheme, host and port. Raises ValueError for a URL with a user name."""
    if parts.username is not None or parts.password is not None:
        raise ValueError("a page's URL has no user name")
    default_port = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or default_port
