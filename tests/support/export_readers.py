"""Opens exported files with programs for their kinds, and returns the passages that they have."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import bibtexparser
import docx
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefings.exports import Document, Format, Passage, Voice, render
from briefings.exports.csv_table import COLUMNS
from briefings.exports.wording import add_marks

_PROTECTED = re.compile(r"^'+\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|^'+[\t\r\n]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufffd]")


def normalize(text: str) -> str:
    """Return words separated by single blanks, without characters that a format can't contain."""
    return " ".join(_UNWRITABLE.sub(" ", text.replace("\u2028", " ").replace("\u2029", " ")).split())


def list_source_passages(document: Document) -> list[Passage]:
    """Return the passages with sources, and their other wordings, in order."""
    return [
        cited_passage
        for passage in document.passages
        for cited_passage in (passage, *passage.wordings)
        if cited_passage.voice is not Voice.PROGRAM
    ]


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a table, with the protection against formulas undone."""
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert tuple(header) == COLUMNS
    return [dict(zip(header, map(_unprotect, row), strict=True)) for row in rows]


def _unprotect(cell: str) -> str:
    return cell[1:] if _PROTECTED.match(cell) else cell


def read_markdown_quotes(content: bytes) -> list[str]:
    """Return the text of each block quote."""
    quotes: list[str] = []
    depth = 0
    for token in MarkdownIt("commonmark").parse(content.decode()):
        if token.type == "blockquote_open":
            depth += 1
            quotes += [""] if depth == 1 else []
        elif token.type == "blockquote_close":
            depth -= 1
        elif depth:
            assert token.type in ("inline", "paragraph_open", "paragraph_close"), token
            quotes[-1] += "".join(_iterate_text(token)) + "\n"
    return quotes


def _iterate_text(token: Token) -> Iterator[str]:
    for child in token.children or []:
        assert child.type in ("text", "softbreak", "hardbreak", "text_special"), child
        yield "\n" if child.type in ("softbreak", "hardbreak") else child.content


def read_word_quotes(content: bytes) -> list[str]:
    """Return the paragraphs with the style of quotes."""
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    return [paragraph.text for paragraph in paragraphs if paragraph.style and paragraph.style.name == "Quote"]


def read_word_links(content: bytes) -> list[str]:
    """Return the addresses of all hyperlinks."""
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    return [link.url for paragraph in paragraphs for link in paragraph.hyperlinks]


def read_bibtex(content: bytes) -> list[dict[str, str]]:
    """Return the fields of each entry as plain text."""
    library = bibtexparser.parse_string(content.decode(), append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks, library.failed_blocks
    return [
        {"type": entry.entry_type, "key": entry.key, **{field.key: field.value for field in entry.fields}}
        for entry in library.entries
    ]


def read_ris(content: bytes) -> list[dict[str, Any]]:
    """Return the fields of each record."""
    return rispy.loads(content.decode())


def check_nothing_is_lost(document: Document) -> None:
    """Check that every passage is in every format, word for word."""
    passages = list_source_passages(document)
    quoted_texts = [normalize(add_marks(passage.text, passage.voice)) for passage in passages]
    files: dict[Format, bytes] = {name: render(document, name).content for name in Format}
    rows = [row for row in read_csv(files[Format.CSV]) if row["words of"] != Voice.PROGRAM]
    assert [normalize(row["text"]) for row in rows] == [normalize(passage.text) for passage in passages]
    readers: dict[Format, Callable[[bytes], list[str]]] = {
        Format.MARKDOWN: read_markdown_quotes,
        Format.WORD: read_word_quotes,
    }
    for name, read in readers.items():
        assert list(map(normalize, read(files[name]))) == quoted_texts, name
    assert json.loads(files[Format.JSON]) == json.loads(json.dumps(document.data))
    _check_citations(document, files)


def _check_citations(document: Document, files: dict[Format, bytes]) -> None:
    """Check that each article has one entry, with its title and all passages from it."""
    items, entries, records = (
        json.loads(files[Format.CSL]),
        read_bibtex(files[Format.BIBTEX]),
        read_ris(files[Format.RIS]),
    )
    assert len(items) == len(entries) == len(records) == len(document.references)
    for reference, item, entry, record in zip(document.references, items, entries, records, strict=True):
        assert item["id"] == entry["key"] == record["id"]
        texts = [
            normalize(add_marks(passage.text, passage.voice))
            for passage in list_source_passages(document)
            if any(place.article == reference.id for place in passage.places)
        ]
        titles = [item.get("title", ""), entry.get("title", ""), record.get("title", "")]
        assert list(map(_squeeze, titles)) == [_squeeze(reference.title or "")] * 3
        notes = [item.get("annote", ""), entry.get("annote", ""), "\n".join(record.get("notes", []))]
        for text in texts:
            for note in notes:
                assert _squeeze(text) in _squeeze(note)


def _squeeze(text: str) -> str:
    """Return the text without what decoders of LaTeX handle in different ways: white space, braces, circumflexes."""
    return re.sub(r"[\s{}ˆ^]+", "", normalize(text))
