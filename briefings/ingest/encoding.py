"""Bytes as text: what they say they are, what they must be, or what a detector is sure of.

Rule: bytes that are UTF-8 are UTF-8, whatever they are said to be; a byte order mark decides before anything else; and
what is left is guessed only where there is enough to guess from. A byte order mark stays, as U+FEFF.
"""

import codecs
import re

from charset_normalizer import from_bytes

from briefings.errors import BadInput

#: bytes below which nothing is guessed: a word or two reads well in a dozen encodings
FEWEST = 32
#: share of bytes beyond ASCII below which a text is taken for English, whose accents and marks are Windows' own: of so
#: few a detector makes Baltic or Turkish letters
_FEW = 0.15
_ASCII = 0x7F
#: bytes that a guess is made from
_LOOKED_AT = 200_000
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: what is meant by those who say so (WHATWG Encoding Standard, section 4.2)
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
#: guessed of nothing: they find letters in whatever comes in pairs
_UNGUESSED = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
#: bytes of one character of UTF-8
_LONGEST_CHARACTER = 4
#: characters of which a text of letters holds none, tabs and line ends aside
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(data: bytes, where: str, told: str | None = None) -> str:
    """`data` as text; `told` is the encoding that its sender or the page itself names.

    Raises BadInput, its sentence opening with `where`, when no encoding fits, or nothing says which of many it is.
    """
    text = _read(data, told)
    if text is None:
        raise _refused(data, where)
    return text


def is_binary(data: bytes) -> bool:
    """Whether these first bytes are of something that is not text: a picture, a document, a program."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return False
    if b"\0" in data:
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.start >= len(data) - _LONGEST_CHARACTER and error.reason == "unexpected end of data"
        return not cut and _CONTROLS.search(data.decode("latin-1")) is not None
    return False


def _read(data: bytes, told: str | None) -> str | None:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked is not None:
        return _as(data, marked)
    text = _as(data, "utf-8")
    if text is None and told is not None:
        text = _as(data, _meant(told))
    return _guessed(data) if text is None else text


def _meant(told: str) -> str:
    try:
        name = codecs.lookup(told.strip()).name
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(name, name)


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (ValueError, LookupError):  # LookupError: codecs that are no text encodings ("rot13", "zip")
        return None


def _guessed(data: bytes) -> str | None:
    if len(data) < FEWEST or is_binary(data):
        return None
    if sum(byte > _ASCII for byte in data[:_LOOKED_AT]) < _FEW * len(data[:_LOOKED_AT]) and (
        western := _as(data, "cp1252")
    ):
        return western
    best = from_bytes(data[:_LOOKED_AT], cp_exclusion=_UNGUESSED).best()
    return None if best is None else _as(data, best.encoding)


def _refused(data: bytes, where: str) -> BadInput:
    try:
        data.decode("utf-8")
        at = 0
    except UnicodeDecodeError as error:
        at = error.start
    line = data.count(b"\n", 0, at) + 1
    place = f"{where}, line {line}" if b"\n" in data.rstrip() else where
    return BadInput(f"{place}: this is not UTF-8 text, nor clearly of another encoding. Save the file as UTF-8.")
