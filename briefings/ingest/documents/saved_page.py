"""Read a web page that a browser saved as one file: .mht/.mhtml (MIME) and .webarchive (Safari).

Rule: the page is read like any page, with the URL it was saved from. The `Date` of the file is the day of saving and
never the day of publication. Frames, images and styles in the file are ignored.
"""

import plistlib
import re
from collections.abc import Sequence
from dataclasses import replace
from email.message import Message

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.article_fields import clean_line
from briefings.ingest.documents.mail.message import get_charset, get_header, parse_message
from briefings.ingest.field_validation import check_id, is_web_address
from briefings.ingest.pages.html import MAX_PAGE_BYTES, read_page
from briefings.model import Article

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_ENTITY = re.compile(rb"<!\s*ENTITY|<!\s*DOCTYPE[^>\[]{0,500}\[", re.IGNORECASE)


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of a saved page. Raises BadInput if the file is damaged or contains no article."""
    if data.startswith(b"bplist00") or b"<plist" in data[:2_000]:
        return [_read_web_archive(data, name, article_id)]
    return [_read_mime(data, name, article_id)]


def _read_mime(data: bytes, name: str, article_id: str) -> Article:
    message = parse_message(data, name)
    part = _find_page_part(message)
    if part is None:
        raise BadInput(f"{name} contains no web page. Save the page again.")
    page = part.get_payload(decode=True)
    url = _choose_url(get_header(message, "Snapshot-Content-Location"), get_header(part, "Content-Location"))
    article = _read_saved_page(page if isinstance(page, bytes) else b"", url, get_charset(part), name, article_id)
    title = article.title or clean_line(get_header(message, "Subject"))
    return replace(article, title=title)


def _find_page_part(message: Message) -> Message | None:
    """Return the part with the page: the one that `start` names, or else the first page."""
    pages = [part for part in message.walk() if part.get_content_type() in _PAGE_TYPES]
    start = str(message.get_param("start", "") or "")
    root_page = next((part for part in pages if start and get_header(part, "Content-ID") == start), None)
    return root_page or next(iter(pages), None)


def _read_web_archive(data: bytes, name: str, article_id: str) -> Article:
    if _ENTITY.search(data):
        raise BadInput(f"{name} declares custom entities in its DOCTYPE. Such files aren't supported.")
    try:
        archive = plistlib.loads(data)
    except Exception as error:  # a damaged property list can trigger any error in the parser
        raise BadInput(f"{name} cannot be read: the web archive is damaged. Save the page again.") from error
    resource = archive.get("WebMainResource") if isinstance(archive, dict) else None
    if not isinstance(resource, dict):
        raise BadInput(f"{name} is a property list and not a web archive. Save the page again.")
    page, url = resource.get("WebResourceData"), resource.get("WebResourceURL")
    charset, media_type = resource.get("WebResourceTextEncodingName"), resource.get("WebResourceMIMEType")
    if isinstance(media_type, str) and media_type.lower() not in _PAGE_TYPES:
        raise BadInput(f"{name} is a web archive without a web page. Save the document itself and add it.")
    if not isinstance(page, bytes):
        raise BadInput(f"{name} contains no web page. Save the page again.")
    return _read_saved_page(page, _choose_url(url), charset if isinstance(charset, str) else None, name, article_id)


def _read_saved_page(page: bytes, url: str | None, charset: str | None, name: str, article_id: str) -> Article:
    if len(page) > MAX_PAGE_BYTES:
        raise BadInput(f"{name} is longer than {MAX_PAGE_BYTES:,} bytes, the limit for one page.")
    is_plain_charset = charset is not None and re.fullmatch(r"[\w:.-]{1,40}", charset) is not None
    try:
        article = read_page(page, url, f"text/html; charset={charset}" if is_plain_charset else None)
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from error
    return article if article.url else replace(article, id=check_id(article_id, name))


def _choose_url(*candidates: object) -> str | None:
    """Return the first web address. A saved local file ("file:///C:/page.html") has none."""
    urls = (candidate.strip() for candidate in candidates if isinstance(candidate, str))
    return next((url for url in urls if is_web_address(url)), None)
