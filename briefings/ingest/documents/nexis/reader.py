"""Split a download of Nexis into its articles. The readers of Word and RTF files use it as well.

Rule: a download that announces more documents than it contains is reported. A text that only looks like a download is
read as a text.
"""

import re
from collections.abc import Iterator, Sequence

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.nexis.classic import read_classic_document
from briefings.ingest.documents.nexis.fields import COPYRIGHT, NexisDocument, build_article, match_label
from briefings.ingest.documents.nexis.uni import find_body_line, read_uni_document
from briefings.ingest.field_validation import build_article as build_text_article
from briefings.ingest.field_validation import check_id, check_text
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.plain_text.header import read_header
from briefings.model import Article

#: maximum number of documents in one download; Nexis gives at most 500
MAX_DOCUMENTS = 20_000
_SEPARATOR = re.compile(
    r"^[ \t\f]*(?:Do[ck]ument[ \t]+)?(\d{1,6}) (?:of|von|de) (\d{1,6})(?: (DO[CK]UMENT\w{0,2}))?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"^[ \t\f]*End of Document[ \t]*$", re.MULTILINE)
_ANNOUNCED = re.compile(
    r"^[ \t]*(?:Documents \((\d{1,6})\)|Number of Documents:?\s*(\d{1,6}))", re.MULTILINE | re.IGNORECASE
)
#: labels of which a document has at least one
_TYPICAL_LABELS = frozenset(["LENGTH", "LOAD-DATE", "BYLINE", "SECTION", "LÄNGE", "LONGUEUR", "LANGUAGE", "UPDATE"])


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the articles of a download, or the text as one article if it is not a download."""
    text = decode_bytes(data, name)
    items = split_nexis(text, name, article_id)
    if items is not None:
        return items
    header = read_header(text)
    return [build_text_article(check_id(article_id, name), check_text(header.text, name), header.fields, name)]


def split_nexis(text: str, name: str, article_id: str) -> Sequence[Article | BadInput] | None:
    """Return the articles of a Nexis download, and an error for each document that was not taken.

    Returns None if the text is not a Nexis download. Articles get the ids "ID/1", "ID/2", or `article_id` if there is
    only one.
    """
    lines_text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    parts, announced_count = _split_classic(lines_text)
    if not parts:
        parts, announced_count = _split_uni(lines_text)
    if not parts:
        return None
    if len(parts) > MAX_DOCUMENTS:
        raise BadInput(f"{name} has more than {MAX_DOCUMENTS:,} documents, the limit for one file. Split it.")
    items = list(_build_items(parts, name, article_id))
    if announced_count > len(parts):
        items.append(
            BadInput(
                f"{name} announces {announced_count:,} documents but contains {len(parts):,}. Download the rest again."
            )
        )
    return items


def _build_items(parts: Sequence[NexisDocument], name: str, article_id: str) -> Iterator[Article | BadInput]:
    for number, document in enumerate(parts, 1):
        location = name if len(parts) == 1 else f"{name}, document {number}"
        item_id = article_id if len(parts) == 1 else f"{article_id}/{number}"
        try:
            yield build_article(document, item_id, location)
        except BadInput:
            yield BadInput(f"{location} contains no text. Download it again with the full text.")


def _split_classic(text: str) -> tuple[list[NexisDocument], int]:
    """Return the documents between lines such as "1 of 3 DOCUMENTS", and how many there should be."""
    separators = list(_SEPARATOR.finditer(text))
    if not separators or not (any(match[3] for match in separators) or _has_labels(text)):
        return [], 0
    ends = [match.start() for match in separators[1:]] + [len(text)]
    bodies = [text[match.end() : end] for match, end in zip(separators, ends, strict=True)]
    documents = []
    for body in bodies:
        lines = body.split("\n")
        if not any(match_label(line) or COPYRIGHT.fullmatch(line) for line in lines):
            continue  # a table of contents
        body_line = find_body_line(lines)
        is_uni = body_line is not None and _END.search(body) is not None
        documents.append(read_uni_document(lines, body_line or 0) if is_uni else read_classic_document(lines))
    return documents, max(int(match[2]) for match in separators)


def _split_uni(text: str) -> tuple[list[NexisDocument], int]:
    """Return the documents that end with "End of Document", and how many the cover page announces."""
    parts = _END.split(text)
    documents = []
    for part in parts:
        lines = part.split("\n")
        body_line = find_body_line(lines)
        if body_line is not None and _has_labels(part):
            documents.append(read_uni_document(lines, body_line))
    announced = _ANNOUNCED.search(text)
    return documents, int(announced[1] or announced[2]) if announced else 0


def _has_labels(text: str) -> bool:
    return any(label[0] in _TYPICAL_LABELS for line in text.split("\n") if (label := match_label(line)))
