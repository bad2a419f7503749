"""Find HTML that was pasted into a text: tags, and scripts and styles with their content.

Rule: markup stays in the text. It is never quoted, never a headline, and not shown on pages.
Rule: a tag that someone quotes is words, not markup: in “<script> was in the page”, the tag was printed. Formatting
inside a quotation remains markup.
"""

import re
from collections.abc import Iterator, Sequence

from briefings.model import Span
from briefings.text.spans import find_overlapping, merge_spans

#: a tag, or the beginning of one that is cut off at the end of a line
_TAG = re.compile(
    r"</?[a-zA-Z!][^<>\n]{0,2000}>|<[a-zA-Z][\w-]{0,20}[^\S\n][^<>=\n]{0,200}=[^<>\n]{0,2000}$", re.MULTILINE
)
#: elements whose content is code
_CODE_TAG = re.compile(r"<(script|style)\b[^<>]{0,2000}>", re.IGNORECASE)
#: a quotation in one line. Straight marks open after a blank and close before one
_QUOTATION = re.compile(
    r"“[^“”\n]{1,5000}”|«[^«»\n]{1,5000}»|„[^„“”\n]{1,5000}[“”]|(?<![^\s(\[—–-])\"(?=\S)[^\"\n]{1,5000}\"(?!\w)"
    r"|(?<![^\s(\[—–-])‘(?=\S)[^‘’\n]{1,5000}’(?!\w)"
)
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z!][\w-]*)")
_NAMES = re.compile(r"\w+")
#: tags that format text, which is pasted with them; those of `_UNPAIRED` need no closing tag
_FORMATTING = frozenset(
    _NAMES.findall(
        "a abbr b big cite code del div em figure font i ins mark ol pre q s small span strike strong sub sup u ul"
    )
)
_UNPAIRED = frozenset(("!", "!--", "!doctype", "br", "hr", "img", "iframe", "input", "li", "link", "meta", "p", "wbr"))


def find_markup(text: str) -> tuple[Span, ...]:
    """Return the spans of all markup in a text, in order and without overlaps."""
    if "<" not in text:
        return ()
    markup = merge_spans([*(Span(*tag.span()) for tag in _TAG.finditer(text)), *_find_code(text)])
    quotations = merge_spans(Span(*match.span()) for match in _QUOTATION.finditer(_fill(text, markup)))
    if not quotations:
        return markup
    pairs = _find_pairs(text, markup)
    return tuple(span for span in markup if not (find_overlapping(quotations, span) and _is_quoted(text, span, pairs)))


def _fill(text: str, markup: Sequence[Span]) -> str:
    """Return the text with letters in place of markup, whose quotation marks do not count."""
    pieces, end = [], 0
    for span in markup:
        pieces += [text[end : span.start], "x" * len(span)]
        end = span.end
    return "".join([*pieces, text[end:]])


def _find_pairs(text: str, markup: Sequence[Span]) -> dict[str, tuple[int, int]]:
    """Return, per name, where its first opening tag and its last closing tag start."""
    pairs: dict[str, tuple[int, int]] = {}
    for span in markup:
        for tag in _TAG_NAME.finditer(text, span.start, span.end):
            name = tag[2].lower()
            first, last = pairs.get(name, (len(text), -1))
            pairs[name] = (first, tag.start()) if tag[1] else (min(first, tag.start()), last)
    return pairs


def _is_quoted(text: str, span: Span, pairs: dict[str, tuple[int, int]]) -> bool:
    """Tell whether markup inside a quotation is words: code, an unknown tag, or a tag without a partner."""
    tag = _TAG_NAME.match(text, span.start)
    if tag is None:
        return True
    name = tag[2].lower()
    if name not in _FORMATTING:
        return name not in _UNPAIRED
    first_opening, last_closing = pairs[name]
    return first_opening > span.start if tag[1] else last_closing < span.start


def _find_code(text: str) -> Iterator[Span]:
    """Yield the scripts and styles with their tags; an element that is never closed is only a tag."""
    position = 0
    while opening := _CODE_TAG.search(text, position):
        closing = re.compile(rf"</{opening[1]}\s{{0,20}}>", re.IGNORECASE).search(text, opening.end())
        if closing is None:
            return
        yield Span(opening.start(), closing.end())
        position = closing.end()
