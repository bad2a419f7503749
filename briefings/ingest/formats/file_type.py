"""What a file holds, told by its first bytes rather than by its name.

Rule: the name decides only what the bytes leave open: an empty file, and a first line of JSON that is broken.
"""

import re
from enum import StrEnum

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import is_binary

#: bytes looked at
HEAD_BYTES = 4_096
#: names that say that a file holds JSON lines, or nothing (a pipe)
_JSON_NAMES = (".jsonl", ".ndjson", ".json", "")
_TEXT_NAMES = (".txt", ".text")
_COMPRESSION_SUFFIXES = (".gz", ".zst")
#: what opens files that are read nowhere here; some of them are all plain characters
_UNSUPPORTED_SIGNATURES = (
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
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|article|main|section|header|div|table|h[1-6]|p|br)\b",
    re.IGNORECASE,
)
_WHOLE_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_PREAMBLE = re.compile(rb"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,2000}?-->\s*)*", re.DOTALL)
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE|!ENTITY|rss|feed|rdf:RDF)\b", re.IGNORECASE)

_OBJECT = re.compile(rb"\s*\{\s*\"[a-z_]{1,40}\"\s*:", re.IGNORECASE)


class FileType(StrEnum):
    """What can be read."""

    GZIP = "gzip"
    ZSTD = "zstd"
    PARQUET = "Parquet"
    WARC = "WARC"
    HTML = "HTML"
    JSON_LINES = "JSON lines"
    TEXT = "text"


def detect_file_type(head: bytes, name: str) -> FileType:
    """The kind of what begins with `head`, its first `LOOKED_AT` bytes; `name` names it in sentences.

    Raises BadInput for what is none of them.
    """
    if head.startswith(b"\x1f\x8b"):
        return FileType.GZIP
    if head.startswith(b"\x28\xb5\x2f\xfd") or re.match(rb"[\x50-\x5f]\x2a\x4d\x18", head):
        return FileType.ZSTD
    if head.startswith(b"PAR1"):
        return FileType.PARQUET
    if head.startswith(b"WARC/"):
        return FileType.WARC
    if (
        head.startswith(_UNSUPPORTED_SIGNATURES)
        or head[257:262] == b"ustar"
        or (_get_suffix(name) not in _TEXT_NAMES and is_binary(head))
    ):
        raise BadInput(
            f"{name} is of a kind unknown here. Give text, HTML, JSON lines, WARC or Parquet, "
            "plain or as .gz or .zst, or a folder of them."
        )
    return _detect_text_type(head, name)


def strip_compression_suffix(name: str) -> str:
    """A file's name without what says that it is packed ("news.jsonl" of "news.jsonl.gz")."""
    while name.lower().endswith(_COMPRESSION_SUFFIXES) and not name.startswith(_COMPRESSION_SUFFIXES):
        name = name.rpartition(".")[0]
    return name


def strip_all_suffixes(name: str) -> str:
    """A file's name without its endings ("news" of "news.html.gz"); a name that is all ending stays."""
    bare_file_name = strip_compression_suffix(name)
    return bare_file_name.rpartition(".")[0] or bare_file_name


def _detect_text_type(head: bytes, name: str) -> FileType:
    beginning = (
        head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    after_preamble = beginning[_get_preamble_end(beginning) :]
    is_text = _get_suffix(name) in _TEXT_NAMES  # whose first words may be "<p" or "{" for all we know
    if (_WHOLE_HTML if is_text else _HTML).match(after_preamble):
        return FileType.HTML
    if _XML.match(beginning.lstrip()) and not is_text:
        raise BadInput(f"{name} is XML, but no page: it is not read. A feed is followed by its address.")
    if _OBJECT.match(beginning) or _get_suffix(name) in _JSON_NAMES:
        return FileType.JSON_LINES
    return FileType.TEXT


def _get_preamble_end(beginning: bytes) -> int:
    preamble = _PREAMBLE.match(beginning)
    return preamble.end() if preamble else 0


def _get_suffix(name: str) -> str:
    file_name = strip_compression_suffix(name.rpartition("/")[2]).lower()
    return f".{file_name.rpartition('.')[2]}" if "." in file_name.lstrip(".") else ""
