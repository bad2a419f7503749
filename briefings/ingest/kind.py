"""What a file holds, told by its first bytes rather than by its name.

Rule: the name decides only what the bytes leave open: an empty file, and a first line of JSON that is broken.
"""

import re
from enum import StrEnum

from briefings.errors import BadInput
from briefings.ingest.encoding import is_binary

#: bytes looked at
LOOKED_AT = 4_096
#: names that say that a file holds JSON lines, or nothing (a pipe)
_JSON_NAMES = (".jsonl", ".ndjson", ".json", "")
_TEXT_NAMES = (".txt", ".text")
_PACKINGS = (".gz", ".zst")
#: what opens files that are read nowhere here; some of them are all plain characters
_FOREIGN = (
    b"%PDF",
    b"{\\rtf",
    b"PK\x03\x04",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|article|main|section|header|div|table|h[1-6]|p|br)\b",
    re.IGNORECASE,
)
_WHOLE_PAGE = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_PREAMBLE = re.compile(rb"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,2000}?-->\s*)*", re.DOTALL)
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE|!ENTITY|rss|feed|rdf:RDF)\b", re.IGNORECASE)

_OBJECT = re.compile(rb"\s*\{\s*\"[a-z_]{1,40}\"\s*:", re.IGNORECASE)


class Kind(StrEnum):
    """What can be read."""

    GZIP = "gzip"
    ZSTD = "zstd"
    PARQUET = "Parquet"
    WARC = "WARC"
    PAGE = "HTML"
    LINES = "JSON lines"
    TEXT = "text"


def kind_of(head: bytes, name: str) -> Kind:
    """The kind of what begins with `head`, its first `LOOKED_AT` bytes; `name` names it in sentences.

    Raises BadInput for what is none of them.
    """
    if head.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if head.startswith(b"\x28\xb5\x2f\xfd") or re.match(rb"[\x50-\x5f]\x2a\x4d\x18", head):
        return Kind.ZSTD
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if head.startswith(_FOREIGN) or head[257:262] == b"ustar" or (_suffix(name) not in _TEXT_NAMES and is_binary(head)):
        raise BadInput(
            f"{name} is of a kind unknown here. Give text, HTML, JSON lines, WARC or Parquet, "
            "plain or as .gz or .zst, or a folder of them."
        )
    return _of_text(head, name)


def bare_name(name: str) -> str:
    """A file's name without what says that it is packed ("news.jsonl" of "news.jsonl.gz")."""
    while name.lower().endswith(_PACKINGS) and not name.startswith(_PACKINGS):
        name = name.rpartition(".")[0]
    return name


def stem(name: str) -> str:
    """A file's name without its endings ("news" of "news.html.gz"); a name that is all ending stays."""
    bare = bare_name(name)
    return bare.rpartition(".")[0] or bare


def _of_text(head: bytes, name: str) -> Kind:
    begins = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    after = begins[_end(begins) :]
    is_text = _suffix(name) in _TEXT_NAMES  # whose first words may be "<p" or "{" for all we know
    if (_WHOLE_PAGE if is_text else _PAGE).match(after):
        return Kind.PAGE
    if _XML.match(begins.lstrip()) and not is_text:
        raise BadInput(f"{name} is XML, but no page: it is not read. A feed is followed by its address.")
    if _OBJECT.match(begins) or _suffix(name) in _JSON_NAMES:
        return Kind.LINES
    return Kind.TEXT


def _end(begins: bytes) -> int:
    found = _PREAMBLE.match(begins)
    return found.end() if found else 0


def _suffix(name: str) -> str:
    last = bare_name(name.rpartition("/")[2]).lower()
    return f".{last.rpartition('.')[2]}" if "." in last.lstrip(".") else ""
