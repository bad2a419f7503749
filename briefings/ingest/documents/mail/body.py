"""Choose the body of a message among its parts, as text, and name the attachments that are not read.

Rule: plain text is preferred to HTML, unless it is only a stub ("Your mail program does not show HTML").
Rule: an encrypted message, a delivery report and a message without text are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from briefings.errors import BadInput
from briefings.ingest.documents.mail.message import get_file_name, get_header, get_part_text
from briefings.ingest.documents.markup import extract_lines, parse_markup

_ENCRYPTED_TYPES = ("multipart/encrypted", "application/pgp-encrypted")
_SMIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
#: types of attachments that hold no text of their own: pictures, signatures, visiting cards
_IGNORED_TYPES = re.compile(
    r"(?:image|audio|video|font)/|text/(?:calendar|x-vcard|vcard|css|x-amp-html)"
    r"|application/(?:(?:x-)?pkcs7-signature|pgp-signature|pgp-keys|ics|ms-tnef)|message/(?!rfc822)"
)
_PGP_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
_PGP_HEAD = re.compile(r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+:[^\n]*\n)*\n")
_PGP_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----\s*$.*", re.MULTILINE | re.DOTALL)
#: share of the words of the HTML part below which the plain text is a stub
_MIN_PLAIN_SHARE = 0.4


@dataclass(slots=True)
class MailBody:
    """Body of a message: its text, the signs around the words of quotation elements, and unread attachments."""

    text: str = ""
    signs: str | None = None
    attachments: list[str] = field(default_factory=list)
    #: messages that were forwarded as attachments
    messages: list[Message] = field(default_factory=list)


def find_body(message: Message, name: str) -> MailBody:
    """Return the body of a message, "" if it has none. Raises BadInput if the message is encrypted or a report."""
    _refuse_unreadable(message, name)
    body = MailBody()
    plain_parts: list[Message] = []
    html_parts: list[Message] = []
    for part in _list_leaves(message, body):
        kind = part.get_content_type()
        if kind == "text/plain" and not _is_attachment(part):
            plain_parts.append(part)
        elif kind == "text/html" and not _is_attachment(part):
            html_parts.append(part)
        elif not _IGNORED_TYPES.match(kind) and (file_name := get_file_name(part)):
            body.attachments.append(file_name)
    plain_text = "\n\n".join(text for part in plain_parts if (text := _read_plain(part, name)).strip())
    html_text, signs = "", None
    if html_parts and (not plain_text or _has_alternatives(message)):
        html_text, signs = _read_html(html_parts, name)
    is_stub = len(plain_text.split()) < _MIN_PLAIN_SHARE * len(html_text.split())
    body.text, body.signs = (html_text, signs) if html_text and (is_stub or not plain_text) else (plain_text, None)
    if _PGP_MESSAGE.search(body.text):
        raise BadInput(f"{name} is encrypted, so it can't be read. Decrypt it and save it again.")
    return body


def _refuse_unreadable(message: Message, name: str) -> None:
    kind = message.get_content_type()
    smime_type = str(message.get_param("smime-type", "") or "").lower()
    if kind in _ENCRYPTED_TYPES or (kind in _SMIME_TYPES and smime_type != "signed-data"):
        raise BadInput(f"{name} is encrypted, so it can't be read. Decrypt it and save it again.")
    if kind == "multipart/report":
        raise BadInput(f"{name} is a report of a mail server and not an article, so it was not taken.")


def _list_leaves(message: Message, body: MailBody) -> Iterator[Message]:
    """Yield the parts that are not containers. A message inside the message is put aside with its parts."""
    parts = [message]
    while parts:
        part = parts.pop()
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and part is not message:
            body.messages += (
                [child for child in payload if isinstance(child, Message)][:1] if isinstance(payload, list) else []
            )
        elif isinstance(payload, list):
            parts += [child for child in reversed(payload) if isinstance(child, Message)]
        else:
            yield part


def _is_attachment(part: Message) -> bool:
    return get_header(part, "Content-Disposition").lower().startswith("attachment") or bool(get_file_name(part))


def _has_alternatives(message: Message) -> bool:
    return any(part.get_content_type() == "multipart/alternative" for part in message.walk())


def _read_plain(part: Message, name: str) -> str:
    text = get_part_text(part, name)
    text = _PGP_SIGNATURE.sub("", _PGP_HEAD.sub("", text, count=1))
    if str(part.get_param("format", "") or "").lower() == "flowed":
        return _unflow(text, is_space_dropped=str(part.get_param("delsp", "") or "").lower() == "yes")
    return text


def _unflow(text: str, *, is_space_dropped: bool) -> str:
    """Join the lines that end in a space, as RFC 3676 says; quoted lines are joined with lines of the same depth."""
    lines: list[str] = []
    open_depth: int | None = None
    for raw_line in text.split("\n"):
        depth = len(raw_line) - len(raw_line.lstrip(">"))
        content = raw_line[depth:].removeprefix(" ")
        is_signature = content == "-- "
        is_flowed = content.endswith(" ") and not is_signature
        words = content[:-1] if is_flowed and is_space_dropped else content
        if open_depth == depth and not is_signature:
            lines[-1] += words
        else:
            lines.append(("> " * depth if depth else "") + words)
        open_depth = depth if is_flowed else None
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines)


def _read_html(parts: list[Message], name: str) -> tuple[str, str | None]:
    """Return the text of the HTML parts. Apple Mail writes several, around its pictures."""
    markup = "\n".join(text for part in parts if (text := get_part_text(part, name)).strip())
    return extract_lines(parse_markup(markup, name)) if markup else ("", None)
