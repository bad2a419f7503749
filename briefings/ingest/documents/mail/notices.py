"""Remove the signature, banners, disclaimers and subscription notices from the text of a message.

Rule: a notice must start a paragraph. A weak one counts only in the second half of the text, because a release can be
about mail.
"""

import re
from collections.abc import Sequence

#: a signature behind two dashes without a space has at most so many lines
_MAX_SIGNATURE_LINES = 12
_SIGNATURE_MARK = re.compile(r"-- ?")
#: words for devices, mail programs and networks, of which the rest of a device line consists
_DEVICE = (
    r"(?:(?:iphone|ipad|ipod|macbook|mac|apple|watch|android|samsung|galaxy|huawei|pixel|xiaomi|redmi|oneplus|nokia|lumia"
    r"|blackberry|windows|phone|smartphone|téléphone|teléfono|mobile|mobil|móvil|portable|cell|cellphone|handy|mobiltelefon"
    r"|tablet|device|computer|laptop|mail|e-?mail|outlook|yahoo|gmail|proton|protonmail|aol|hotmail|gmx|app|ios|verizon"
    r"|at&t|t-mobile|ee|o2|vodafone|orange|telekom|wireless|network|[345]g|lte|mini|pro|max|plus|ultra|secure|xl|se"
    r"|for|on|from|the|my|via|with|using|pour|sur|für|mit|para|[a-z]?\d{1,3}[a-z]?)(?![^\W_])[®™]?[\s,|()/-]*){1,9}"
)
_EXCUSE = r"(?:(?:so |and )?(?:please )?(?:excuse|forgive|pardon|apologies|sorry)\b[^.!?]{0,60}[.!]?)?"
#: the whole line is about the device; a sentence that goes on is text
_DEVICE_LINE = re.compile(
    rf"(?:sent (?:from|via|using)(?: my)?|get outlook for|gesendet (?:von|mit)(?: meinem| der| mein)?"
    rf"|von meine[mr]|envoyé (?:de|depuis|à partir de)(?: mon| ma)?|enviado (?:desde|do)(?: mi| meu)?"
    rf"|inviato (?:da|dal)(?: mio)?|verstuurd vanaf mijn|verzonden vanaf mijn) {_DEVICE}(?:gesendet)?(?:<?https?://\S+>?)?[.!;]?\s*{_EXCUSE}",
    re.IGNORECASE,
)
#: number of lines at the top that can be banners; number of lines and characters that show what a notice is
_MAX_BANNER_LINES, _NOTICE_LINES, _NOTICE_LENGTH = 3, 6, 600
_SEPARATOR = re.compile(r"[_\-=*~—]{3,}")
_BANNER = re.compile(
    r"\W{0,3}(?:(?:caution|warning|external(?: e-?mail| sender)?|attention)\b.{0,20}\bthis e-?mail\b"
    r"|this e-?mail (?:originated|came|was sent) from (?:outside|an external)|you don['’]t often get e-?mail from"
    r"|(?:can['’]t|cannot|trouble) (?:see|read|view)(?:ing)? this e-?mail\b|having trouble viewing"
    r"|view (?:this e-?mail |it |online )?in (?:your|a) (?:web )?browser)",
    re.IGNORECASE,
)
_MESSAGE = r"(?:e-?mails?|message|communication|transmission|correspondence)"
#: signs before a notice; a quotation mark is none, because someone may say these words
_SIGNS = r"[^\w\"“”'‘’„«»]{0,5}"
_NOTICE_HEAD = rf"{_SIGNS}(?:(?:legal |confidentiality |important |e-?mail )?(?:disclaimer|notice|note)\b{_SIGNS})?"
#: two terms of a disclaimer about the message itself
_DISCLAIMER = re.compile(
    rf"{_NOTICE_HEAD}(?:(?:this|the information (?:contained )?in this|the contents of this)\b.{{0,40}}\b{_MESSAGE}\b"
    r"(?=.{0,400}\b(?:confidential|privileged))(?=.{0,400}\b(?:intended|recipients?|addressees?|in error))"
    rf"|if you (?:have received this {_MESSAGE} in error|are not the (?:intended|named) (?:recipient|addressee))"
    r"|diese e-?mail (?:enthält|kann) vertrauliche)",
    re.IGNORECASE,
)
_WEAK_DISCLAIMER = re.compile(
    rf"{_NOTICE_HEAD}(?:(?:this|the (?:information|contents))\b.{{0,40}}\b{_MESSAGE}\b.{{0,200}}"
    r"\b(?:confidential|privileged|intended (?:only|solely|recipient|for the)|addressee)"
    r"|(?:please )?(?:consider|think of) the environment before|please do not print this|this e-?mail (?:has been|was)"
    rf" (?:scanned|checked) (?:for|by))|{_SIGNS}(?:confidentiality (?:notice|note)|(?:e-?mail |legal )disclaimer)\b",
    re.IGNORECASE,
)
#: the footer that a mailing list adds below a line of underscores
_LIST_FOOTER = re.compile(
    rf"{_SIGNS}[\w.+-]{{1,80}} mailing list(?:\s*$|\s+(?:--\s*)?(?:\S+@\S+|<?https?://|to (?:unsubscribe|post)\b))",
    re.IGNORECASE,
)
_SUBSCRIPTION = re.compile(
    rf"{_SIGNS}(?:(?:to )?unsubscribe\b|(?:click here )?to (?:unsubscribe|opt out|be removed)"
    r"|you (?:are receiving|received|have received) this (?:e-?mail|message|newsletter|mailing|because)\b"
    r"|update your (?:e-?mail )?preferences"
    r"|manage (?:your )?(?:subscription|preferences)|this e-?mail was sent to \S+@)",
    re.IGNORECASE,
)


def cut_notices(lines: Sequence[str]) -> list[str]:
    """Return the lines of a message without its signature, banners at the top and notices at the end."""
    lines = [line for line in _cut_signature(lines) if not _DEVICE_LINE.fullmatch(line.strip())]
    lines = _drop_banners(lines)
    end = _find_notice(lines)
    return _strip_end(lines[:end])


def is_separator(line: str) -> bool:
    """Tell whether a line is drawn from dashes or the like."""
    return _SEPARATOR.fullmatch(line.strip()) is not None


def _cut_signature(lines: Sequence[str]) -> list[str]:
    for index, line in enumerate(lines):
        is_mark = _SIGNATURE_MARK.fullmatch(line) is not None and any(earlier.strip() for earlier in lines[:index])
        if is_mark and (line == "-- " or len(lines) - index <= _MAX_SIGNATURE_LINES):
            return list(lines[:index])
    return list(lines)


def _drop_banners(lines: Sequence[str]) -> list[str]:
    """Remove the banners among the first lines; the last lines of a long one follow without a blank line."""
    first_lines = [index for index, line in enumerate(lines) if line.strip()][:_MAX_BANNER_LINES]
    banners = {index for index in first_lines if _BANNER.match(" ".join(lines[index : index + 2]))}
    return [line for index, line in enumerate(lines) if index not in banners]


def _find_notice(lines: Sequence[str]) -> int:
    """Return the number of the line where disclaimers and subscription notices start, or the number of lines."""
    length = sum(len(line) for line in lines)
    has_paragraphs = any(not line.strip() for line in lines)
    position = 0
    for index, line in enumerate(lines):
        previous_line = lines[index - 1] if index else "."
        is_start = not has_paragraphs or not previous_line.strip() or is_separator(previous_line)
        if position and is_start and line.strip():
            paragraph = " ".join(lines[index : index + _NOTICE_LINES])[:_NOTICE_LENGTH]
            is_late = position >= length / 2
            is_weak_notice = _SUBSCRIPTION.match(paragraph) or _WEAK_DISCLAIMER.match(paragraph)
            is_list_footer = is_separator(previous_line) and _LIST_FOOTER.match(paragraph)
            if is_list_footer or _DISCLAIMER.match(paragraph) or (is_late and is_weak_notice):
                return index
        position += len(line)
    return len(lines)


def _strip_end(lines: Sequence[str]) -> list[str]:
    lines = list(lines)
    while lines and (not lines[-1].strip() or is_separator(lines[-1])):
        lines.pop()
    return lines
