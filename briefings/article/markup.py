"""Find HTML that was pasted into a text: tags, and scripts and styles with their content.

Rule: markup stays in the text. It is never quoted, never a headline, and not shown on pages.
"""

import re
from collections.abc import Iterator

from briefings.model import Span
from briefings.text.spans import merge_spans

#: a tag, or the beginning of one that is cut off at the end of a line
_TAG = re.compile(
    r"</?[a-zA-Z!][^<>\n]{0,2000}>|<[a-zA-Z][\w-]{0,20}[^\S\n][^<>=\n]{0,200}=[^<>\n]{0,2000}$", re.MULTILINE
)
#: elements whose content is code
_CODE_TAG = re.compile(r"<(script|style)\b[^<>]{0,2000}>", re.IGNORECASE)


def find_markup(text: str) -> tuple[Span, ...]:
    """Return the spans of all markup in a text, in order and without overlaps."""
    if "<" not in text:
        return ()
    tags = (Span(*tag.span()) for tag in _TAG.finditer(text))
    return merge_spans([*tags, *_find_code(text)])


def _find_code(text: str) -> Iterator[Span]:
    """Yield the scripts and styles with their tags; an element that is never closed is only a tag."""
    position = 0
    while opening := _CODE_TAG.search(text, position):
        closing = re.compile(rf"</{opening[1]}\s{{0,20}}>", re.IGNORECASE).search(text, opening.end())
        if closing is None:
            return
        yield Span(opening.start(), closing.end())
        position = closing.end()
