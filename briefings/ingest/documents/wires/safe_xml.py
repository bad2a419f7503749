"""Parse untrusted XML: no entities, no network, limits on size and depth.

Rule: a DOCTYPE may name an external file, which is not loaded. A DOCTYPE that declares anything itself is refused.
"""

import re
from html.entities import html5

from lxml import etree

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import decode_bytes

#: maximum size in bytes and number of tags; a long wire item has 50,000 bytes, a message of a day's items 5 million
MAX_XML_BYTES = 20_000_000
_MAX_TAGS = 800_000
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_DECLARATIONS = re.compile(r"<!\s*(?:ENTITY|ELEMENT|ATTLIST|NOTATION)|<!\s*DOCTYPE[^>\[]{0,2000}\[", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML document. Raises BadInput, starting with `name`, if it is unsafe or damaged."""
    if len(data) > MAX_XML_BYTES:
        raise BadInput(f"{name} is longer than {MAX_XML_BYTES:,} bytes, the limit for one XML file. Split it.")
    declared_encoding = _DECLARED_ENCODING.search(data[:400])
    text = decode_bytes(data, name, declared_encoding[1].decode("ascii") if declared_encoding else None)
    text = _XML_DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    if _DECLARATIONS.search(_CDATA.sub("", text)):
        raise BadInput(f"{name} declares custom entities in its DOCTYPE. Such files aren't supported.")
    if text.count("<") > _MAX_TAGS:
        raise BadInput(f"{name} has more than {_MAX_TAGS:,} tags, the limit for one XML file. Split it.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(_resolve_names(_CONTROLS.sub("", text)).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        line = getattr(error, "lineno", None)
        location = f"{name}, line {line}" if line else name
        raise BadInput(f"{location}: the XML is damaged. Export the file again.") from error


def get_local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for a comment or the like."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def drop_namespaces(root: etree._Element) -> etree._Element:
    """Remove the namespace from the name of each element under `root`, and return `root`."""
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = get_local_name(element)
    return root


def get_text(element: etree._Element | None) -> str | None:
    """Return all text of an element on one line, or None if there is none."""
    return None if element is None else " ".join("".join(element.itertext()).split()) or None


def _resolve_names(text: str) -> str:
    """Replace HTML's names of characters ("&eacute;"), which the DTD of NITF declares and which we do not load."""

    def resolve(match: re.Match[str]) -> str:
        character = html5.get(f"{match[1]};")
        return match[0] if match[1] in _XML_ENTITIES or character is None else character

    return _ENTITY.sub(resolve, text)
