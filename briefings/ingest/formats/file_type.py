"""Detect a file's type from its first bytes.

Rule: the file name decides only if the bytes are ambiguous: an empty file, an invalid first line of JSON, a table of
comma-separated values, or plain text.
"""

import re
from enum import StrEnum

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import is_binary
from briefings.ingest.formats.old_office import OLE_SIGNATURE, describe_old_office

#: number of bytes used for detection
HEAD_BYTES = 4_096
#: extensions of JSON lines files
_JSON_NAMES = (".jsonl", ".ndjson", ".json", ".jl")
_TEXT_NAMES = (".txt", ".text")
_XML_NAMES = (".xml", ".opml", ".rss", ".atom", ".nitf", ".svg", ".ttml", ".dfxp", ".smil")
_TABLE_NAMES = (".csv", ".tsv", ".tab")
_MAIL_NAMES = (".eml", ".emlx")
_COMPRESSION_SUFFIXES = (".gz", ".zst", ".bz2", ".xz")


class FileType(StrEnum):
    """Type or compression of a file. The value is its name in messages."""

    GZIP = "gzip"
    ZSTD = "zstd"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZIP = "ZIP"
    WACZ = "WACZ"
    WARC = "WARC"
    ARC = "ARC"
    PARQUET = "Parquet"
    JSON_LINES = "JSON"
    TABLE = "CSV"
    SPREADSHEET = "Excel"
    HTML = "HTML"
    FACTIVA = "Factiva"
    MHTML = "MHTML"
    WEBARCHIVE = "Safari web archive"
    PDF = "PDF"
    WORD = "Word"
    RTF = "RTF"
    OPEN_DOCUMENT = "OpenDocument"
    EPUB = "EPUB"
    EMAIL = "e-mail"
    MAILBOX = "mailbox"
    NEXIS = "Nexis"
    SUBTITLES = "subtitles"
    NITF = "NITF"
    NEWSML = "NewsML-G2"
    FEED = "feed"
    FEED_LIST = "OPML"
    TEXT = "text"


#: types that are compressions of one other file
COMPRESSIONS = frozenset({FileType.GZIP, FileType.ZSTD, FileType.BZIP2, FileType.XZ})
_SIGNATURES = (
    (b"\x1f\x8b", FileType.GZIP),
    (b"\x28\xb5\x2f\xfd", FileType.ZSTD),
    (b"BZh", FileType.BZIP2),
    (b"\xfd7zXZ", FileType.XZ),
    (b"PK\x03\x04", FileType.ZIP),
    (b"PAR1", FileType.PARQUET),
    (b"WARC/", FileType.WARC),
    (b"filedesc://", FileType.ARC),
    (b"{\\rtf", FileType.RTF),
    (b"bplist00", FileType.WEBARCHIVE),
    (b"WEBVTT", FileType.SUBTITLES),
)
#: first bytes of files that are refused, with their names and what to do
_REFUSED_SIGNATURES = (
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and add the folder."),
    (b"Rar!", "a RAR archive", "Unpack it and add the folder."),
    (b"\x89PNG", "an image", "Add the text or the page that it shows."),
    (b"\xff\xd8\xff", "an image", "Add the text or the page that it shows."),
    (b"GIF8", "an image", "Add the text or the page that it shows."),
    (b"\xffWPC", "a WordPerfect file", "Save it as .docx or PDF and add that."),
    (b"{\\pwi", "a Pocket Word file", "Save it as .docx or PDF and add that."),
    (b"PK\x05\x06", "an empty ZIP archive", "Create it again."),
)
_SKIPPABLE_ZSTD_FRAME = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_PDF = re.compile(rb".{0,1024}?%PDF-\d", re.DOTALL)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|article|main|section|header|div|table|h[1-6]|p|br)\b",
    re.IGNORECASE,
)
_WHOLE_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_FACTIVA = re.compile(
    rb"<(?i:title)>[^<]{0,40}Factiva|class=[\"']?(?:article [a-z]{2}Article|articleParagraph [a-z]{2}article)"
)
_PREAMBLE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!DOCTYPE\s+(?!html)[^>\[]{0,500}>\s*|<!--.{0,4000}?-->\s*|<\?[^>]{0,300}>\s*)*",
    re.DOTALL | re.IGNORECASE,
)
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE(?!\s+html)|!ENTITY)\b", re.IGNORECASE)
_XML_ROOTS = (
    (re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]"), FileType.FEED),
    (re.compile(rb"<opml[\s>]", re.IGNORECASE), FileType.FEED_LIST),
    (re.compile(rb"<(?:\w+:)?nitf[\s>]"), FileType.NITF),
    (re.compile(rb"<(?:\w+:)?(?:newsMessage|newsItem|packageItem|NewsML)[\s>]"), FileType.NEWSML),
    (re.compile(rb"<plist[\s>]"), FileType.WEBARCHIVE),
)
#: beginning of a feed: its root after whatever a server puts before it, or the version of JSON Feed
_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_JSON_FEED = re.compile(rb"\s*\{.{0,2000}?\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org", re.DOTALL)
_FEED_NAMES = (".xml", ".rss", ".atom", ".rdf")
_OBJECT = re.compile(rb"\s*(?:\[\s*)?\{\s*\"[^\"\n]{1,60}\"\s*:")
#: beginning of JSON in a file or pipe without a suffix
_MAYBE_JSON = re.compile(rb"\s*(?:[{\[]|$)")
_MAILBOX = re.compile(rb"From \S+.{0,60}\d\d:\d\d.{0,40}\r?\n[!-9;-~]+:[ \t]")
_MAIL_HEADER = re.compile(
    rb"^(from|to|subject|date|sent|received|return-path|message-id|mime-version|content-[\w-]+|delivered-to|reply-to|"
    rb"snapshot-content-location|x-[\w-]+|dkim-signature|sender|cc|thread-[\w-]+|authentication-results|arc-[\w-]+|"
    rb"received-spf|references|in-reply-to|list-[\w-]+|importance|priority|user-agent|organization|status|envelope-to):",
    re.IGNORECASE | re.MULTILINE,
)
_ANY_HEADER = re.compile(rb"[!-9;-~]{1,60}:[ \t]")
#: headers that only mail software writes
_MAIL_MARKS = re.compile(
    rb"^(?:received|return-path|message-id|mime-version|delivered-to|dkim-signature):", re.IGNORECASE | re.MULTILINE
)
_SAVED_PAGE = re.compile(rb"^snapshot-content-location:|^from:.{0,40}\bsaved by\b", re.IGNORECASE | re.MULTILINE)
_RELATED_PARTS = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
#: headers of a message that was sent; a saved page has none of them
_SENT_MAIL = re.compile(
    rb"^(?:to|received|return-path|message-id|delivered-to|reply-to):", re.IGNORECASE | re.MULTILINE
)
_MIN_MAIL_HEADERS = 3
#: names of columns in the first line of a table; a line of prose has no two of them between separators
_TEXT_COLUMNS = frozenset(
    {b"text", b"body", b"content", b"fulltext", b"bodytext", b"articletext", b"maintext", b"article"}
)
_OTHER_COLUMNS = frozenset(
    {b"id", b"title", b"headline", b"date", b"published", b"publisheddate", b"pubdate", b"publishdate", b"datepublish"}
    | {b"url", b"link", b"publisher", b"outlet", b"source", b"newspaper", b"publication", b"author", b"byline"}
)
_MAX_HEADER_BYTES, _MAX_COLUMN_NAME_BYTES = 2_000, 40
_SUBRIP = re.compile(
    rb"\s*(?:\d{1,6}[ \t]*\r?\n)?\d{1,3}:\d\d:\d\d[,.]\d{1,3}[ \t]*(?:-->|,\d{1,3}:\d\d:\d\d[.]\d{3}[ \t]*\r?\n)"
)
#: length of a message in a file of Apple Mail
_APPLE_MAIL = re.compile(rb"\d{1,9}[ \t]*\r?\n(?=[A-Za-z-]{1,60}:)")
_NEXIS = re.compile(
    rb"^[ \t]*(?:Do[ck]ument[ \t]+)?\d{1,6} (?:of|von|de) \d{1,6}(?: DO[CK]UMENT\w{0,2})?[ \t]*\r?$"
    rb"|^Length:[ \t]*[\d,.]{1,8} words[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
#: fields of a Factiva article as text: headline, words, day and source on lines of their own
_FACTIVA_TEXT = re.compile(rb"^[ \t]*WC[ \t\r\n]+[\d,.]{1,8} words[ \t]*\r?\n\s*PD[ \t\r\n]", re.MULTILINE)


def detect_file_type(head: bytes, name: str) -> FileType:
    """Return the type of a file from `head`, its first `HEAD_BYTES` bytes; `name` identifies it in error messages.

    A ZIP file is `FileType.ZIP`, whatever it contains. Raises BadInput if the type is not supported.
    """
    file_type = next((file_type for signature, file_type in _SIGNATURES if head.startswith(signature)), None)
    if file_type is not None:
        return file_type
    if _SKIPPABLE_ZSTD_FRAME.match(head):
        return FileType.ZSTD
    for signature, description, advice in _REFUSED_SIGNATURES:
        if head.startswith(signature):
            raise BadInput(f"{name} is {description}, which can't be read. {advice}")
    if head.startswith(OLE_SIGNATURE):
        raise BadInput(f"{name} is {describe_old_office(head, name)}")
    if _PDF.match(head):
        return FileType.PDF
    if head[257:262] == b"ustar":
        raise BadInput(f"{name} is a TAR archive, which can't be read. Unpack it and add the folder.")
    if _get_suffix(name) not in _TEXT_NAMES and is_binary(head):
        raise BadInput(f"{name}: this file type isn't supported. docs/reference/file-types.md lists what is read.")
    return _detect_text_type(head, name)


def strip_compression_suffix(name: str) -> str:
    """Return a file name without its compression suffix ("news.jsonl.gz" becomes "news.jsonl")."""
    while name.lower().endswith(_COMPRESSION_SUFFIXES) and not name.startswith(_COMPRESSION_SUFFIXES):
        name = name.rpartition(".")[0]
    return name


def strip_all_suffixes(name: str) -> str:
    """Return a file name without all suffixes ("news.html.gz" becomes "news"); a name like ".gz" is unchanged."""
    bare_file_name = strip_compression_suffix(name)
    return bare_file_name.rpartition(".")[0] or bare_file_name


def _detect_text_type(head: bytes, name: str) -> FileType:
    beginning = (
        head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    suffix = _get_suffix(name)
    is_text = suffix in _TEXT_NAMES  # a text file may start with "<p" or "{"
    if suffix in _TABLE_NAMES:
        return FileType.TABLE
    if beginning.startswith(b"[Script Info]"):
        raise BadInput(f"{name} has SubStation subtitles, which can't be read. Save them as .srt.")
    if _SUBRIP.match(beginning) or beginning.startswith(b"WEBVTT"):
        return FileType.SUBTITLES
    if mail_type := _detect_mail(beginning, suffix):
        return mail_type
    if _JSON_FEED.match(beginning) or (suffix in _FEED_NAMES and _FEED_ROOT.search(beginning)):
        return FileType.FEED
    preamble = _PREAMBLE.match(beginning)
    after_preamble = beginning[preamble.end() if preamble else 0 :]
    if (_WHOLE_HTML if is_text else _HTML).match(after_preamble):
        return FileType.FACTIVA if _FACTIVA.search(beginning) else FileType.HTML
    xml_type = next((xml_type for root, xml_type in _XML_ROOTS if root.match(after_preamble)), None)
    if xml_type is not None and not is_text:
        return xml_type
    # a file of this name that does not begin as XML is damaged, not a text
    if (_XML.match(beginning.lstrip()) or suffix in _XML_NAMES) and not is_text:
        raise BadInput(f"{name}: this kind of XML isn't supported. docs/reference/file-types.md lists what is read.")
    if _has_table_header(beginning):
        return FileType.TABLE
    if _OBJECT.match(beginning) or suffix in _JSON_NAMES or (not suffix and _MAYBE_JSON.match(beginning)):
        return FileType.JSON_LINES
    if _FACTIVA_TEXT.search(beginning):
        return FileType.FACTIVA
    return FileType.NEXIS if _NEXIS.search(beginning) else FileType.TEXT


def _has_table_header(beginning: bytes) -> bool:
    """Tell whether the first line names the columns of a table of articles, as "id,title,text" does."""
    header, _, rest = beginning.lstrip()[:_MAX_HEADER_BYTES].partition(b"\n")
    if not rest:
        return False
    for separator in (b",", b";", b"\t", b"|"):
        names = {re.sub(rb"[\s_\"-]+", b"", name).lower() for name in header.split(separator)}
        if names & _TEXT_COLUMNS and names & _OTHER_COLUMNS and max(map(len, names)) <= _MAX_COLUMN_NAME_BYTES:
            return True
    return False


def _detect_mail(beginning: bytes, suffix: str) -> FileType | None:
    """Return the type of a file that begins with the headers of a message, or None."""
    if _MAILBOX.match(beginning):
        return FileType.MAILBOX
    beginning = beginning.lstrip(b"\r\n")
    if suffix in _MAIL_NAMES:
        beginning = _APPLE_MAIL.sub(b"", beginning, count=1)
    first_header = (_ANY_HEADER if suffix in _MAIL_NAMES else _MAIL_HEADER).match(beginning)
    if first_header is None:
        return None
    headers = re.split(rb"\r?\n\r?\n", beginning, maxsplit=1)[0]
    names = {name.lower() for name in _MAIL_HEADER.findall(headers)}
    is_related = _RELATED_PARTS.search(headers) is not None and _SENT_MAIL.search(headers) is None
    if (is_related and suffix not in _MAIL_NAMES) or _SAVED_PAGE.search(headers):
        return FileType.MHTML
    has_marks = len(names) >= _MIN_MAIL_HEADERS and _MAIL_MARKS.search(headers) is not None
    # a message saved as text has no other headers
    is_mail = suffix in _MAIL_NAMES or has_marks or (names >= {b"from", b"subject"} and names & {b"date", b"sent"})
    return FileType.EMAIL if is_mail else None


def _get_suffix(name: str) -> str:
    file_name = strip_compression_suffix(name.rpartition("/")[2]).lower()
    return f".{file_name.rpartition('.')[2]}" if "." in file_name.lstrip(".") else ""
