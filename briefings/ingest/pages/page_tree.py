"""Parse the bytes of a page into a tree of elements, within limits on size, number of elements and depth.

Rule: the bytes are decoded before they are parsed, so that tags in the page cannot change its encoding.
"""

import re
from html import unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.mojibake import mend_mojibake

#: maximum size of a page in bytes; newspaper pages have 200,000 to 3,000,000
MAX_PAGE_BYTES = 10_000_000
#: maximum number of elements of a page; newspaper pages have 2,000 to 10,000
MAX_ELEMENTS = 100_000
#: an opening and a closing tag per element, and as many again in scripts
_MAX_TAGS = 4 * MAX_ELEMENTS
#: number of bytes in which a page declares its encoding (WHATWG: 1,024)
_HEAD_BYTES = 4_096
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.IGNORECASE
)
_ENTITY_DECLARATIONS = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[|<!ENTITY", re.IGNORECASE)
#: control characters that neither XML nor plain text may contain
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(code for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r")
#: references to Windows-1252 bytes, which browsers read as such (HTML standard, numeric character references)
_WINDOWS_REFERENCE = re.compile(r"&#(?:(1[2-5]\d)|[xX](?:00)?([89][0-9a-fA-F]));?")
_MOJIBAKE_STARTS = ("&acirc;", "&Atilde;", "&Acirc;")
#: UTF-8 bytes that were written as references to letters
_MOJIBAKE_REFERENCES = re.compile(r"&(?:acirc|Atilde|Acirc);(?:&(?!lt|gt|amp|quot|apos)#?\w{2,6};|[^\x00-\x7f]){1,2}")
_REFERENCE_STARTS = ("&#1", "&#x8", "&#x9", "&#X8", "&#X9", "&#x00")
_WINDOWS_BYTES = range(0x80, 0xA0)
_count_elements = etree.XPath("count(//*)")


def decode_page(data: bytes, location: str, content_type: str | None = None) -> str:
    """Decode a page. Raises BadInput, starting with `location`, if it is too long, undecodable or not safe."""
    if len(data) > MAX_PAGE_BYTES:
        raise BadInput(f"{location} is longer than {MAX_PAGE_BYTES:,} bytes, the limit for one page.")
    header = re.search(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", content_type or "", re.IGNORECASE)
    declared_charset = _CHARSET.search(data[:_HEAD_BYTES])
    declared_encoding = header[1] if header else declared_charset[1].decode("ascii") if declared_charset else None
    markup = decode_bytes(data, location, declared_encoding)
    if _ENTITY_DECLARATIONS.search(markup[:_HEAD_BYTES]):
        raise BadInput(f"{location} declares custom entities in its DOCTYPE. Such pages aren't supported.")
    markup = markup.removeprefix("\ufeff")
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):  # faster than the pattern, which few pages need
        markup = _CONTROLS.sub("", markup)
    if any(start in markup for start in _MOJIBAKE_STARTS):
        markup = _MOJIBAKE_REFERENCES.sub(lambda match: unescape(match[0]), markup)
    if any(start in markup for start in _REFERENCE_STARTS):
        markup = _WINDOWS_REFERENCE.sub(_read_windows_reference, markup)
    return mend_mojibake(markup)


def parse_tree(markup: str, location: str) -> HtmlElement:
    """Parse a page with lxml. Raises BadInput, starting with `location`, if it is damaged or exceeds a limit."""
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    if markup.count("<") > _MAX_TAGS:
        raise BadInput(f"{location} has more than {MAX_ELEMENTS:,} elements, the limit for one page.")
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{location} cannot be read: the page is empty or damaged.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BadInput(f"{location} cannot be read: its elements are nested too deeply.")
    if _count_elements(tree) > MAX_ELEMENTS:
        raise BadInput(f"{location} has more than {MAX_ELEMENTS:,} elements, the limit for one page.")
    return tree


def _read_windows_reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    if code not in _WINDOWS_BYTES:
        return match[0]
    return bytes([code]).decode("cp1252", "ignore")
