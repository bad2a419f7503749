"""Find the text of an article in a record's value: a text, markup, a list of paragraphs, or one of several versions.

Rule: plain text stays unchanged. Markup is converted like a web page's. A mark such as "[+1234 chars]" is cut off.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefings.errors import BadInput
from briefings.ingest.context import ReadPage
from briefings.ingest.pages.html import build_page, extract_paragraphs
from briefings.model import Span

#: keys of an object that holds a text, best first
_TEXT_KEYS = ("plain", "text", "rendered", "value", "main", "html", "body", "content", "#text")
#: types of a part that belongs to the running text (fields "type" or "subtype")
_PARAGRAPH_TYPES = frozenset(
    {"paragraph", "p", "text", "html", "sanitized_html", "richtext", "rich_text", "blockquote", "quote", "body"}
)
_MARKUP = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|figure|article|section|span|strong|em|b|i|a|html|body)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_WHOLE_PAGE = re.compile(r"\s*(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_TRUNCATION_MARK = re.compile(r"\s*\[\+?\s?\d[\d,.]{0,12}\s*(?:more\s+)?char(?:acter)?s?\]\s*\Z", re.IGNORECASE)
_ASIDE = re.compile(r"<(aside|figure|script|style|iframe)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
#: number of characters in which markup is searched
_MARKUP_SEARCH_CHARACTERS = 20_000
#: share of the words that an extraction must keep, or else the paragraphs are taken as they are
_MIN_KEPT_SHARE = 0.8
_MAX_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Text of an article, with the words of its quotation elements, and whether it is only the beginning."""

    text: str
    quotation_elements: tuple[Span, ...] = ()
    is_beginning: bool = False


def find_text(value: object) -> str | None:
    """Return the plain text or markup that a value holds, or None."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, Mapping):
        return next((text for key in _TEXT_KEYS if (text := _get_string(value, key)) is not None), None)
    if isinstance(value, list | tuple) and value:
        return _join_paragraphs(value) if isinstance(value[0], str) else _find_text_of_parts(value[:_MAX_PARTS])
    return None


def build_text(text: str, read_page: ReadPage | None) -> ArticleText:
    """Convert a found text: markup to plain text, and without a mark of truncation."""
    mark = _TRUNCATION_MARK.search(text[-60:]) if text.rstrip().endswith("]") else None
    if mark is not None:
        text = text[: len(text) - len(mark[0])]
    if not _MARKUP.search(text, 0, _MARKUP_SEARCH_CHARACTERS):
        return ArticleText(text, is_beginning=mark is not None)
    plain_text, quotation_elements = _convert_markup(text, read_page)
    return ArticleText(plain_text, quotation_elements, mark is not None)


def _convert_markup(markup: str, read_page: ReadPage | None) -> tuple[str, tuple[Span, ...]]:
    is_page = _WHOLE_PAGE.match(markup) is not None
    paragraphs = "" if is_page else extract_paragraphs(_ASIDE.sub("", markup))
    if read_page is not None:
        page = markup.encode("utf-8", "replace") if is_page else build_page(None, markup)
        try:
            article = read_page(page, None, "text/html; charset=utf-8")
        except BadInput:
            return paragraphs, ()
        if len(article.text.split()) >= _MIN_KEPT_SHARE * len(paragraphs.split()):
            return article.text, article.quotation_elements
    return (paragraphs or extract_paragraphs(markup)), ()


def _get_string(value: Mapping[str, object], key: str) -> str | None:
    text = value.get(key)
    return text if isinstance(text, str) and text.strip() else None


def _join_paragraphs(parts: list[object] | tuple[object, ...]) -> str | None:
    paragraphs = [part for part in parts[:_MAX_PARTS] if isinstance(part, str) and part.strip()]
    return _join(paragraphs)


def _join(paragraphs: Sequence[str]) -> str | None:
    """Return paragraphs as one text, or as markup if one of them has markup."""
    if any(_MARKUP.search(paragraph, 0, _MARKUP_SEARCH_CHARACTERS) for paragraph in paragraphs):
        return "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return "\n".join(paragraphs) or None


def _find_text_of_parts(parts: list[object] | tuple[object, ...]) -> str | None:
    """Return the joined paragraphs of a list of typed parts, or the best of a list of versions."""
    objects = [part for part in parts if isinstance(part, Mapping)]
    if any("contenttype" in part or "contentType" in part or "role" in part for part in objects):
        return _choose_version(objects)
    if any(_is_record(part) for part in objects):
        return None
    texts = [find_text(part) for part in objects if _is_paragraph(part)]
    return _join([text for text in texts if text])


def _is_record(part: Mapping[str, object]) -> bool:
    """Tell whether an object of a list is an article of its own, as in the pages of an interface's results."""
    names = {"type", "subtype"} & part.keys()
    return not names and any(key in part for key in ("id", "title", "headline", "url", "link", "date", "published"))


def _is_paragraph(part: Mapping[str, object]) -> bool:
    types = [part[key] for key in ("subtype", "type") if isinstance(part.get(key), str)]
    return not types or any(str(part_type).lower() in _PARAGRAPH_TYPES for part_type in types)


def _choose_version(versions: list[Mapping[str, object]]) -> str | None:
    """Return the text of the longest version in plain text, or else of the longest one."""
    texts = [(version, text) for version in versions if (text := find_text(version))]
    plain_texts = [
        text for version, text in texts if "plain" in str(version.get("contenttype") or version.get("contentType"))
    ]
    return max(plain_texts or [text for _, text in texts], key=len, default=None)
