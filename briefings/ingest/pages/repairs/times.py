"""Keep <time> elements that are words of a sentence: "announced on <time>Tuesday</time> that". The extraction drops
all of them.

Rule: a <time> is running text if words stand beside it on its line. One that fills its line is a stamp.
"""

import re

from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import get_text, is_prose

_INLINE_TAGS = frozenset(["span", "a", "b", "strong", "em", "i", "q", "u", "small", "font", "mark", "cite", "abbr"])
_PARAGRAPH_TAGS = frozenset(["p", "li", "blockquote", "td", "dd", "figcaption"])
_WORD = re.compile(r"[^\W\d_]{2}")
#: how a sentence goes on after a day
_SENTENCE = re.compile(r"\s*[a-z]+\s+[a-z]")


def keep_times(tree: HtmlElement) -> None:
    """Replace each <time> of a sentence in `tree` with its text."""
    for time in list(tree.iter("time")):
        if time is not tree and stands_in_line(time):
            time.drop_tag()


def stands_in_line(time: HtmlElement) -> bool:
    """Tell whether words stand beside an element on its line."""
    element = time
    while True:
        parent = element.getparent()
        if parent is None:
            return False
        previous = element.getprevious()
        before = parent.text if previous is None else previous.tail
        if _WORD.search(before or "") or _WORD.search(element.tail or "") or _has_inline_neighbour(element):
            return True
        if parent.tag not in _INLINE_TAGS:
            return False
        element = parent


def _has_inline_neighbour(element: HtmlElement) -> bool:
    """Tell whether the element before or after is part of the line and has words."""
    neighbours = (element.getprevious(), element.getnext())
    return any(
        neighbour is not None and neighbour.tag in _INLINE_TAGS and _WORD.search("".join(neighbour.itertext()))
        for neighbour in neighbours
    )


def is_in_sentence(time: HtmlElement) -> bool:
    """Tell whether an element is part of a sentence, rather than of a byline or a label such as "Published"."""
    if not stands_in_line(time):
        return False
    block = next((parent for parent in time.iterancestors() if parent.tag not in _INLINE_TAGS), time)
    is_in_prose = block.tag in _PARAGRAPH_TAGS and is_prose(get_text(block))
    return is_in_prose or _SENTENCE.match(time.tail or "") is not None
