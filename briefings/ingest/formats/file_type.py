"""Detect a file's type from its first bytes.

Rule: the file name decides only if the bytes are ambiguous: an empty file, or an invalid first line of JSON.
"""

import re
from enum import StrEnum

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import is_binary

#: number of bytes used for detection
HEAD_BYTES = 4_096
#: extensions of JSON lines files; empty for a pipe
_JSON_NAMES = (".jsonl", ".ndjson", ".json", "")
_TEXT_NAMES = (".txt", ".text")
_COMPRESSION_SUFFIXES = (".gz", ".zst")
#: first bytes of file types that are not supported; some of them consist of printable characters
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
    """Supported file type or compression."""

    GZIP = "gzip"
    ZSTD = "zstd"
    PARQUET = "Parquet"
    WARC = "WARC"
    HTML = "HTML"
    JSON_LINES = "JSON lines"
    TEXT = "text"


def detect_file_type(head: bytes, name: str) -> FileType:
    """Return the type of a file from `head`, its first `HEAD_BYTES` bytes; `name` identifies it in error messages.

    Raises BadInput if the type is not supported.
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
            f"{name}: this file type isn't supported. Use text, HTML, JSON lines, WARC or Parquet, "
            "optionally compressed as .gz or .zst."
        )
    return _detect_text_type(head, name)


def strip_compression_suffix(name: str) -> str:
    """Return a file name without its compression suffix ("news.jsonl.gz" becomes "news.jsonl")."""
    while name.lower().endswith(_COMPRESSION_SUFFIXES) and not name.startswith(_COMPRESSION_SUFFIXES):
        name = name.rpartition(".")[0]
    return name


def strip_all_suffixes(name: str) -> str:
    """Return a file name without all suffixes ("news.html.gz" becomes "news"); a name like ".gz" is unchanged."""
    bare_file_name = strip_compression_suffix(name)
    return bare_file_name.rpartition(".")[0] or bare_file_name


def _detect_text_type(head: bytes, name: str) -> FileType:
    beginning = (
        head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    after_preamble = beginning[_get_preamble_end(beginning) :]
    is_text = _get_suffix(name) in _TEXT_NAMES  # a text file may start with "<p" or "{"
    if (_WHOLE_HTML if is_text else _HTML).match(after_preamble):
        return FileType.HTML
    if _XML.match(beginning.lstrip()) and not is_text:
        raise BadInput(f"{name}: XML files aren't supported. To add a feed, use its web address.")
    if _OBJECT.match(beginning) or _get_suffix(name) in _JSON_NAMES:
        return FileType.JSON_LINES
    return FileType.TEXT


def _get_preamble_end(beginning: bytes) -> int:
    preamble = _PREAMBLE.match(beginning)
    return preamble.end() if preamble else 0


def _get_suffix(name: str) -> str:
    file_name = strip_compression_suffix(name.rpartition("/")[2]).lower()
    return f".{file_name.rpartition('.')[2]}" if "." in file_name.lstrip(".") else ""
