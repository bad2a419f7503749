"""Read the articles that Factiva exports: as HTML, in its display and its field layout, and as text with fields.

Rule: the field layout names each value: HD headline, BY byline, SN outlet, PD day, LP and TD text, AN the id.
The display layout has lines in a fixed order: headline, byline, "280 words", day, time, outlet. So the outlet is the
line after the day and the time; without that order there is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.article_fields import build_document_article, number_ids
from briefings.ingest.documents.markup import extract_lines, parse_markup
from briefings.ingest.field_validation import check_id
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.pages.html import read_page
from briefings.ingest.publication_days import parse_day
from briefings.model import Article

#: maximum number of articles in one file; Factiva gives at most 100
MAX_ARTICLES = 20_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_ARTICLE_CLASS = re.compile(r"(?:^|\s)(?:article|\w{2}Article)(?:\s|$)")
_PARAGRAPH_CLASS = re.compile(r"(?:^|\s)(?:articleParagraph|\w{2}articleParagraph)(?:\s|$)")
_FIELD_CODES = frozenset(
    [
        "SE",
        "HD",
        "BY",
        "CR",
        "WC",
        "PD",
        "ET",
        "SN",
        "SC",
        "ED",
        "PG",
        "VOL",
        "LA",
        "CY",
        "LP",
        "TD",
        "RF",
        "ART",
        "CO",
        "IN",
        "NS",
        "RE",
        "IPC",
        "IPD",
        "PUB",
        "AN",
        "CLM",
        "DLN",
        "CX",
        "NT",
    ]
)
_FIELD_LINE = re.compile(r"[ \t]{0,8}([A-Z]{2,3})(?:[ \t\xa0]+(\S.*)|[ \t\xa0]*)")
_WORD_COUNT = re.compile(r"[\d,. ]{1,9} (?:words|Wörter|mots|palabras|parole|palavras|woorden|ord)", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2} [^\W\d_]{3,12}\.? \d{4}|[^\W\d_]{3,12} \d{1,2}, \d{4}")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s*[AP]M)?(?:\s+\w{2,5})?", re.IGNORECASE)
_CODE = re.compile(r"(?:Document|Dokument)\s+([A-Z0-9]{10,40})", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:\(c\)|©|copyright).*", re.IGNORECASE)


@dataclass(slots=True)
class _Clipping:
    """Values of one article as Factiva writes them; "" for one that is missing."""

    title: str = ""
    byline: str = ""
    day: str = ""
    outlet: str = ""
    code: str = ""
    paragraphs: list[str] = field(default_factory=list)


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the articles of a Factiva export, and an error for each one without text.

    Raises BadInput if the file contains no article.
    """
    declared_charset = _CHARSET.search(data[:4_096])
    text = decode_bytes(data, name, declared_charset[1].decode("ascii") if declared_charset else None)
    text = text.removeprefix("\ufeff")
    if "<" in text[:200] and re.search(r"<(?:html|!doctype|head|body|div|meta|title)\b", text[:2_000], re.IGNORECASE):
        clippings = [_read_element(element) for element in _find_articles(parse_markup(text, name))]
        if not clippings:
            return [_read_other_page(data, name, article_id)]
    else:
        clippings = [_collect_fields(fields) for fields in _split_text(text)]
    if not clippings:
        raise BadInput(f"{name} contains no Factiva article. Export the articles again as HTML.")
    if len(clippings) > MAX_ARTICLES:
        raise BadInput(f"{name} has more than {MAX_ARTICLES:,} articles, the limit for one file. Split it.")
    return number_ids(list(_build_articles(clippings, name, article_id)), article_id)


def _read_other_page(data: bytes, name: str, article_id: str) -> Article:
    """Read a page that only looks like an export."""
    try:
        article = read_page(data, None)
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from error
    return article if article.url else replace(article, id=check_id(article_id, name))


def split_factiva(text: str, name: str, article_id: str) -> Sequence[Article | BadInput] | None:
    """Return the articles of a Factiva export as plain text (from a Word or RTF file); None if it is not one."""
    clippings = [_collect_fields(fields) for fields in _split_text(text)]
    if not clippings:
        return None
    return number_ids(list(_build_articles(clippings, name, article_id)), article_id)


def _build_articles(clippings: Sequence[_Clipping], name: str, article_id: str) -> Iterator[Article | BadInput]:
    for number, clipping in enumerate(clippings, 1):
        location = name if len(clippings) == 1 else f"{name}, article {number}"
        text = "\n".join(clipping.paragraphs)
        if not text.strip():
            yield BadInput(f"{location} contains no text. Export it again with the full text.")
            continue
        try:
            yield build_document_article(
                clipping.code or article_id,
                text,
                location,
                title=clipping.title,
                byline=clipping.byline,
                publisher=clipping.outlet,
                published=parse_day(clipping.day) if clipping.day else None,
            )
        except BadInput as error:
            yield error


def _find_articles(tree: HtmlElement) -> list[HtmlElement]:
    """Return the elements of the articles: the outermost ones with the class."""
    elements = [element for element in tree.iter("div") if _ARTICLE_CLASS.search(element.get("class") or "")]
    inner_elements = {child for element in elements for child in element.iter("div") if child is not element}
    return [element for element in elements if element not in inner_elements]


def _read_element(element: HtmlElement) -> _Clipping:
    rows = [row for row in element.iter("tr") if _get_row_code(row)]
    return _collect_fields(_read_rows(rows)) if rows else _read_display(element)


def _get_row_code(row: HtmlElement) -> str:
    """Return the code in a row's first cell, "HD", or ""."""
    cells = [child for child in row if child.tag in ("td", "th")]
    code = " ".join(cells[0].text_content().split()) if len(cells) > 1 else ""
    return code if code in _FIELD_CODES else ""


def _read_rows(rows: Sequence[HtmlElement]) -> list[tuple[str, list[str]]]:
    fields = []
    for row in rows:
        cells = [child for child in row if child.tag in ("td", "th")][1:]
        lines = [line for cell in cells for line in extract_lines(cell)[0].split("\n") if line]
        fields.append((_get_row_code(row), lines))
    return fields


def _split_text(text: str) -> list[list[tuple[str, list[str]]]]:
    """Return the fields of each article of an export as text. An article starts at HD (or SE before it)."""
    articles: list[list[tuple[str, list[str]]]] = []
    fields: list[tuple[str, list[str]]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        match = _FIELD_LINE.fullmatch(line) if line[:12].strip()[:2].isupper() else None
        if match is not None and match[1] in _FIELD_CODES:
            seen_codes = {code for code, _ in fields}
            if match[1] in ("HD", "SE") and ("HD" in seen_codes or match[1] in seen_codes):
                articles.append(fields)
                fields = []
            fields.append((match[1], [match[2].strip()] if match[2] else []))
        elif fields:
            fields[-1][1].append(line.strip())
    articles.append(fields)
    return [fields for fields in articles if {"HD", "PD"} <= {code for code, _ in fields}]


def _collect_fields(fields: Sequence[tuple[str, list[str]]]) -> _Clipping:
    """Build a clipping from codes and lines. Of a repeated code the first counts, except for the text."""
    values: dict[str, str] = {}
    paragraphs: list[str] = []
    for code, lines in fields:
        words = [line for line in lines if line]
        if code in ("LP", "TD"):
            paragraphs += words
        else:
            values.setdefault(code, " ".join(words))
    code_match = _CODE.fullmatch(values.get("AN", ""))
    return _Clipping(
        title=values.get("HD", ""),
        byline=values.get("BY", ""),
        day=values.get("PD", ""),
        outlet=values.get("SN", ""),
        code=code_match[1] if code_match else "",
        paragraphs=paragraphs,
    )


def _read_display(element: HtmlElement) -> _Clipping:
    """Read the display layout: values in <div>s in a fixed order, then paragraphs."""
    clipping = _Clipping()
    headline = next((child for child in element.iter() if child.get("id") == "hd" or _is_headline(child)), None)
    if headline is not None:
        clipping.title = " ".join(headline.text_content().split())
    author = next((child for child in element.iter() if "author" in (child.get("class") or "").split()), None)
    if author is not None:
        clipping.byline = " ".join(author.text_content().split())
    paragraphs = [child for child in element.iter("p") if _PARAGRAPH_CLASS.search(child.get("class") or "")]
    head_lines = _list_head_lines(element)
    _read_head_lines(clipping, head_lines, author is not None)
    if code := _CODE.search(" ".join(element.text_content().split())[-200:]):
        clipping.code = code[1]
    lines = [line for paragraph in paragraphs for line in extract_lines(paragraph)[0].split("\n")]
    clipping.paragraphs = [line for line in lines if line and not _CODE.fullmatch(line)]
    return clipping


def _is_headline(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and re.fullmatch(r"\w{2}Headline", element.get("class") or "") is not None


def _list_head_lines(element: HtmlElement) -> list[str]:
    """Return the text of each innermost <div> in order."""
    divs = [child for child in element.iter("div") if child.find(".//div") is None and child.find(".//p") is None]
    return [line for div in divs if (line := " ".join(div.text_content().split()))]


def _read_head_lines(clipping: _Clipping, lines: Sequence[str], has_author: bool) -> None:
    """Set the day, outlet and byline from the lines around "280 words"."""
    count_index = next((index for index, line in enumerate(lines) if _WORD_COUNT.fullmatch(line)), None)
    if count_index is None:
        return
    if not has_author and count_index > 0:
        line = lines[count_index - 1]
        clipping.byline = line if line != clipping.title and line.lower().startswith("by ") else ""
    rest = lines[count_index + 1 :]
    if rest and _DAY.fullmatch(rest[0]):
        clipping.day = rest[0]
        names = [line for line in rest[1:3] if not _TIME.fullmatch(line)]
        clipping.outlet = names[0] if names and not _COPYRIGHT.match(names[0]) else ""
