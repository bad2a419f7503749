"""Find what a mail program writes above a quoted or forwarded message: a block of headers, or "On … wrote:".

Rule: only unmistakable forms count: a mark ("-----Original Message-----") with a header below it, "From:" with two
other headers, or an introduction that holds a time or an address or has quoted lines below it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: maximum number of lines of a header block, and of an introduction ("On … wrote:")
_MAX_BLOCK_LINES = 14
_MAX_INTRODUCTION_LINES = 3
#: maximum length of an introduction in characters, and number of headers of a block without a mark
_MAX_INTRODUCTION_LENGTH = 400
_MIN_HEADERS = 3
#: maximum number of lines with "From:" that are examined
_MAX_CANDIDATES = 1_000
_FORWARD_MARK = re.compile(
    r"-{2,}\s*(?:Forwarded (?:message|by\b.*)|Weitergeleitete (?:Nachricht|E-Mail)|Message transféré|Message transmis"
    r"|Mensaje reenviado|Messaggio inoltrato|Doorgestuurd bericht|Mensagem encaminhada)\s*-*|Begin forwarded message:"
    r"|Anfang der weitergeleiteten (?:Nachricht|E-Mail):|Début du message (?:transféré|réexpédié)\s*:"
    r"|Inicio del mensaje reenviado:",
    re.IGNORECASE,
)
_ORIGINAL_MARK = re.compile(
    r"-{2,}\s*(?:Original (?:Message|Appointment)|Ursprüngliche Nachricht|Message d['’]origine|Mensaje original"
    r"|Messaggio originale|Oorspronkelijk bericht|Mensagem original)\s*-{2,}",
    re.IGNORECASE,
)
_HEADER_NAMES = {
    "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|assunto",
    "date": "date|sent|datum|gesendet|envoyé|enviado(?: el)?|fecha|data|inviato|verzonden",
    "from": "from|von|de|da|van",
    "to": "to|an|à|para|a|aan|cc|bcc|kopie|reply-to|antwort an",
}
_HEADER_LINES = {
    name: re.compile(rf"[*_]{{0,2}}(?:{pattern})\s?:[*_]{{0,2}}(?:[ \t]+(.*)|$)", re.IGNORECASE)
    for name, pattern in _HEADER_NAMES.items()
}
_SENT_LINE = re.compile(r"[*_]{0,2}(?:sent|gesendet|envoyé|enviado(?: el)?|inviato|verzonden)\s?:", re.IGNORECASE)
_RULE = re.compile(r"[_\-—]{5,}")
_INTRODUCTION = re.compile(
    r"(?:On\s.+\bwrote|Am\s.+\bschrieb\b.*|Le\s.+\ba écrit\s?|El\s.+\bescribió|Il\s.+\bha scritto|Op\s.+\bschreef\b.*"
    r"|Em\s.+\bescreveu|.{0,120}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|schrieb|a écrit)\s?):\s*",
    re.IGNORECASE | re.DOTALL,
)
_INTRODUCTION_SIGN = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\S+@\S+")
_ADDRESS = re.compile(r"[<(\[]\S+@\S+[>)\]]")
_INTRODUCTION_START = re.compile(r"(?:On|Am|Le|El|Il|Op|Em)\s|.{0,120}<[^<>\s]+@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Lines of headers inside a text: the first and the line after the last, and the values by name."""

    start: int
    end: int
    headers: dict[str, str]
    #: above it is a mark, and it says that the message is forwarded
    is_marked: bool
    is_forward_mark: bool


def find_header_block(lines: Sequence[str], *, is_strict: bool = False) -> HeaderBlock | None:
    """Return the first block of headers: a mark with a header below it, or "From:" with two other headers below.

    With `is_strict`, a block without a mark counts only if it starts the text, or is written as Outlook does: below a
    drawn line, or with "Sent:". Other blocks are part of an article about mail.
    """
    candidates = 0
    for index, line in enumerate(lines):
        stripped_line = _unquote(line)
        is_forward_mark = _FORWARD_MARK.fullmatch(stripped_line) is not None
        is_mark = is_forward_mark or _ORIGINAL_MARK.fullmatch(stripped_line) is not None
        if not is_mark and not _HEADER_LINES["from"].match(stripped_line):
            continue
        candidates += 1
        if candidates > _MAX_CANDIDATES:
            return None
        headers, end = _read_headers(lines, index + 1 if is_mark else index)
        is_block = bool(headers) if is_mark else len({"from", "date", "subject", "to"} & set(headers)) >= _MIN_HEADERS
        if is_block and (is_mark or "subject" in headers or ("date" in headers and "to" in headers)):
            is_usable = is_mark or not is_strict or _is_outlook_block(lines, index, end)
            if is_usable or not any(earlier.strip() for earlier in lines[:index]):
                return HeaderBlock(index, end, headers, is_mark, is_forward_mark)
    return None


def _is_outlook_block(lines: Sequence[str], start: int, end: int) -> bool:
    above = next((line.strip() for line in reversed(lines[:start]) if line.strip()), "")
    return _RULE.fullmatch(above) is not None or any(_SENT_LINE.match(_unquote(line)) for line in lines[start:end])


def _read_headers(lines: Sequence[str], start: int) -> tuple[dict[str, str], int]:
    """Return the headers from `start` on by name, and the number of the line after them."""
    headers: dict[str, str] = {}
    end, name = start, ""
    for index in range(start, min(len(lines), start + _MAX_BLOCK_LINES)):
        line = _unquote(lines[index])
        match_by_name = ((key, pattern.match(line)) for key, pattern in _HEADER_LINES.items())
        key, match = next(((key, match) for key, match in match_by_name if match), ("", None))
        if match is not None:
            name = key
            headers.setdefault(name, (match[1] or "").strip().strip("*").strip())
        elif not line and (not headers or _is_header(lines, index + 1)):
            continue  # blank lines before and, in HTML, between headers
        elif line and name and _is_header(lines, index + 1):  # the rest of a long header
            headers[name] = f"{headers[name]} {line}".strip()
        else:
            break
        end = index + 1
    return headers, end


def _is_header(lines: Sequence[str], index: int) -> bool:
    line = _unquote(lines[index]) if index < len(lines) else ""
    return any(pattern.match(line) for pattern in _HEADER_LINES.values())


def find_introduction(lines: Sequence[str], *, is_strict: bool = False) -> int | None:
    """Return the number of the line that introduces quoted text ("On 30 June 2016 at 10:00, Jane Roe wrote:").

    With `is_strict`, it needs an address or quoted lines below it; a time is not enough.
    """
    for index, line in enumerate(lines):
        if line.startswith(">") or not _INTRODUCTION_START.match(line):
            continue
        for count in range(1, _MAX_INTRODUCTION_LINES + 1):
            words = " ".join(lines[index : index + count])
            if len(words) > _MAX_INTRODUCTION_LENGTH:
                break
            if _INTRODUCTION.fullmatch(words):
                following = next((later for later in lines[index + count :] if later.strip()), "")
                sign = _ADDRESS if is_strict else _INTRODUCTION_SIGN
                if sign.search(words) or following.startswith(">"):
                    return index
                break
    return None


def _unquote(line: str) -> str:
    return line.lstrip("> \t").rstrip()
