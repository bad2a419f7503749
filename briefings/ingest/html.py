"""A page as an article: its running text as trafilatura finds it, and what the page tells of it.

Rule: pure and in one piece, so that it can be done in a process that is ended when it takes too long (`worker`).
Paragraphs are lines of the text; nothing is added to them. An article is known by its address.
"""

import re
from hashlib import sha256

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import extract

from briefings.errors import BadInput
from briefings.ingest.address import canonical, is_same_site
from briefings.ingest.encoding import decoded
from briefings.ingest.fields import MAX_NAME
from briefings.ingest.told import told
from briefings.model import Article
from briefings.text.storable import why_not_storable

#: bytes of one page. A newspaper's have 200,000 to 3,000,000
MAX_PAGE = 10_000_000
#: elements of one page; a newspaper's have 2,000 to 10,000
MAX_ELEMENTS = 100_000
#: a closing tag for each, and as many more in scripts
_MOST_TAGS = 4 * MAX_ELEMENTS
#: bytes in which a page names its encoding (WHATWG: 1,024)
_HEAD = 4_096
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.IGNORECASE
)
_ENTITIES = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[|<!ENTITY", re.IGNORECASE)
_ITEM = re.compile(r"^- ", re.MULTILINE)
#: what neither XML nor a line of text may hold
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_page(data: bytes, url: str | None, content_type: str | None = None) -> Article:
    """The article of a page. `url` is where it was fetched, None for a file; `content_type` the header it came with.

    Its id is its address: the page's own for itself (`rel=canonical`) where that is of the host it came from, or else
    `url`; of a page without either, "page-" and the beginning of its hash. Raises BadInput for a page that is too
    large, cannot be decoded, or holds no article.
    """
    where = url or "this page"
    if len(data) > MAX_PAGE:
        raise BadInput(f"{where} is longer than {MAX_PAGE:,} bytes, the most a page may have.")
    tree = _tree(_markup(data, where, content_type), where)
    found = told(tree, url)
    text = _text(tree)
    if not text:
        raise BadInput(f"{where} holds no article: no running text was found in it.")
    address = _address(canonical(url) or url, found.url)
    return Article(
        id=_id(address, text),
        text=text,
        publisher=found.publisher,
        published=found.published,
        url=address,
        title=found.title,
        byline=found.byline,
    )


def _markup(data: bytes, where: str, content_type: str | None) -> str:
    header = re.search(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", content_type or "", re.IGNORECASE)
    named = _CHARSET.search(data[:_HEAD])
    told_encoding = header[1] if header else named[1].decode("ascii") if named else None
    markup = decoded(data, where, told_encoding)
    if _ENTITIES.search(markup[:_HEAD]):
        raise BadInput(f"{where} declares entities of its own (DOCTYPE): it is not read.")
    return _CONTROLS.sub("", markup.removeprefix("\ufeff"))


def _tree(markup: str, where: str) -> HtmlElement:
    """The page as lxml reads it; its encoding is settled, whatever a meta tag says."""
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    if markup.count("<") > _MOST_TAGS:
        raise BadInput(f"{where} has over {MAX_ELEMENTS:,} elements, the most a page may have.")
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{where} cannot be read as a page: it is empty or damaged.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BadInput(f"{where} is nested deeper than any page: it is not read.")
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise BadInput(f"{where} has over {MAX_ELEMENTS:,} elements, the most a page may have.")
    return tree


def _text(tree: HtmlElement) -> str:
    """The running text, a paragraph a line, without the marks that trafilatura puts before items of lists."""
    try:
        found = extract(tree, include_comments=False, include_tables=False, fast=True, deduplicate=False)
    except RecursionError:
        return ""
    text = _ITEM.sub("", found or "").strip()
    return "" if why_not_storable(text) else text


def _address(fetched: str | None, own: str | None) -> str | None:
    if fetched is None or own is None:
        return fetched or own
    return own if is_same_site(fetched, own) else fetched


def _id(address: str | None, text: str) -> str:
    if address is not None and len(address) <= MAX_NAME:
        return address
    return f"page-{sha256((address or text).encode()).hexdigest()[:24]}"
