"""Decode UTF-8 text with a few bytes of Windows-1252, as when a quotation was pasted from another program.

Rule: a stray byte becomes a character only if it is certain: a quotation mark, a dash, a letter or a sign that stands
among ASCII. A remainder of a broken UTF-8 character becomes U+FFFD.
"""

import codecs
import re

REPLACEMENT_CHARACTER = "\ufffd"
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
#: quotation marks, dashes, ellipsis and bullet in Windows-1252; they often stand next to each other
_PUNCTUATION = frozenset(b"\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x9b")
#: signs that are certain only among ASCII: euro, trademark, currencies, guillemets, fractions and the like
_SIGNS = frozenset(b"\x80\x99\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb4\xb7\xbb\xbc\xbd\xbe\xbf")
_FIRST_LETTER = 0xC0
#: times and division signs, the only bytes after the first letter that are no letters
_NO_LETTERS = frozenset(b"\xd7\xf7")
_ERROR_HANDLER = "ontherecord.stray-bytes"


def is_mostly_utf8(data: bytes) -> bool:
    """Tell whether data that is not valid UTF-8 is UTF-8 with some stray bytes.

    In other encodings, bytes form a character of UTF-8 only by accident. So it has fewer of those than other bytes.
    """
    rest, character_count = _UTF8_CHARACTER.subn(b"", data)
    return character_count >= max(1, len(_HIGH_BYTE.findall(rest)))


def decode_stray_bytes(data: bytes) -> str:
    """Decode UTF-8, and each invalid byte as Windows-1252 if it is certain, or else as U+FFFD."""
    return data.decode("utf-8", _ERROR_HANDLER)


def _replace_invalid_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start, end = error.object, error.start, error.end
    has_neighbour = _is_high(data[start - 1 : start]) or _is_high(data[end : end + 1])
    is_certain = end - start == 1 and (
        data[start] in _PUNCTUATION
        or (data[start] >= _FIRST_LETTER and data[start] not in _NO_LETTERS)
        or (data[start] in _SIGNS and not has_neighbour)
    )
    return (data[start:end].decode("cp1252") if is_certain else REPLACEMENT_CHARACTER), end


def _is_high(neighbour: bytes) -> bool:
    return _HIGH_BYTE.match(neighbour) is not None


codecs.register_error(_ERROR_HANDLER, _replace_invalid_bytes)
