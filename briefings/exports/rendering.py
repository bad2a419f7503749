"""Render a document in one of the formats, with the content type and the name of the file."""

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput
from briefings.exports.citations import build_csl_items, render_bibtex, render_ris
from briefings.exports.csv_table import render_csv
from briefings.exports.markdown import render_markdown
from briefings.exports.model import Document

#: most characters and bytes of a file's name, without its kind and suffix; systems allow 255 bytes in all
MAX_NAME_LENGTH, _MAX_NAME_BYTES = 80, 200
#: largest file, in bytes
MAX_BYTES = 20 * 1024 * 1024
_SURROGATES = re.compile("[\ud800-\udfff]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Format(StrEnum):
    """Format of an export, as it is named in commands and URLs."""

    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"
    WORD = "docx"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"

    @property
    def label(self) -> str:
        """Return the name for readers."""
        return _TYPES[self][0]

    @property
    def content_type(self) -> str:
        """Return the media type."""
        return _TYPES[self][1]

    @property
    def suffix(self) -> str:
        """Return the suffix of its files, with the dot."""
        return _TYPES[self][2]


_TYPES = {
    Format.MARKDOWN: ("Markdown", "text/markdown; charset=utf-8", ".md"),
    Format.CSV: ("Table (CSV)", "text/csv; charset=utf-8", ".csv"),
    Format.JSON: ("JSON", "application/json; charset=utf-8", ".json"),
    Format.WORD: ("Word", _WORD_TYPE, ".docx"),
    Format.BIBTEX: ("BibTeX", "application/x-bibtex; charset=utf-8", ".bib"),
    Format.RIS: ("RIS", "application/x-research-info-systems; charset=utf-8", ".ris"),
    Format.CSL: ("CSL-JSON", "application/vnd.citationstyles.csl+json; charset=utf-8", ".csl.json"),
}
_OTHER_NAMES = {
    "markdown": Format.MARKDOWN,
    "word": Format.WORD,
    "bib": Format.BIBTEX,
    "csl-json": Format.CSL,
    "csljson": Format.CSL,
    "csl.json": Format.CSL,
    "excel": Format.CSV,
    "spreadsheet": Format.CSV,
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to hand out."""

    name: str
    content_type: str
    content: bytes


def find_format(name: str) -> Format | None:
    """Return the format with this name, or None."""
    key = name.strip().lstrip(".").casefold()
    return Format(key) if key in set(Format) else _OTHER_NAMES.get(key)


def render(document: Document, export_format: Format, *, for_spreadsheet: bool = True) -> ExportedFile:
    """Return the document as a file.

    A CSV file begins with a byte order mark, by which spreadsheets recognise UTF-8, unless it is not `for_spreadsheet`.
    Raises BadInput if the file is too large.
    """
    name = build_file_name(document.title, document.kind, export_format)
    content = _render_content(document, export_format)
    if export_format is Format.CSV and for_spreadsheet:
        content = _BYTE_ORDER_MARK + content
    if len(content) > MAX_BYTES:
        raise BadInput(
            f"{name} would be larger than {MAX_BYTES // 1024**2} MB. Narrow the question, for example by day."
        )
    return ExportedFile(name, export_format.content_type, content)


def build_file_name(title: str, kind: str, export_format: Format) -> str:
    """Return a name of letters, digits, hyphens and a suffix, in any script, that every system accepts."""
    text = unicodedata.normalize("NFC", title)
    # a combining mark, such as a vowel sign, belongs to the letter before it
    kept_text = "".join(char if char.isalnum() or unicodedata.category(char).startswith("M") else " " for char in text)
    words = [word for word in kept_text.split() if any(map(str.isalnum, word))]
    name = "-".join(words).casefold()[:MAX_NAME_LENGTH].encode()[:_MAX_NAME_BYTES].decode(errors="ignore").strip("-")
    # some systems reserve names such as "con" and "nul"
    kind = kind.casefold()
    if not name:
        return f"export{export_format.suffix}"
    return f"{name if name.startswith(kind) else f'{name}-{kind}'}{export_format.suffix}"


def _render_content(document: Document, export_format: Format) -> bytes:
    match export_format:
        case Format.MARKDOWN:
            return _encode(render_markdown(document))
        case Format.CSV:
            return _encode(render_csv(document))
        case Format.JSON:
            return _encode_json(document.data)
        case Format.WORD:
            return _render_word(document)
        case Format.BIBTEX:
            return _encode(render_bibtex(document))
        case Format.RIS:
            return _encode(render_ris(document))
        case Format.CSL:
            return _encode_json(build_csl_items(document))


def _render_word(document: Document) -> bytes:
    try:
        from briefings.exports.word_document import render_word_document  # slow to import, and in an extra
    except ImportError as error:
        raise BadInput(explain_missing("Word files", Extra.DOCUMENTS)) from error
    return render_word_document(document)


def _encode_json(value: object) -> bytes:
    return _encode(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _encode(text: str) -> bytes:
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text).encode()
