"""Writes small office documents and books: the parts of a ZIP file with the XML that the programs write."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def write_zip(parts: Mapping[str, str | bytes]) -> bytes:
    """Return the bytes of a ZIP file with these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def write_word(body: str, parts: Mapping[str, str] | None = None, *, title: str = "") -> bytes:
    """Return a Word file with this XML in its body ("w:" is declared) and further parts."""
    core = f'<c:p xmlns:c="core" xmlns:d="dc"><d:title>{title}</d:title><d:creator>Typist</d:creator></c:p>'
    return write_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
            "docProps/core.xml": core,
            **(parts or {}),
        }
    )


def write_notes(body: str) -> str:
    """Return the XML of the footnotes of a Word file."""
    return f'<w:footnotes xmlns:w="{_W}">{body}</w:footnotes>'


def set_paragraphs(*texts: str) -> str:
    """Return paragraphs of a Word file."""
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def write_open_document(body: str, *, styles: str = "", title: str = "", manifest: str = "") -> bytes:
    """Return an OpenDocument text with this XML in its body ("text:", "table:", "draw:", "office:" are declared)."""
    names = "".join(f' xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "table", "draw", "style"))
    return write_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f"<m>{manifest}</m>",
            "meta.xml": f'<m xmlns:d="dc"><d:title>{title}</d:title><d:date>2016-06-30</d:date></m>',
            "content.xml": f"<office:document-content{names}>{styles}<office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        }
    )


def write_epub(chapters: Mapping[str, str], metadata: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Return a book with these chapters: XHTML by name, in their order. `metadata` is XML ("dc:" is declared)."""
    items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    return write_zip(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<c><rootfile full-path="OEBPS/b.opf"/></c>',
            "OEBPS/b.opf": f'<package xmlns:dc="dc" xmlns:opf="opf"><metadata>{metadata}</metadata>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{f"OEBPS/{name}": content for name, content in chapters.items()},
            **(parts or {}),
        }
    )
