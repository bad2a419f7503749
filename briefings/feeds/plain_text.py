"""Read an article that a website sends as plain text.

Rule: the text stays as it was sent, after its front matter. Its first line is also the title if it clearly is one.
"""

import re
from hashlib import sha256

from briefings.errors import BadInput
from briefings.ingest.field_validation import MAX_NAME_LENGTH, build_article, check_text
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.mojibake import repair_mojibake
from briefings.ingest.text_file import split_front_matter
from briefings.model import Article

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
#: a first line without the end of a sentence, before a blank line
_TITLE = re.compile(r"\s*(\S[^\r\n]{8,148}[^\s.,;:!…\"”])[ \t]*\r?\n[ \t]*\r?\n\s*\S")
_MIN_TITLE_WORDS, _MAX_TITLE_WORDS = 2, 20
#: characters of lines that are headers, lists or markup rather than titles
_NO_TITLE = re.compile(r"[:<>{}|=*_]|^\W|[“\"]$")


def read_plain_text(data: bytes, address: str, content_type: str) -> Article:
    """Return the article at an address, which is also its id. Raises BadInput if it is not text."""
    charset = _CHARSET.search(content_type)
    text = repair_mojibake(decode_bytes(data, address, charset[1] if charset else None).removeprefix("\ufeff"))
    if text is None:
        raise BadInput(f"{address} has damaged characters, such as â€œ for a quotation mark. Add another copy.")
    fields, body = split_front_matter(text)
    title = None if fields else _find_title(body)
    return build_article(
        address if len(address) <= MAX_NAME_LENGTH else f"page-{sha256(address.encode()).hexdigest()[:24]}",
        check_text(body, address),
        {**fields, "url": address, **({"title": title} if title else {})},
        address,
    )


def _find_title(text: str) -> str | None:
    match = _TITLE.match(text)
    title = " ".join(match[1].split()) if match else ""
    is_title = _MIN_TITLE_WORDS <= len(title.split()) <= _MAX_TITLE_WORDS and not _NO_TITLE.search(title)
    return title if is_title else None
