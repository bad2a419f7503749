"""Bytes as text: what they say they are, what they must be, or what a detector is sure of.

Rule: bytes that are UTF-8 are UTF-8, whatever they are said to be; a byte order mark decides before anything else; and
what is left is guessed only where there is enough to guess from. A byte order mark stays, as U+FEFF.
"""

import codecs
import re

from charset_normalizer import from_bytes

from briefings.errors import BadInput

#: bytes below which nothing is guessed: a word or two reads well in a dozen encodings
MIN_BYTES_TO_GUESS = 32
#: share of bytes beyond ASCII below which a text is taken for English, whose accents and marks are Windows' own: of so
#: few a detector makes Baltic or Turkish letters
_MAX_NON_ASCII_SHARE = 0.15
_MAX_ASCII = 0x7F
#: bytes that a guess is made from
_SAMPLE_BYTES = 200_000
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: what is meant by those who say so (WHATWG Encoding Standard, section 4.2)
_ENCODING_ALIASES = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
#: guessed of nothing: they find letters in whatever comes in pairs
_EXCLUDED_ENCODINGS = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
#: bytes of one character of UTF-8
_MAX_CHARACTER_BYTES = 4
#: characters of which a text of letters holds none, tabs and line ends aside
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_bytes(data: bytes, location: str, declared_encoding: str | None = None) -> str:
    """`data` as text; `told` is the encoding that its sender or the page itself names.

    Raises BadInput, its sentence opening with `where`, when no encoding fits, or nothing says which of many it is.
    """
    text = _try_encodings(data, declared_encoding)
    if text is None:
        raise _undecodable_error(data, location)
    return text


def is_binary(data: bytes) -> bool:
    """Whether these first bytes are of something that is not text: a picture, a document, a program."""
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
    except (ValueError, LookupError):  # LookupError: codecs that are no text encodings ("rot13", "zip")
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
    return BadInput(
        f"{line_location}: this is not UTF-8 text, nor clearly of another encoding. Save the file as UTF-8."
    )
