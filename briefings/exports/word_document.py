"""Render a document as a Word file (DOCX): headings, block quotes, real hyperlinks and document properties.

Rule: only python-docx writes the file, so that it is valid. Characters that XML does not allow become blanks or the
replacement character.
"""

import io
import re
import unicodedata
from datetime import UTC, datetime, time
from functools import partial

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from briefings.exports.model import Document, Passage, Place, Reference
from briefings.exports.wording import (
    add_marks,
    describe_details,
    describe_reference,
    describe_speaker,
    make_one_line,
)
from briefings.text.dates import format_day

_PROGRAM = "On the Record"
#: control characters that are white space, and all others that XML does not allow
_BLANK_CONTROLS = re.compile("[\x0b\x0c\x1c-\x1f]")
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1b\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile("\r\n?")
#: longest property that Word accepts, in characters
_MAX_PROPERTY_LENGTH = 255
#: longest address of a hyperlink: Word calls a file with a longer one damaged
_MAX_URL_LENGTH = 2_000
_LINK_COLOR = RGBColor(0x1F, 0x5F, 0x5B)
#: ids of styles in the template of python-docx
_QUOTE_STYLE, _BULLET_STYLE = "Quote", "ListBullet"
_DETAIL_SIZE = Pt(9)


def render_word_document(document: Document) -> bytes:
    """Return the bytes of a DOCX file."""
    word_document = docx.Document()
    _set_properties(word_document, document)
    _set_direction(word_document.add_heading(_clean_line(document.title), 0))
    for note in document.notes:
        word_document.add_paragraph(_clean_line(note))
    for section in document.sections:
        _set_direction(word_document.add_heading(_clean_line(section.heading), 1))
        group = ""
        for passage in section.passages:
            if passage.group and passage.group != group:
                word_document.add_heading(_clean_line(passage.group[:1].upper() + passage.group[1:]), 2)
            group = passage.group
            _add_passage(word_document, passage)
    if document.references:
        word_document.add_heading("Sources", 1)
        for reference in document.references:
            _add_reference(word_document, reference)
    output = io.BytesIO()
    word_document.save(output)
    return output.getvalue()


def _set_properties(word_document: WordDocument, document: Document) -> None:
    properties = word_document.core_properties
    created = datetime.combine(document.created, time(), UTC)
    properties.title = _clean_line(document.title)[:_MAX_PROPERTY_LENGTH]
    properties.subject = _clean_line(document.kind)
    properties.author = properties.last_modified_by = _PROGRAM
    properties.comments = "Every quotation is exactly as its source printed it."
    properties.keywords, properties.category = "quotations", "news"
    properties.created = properties.modified = created
    properties.language = "en"


def _add_passage(word_document: WordDocument, passage: Passage) -> None:
    if passage.place is None:
        note = f" ({passage.note})" if passage.note else ""
        _add_paragraph(word_document, _clean_line(f"{passage.text}{note}"), _BULLET_STYLE)
        return
    _add_quote(word_document, passage)
    _add_attribution(word_document, passage, with_speaker=True)
    for wording in passage.wordings:
        word_document.add_paragraph("Also reported as:").paragraph_format.keep_with_next = True
        _add_quote(word_document, wording)
        _add_attribution(word_document, wording, with_speaker=False)


def _add_quote(word_document: WordDocument, passage: Passage) -> None:
    paragraph = _add_paragraph(word_document, _clean(add_marks(passage.text, passage.voice)), _QUOTE_STYLE)
    paragraph.paragraph_format.keep_with_next = True
    _set_direction(paragraph)


def _add_attribution(word_document: WordDocument, passage: Passage, *, with_speaker: bool) -> None:
    paragraph = word_document.add_paragraph()
    add_text = partial(_add_text, paragraph)
    add_text("— ")
    if passage.speaker and with_speaker:
        add_text(f"{describe_speaker(passage.speaker)}, ")
    articles: dict[str, Place] = {}
    for place in passage.places:
        articles.setdefault(place.article, place)
    for index, place in enumerate(articles.values()):
        add_text("; " if index else "")
        _add_link(paragraph, make_one_line(place.source_name), place.link)
        add_text(f", {format_day(place.published)}" if place.published else "")
    if details := describe_details(passage):
        add_text(f" ({'; '.join(details)})")


def _add_reference(word_document: WordDocument, reference: Reference) -> None:
    paragraph = _add_paragraph(word_document, "", _BULLET_STYLE)
    names = "; ".join(author.name for author in reference.authors)
    _add_text(paragraph, f"{names}: " if names else "")
    label, details = describe_reference(reference)
    _add_link(paragraph, label, reference.url)
    _add_text(paragraph, f", {details}")


def _add_paragraph(word_document: WordDocument, text: str, style_id: str) -> Paragraph:
    paragraph = word_document.add_paragraph(text)
    # the public property searches all styles for each paragraph, which takes seconds for a long answer
    paragraph._p.style = style_id  # noqa: SLF001  # see above
    return paragraph


def _set_direction(paragraph: Paragraph) -> None:
    """Write a paragraph from right to left if its first letter is, as in Arabic and Hebrew."""
    directions = map(unicodedata.bidirectional, paragraph.text)
    if next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L":
        # python-docx has no property for this; its place is after the style and "keep with next"
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001  # see above
        for run in paragraph.runs:
            run.font.rtl = True


def _add_text(paragraph: Paragraph, text: str) -> None:
    if text:
        paragraph.add_run(_clean_line(text, keeps_edges=True)).font.size = _DETAIL_SIZE


def _add_link(paragraph: Paragraph, label: str, url: str | None) -> None:
    """Add a hyperlink, or only its label without a URL that Word accepts."""
    url = url if url and len(url) <= _MAX_URL_LENGTH else (url or "").partition("#")[0]
    if not url or len(url) > _MAX_URL_LENGTH:
        _add_text(paragraph, label)
        return
    element = OxmlElement("w:hyperlink")
    relationship_id = paragraph.part.relate_to(_clean_line(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element.set(qn("r:id"), relationship_id)
    run_element = OxmlElement("w:r")
    element.append(run_element)
    paragraph._p.append(element)  # noqa: SLF001  # python-docx reads hyperlinks, but has no method to add one
    run = Run(run_element, paragraph)
    run.text = _clean_line(label) or "link"
    run.font.underline, run.font.color.rgb, run.font.size = True, _LINK_COLOR, _DETAIL_SIZE


def _clean(text: str) -> str:
    """Return text that XML allows; the lines of the article stay lines."""
    text = _BLANK_CONTROLS.sub(" ", _LINE_BREAKS.sub("\n", text))
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def _clean_line(text: str, *, keeps_edges: bool = False) -> str:
    text = _clean(text).replace("\n", " ")
    return text if keeps_edges else text.strip()
