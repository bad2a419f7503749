"""Turn the paragraphs of a document into its text, and that into articles.

Rule: paragraphs are apart by a blank line; a cell of a table and a line of a header block follow the one before on the
next line. If the writer made blank lines of empty paragraphs, these alone count: then a paragraph can be one line of a
hard-wrapped text. Rule: the outlet, the day and the byline are never taken from the file's properties, because these
tell who typed the file, and when.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from statistics import median

from briefings.errors import BadInput
from briefings.ingest.field_validation import build_article, check_id, check_text
from briefings.ingest.plain_text.header import is_header_line, read_header
from briefings.ingest.text_file import MAX_BYTES
from briefings.model import Article
from briefings.text.folding import make_search_key

#: module that splits the downloads of a press database into articles, where it is installed
_NEXIS_MODULE = "briefings.ingest.documents.nexis.reader"
#: share of empty paragraphs, and length of the others, in a text whose blank lines are empty paragraphs
_MIN_EMPTY_SHARE, _MAX_LINE_LENGTH = 0.1, 90
_MIN_TITLE_WORDS, _MAX_TITLE_LENGTH = 2, 300
#: number of characters at the beginning that a title must be in
_TITLE_RANGE = 20_000

_Items = Sequence[Article | BadInput]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; empty paragraphs count. A `tight` one is on the line after the one before."""

    text: str
    is_tight: bool = False
    #: whether its style says that it is the title of the document
    is_title: bool = False


def build_articles(
    paragraphs: Sequence[Paragraph], notes: Iterable[Paragraph], property_title: str, name: str, article_id: str
) -> _Items:
    """Return the article of a document, or the articles of a press database's download.

    `notes` (footnotes) follow the text. `property_title` is the title in the file's properties: it counts only if the
    text has it. Raises BadInput if there is no text.
    """
    text = _join([*paragraphs, *notes])
    if len(text) > MAX_BYTES:
        raise BadInput(f"{name} has more than {MAX_BYTES:,} characters, the limit for one text. Split it.")
    check_text(text, name)
    if (split_nexis := _find_nexis()) and (items := split_nexis(text, name, article_id)) is not None:
        return items
    header = read_header(text)
    styled_title = next((" ".join(item.text.split()) for item in paragraphs[:20] if item.is_title), "")
    title = find_printed_title(styled_title, text) or find_printed_title(property_title, text)
    fields = {"title": title, **header.fields}
    return [build_article(check_id(article_id, name), check_text(header.text, name), fields, name)]


def find_printed_title(title: str, text: str) -> str | None:
    """Return a title if the beginning of the text has it as words, or None."""
    title = " ".join(title.split())
    key = make_search_key(title)
    is_title = len(key.split()) >= _MIN_TITLE_WORDS and len(title) <= _MAX_TITLE_LENGTH and title.isprintable()
    return title if is_title and f" {key} " in f" {make_search_key(text[:_TITLE_RANGE])} " else None


def _join(paragraphs: Sequence[Paragraph]) -> str:
    full_paragraphs = [(number, item) for number, item in enumerate(paragraphs) if item.text.strip()]
    has_blank_lines = _has_blank_lines(full_paragraphs)
    pieces = [item.text.strip("\n") for _, item in full_paragraphs[:1]]
    for (number_before, before), (number, item) in pairwise(full_paragraphs):
        is_header = is_header_line(before.text) and is_header_line(item.text)
        is_tight = number == number_before + 1 and (item.is_tight or is_header or has_blank_lines)
        pieces += ["\n" if is_tight else "\n\n", item.text.strip("\n")]
    return "".join(pieces)


def _has_blank_lines(full_paragraphs: Sequence[tuple[int, Paragraph]]) -> bool:
    """Tell whether the writer made blank lines of empty paragraphs between short ones."""
    if not full_paragraphs:
        return False
    length = full_paragraphs[-1][0] - full_paragraphs[0][0] + 1
    is_short = median(len(item.text) for _, item in full_paragraphs) <= _MAX_LINE_LENGTH
    return is_short and length - len(full_paragraphs) >= _MIN_EMPTY_SHARE * length


def _find_nexis() -> Callable[[str, str, str], _Items | None] | None:
    try:
        split_nexis: Callable[[str, str, str], _Items | None] = import_module(_NEXIS_MODULE).split_nexis
    except ImportError:
        return None
    return split_nexis
