"""Read OpenDocument text (.odt) as the text that its readers see.

Rule: deleted text, comments, hidden text, and lists of contents are out. Footnotes follow the text. The XML is read
directly: a library would build an object for each element, at ten times the memory.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.office.paragraphs import Paragraph, build_articles
from briefings.ingest.documents.office.zip_parts import Package, get_tag
from briefings.model import Article

_SKIPPED_LIST = (
    "tracked-changes annotation annotation-end table-of-content bibliography alphabetical-index table-index "
    "illustration-index sequence-decls variable-decls forms hidden-text hidden-paragraph ruby-text "
    "note-citation event-listeners script title desc user-field-decls list-header binary-data math object"
)
_SKIPPED = frozenset(_SKIPPED_LIST.split())
_MAX_SPACES = 1_000
_TITLE_STYLES = frozenset({"title", "titel", "titre"})


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of an OpenDocument text. Raises BadInput if it is damaged, protected, too large or empty."""
    package = Package(data, name)
    manifest = package.read("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise BadInput(f"{name} is protected with a password. Save it without the password.")
    root = package.parse("content.xml")
    body = next((element for element in root.iter("{*}body")), None) if root is not None else None
    if root is None or body is None:
        raise BadInput(f"{name} has no text part. Open and save it again.")
    notes: list[etree._Element] = []
    paragraphs = list(_read_blocks(body, notes, _find_title_styles(root)))
    # a note can have notes; they are not read
    note_paragraphs = [item for note in notes for item in _read_blocks(note, [], frozenset()) if item.text.strip()]
    return build_articles(paragraphs, note_paragraphs, _read_property_title(package), name, article_id)


def _find_title_styles(root: etree._Element) -> frozenset[str]:
    """Return the names of the styles of titles, also of automatic styles that vary one."""
    styles = {
        _get_attribute(style, "name")
        for style in root.iter("{*}style")
        if _get_attribute(style, "parent-style-name").lower() in _TITLE_STYLES
    }
    return frozenset(styles | {"Title", "Titel", "Titre"})


def _read_property_title(package: Package) -> str:
    root = package.parse("meta.xml")
    return next((element.text or "" for element in root.iter("{*}title")), "") if root is not None else ""


def _read_blocks(
    parent: etree._Element, notes: list[etree._Element], title_styles: frozenset[str]
) -> Iterator[Paragraph]:
    for element in parent:
        tag = get_tag(element)
        if tag in {"p", "h"}:
            pieces = [_collapse(element.text)]
            boxes: list[etree._Element] = []
            _collect_text(element, pieces, boxes, notes)
            is_title = _get_attribute(element, "style-name") in title_styles or (
                tag == "h" and _get_attribute(element, "outline-level") == "1"
            )
            yield Paragraph("".join(pieces).strip(" \t\n"), is_title=is_title)
            for box in boxes:
                yield from _read_blocks(box, notes, title_styles)
        elif tag == "table-row":
            cells = [item for item in _read_blocks(element, notes, title_styles) if item.text.strip()]
            yield from (Paragraph(item.text, is_tight=index > 0) for index, item in enumerate(cells))
        elif tag and tag not in _SKIPPED:
            yield from _read_blocks(element, notes, title_styles)


def _collect_text(
    element: etree._Element, pieces: list[str], boxes: list[etree._Element], notes: list[etree._Element]
) -> None:
    """Append the text below an element to `pieces`, its text boxes to `boxes` and its notes to `notes`."""
    for child in element:
        tag = get_tag(child)
        if tag == "s":
            count = _get_attribute(child, "c")
            pieces.append(" " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES))
        elif tag == "tab":
            pieces.append("\t")
        elif tag == "line-break":
            pieces.append("\n")
        elif tag == "note-body":
            notes.append(child)
        elif tag == "text-box":
            boxes.append(child)
        elif tag and tag not in _SKIPPED:
            pieces.append(_collapse(child.text))
            _collect_text(child, pieces, boxes, notes)
        pieces.append(_collapse(child.tail))


def _collapse(text: str | None) -> str:
    """Return text with the line ends of the XML's layout as blanks."""
    return (text or "").replace("\n", " ")


def _get_attribute(element: etree._Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
