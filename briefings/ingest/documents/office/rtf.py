"""Read RTF files as the text that their readers see.

Rule: deleted and hidden text is out, and so are headers, footers, comments, field codes and pictures. Footnotes follow
the text. Our own reader, because libraries keep deleted text, put addresses of links into it, or lose text boxes.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.office.paragraphs import Paragraph, build_articles
from briefings.model import Article

_MAX_DEPTH = 500
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
#: groups that are not text
_SKIPPED_LIST = (
    "fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf "
    "annotation atnid atnauthor atntime atndate atnref atnicn atnparent fldinst xe tc rxe txe bkmkstart "
    "bkmkend datafield listtable listoverridetable rsidtbl revtbl filetbl themedata colorschememapping "
    "latentstyles datastore xmlnstbl pntxta pntxtb pntext listtext template generator private shprslt sn sv "
    "nonesttables objdata objclass objname upr comment ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn "
    "nonshppict mmathPict"
)
_SKIPPED = frozenset(_SKIPPED_LIST.split())
#: optional groups that have text
_OPTIONAL_TEXT = frozenset({"shpinst", "shptxt", "shp", "do", "dptxbxtext", "footnote", "txbxcontent", "result"})
_CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"\t": "\t", b"{": "{", b"}": "}", b"\\": "\\", b"-": ""}
_PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "column", "cell", "nestcell", "row", "nestrow"})
_TABLE_ENDS = frozenset({"cell", "nestcell", "row", "nestrow"})
#: encodings by the number of a font's character set
_CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits. `fallback_length` is the number of characters that repeat one given as Unicode."""

    is_skipped: bool = False
    is_hidden: bool = False
    is_note: bool = False
    is_font_table: bool = False
    font: int = -1
    fallback_length: int = 1


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of an RTF file. Raises BadInput if it is damaged, nested too deeply, or has no text."""
    reader = _RtfReader(name)
    reader.read(data)
    return build_articles(reader.paragraphs, reader.notes, "", name, article_id)


class _RtfReader:
    """Reads the tokens of one file one by one and collects its paragraphs."""

    def __init__(self, name: str) -> None:
        self.paragraphs: list[Paragraph] = []
        self.notes: list[Paragraph] = []
        self._name = name
        self._state, self._stack = _State(), list[_State]()
        self._encoding = "cp1252"
        self._font_encodings: dict[int, str] = {}
        self._line: list[str] = []
        self._note_line: list[str] = []
        self._bytes = bytearray()
        self._skip_count = 0
        self._is_optional = self._is_tight = False

    def read(self, data: bytes) -> None:
        """Read a file. Raises BadInput if it is nested too deeply or cut off within a group that is skipped."""
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            word, number, byte, symbol, brace, text = match.groups()
            if byte:
                self._add_bytes(bytes.fromhex(byte.decode()))
            elif text:
                self._add_bytes(text)
            elif brace:
                self._change_group(is_opened=brace == b"{")
                if not self._stack:
                    break
            elif word:
                if word == b"bin":
                    position += min(max(0, int(number or 0)), len(data))
                self._apply_word(word.decode(), int(number) if number else None)
            elif symbol:
                self._apply_symbol(symbol)
        self._end_paragraph()
        self._end_note_paragraph()

    def _change_group(self, *, is_opened: bool) -> None:
        self._flush()
        self._skip_count = 0
        self._is_optional = False
        if is_opened:
            if len(self._stack) >= _MAX_DEPTH:
                raise BadInput(f"{self._name} is nested too deeply. Save its text in a new file and add that.")
            self._stack.append(self._state)
            return
        was_note = self._state.is_note
        self._state = self._stack.pop() if self._stack else _State()
        if was_note and not self._state.is_note:
            self._end_note_paragraph()

    def _apply_symbol(self, symbol: bytes) -> None:
        self._flush()
        if symbol == b"*":
            self._is_optional = True
        elif symbol in b"\r\n":
            self._end_paragraph()
        elif symbol in _SYMBOLS:
            self._add_text(_SYMBOLS[symbol])

    def _apply_word(self, word: str, number: int | None) -> None:
        if word == "u":
            self._add_unicode(number or 0)
            return
        self._flush()
        is_optional, self._is_optional = self._is_optional, False
        if word in _SKIPPED or (is_optional and word not in _OPTIONAL_TEXT):
            self._state = replace(self._state, is_skipped=True, is_font_table=word == "fonttbl")
        elif word == "footnote":
            self._state = replace(self._state, is_note=True)
        elif word in _CHARACTERS:
            self._add_text(_CHARACTERS[word])
        elif word in _PARAGRAPH_ENDS:
            if not self._state.is_skipped and not self._state.is_hidden:
                self._end_paragraph(word)
        elif word == "uc":
            self._state = replace(self._state, fallback_length=max(0, min(number or 0, 8)))
        elif word in {"v", "deleted"}:
            self._state = replace(self._state, is_hidden=number != 0)
        elif word == "plain":
            self._state = replace(self._state, is_hidden=False)
        else:
            self._apply_font(word, number)

    def _apply_font(self, word: str, number: int | None) -> None:
        if word == "f":
            self._state = replace(self._state, font=number or 0)
        elif word == "fcharset" and self._state.is_font_table and number in _CHARSETS:
            self._font_encodings[self._state.font] = _CHARSETS[number]
        elif word == "ansicpg" and number:
            self._encoding = _find_encoding(f"cp{number}")
        elif word in _CODE_PAGES:
            self._encoding = _CODE_PAGES[word]

    def _add_unicode(self, number: int) -> None:
        """Add a UTF-16 unit; a pair of them is one character."""
        self._flush()
        self._add_text(chr(number % 0x10000))
        self._skip_count = self._state.fallback_length

    def _add_bytes(self, data: bytes) -> None:
        skipped = min(self._skip_count, len(data))
        self._skip_count -= skipped
        if not self._state.is_skipped:
            self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            encoding = self._font_encodings.get(self._state.font, self._encoding)
            self._add_text(self._bytes.decode(encoding, "replace"))
            self._bytes.clear()

    def _add_text(self, text: str) -> None:
        if not self._state.is_skipped and not self._state.is_hidden:
            (self._note_line if self._state.is_note else self._line).append(text)

    def _end_paragraph(self, word: str = "par") -> None:
        self._flush()
        if self._state.is_note:
            self._end_note_paragraph()
            return
        text = _join_units(self._line)
        self._line.clear()
        if text or word not in _TABLE_ENDS:
            self.paragraphs.append(Paragraph(text, is_tight=self._is_tight))
        self._is_tight = word in {"cell", "nestcell"} and (self._is_tight or bool(text))

    def _end_note_paragraph(self) -> None:
        text = _join_units(self._note_line)
        self._note_line.clear()
        if text:
            self.notes.append(Paragraph(text))


def _join_units(pieces: Sequence[str]) -> str:
    """Join text; two halves of a character become one, and a half without the other is marked as unreadable."""
    text = "".join(pieces).strip(" \t\n")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _find_encoding(name: str) -> str:
    try:
        return codecs.lookup({"cp65001": "utf-8", "cp10000": "mac_roman"}.get(name, name)).name
    except LookupError:
        return "cp1252"
