"""Join a drop cap, the large first letter of an article, with the rest of its word.

Rule: "<b>C</b>ouncillors" is one word already. A space or a block between the two is dropped only if the element is
styled as a drop cap and the letter with the rest is one word: "A wall" and "I was" stay apart.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import get_text

_INLINE_TAGS = ("span", "b", "strong", "big", "font", "i", "em")
_BLOCK_TAGS = ("div", "p")
#: a union of paths with names is ten times as fast as one path for any name
_find_letters = etree.XPath(
    " | ".join(
        f"//{tag}[string-length(text()) < 20][not(*)][normalize-space(text())]"
        "[string-length(normalize-space(text())) < 3]"
        for tag in (*_INLINE_TAGS, *_BLOCK_TAGS)
    )
)
_LETTER = re.compile(r"\s*[“\"‘'«]?([^\W\d_])\s*")
_STYLE_NAME = re.compile(r"drop-?_?cap|(?:first|initial)[-_]?(?:letter|char|cap)|lettrine|\binitial\b", re.IGNORECASE)
_LARGE_STYLE = re.compile(
    r"float\s*:\s*left|font-size\s*:\s*(?:[3-9]\d|\d{3})p[xt]|font-size\s*:\s*[2-9](?:\.\d+)?r?em|"
    r"font-size\s*:\s*[2-9]\d\d%",
    re.IGNORECASE,
)
_LARGE_FONT = re.compile(r"\+[2-9]|[5-9]")
_REST = re.compile(r"\s*([^\W\d_]+)(?:['’][^\W\d_]+)?")
_JOINED_WORD_LIST = (
    "according after afternoon already also although amid amidst among amongst an and another any anyone arguably as "
    "asked at attempts african american australian authorities if in increasingly inflation instead inside into is "
    "israel it italy its of officers officials often on once one only opposition or organisers others our over"
)
#: beginnings of an article whose first letter is a word too, and the rest is none
_JOINED_WORDS = frozenset(_JOINED_WORD_LIST.split())


def join_drop_caps(tree: HtmlElement) -> None:
    """Remove the space after each drop cap in `tree` and make its element an inline one."""
    for element in _find_letters(tree):
        letter = _LETTER.fullmatch(element.text or "")
        if letter is None:
            continue
        cap = _get_outermost(element)
        if not _is_styled(element, cap) or not _is_first(cap) or not _is_one_word(letter[1], cap):
            continue
        if cap.tag in _BLOCK_TAGS:
            _join_block(cap, (element.text or "").strip())
        else:
            _join_inline(cap, element)


def _get_outermost(element: HtmlElement) -> HtmlElement:
    """Return the outermost inline element that contains nothing but `element`."""
    parent = element.getparent()
    while (
        parent is not None
        and parent.tag in _INLINE_TAGS
        and len(parent) == 1
        and not (parent.text or "").strip()
        and not (element.tail or "").strip()
    ):
        element, parent = parent, parent.getparent()
    return element


def _is_first(cap: HtmlElement) -> bool:
    """Tell whether nothing is before an element in its parent."""
    previous, parent = cap.getprevious(), cap.getparent()
    if previous is not None:
        return not get_text(previous) and not (previous.tail or "").strip()
    return parent is not None and not (parent.text or "").strip()


def _join_inline(cap: HtmlElement, element: HtmlElement) -> None:
    element.text = (element.text or "").strip()
    for part in (element, *element.iterancestors()):
        part.attrib.clear()  # extractors drop what is hidden from screen readers
        if part is cap:
            break
        part.tail = None
    following = cap.getnext()
    if (cap.tail or "").strip() or following is None:
        cap.tail = (cap.tail or "").lstrip()
    else:
        cap.tail = None
        following.text = (following.text or "").lstrip()


def _join_block(cap: HtmlElement, letter: str) -> None:
    """Move the letter of a block into the text or the paragraph after it."""
    following = cap.getnext()
    if (cap.tail or "").strip():
        cap.tag = "span"
        cap.attrib.clear()
        cap.text, cap.tail = letter, (cap.tail or "").lstrip()
    elif following is not None:
        following.text = letter + (following.text or "").lstrip()
        cap.drop_tree()


def _get_following_text(cap: HtmlElement) -> str:
    if (cap.tail or "").strip():
        return cap.tail or ""
    following = cap.getnext()
    return "" if following is None or following.tag == "br" else (cap.tail or "") + (following.text or "")


def _is_one_word(letter: str, cap: HtmlElement) -> bool:
    """Tell whether a letter and the text after its element are one word."""
    rest = _get_following_text(cap)
    match = _REST.match(rest)
    if match is None or not letter.isupper():
        return False
    word = match[1]
    if not (word.islower() or (word.isupper() and len(word) > 1)):
        return False
    is_apart = rest[:1].isspace() or cap.tag in _BLOCK_TAGS
    return not is_apart or letter not in "AIO" or (letter + word).lower() in _JOINED_WORDS


def _is_styled(element: HtmlElement, cap: HtmlElement) -> bool:
    """Tell whether an element or one around it, up to `cap`, is styled as a drop cap."""
    for part in (element, *element.iterancestors()):
        if (
            part.tag == "big"
            or _STYLE_NAME.search(part.get("class", "")) is not None
            or _LARGE_STYLE.search(part.get("style", "")) is not None
            or (part.tag == "font" and _LARGE_FONT.fullmatch(part.get("size", "").strip()) is not None)
        ):
            return True
        if part is cap:
            break
    return False
