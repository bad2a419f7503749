"""Read an EPUB book as one article for each chapter with running text, in the order of the book.

Rule: the title of a chapter is its first heading. The authors, publisher and day are the book's, if the book states
them: the day of publication only, never that of the file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from briefings.errors import BadInput
from briefings.ingest.bylines import join_authors
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.office.zip_parts import Package, get_tag
from briefings.ingest.field_validation import MAX_FIELD_LENGTH, MAX_NAME_LENGTH, build_article, check_text
from briefings.ingest.publication_days import parse_day
from briefings.model import Article

_CONTAINER = "META-INF/container.xml"
_MAX_CHAPTERS = 2_000
#: words of a chapter; less is a cover, a half title or a notice
_MIN_WORDS = 40
_BLOCKS_LIST = (
    "address article aside blockquote body caption center dd div dl dt figcaption figure footer h1 h2 h3 h4 "
    "h5 h6 header hr li main ol p pre section table td th tr ul"
)
_BLOCKS = frozenset(_BLOCKS_LIST.split())
_HEADINGS = frozenset({"h1", "h2", "h3"})
_SKIPPED = frozenset(
    ["head", "script", "style", "title", "nav", "noscript", "template", "object", "audio", "video", "rt", "rp"]
)
#: marks of pages and notes, which are no words of the text
_MARK_TYPES = frozenset({"pagebreak", "noteref", "doc-pagebreak", "doc-noteref", "toc", "doc-toc"})
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class _Book:
    """What a book states about itself, and its chapters as names of parts in their order."""

    chapters: Sequence[str]
    authors: str | None
    publisher: str | None
    published: date | None


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return an article for each chapter of a book, with the ids "ID/1", "ID/2".

    Raises BadInput if the book is damaged, protected, or has no running text.
    """
    package = Package(data, name)
    book = _read_book(package, name)
    items: list[Article | BadInput] = []
    for part in book.chapters:
        try:
            article = _read_chapter(package, part, book, f"{name}, {part}", f"{article_id}/{len(items) + 1}")
        except BadInput as error:
            items.append(error)
            continue
        if article:
            items.append(article)
    if not items:
        raise BadInput(f"{name} has no chapter with running text. Check that it is the right file.")
    return items


def _read_book(package: Package, name: str) -> _Book:
    container = package.parse(_CONTAINER)
    part = next((item.get("full-path") or "" for item in _find_all(container, "rootfile")), "")
    root = package.parse(part)
    if root is None:
        raise BadInput(f"{name} has no list of chapters. Download it again.")
    protected_parts = _find_protected_parts(package)
    hrefs = {item.get("id"): item.get("href") or "" for item in _find_all(root, "item") if _is_page(item.attrib)}
    chapters = [
        normpath(join(dirname(part), unquote(hrefs[item.get("idref")].partition("#")[0])))
        for item in _find_all(root, "itemref")
        if item.get("idref") in hrefs and item.get("linear") != "no"
    ]
    if len(chapters) > _MAX_CHAPTERS:
        raise BadInput(f"{name} has {len(chapters):,} chapters. The limit is {_MAX_CHAPTERS:,}.")
    if protected_parts & set(chapters):
        raise BadInput(f"{name} is protected against copying. Add a copy without protection.")
    return _Book(
        chapters=list(dict.fromkeys(chapters)),
        authors=join_authors(item.text or "" for item in _find_all(root, "creator")),
        publisher=_clean(next((item.text for item in _find_all(root, "publisher")), None), MAX_NAME_LENGTH),
        published=_find_day(root),
    )


def _is_page(attributes: Mapping[str, str]) -> bool:
    return "html" in attributes.get("media-type", "") and "nav" not in attributes.get("properties", "").split()


def _find_day(root: etree._Element) -> date | None:
    """Return the day of publication: the date of that event, or the only date that the book states."""
    dates = list(_find_all(root, "date"))
    events = {item: next((v for k, v in item.attrib.items() if k.endswith("event")), "") for item in dates}
    published = [item for item in dates if events[item].lower().endswith("publication")]
    candidates = published or [item for item in dates if not events[item]]
    days = {parse_day((item.text or "").strip()) for item in candidates}
    return days.pop() if len(days) == 1 else None


def _find_protected_parts(package: Package) -> set[str]:
    """Return the names of encrypted parts; fonts often are."""
    root = package.parse("META-INF/encryption.xml")
    return {unquote(item.get("URI") or "") for item in _find_all(root, "CipherReference")}


def _find_all(root: etree._Element | None, tag: str) -> Iterator[etree._Element]:
    if root is not None:
        yield from (element for element in root.iter() if get_tag(element) == tag)


def _read_chapter(package: Package, part: str, book: _Book, location: str, article_id: str) -> Article | None:
    """Return the article of a chapter, or None if it has no running text."""
    data = package.read(part)
    if data is None:
        return None
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(_CONTROLS.sub(b"", data), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{location} is damaged, so this chapter was skipped.") from error
    blocks: list[str] = []
    headings: list[str] = []
    _collect_blocks(tree, [], blocks, headings)
    text = "\n\n".join(blocks)
    if len(text.split()) < _MIN_WORDS or len(text.split()) < 8 * len(blocks) ** 0.5:
        return None
    fields = {"title": _clean(headings[0] if headings else None, MAX_FIELD_LENGTH), "byline": book.authors}
    fields |= {"publisher": book.publisher}
    return build_article(article_id, check_text(text, location), {**fields, "published": book.published}, location)


def _collect_blocks(element: etree._Element, line: list[str], blocks: list[str], headings: list[str]) -> None:
    """Append the text of each block below an element to `blocks`; `line` is the text of the block so far."""
    tag = get_tag(element)
    types = next((value for key, value in element.attrib.items() if key.endswith(("type", "role"))), "")
    if not tag or tag in _SKIPPED or _MARK_TYPES & set(types.split()):
        return
    is_block = tag in _BLOCKS
    if is_block:
        _end_block(line, blocks)
    if tag == "br":
        line.append("\n")
    line.append(_SPACE.sub(" ", element.text or ""))
    count = len(blocks)
    for child in element:
        _collect_blocks(child, line, blocks, headings)
        line.append(_SPACE.sub(" ", child.tail or ""))
    if is_block:
        _end_block(line, blocks)
    if tag in _HEADINGS and len(blocks) > count:
        headings.append(" ".join(" ".join(blocks[count:]).split()))


def _end_block(line: list[str], blocks: list[str]) -> None:
    text = re.sub(r" {2,}", " ", "".join(line))
    text = re.sub(r" ?\n ?", "\n", text).strip(" \n")
    line.clear()
    if text:
        blocks.append(text)


def _clean(value: str | None, max_length: int) -> str | None:
    text = " ".join((value or "").split())
    return text if text and len(text) <= max_length and text.isprintable() else None
