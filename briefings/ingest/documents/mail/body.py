"""Choose the body of a message among its parts, as text, and name the attachments that are not read.

Rule: plain text is preferred to HTML, unless it is only a stub ("Your mail program does not show HTML") or made from
the HTML, with the addresses of links among the words.
Rule: an encrypted message, a delivery report and a message without text are refused.
"""

import re
from dataclasses import dataclass
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
#: what mail programs write into plain text for links, pictures and bold words
_GENERATED_MARK = re.compile(r"<(?:https?://|mailto:)|\[(?:image|cid):|(?<![\w*])\*[^\s*][^*\n]{0,80}\*(?![\w*])")


@dataclass(frozen=True, slots=True)
class MailBody:
    """Body of a message: its text, the signs around the words of quotation elements, and what is not part of it."""

    text: str
    signs: str | None
    #: names of the attachments that are not read
    attachments: tuple[str, ...]
    #: messages that were forwarded as attachments
    messages: tuple[Message, ...]


def find_body(message: Message, name: str) -> MailBody:
    """Return the body of a message, "" if it has none. Raises BadInput if the message is encrypted or a report."""
    _refuse_unreadable(message, name)
    leaves, messages = _list_leaves(message)
    plain_parts: list[Message] = []
    html_parts: list[Message] = []
    attachments: list[str] = []
    for part in leaves:
        kind = part.get_content_type()
        is_body = not _is_attachment(part, is_first=not plain_parts and not html_parts)
        if kind == "text/plain" and is_body:
            plain_parts.append(part)
        elif kind == "text/html" and is_body:
            html_parts.append(part)
        elif not _IGNORED_TYPES.match(kind) and (file_name := get_file_name(part)):
            attachments.append(file_name)
    text, signs = _choose_text(plain_parts, html_parts, name, has_alternatives=_has_alternatives(message))
    if _PGP_MESSAGE.search(text):
        raise BadInput(f"{name} is encrypted, so it can't be read. Decrypt it and save it again.")
    return MailBody(text, signs, tuple(attachments), tuple(messages))


def _choose_text(
    plain_parts: list[Message], html_parts: list[Message], name: str, *, has_alternatives: bool
) -> tuple[str, str | None]:
    """Return the plain text, or the text of the HTML and its signs if the plain text is missing or poor."""
    plain_text = "\n\n".join(text for part in plain_parts if (text := _read_plain(part, name)).strip())
    if not html_parts or (plain_text and not has_alternatives):
        return plain_text, None
    html_text, signs = _read_html(html_parts, name)
    is_stub = len(plain_text.split()) < _MIN_PLAIN_SHARE * len(html_text.split())
    is_poor = not plain_text or is_stub or _GENERATED_MARK.search(plain_text) is not None
    return (html_text, signs) if html_text and is_poor else (plain_text, None)


def _refuse_unreadable(message: Message, name: str) -> None:
    kind = message.get_content_type()
    smime_type = str(message.get_param("smime-type", "") or "").lower()
    if kind in _ENCRYPTED_TYPES or (kind in _SMIME_TYPES and smime_type != "signed-data"):
        raise BadInput(f"{name} is encrypted, so it can't be read. Decrypt it and save it again.")
    if kind == "multipart/report":
        raise BadInput(f"{name} is a report of a mail server and not an article, so it was not taken.")


def _list_leaves(message: Message) -> tuple[list[Message], list[Message]]:
    """Return the parts that are not containers, and the messages inside the message, whose parts do not count."""
    leaves: list[Message] = []
    messages: list[Message] = []
    parts = [message]
    while parts:
        part = parts.pop()
        payload = part.get_payload()
        children = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
        if part.get_content_type() == "message/rfc822" and part is not message:
            messages += children[:1]
        elif isinstance(payload, list):
            parts += reversed(children)
        else:
            leaves.append(part)
    return leaves, messages


def _is_attachment(part: Message, *, is_first: bool) -> bool:
    """Tell whether a part is a file. The first text of a message can have a file name and still be its body."""
    if get_header(part, "Content-Disposition").lower().startswith("attachment"):
        return True
    return not is_first and bool(get_file_name(part))


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
