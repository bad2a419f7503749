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
#: characters looked back over for the words before a span
_REACH = 200
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
    """The `text=` directive for `span`, percent-encoded: "start" or "start,end"; "" when the span holds no word.

    Where the start's words stand earlier in the article too, the words before it tell it apart: "before-,start".
    """
    lines = span.of(text).strip().splitlines()
    if not lines:
        return ""
    words, tail = lines[0].split(), lines[-1].split()
    start = span.start + span.of(text).index(words[0])
    until_then = fold(text[: span.end])
    whole = len(lines) == 1 and len(words) <= WHOLE
    # the two ends of one line must not run into each other
    most = min(_MOST, len(words) - (_ENDS if len(lines) == 1 else 0))
    counts = [len(words)] if whole else [*range(_ENDS, most), max(1, most)]
    count = next((n for n in counts if _is_first(until_then, start, words[:n])), None)
    before = _words_before(text, start) if count is None else []
    parts = [_encoded(words[: count or counts[-1]]), *([] if whole else [_encoded(tail[-_ENDS:])])]
    return ",".join([*([f"{_encoded(before)}-"] if before else []), *parts])


def _is_first(until_then: str, start: int, words: list[str]) -> bool:
    return until_then.find(fold(" ".join(words))) == start


def _words_before(text: str, start: int) -> list[str]:
    """The last words before `start` on its own line, marks included."""
    line = text[max(0, start - _REACH) : start].splitlines()
    return line[-1].split()[-_ENDS:] if line else []


def _encoded(words: list[str]) -> str:
    # "-" and "," are the directive's own marks, and quote() leaves "-" alone
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")
