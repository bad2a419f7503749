"""Build an article from what a document states, leaving out the fields that cannot be used.

Rule: a field that is too long, not storable or of the wrong kind is dropped, because the text is still good. The text
itself is never repaired: an empty or unstorable one is refused.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from briefings.errors import BadInput
from briefings.ingest.bylines import clean_byline
from briefings.ingest.field_validation import (
    MAX_FIELD_LENGTH,
    MAX_NAME_LENGTH,
    check_id,
    check_text,
    normalise_url,
)
from briefings.model import Article, Span
from briefings.text.spans import explain_unstorable

#: maximum length of an article's text in characters; a long newspaper article has 50,000
MAX_TEXT_LENGTH = 10_000_000


def build_document_article(
    article_id: str,
    text: str,
    name: str,
    *,
    title: str | None = None,
    byline: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
    url: str | None = None,
    quotation_elements: tuple[Span, ...] = (),
) -> Article:
    """Build an article. `name` (file and part) starts an error message.

    Raises BadInput if the text is empty, too long or cannot be stored, or the id is invalid.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise BadInput(f"{name} has more than {MAX_TEXT_LENGTH:,} characters of text, the limit for one article.")
    return Article(
        id=check_id(article_id, name),
        text=check_text(text, name),
        title=clean_line(title),
        byline=clean_byline(byline) if byline else None,
        publisher=clean_line(publisher, MAX_NAME_LENGTH),
        published=published,
        url=normalise_url(url),
        quotation_elements=quotation_elements,
    )


def clean_line(value: str | None, max_length: int = MAX_FIELD_LENGTH) -> str | None:
    """Return a field on one line, or None if it is blank, too long or not storable."""
    if value is None or len(value) > 4 * max_length:
        return None
    line = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    return line if line and len(line) <= max_length and not explain_unstorable(line) else None


def number_ids(items: Sequence[Article | BadInput], article_id: str) -> list[Article | BadInput]:
    """Give the articles that have the id of the file their place in it: "ID/1", "ID/2".

    The only item of a file keeps the file's id, and an article with an id of its own keeps that, unless an earlier
    article has it too.
    """
    if len(items) == 1:
        return list(items)
    taken_ids = {article_id}
    numbered_items: list[Article | BadInput] = []
    for number, item in enumerate(items, 1):
        if isinstance(item, Article):
            numbered_item = replace(item, id=f"{article_id}/{number}") if item.id in taken_ids else item
            taken_ids.add(numbered_item.id)
            numbered_items.append(numbered_item)
        else:
            numbered_items.append(item)
    return numbered_items
