"""Parse a MIME message within limits, and decode its headers and parts.

Rule: the message is parsed with the simple policy of `email`, whose headers are plain text. Its modern policy parses
each header, which hostile headers can make slow or crash.
"""

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from briefings.errors import BadInput
from briefings.ingest.formats.encoding import decode_bytes

#: maximum size of all headers of a message in bytes; real ones have 2,000 to 30,000
MAX_HEADER_BYTES = 256_000
#: maximum number of parts; real messages have 1 to 50
MAX_PARTS = 500
#: size of encoded content in bytes from which it is dropped; no text is so long
MAX_ATTACHMENT_BYTES = 4_000_000
#: maximum length of a header that is decoded, in characters
_MAX_HEADER_LENGTH = 8_000
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_BASE64 = re.compile(rb"^content-transfer-encoding:[ \t]*base64", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"\bboundary\s*=", re.IGNORECASE)
_DEPTH_ERRORS = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


def parse_message(data: bytes, name: str) -> Message:
    """Parse a message. Raises BadInput, starting with `name`, if its headers or parts exceed the limits."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    header_end = _HEADER_END.search(data, 0, MAX_HEADER_BYTES + 4)
    if header_end is None and len(data) > MAX_HEADER_BYTES:
        raise BadInput(f"{name} has more than {MAX_HEADER_BYTES:,} bytes of headers, the limit for one message.")
    if sum(1 for _ in _BOUNDARY.finditer(data)) > MAX_PARTS:
        raise BadInput(f"{name} has more than {MAX_PARTS:,} nested parts, the limit for one message.")
    try:
        message = message_from_bytes(_drop_large_attachments(data))
        parts = sum(1 for _ in message.walk())
    except _DEPTH_ERRORS as error:
        raise BadInput(f"{name} cannot be read: the message is damaged.") from error
    if parts > 4 * MAX_PARTS:
        raise BadInput(f"{name} has more than {4 * MAX_PARTS:,} parts, the limit for one message.")
    return message


def get_header(message: Message, header_name: str) -> str:
    """Return the first header of a name, decoded on one line; "" if it is missing or too long.

    Encoded words ("=?utf-8?q?Caf=C3=A9?=") are decoded, and the raw bytes that some software writes as well.
    """
    raw_value = next((value for name, value in message.raw_items() if name.lower() == header_name.lower()), "")
    return decode_header_text(str(raw_value))


def decode_header_text(value: str) -> str:
    """Decode the value of a header on one line; "" if it is too long."""
    if len(value) > _MAX_HEADER_LENGTH:
        return ""
    text = _decode_raw_bytes(value)
    if "=?" in text:
        try:
            text = "".join(_decode_piece(piece, charset) for piece, charset in decode_header(text))
        except (HeaderParseError, ValueError, TypeError):
            text = ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def get_charset(part: Message) -> str | None:
    """Return the encoding that a part declares, unchecked."""
    try:
        charset = part.get_param("charset")
    except (ValueError, LookupError, TypeError):
        return None
    if isinstance(charset, tuple):  # RFC 2231
        charset = charset[2]
    return charset.strip() if isinstance(charset, str) and charset.strip() else None


def get_part_text(part: Message, name: str) -> str:
    """Decode a text part, with Unix line ends. Raises BadInput if no encoding fits."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = decode_bytes(payload, name, get_charset(part)) if payload.strip() else ""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def get_file_name(part: Message) -> str:
    """Return the file name of an attachment on one printable line of at most 100 characters; "" if it has none."""
    try:
        file_name = part.get_filename("")
    except (ValueError, LookupError, TypeError, AttributeError):
        file_name = ""
    return decode_header_text(str(file_name))[:100]


def _drop_large_attachments(data: bytes) -> bytes:
    """Return a message without the content of its large attachments, which would fill the memory when parsed."""
    pieces: list[bytes] = []
    position = 0
    for match in _BASE64.finditer(data):
        header_end = _HEADER_END.search(data, match.end(), match.end() + MAX_HEADER_BYTES)
        start = header_end.end() if header_end else len(data)
        end = data.find(b"\n--", start)
        if start >= position and (end if end >= 0 else len(data)) - start > MAX_ATTACHMENT_BYTES:
            pieces.append(data[position:start])
            position = end if end >= 0 else len(data)
    return b"".join([*pieces, data[position:]]) if pieces else data


def _decode_raw_bytes(text: str) -> str:
    """Decode the bytes in a header that are not ASCII; `email` keeps them as surrogates."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except ValueError:  # other surrogates
        return text.encode("utf-8", "replace").decode("utf-8")
    try:
        return data.decode("utf-8")
    except ValueError:
        return data.decode("cp1252", "replace")


def _decode_piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:  # words that were not encoded
        return piece.decode("raw-unicode-escape", "replace")
    for encoding in ("utf-8", charset, "cp1252"):
        try:
            return piece.decode(encoding)
        except (ValueError, LookupError):
            continue
    return piece.decode("latin-1")
