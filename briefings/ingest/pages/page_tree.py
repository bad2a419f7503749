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
_NON_CHARACTERS = re.compile("[\ufffe\uffff]")
_CONTROL_BYTES = bytes(code for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r")
#: references to control characters and to Windows-1252 bytes; browsers read the latter as such (HTML standard, section
#: 13.2.5.80), and lxml refuses the former
_LOW_REFERENCE = re.compile(
    r"&#(?:0{0,9}(\d{1,3}|6553[45])|[xX]0{0,9}([0-9a-fA-F]{1,2}|[fF]{3}[eEfF]))(?:;|(?![0-9a-fA-F]))"
)
_WINDOWS_BYTES = range(0x80, 0xA0)
_ALLOWED_CONTROLS = (9, 10, 13)
_MOJIBAKE_STARTS = ("&acirc;", "&Atilde;", "&Acirc;")
#: UTF-8 bytes that were written as references to letters
_MOJIBAKE_REFERENCES = re.compile(r"&(?:acirc|Atilde|Acirc);(?:&(?!lt|gt|amp|quot|apos)#?\w{2,6};|[^\x00-\x7f]){1,2}")
_count_elements = etree.XPath("count(//*)")


def decode_page(data: bytes, location: str, content_type: str | None = None) -> str:
    """Decode a page. Raises BadInput, starting with `location`, if it is too long, undecodable or not safe."""
    if len(data) > MAX_PAGE_BYTES:
        raise BadInput(f"{location} is longer than {MAX_PAGE_BYTES:,} bytes, the limit for one page.")
    header = re.search(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", content_type or "", re.IGNORECASE)
    declared_charset = _CHARSET.search(data[:_HEAD_BYTES])
    declared_encoding = header[1] if header else declared_charset[1].decode("ascii") if declared_charset else None
    markup = decode_bytes(data, location, declared_encoding)
    reject_entities(markup, location)
    markup = markup.removeprefix("\ufeff")
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):  # faster than the pattern, which few pages need
        markup = drop_controls(markup)
    if any(start in markup for start in _MOJIBAKE_STARTS):
        markup = _MOJIBAKE_REFERENCES.sub(lambda match: unescape(match[0]), markup)
    if "\ufffe" in markup or "\uffff" in markup:
        markup = _NON_CHARACTERS.sub("", markup)
    if "&#" in markup:
        markup = _LOW_REFERENCE.sub(_read_low_reference, markup)
    return mend_mojibake(markup)


def reject_entities(markup: str, location: str) -> None:
    """Raise BadInput, starting with `location`, if markup declares entities."""
    if _ENTITY_DECLARATIONS.search(markup[:_HEAD_BYTES]):
        raise BadInput(f"{location} declares custom entities in its DOCTYPE. Such pages aren't supported.")


def drop_controls(markup: str) -> str:
    """Return markup without the control characters that lxml refuses."""
    return _CONTROLS.sub("", markup)


def parse_tree(markup: str, location: str) -> HtmlElement:
    """Parse a page with lxml. Raises BadInput, starting with `location`, if it is damaged or exceeds a limit."""
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    if markup.count("<") > _MAX_TAGS:
        raise BadInput(f"{location} has more than {MAX_ELEMENTS:,} elements, the limit for one page.")
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{location} cannot be read: it is empty or damaged.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise BadInput(f"{location} cannot be read: its elements are nested too deeply.")
    if _count_elements(tree) > MAX_ELEMENTS:
        raise BadInput(f"{location} has more than {MAX_ELEMENTS:,} elements, the limit for one page.")
    return tree


def _read_low_reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    if code in _WINDOWS_BYTES:
        return bytes([code]).decode("cp1252", "ignore")
    is_control = (code < ord(" ") and code not in _ALLOWED_CONTROLS) or code in (0x7F, 0xFFFE, 0xFFFF)
    return "" if is_control else match[0]
