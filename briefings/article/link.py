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
#: what ends an address in some place it is shown, or shows another one: blanks, brackets, controls, direction marks
_UNFIT = re.compile(r"[\s<>\"|\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


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
    usable = parts.scheme in _SCHEMES and parts.hostname and not _UNFIT.search(article.url)
    return parts._replace(fragment="").geturl() if usable else None


def text_fragment(text: str, span: Span) -> str:
    """The `text=` directive for `span`, percent-encoded: "start" or "start,end"; "" when the span holds no word.

    Where the start's words stand earlier in the article too, those around the span on its lines tell it apart:
    "before-,start", or "start,-after" at the start of a line.
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
    before, after = _words_around(text, span) if count is None else ([], [])
    return ",".join(
        [
            *([f"{_encoded(before)}-"] if before else []),
            _encoded(words[: count or counts[-1]]),
            *([] if whole else [_encoded(tail[-_ENDS:])]),
            *([f"-{_encoded(after)}"] if after and not before else []),
        ]
    )


def _is_first(until_then: str, start: int, words: list[str]) -> bool:
    return until_then.find(fold(" ".join(words))) == start


def _words_around(text: str, span: Span) -> tuple[list[str], list[str]]:
    """The last words before the span and the first ones after it, on its own lines, marks included."""
    # whatever is no line break keeps `splitlines` from dropping an empty last line
    before = f"{text[max(0, span.start - _REACH) : span.start]}|".splitlines()[-1][:-1]
    after = f"|{text[span.end : span.end + _REACH]}".splitlines()[0][1:]
    return before.split()[-_ENDS:], after.split()[:_ENDS]


def _encoded(words: list[str]) -> str:
    # "-" and "," are the directive's own marks, and quote() leaves "-" alone
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")
