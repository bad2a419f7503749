"""Decode bytes as text, using a byte order mark, UTF-8, the declared encoding, or detection.

Rule: a byte order mark decides first, and stays in the text as U+FEFF. Valid UTF-8 is UTF-8, even if another encoding
is declared, and so is UTF-8 with a few stray bytes. Detection runs last, and only on enough bytes.
"""

import codecs
import re

from charset_normalizer import from_bytes

from briefings.errors import BadInput
from briefings.ingest.formats.stray_bytes import decode_stray_bytes, is_mostly_utf8

#: minimum number of bytes for detection; one or two words are valid in a dozen encodings
MIN_BYTES_TO_GUESS = 32
#: share of non-ASCII bytes below which a text counts as English in Windows-1252; with so few of them, a detector would
#: find Baltic or Turkish letters
_MAX_NON_ASCII_SHARE = 0.15
_MAX_ASCII = 0x7F
#: number of bytes used for detection
_SAMPLE_BYTES = 200_000
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, because its mark starts with the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: encodings that are usually meant by these names (WHATWG Encoding Standard, section 4.2)
_ENCODING_ALIASES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
#: encodings that are never detected, because almost any pairs of bytes are valid letters in them
_EXCLUDED_ENCODINGS = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
#: maximum length of one UTF-8 character in bytes
_MAX_CHARACTER_BYTES = 4
#: control characters that text never contains (tabs and line ends are allowed)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_bytes(data: bytes, location: str, declared_encoding: str | None = None) -> str:
    """Decode `data`; `declared_encoding` is the encoding named by the sender or by the page itself.

    Raises BadInput, with a message that starts with `location`, if no encoding fits or detection is not certain.
    """
    text = _try_encodings(data, declared_encoding)
    if text is None:
        raise _undecodable_error(data, location)
    return text


def is_binary(data: bytes) -> bool:
    """Tell whether the first bytes of a file are not text, but for example an image, a document or a program."""
    if any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return False
    if b"\0" in data:
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        is_truncated = error.start >= len(data) - _MAX_CHARACTER_BYTES and error.reason == "unexpected end of data"
        return not is_truncated and _CONTROLS.search(data.decode("latin-1")) is not None
    return False


def _try_encodings(data: bytes, declared_encoding: str | None) -> str | None:
    bom_encoding = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if bom_encoding is not None:
        return _try_decode(data, bom_encoding)
    text = _try_decode(data, "utf-8")
    if text is None and is_mostly_utf8(data):
        return decode_stray_bytes(data)
    if text is None and declared_encoding is not None:
        text = _try_decode(data, _resolve_encoding(declared_encoding))
    return _guess_and_decode(data) if text is None else text


def _resolve_encoding(declared_encoding: str) -> str:
    try:
        name = codecs.lookup(declared_encoding.strip()).name
    except (LookupError, ValueError):
        return ""
    return _ENCODING_ALIASES.get(name, name)


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (ValueError, LookupError):  # LookupError: a codec that is not a text encoding ("rot13", "zip")
        return None


def _guess_and_decode(data: bytes) -> str | None:
    if len(data) < MIN_BYTES_TO_GUESS or is_binary(data):
        return None
    if sum(byte > _MAX_ASCII for byte in data[:_SAMPLE_BYTES]) < _MAX_NON_ASCII_SHARE * len(data[:_SAMPLE_BYTES]) and (
        western_text := _try_decode(data, "cp1252")
    ):
        return western_text
    best = from_bytes(data[:_SAMPLE_BYTES], cp_exclusion=_EXCLUDED_ENCODINGS).best()
    return None if best is None else _try_decode(data, best.encoding)


def _undecodable_error(data: bytes, location: str) -> BadInput:
    try:
        data.decode("utf-8")
        offset = 0
    except UnicodeDecodeError as error:
        offset = error.start
    line = data.count(b"\n", 0, offset) + 1
    line_location = f"{location}, line {line}" if b"\n" in data.rstrip() else location
    return BadInput(f"{line_location}: this is not UTF-8 text, and its encoding is unclear. Save the file as UTF-8.")
