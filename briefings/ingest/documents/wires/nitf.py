"""Read NITF, the format of news agencies for one article (IPTC, versions 2 and 3).

Rule: the text is `body.content` only: no dateline, media, notes or tag lines. Rule: the day is `pubdata`'s, the day of
publication. Without it, it is the day of `date.issue` and `date.release`; if these two differ, there is no day.
Rule: the outlet is the publication in `pubdata`, or else the distributor; never the holder of rights.
"""

from collections.abc import Sequence
from datetime import date

from lxml import etree

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.article_fields import build_document_article
from briefings.ingest.documents.markup import drop_signs, extract_lines, parse_markup
from briefings.ingest.documents.wires.safe_xml import drop_namespaces, get_text, parse_xml
from briefings.ingest.publication_days import parse_day
from briefings.model import Article, Span

#: elements of the text that are not the article's words
_SKIPPED_TAGS = ("media", "note", "credit.media", "caption", "object")
_HTML_TAGS = {
    "bq": "blockquote",
    "hl2": "h3",
    "block": "div",
    "body.content": "div",
    "credit": "cite",
    "pronounce": "s",
}


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of an NITF file. Raises BadInput if it is damaged, withdrawn or without text."""
    root = drop_namespaces(parse_xml(data, name))
    if root.tag != "nitf":
        raise BadInput(f"{name} is not an NITF file: it starts with <{root.tag}>.")
    return [build_nitf_article(root, name, article_id)]


def build_nitf_article(root: etree._Element, name: str, article_id: str) -> Article:
    """Build the article of a <nitf> element without namespaces. Raises BadInput if it has no text or is withdrawn."""
    if any(status.get("management-status") in ("canceled", "cancelled", "withheld") for status in root.iter("docdata")):
        raise BadInput(f"{name} was withdrawn by its publisher, so it was not taken.")
    text, quotation_elements = extract_xml_text(root.find(".//body.content"), name)
    return build_document_article(
        article_id,
        text,
        name,
        title=_find_title(root),
        byline=_find_byline(root),
        publisher=_find_outlet(root),
        published=_find_day(root),
        quotation_elements=quotation_elements,
    )


def extract_xml_text(element: etree._Element | None, name: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text of an XML element with one line per block, and the words of its quotation elements.

    The names of its elements are those of NITF or XHTML, without namespaces.
    """
    if element is None:
        return "", ()
    for skipped_element in list(element.iter(*_SKIPPED_TAGS)):
        _remove(skipped_element)
    for child in element.iter(*_HTML_TAGS):
        child.tag = _HTML_TAGS[child.tag]
    markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    if not markup.strip():
        return "", ()
    lines, signs = extract_lines(parse_markup(f"<html><body>{markup}</body></html>", name))
    return drop_signs(lines, signs)


def _remove(element: etree._Element) -> None:
    """Remove an element, and keep the words after it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")
    parent.remove(element)


def _find_title(root: etree._Element) -> str | None:
    for path in ("./body/body.head/hedline/hl1", ".//hedline/hl1", "./body/body.head/headline", "./head/title"):
        if title := get_text(root.find(path)):
            return title
    return None


def _find_byline(root: etree._Element) -> str | None:
    """Return the people of the bylines, or the text of the only byline."""
    bylines = root.findall("./body/body.head/byline")
    people = [get_text(person) for byline in bylines for person in byline.iter("person", "bytag")]
    names = dict.fromkeys(person for person in people if person)
    if names:
        return ", ".join(names)
    return get_text(bylines[0]) if len(bylines) == 1 else None


def _find_outlet(root: etree._Element) -> str | None:
    publications = {element.get("name", "").strip() for element in root.iterfind("./head/pubdata")} - {""}
    if publications:
        return publications.pop() if len(publications) == 1 else None
    distributors = root.findall("./body/body.head/distributor")
    return get_text(distributors[0]) if len(distributors) == 1 else None


def _find_day(root: etree._Element) -> date | None:
    publication_days = [
        parse_day(element.get("date.publication", "").strip())
        for element in root.iterfind("./head/pubdata")
        if element.get("date.publication", "").strip()
    ]
    if publication_days:
        return publication_days[0] if len(set(publication_days)) == 1 else None
    days = {
        parse_day((element.get("norm") or "").strip())
        for tag in ("date.issue", "date.release")
        for element in root.iterfind(f".//docdata/{tag}")
        if element.get("norm")
    }
    return days.pop() if len(days) == 1 else None
