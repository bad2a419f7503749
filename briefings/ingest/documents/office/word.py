"""Read Word files (.docx) as the text that their readers see.

Rule: inserted text is in, deleted and hidden text is out, and so are comments, field codes, headers and footers.
Footnotes follow the text. Text comes straight from the XML: a converter to HTML would escape it and guess its lists.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.office.paragraphs import Paragraph, build_articles
from briefings.ingest.documents.office.zip_parts import Package, get_tag
from briefings.model import Article

_MAIN_PART = "word/document.xml"
_RELATIONSHIPS = "_rels/.rels"
#: elements whose text is not part of what is read
_SKIPPED_LIST = (
    "del moveFrom delText delInstrText instrText Fallback rPr pPr sectPr tblPr tblGrid trPr tcPr sdtPr "
    "sdtEndPr footnoteRef endnoteRef annotationRef footnoteReference endnoteReference commentReference ruby "
    "rt pict_fallback fldData binData"
)
_SKIPPED = frozenset(_SKIPPED_LIST.split())
_TITLE_STYLES = frozenset({"title", "titel", "titre", "ttulo", "titolo", "heading1", "berschrift1"})
#: elements that are one character
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: kinds of footnotes that are lines and marks of the page
_NOTE_FURNITURE = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of a Word file. Raises BadInput if it is damaged, protected, too large or empty."""
    package = Package(data, name)
    main_part = _find_main_part(package)
    root = package.parse(main_part)
    body = next((element for element in root if get_tag(element) == "body"), None) if root is not None else None
    if body is None:
        raise BadInput(f"{name} has no text part. Open it in Word and save it again.")
    paragraphs = list(_read_blocks(body))
    folder = main_part.rpartition("/")[0]
    notes = [note for part in ("footnotes", "endnotes") for note in _read_notes(package, f"{folder}/{part}.xml")]
    return build_articles(paragraphs, notes, _read_property_title(package), name, article_id)


def _find_main_part(package: Package) -> str:
    relationships = package.parse(_RELATIONSHIPS)
    for relationship in relationships if relationships is not None else ():
        target = (relationship.get("Target") or "").lstrip("/")
        if (relationship.get("Type") or "").endswith("/officeDocument") and target in package.names:
            return target
    return _MAIN_PART


def _read_property_title(package: Package) -> str:
    root = package.parse("docProps/core.xml")
    titles = [element.text for element in root if get_tag(element) == "title"] if root is not None else []
    return titles[0] or "" if titles else ""


def _read_notes(package: Package, part: str) -> Iterator[Paragraph]:
    root = package.parse(part)
    for note in root if root is not None else ():
        if not _NOTE_FURNITURE & set(note.attrib.values()):
            yield from (item for item in _read_blocks(note) if item.text.strip())


def _read_blocks(parent: etree._Element) -> Iterator[Paragraph]:
    """Yield the paragraphs below an element, also those in tables and content controls."""
    for element in parent:
        tag = get_tag(element)
        if tag == "p":
            yield from _read_paragraph(element)
        elif tag == "tr":
            yield from _read_row(element)
        elif tag and tag not in _SKIPPED and not _is_placeholder(element):
            yield from _read_blocks(element)


def _read_row(row: etree._Element) -> Iterator[Paragraph]:
    """Yield each cell as a line; the first of a row begins a paragraph."""
    is_first = True
    for item in _read_blocks(row):
        if item.text.strip():
            yield Paragraph(item.text, is_tight=not is_first)
            is_first = False


def _read_paragraph(paragraph: etree._Element) -> Iterator[Paragraph]:
    """Yield a paragraph and then those of the text boxes that are anchored in it."""
    pieces: list[str] = []
    boxes: list[etree._Element] = []
    _collect_text(paragraph, pieces, boxes)
    yield Paragraph("".join(pieces).strip(" \t\n"), is_title=_has_title_style(paragraph))
    for box in boxes:
        yield from _read_blocks(box)


def _collect_text(element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
    """Append the text below an element to `pieces`, and its text boxes to `boxes`."""
    for child in element:
        tag = get_tag(child)
        if tag in _CHARACTERS:
            pieces.append(_CHARACTERS[tag])
        elif tag == "t":
            pieces.append(child.text or "")
        elif tag == "txbxContent":
            boxes.append(child)
        elif tag and tag not in _SKIPPED and not _is_hidden(child) and not _is_placeholder(child):
            _collect_text(child, pieces, boxes)


def _is_hidden(run: etree._Element) -> bool:
    """Tell whether the text of a run is not shown."""
    for properties in run:
        if get_tag(properties) == "rPr":
            return any(
                get_tag(item) in {"vanish", "webHidden"} and _get_value(item) not in {"0", "false", "off"}
                for item in properties
            )
    return False


def _find_properties(paragraph: etree._Element) -> dict[str, etree._Element]:
    for properties in paragraph:
        if get_tag(properties) == "pPr":
            return {get_tag(item): item for item in properties}
    return {}


def _is_placeholder(element: etree._Element) -> bool:
    """Tell whether an element is a field of a form that is not filled in."""
    if get_tag(element) != "sdt":
        return False
    return any(get_tag(item) == "showingPlcHdr" for properties in element for item in properties)


def _has_title_style(paragraph: etree._Element) -> bool:
    style = _find_properties(paragraph).get("pStyle")
    return style is not None and _get_value(style).lower() in _TITLE_STYLES


def _get_value(element: etree._Element) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "val"), "")
