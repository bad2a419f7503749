"""Read the parts of a package (a ZIP file of a word processor or a book) within limits of size.

Rule: what a part declares is checked before it is read, and what it gives is checked again. XML is parsed without
network, entities or huge documents, and a part that declares entities is refused.
"""

import re
from io import BytesIO

from lxml import etree

from briefings.errors import BadInput
from briefings.ingest.formats.zip_type import ZIP_ERRORS, open_zip

#: maximum size of all parts together, and of one part that is parsed, in bytes; a book of 300 pages has 3 million
MAX_PACKAGE_BYTES = 100_000_000
MAX_PART_BYTES = 20_000_000
#: maximum ratio of the size of the parts to the size of the file, and total size below which it is not checked
MAX_EXPANSION_RATIO = 200
_ALWAYS_ALLOWED_BYTES = 10_000_000
_INTERNAL_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]{0,500}\[|<!ENTITY")
_ENCRYPTED = 0x1


class Package:
    """Parts of a ZIP file by name. Use it as long as its bytes are there; it holds no file."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open a package. Raises BadInput, starting with `name`, if it is damaged or too large."""
        self._name = name
        self._zip = open_zip(BytesIO(data), name)
        entries = self._zip.infolist()
        total = sum(entry.file_size for entry in entries)
        if total > MAX_PACKAGE_BYTES or (total > _ALWAYS_ALLOWED_BYTES and total > MAX_EXPANSION_RATIO * len(data)):
            raise BadInput(f"{name} unpacks to {total:,} bytes, which is too much for a document. Check the file.")
        self._entries = {entry.filename: entry for entry in entries}

    @property
    def names(self) -> list[str]:
        """Names of all parts, in the order of the file."""
        return list(self._entries)

    def read(self, part: str) -> bytes | None:
        """Return the bytes of a part, or None if there is no such part. Raises BadInput if it cannot be read."""
        entry = self._entries.get(part)
        if entry is None:
            return None
        if entry.flag_bits & _ENCRYPTED:
            raise BadInput(f"{self._name} is protected with a password. Save it without the password.")
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(MAX_PART_BYTES + 1)
        except ZIP_ERRORS as error:
            raise BadInput(f"{self._name} is damaged or incomplete. Download or create it again.") from error
        if len(data) > MAX_PART_BYTES:
            raise BadInput(f"{self._name} has more than {MAX_PART_BYTES:,} bytes of text, the limit. Split it.")
        return data

    def parse(self, part: str) -> etree._Element | None:
        """Return the root of an XML part, or None if there is no such part. Raises BadInput if it is no safe XML."""
        data = self.read(part)
        return None if data is None else parse_xml(data, self._name)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML document. Raises BadInput, starting with `name`, if it is damaged or has entities."""
    if _INTERNAL_SUBSET.search(data[:4_096]):
        raise BadInput(f"{name} declares custom entities in its XML. Such files aren't supported.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadInput(f"{name} is damaged: its XML cannot be read. Open and save it again.") from error
    if root is None:
        raise BadInput(f"{name} is damaged: its XML is empty. Open and save it again.")
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in subset.iterentities()):
        raise BadInput(f"{name} declares custom entities in its XML. Such files aren't supported.")
    return root


def get_tag(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for an entity or the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
