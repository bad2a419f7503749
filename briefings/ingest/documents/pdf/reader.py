"""Read the text layer of a PDF file as one article.

Rule: the outlet, the day and the byline are never taken from the file's properties: they tell who made the file, and
when. Its title counts only if it is printed on a first page. A scan without text is refused by name.
"""

import re
from collections.abc import Sequence

import pypdfium2
from pypdfium2 import raw

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.pdf.fragments import PageText, extract_page
from briefings.ingest.documents.pdf.page_furniture import remove_furniture
from briefings.ingest.documents.pdf.paragraphs import join_paragraphs
from briefings.ingest.documents.pdf.reading_order import order_lines
from briefings.ingest.documents.pdf.special_letters import mend_letters
from briefings.ingest.field_validation import build_article, check_text
from briefings.ingest.plain_text.header import read_block
from briefings.ingest.text_file import MAX_BYTES
from briefings.model import Article
from briefings.text.folding import make_search_key

MAX_PAGES = 2_000
#: fewest characters of a page with text, and of a document
_MIN_PAGE_CHARACTERS, _MIN_CHARACTERS = 5, 20
#: share of characters without Unicode above which the text is garbage
_MAX_UNREADABLE_SHARE = 0.1
#: share of pages that may be pictures without a word about it: covers, maps, advertisements
_MAX_SCANNED_SHARE = 0.25
_MIN_WORD_SHARE = 0.6
#: a word with a vowel, or a number
_WORD = re.compile(r"\W{0,3}(?:[^\W\d_]{0,10}[aeiouyà-öø-ÿAEIOUY][^\W\d_]{0,16}(?:['’-]\w{1,20})*|\d[\d.,:%]*)\W{0,4}")
_MAX_TITLE_LENGTH = 300
_SITE = re.compile(r"\s+[|–—-]\s+[^|–—]{1,60}$")


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of a PDF file, and a BadInput that names its pages without text, if there are many.

    Raises BadInput if the file is damaged, protected, too long, a scan, or has text that no program can decode.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _opening_error(name, str(error)) from error
    try:
        if len(document) > MAX_PAGES:
            raise BadInput(f"{name} has {len(document):,} pages. The limit is {MAX_PAGES:,}. Split it.")
        pages, problems = _extract_pages(document, name)
        title = document.get_metadata_value("Title")
    finally:
        document.close()
    text = join_paragraphs([order_lines(mend_letters(fragments)) for fragments in remove_furniture(pages)])
    if len(text) > MAX_BYTES:
        raise BadInput(f"{name} has more than {MAX_BYTES:,} characters, the limit for one text. Split it.")
    header = read_block(check_text(text, name))
    fields = {"title": _check_title(title, text), **header.fields}
    return [build_article(article_id, check_text(header.text, name), fields, name), *problems]


def _extract_pages(document: pypdfium2.PdfDocument, name: str) -> tuple[list[PageText], list[BadInput]]:
    """Return the text of each page, and the problem of pages that are pictures or damaged."""
    pages, scanned_pages = [], []
    for number in range(len(document)):
        try:
            page = document[number]
            page_text = extract_page(page)
            if page_text.characters < _MIN_PAGE_CHARACTERS and _has_picture(page):
                scanned_pages.append(number + 1)
            page.close()
        except pypdfium2.PdfiumError:
            scanned_pages.append(number + 1)
            continue
        pages.append(page_text)
    characters = sum(page.characters for page in pages)
    unreadable = sum(page.unreadable for page in pages)
    if characters < _MIN_CHARACTERS and scanned_pages:
        raise BadInput(f"{name} is a scan without text. Run OCR on it, then add it again.")
    unmapped = sum(page.unmapped for page in pages)
    is_doubtful = unmapped > _MAX_UNREADABLE_SHARE * characters
    if unreadable > _MAX_UNREADABLE_SHARE * characters or (is_doubtful and not _has_words(pages)):
        raise BadInput(
            f"{name} has text that can't be decoded: its fonts don't say which letters they show. "
            "Run OCR on it, then add it again."
        )
    if not characters:
        raise BadInput(f"{name} contains no text. Check that it is the right file.")
    problems = []
    if len(scanned_pages) > _MAX_SCANNED_SHARE * len(document):
        problems.append(
            BadInput(
                f"{name}: {len(scanned_pages):,} of {len(document):,} pages are scans without text, "
                f"the first is page {scanned_pages[0]}. Run OCR on the file, then add it again."
            )
        )
    return pages, problems


def _has_words(pages: Sequence[PageText]) -> bool:
    """Tell whether most of what is between blanks looks like words."""
    words = [word for page in pages for fragment in page.fragments for word in fragment.text.split()]
    return sum(_WORD.fullmatch(word) is not None for word in words) > _MIN_WORD_SHARE * len(words)


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH), max_depth=3))


def _opening_error(name: str, reason: str) -> BadInput:
    if "assword" in reason:
        return BadInput(f"{name} is protected with a password. Save it without the password, then add it again.")
    if "ecurity" in reason:
        return BadInput(
            f"{name} is protected in a way that can't be read. Save it without protection, then add it again."
        )
    return BadInput(f"{name} is a damaged or incomplete PDF file. Download or create it again.")


def _check_title(title: str, text: str) -> str | None:
    """Return the title of the file's properties if the text has it, without the name of a site after it."""
    title = " ".join(title.split())
    if not title or len(title) > _MAX_TITLE_LENGTH or not title.isprintable():
        return None
    text_key = f" {make_search_key(text[:20_000])} "
    for candidate in (title, _SITE.sub("", title)):
        key = make_search_key(candidate)
        if " " in key and f" {key} " in text_key:
            return candidate
    return None
