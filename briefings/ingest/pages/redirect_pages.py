"""Find the address that a page without text of its own sends its readers to.

Rule: only a page with little visible text is a redirect. An article that refreshes itself, or sends phones to another
page by a script, is an article.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

#: maximum number of visible characters of a page that redirects by a meta tag, and by a script
_MAX_META_TEXT = 600
_MAX_SCRIPT_TEXT = 200
#: number of characters of a page in which redirects are searched
_MAX_MARKUP_LENGTH = 200_000
#: a page that refreshes later than this shows its own text
_MAX_DELAY_SECONDS = 10
_MAX_TARGET_LENGTH = 2_000
_REFRESH_MARK = re.compile(r"http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh|\blocation\b", re.IGNORECASE)
_REFRESH = re.compile(
    r"\s*(?P<delay>\d{0,6})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?"
    r"(?:\"(?P<double>[^\"]+)\"?|'(?P<single>[^']+)'?|(?P<plain>[^\"'\s]\S*))",
    re.IGNORECASE,
)
_SCRIPT_REDIRECT = re.compile(
    r"(?:^|[;{}\s(])(?<!var\s)(?<!let\s)(?<!const\s)(?:(?:window|document|self|top|parent)\.){0,3}location(?:\.href)?\s{0,9}"
    r"(?:=|\.(?:replace|assign)\s{0,9}\()\s{0,9}"
    r"(?P<quote>[\"'])(?P<target>[^\"'\n<>]{1,2000})(?P=quote)\s{0,9}(?=[;)}\n]|$)",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\(.)")
_find_refreshes = etree.XPath("//meta[translate(normalize-space(@http-equiv), 'REFSH', 'refsh') = 'refresh']/@content")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PATH = re.compile(r"/|^\?|\.(?:html?|php|aspx?|jsp)\b", re.IGNORECASE)
#: elements whose text a browser does not show
_HIDDEN_TAGS = frozenset(["script", "style", "title", "noscript", "template"])


def find_refresh_target(markup: str) -> str | None:
    """Return the address that a page without text of its own refreshes to, as written there, or None.

    The address is untrusted and can be relative. Meta tags count, also in <noscript>, and an assignment to
    `location` in a script.
    """
    if len(markup) > _MAX_MARKUP_LENGTH or _REFRESH_MARK.search(markup) is None:
        return None
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    length = _count_visible_characters(tree)
    targets = [
        *(_find_meta_targets(tree) if length <= _MAX_META_TEXT else ()),
        *(_find_script_targets(tree) if length <= _MAX_SCRIPT_TEXT else ()),
    ]
    return next((target for target in targets if _is_web_address(target)), None)


def _is_web_address(target: str) -> bool:
    return 0 < len(target) <= _MAX_TARGET_LENGTH and target.isprintable() and not _OTHER_SCHEME.match(target)


def _count_visible_characters(tree: HtmlElement) -> int:
    pieces = (
        piece
        for element in tree.iter()
        for piece in (None if element.tag in _HIDDEN_TAGS else element.text, element.tail)
        if piece
    )
    return sum(len(" ".join(piece.split())) for piece in pieces)


def _find_meta_targets(tree: HtmlElement) -> Iterator[str]:
    for content in _find_refreshes(tree):
        match = _REFRESH.match(str(content)[: _MAX_TARGET_LENGTH + 50])
        if match is not None and int(match["delay"] or 0) <= _MAX_DELAY_SECONDS:
            yield (match["double"] or match["single"] or match["plain"]).strip()


def _find_script_targets(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        for match in _SCRIPT_REDIRECT.finditer(script.text or ""):
            target = _ESCAPE.sub(r"\1", match["target"]).strip()
            if _PATH.search(target) is not None:
                yield target
