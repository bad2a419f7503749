"""Addresses that open a publisher's page at the very words (text fragments).

Source: https://wicg.github.io/scroll-to-text-fragment/ . Rule: the words named are the first place where they stand in
the article, or the link names enough of them, from both ends, to be.
"""

import re
from urllib.parse import quote, urlsplit

from briefings.model import Article, Span
from briefings.text.fold import fold

#: words; a span no longer than this is named whole, a longer one by its ends
WHOLE = 8
_ENDS = 4
_MOST = 12
#: address schemes that a person may be sent to
_SCHEMES = ("http", "https")


def link_to(article: Article, span: Span) -> str | None:
    """The address of the article's page, opened at `span`; None when the article has no usable address."""
    address = page_of(article)
    if address is None:
        return None
    fragment = text_fragment(article.text, span)
    return f"{address}#:~:text={fragment}" if fragment else address


def page_of(article: Article) -> str | None:
    """The article's own address without a fragment, when it is one of the web's."""
    if article.url is None:
        return None
    try:
        parts = urlsplit(article.url)
    except ValueError:
        return None
    usable = parts.scheme in _SCHEMES and parts.hostname and not re.search(r"[\s<>\"|\x00-\x1f\x7f]", article.url)
    return parts._replace(fragment="").geturl() if usable else None


def text_fragment(text: str, span: Span) -> str:
    """The `text=` directive for `span`: "start" or "start,end", percent-encoded; "" when the span holds no word."""
    words = _first_line(text, span).split()
    if not words:
        return ""
    tail = _last_line(text, span).split()
    if len(words) <= WHOLE and words == tail:
        return _encoded(words)
    count = _ENDS
    while count < min(_MOST, len(words)) and not _is_first(text, span, " ".join(words[:count])):
        count += 1
    return f"{_encoded(words[:count])},{_encoded(tail[-_ENDS:])}"


def _is_first(text: str, span: Span, words: str) -> bool:
    return fold(text).find(fold(words)) == span.start


def _first_line(text: str, span: Span) -> str:
    return span.of(text).strip().split("\n", 1)[0].strip()


def _last_line(text: str, span: Span) -> str:
    return span.of(text).strip().rsplit("\n", 1)[-1].strip()


def _encoded(words: list[str]) -> str:
    # "-" and "," are the directive's own marks, and quote() leaves "-" alone
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")
