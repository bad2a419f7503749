"""Separate the own words of a message from what mail adds: quoted replies, forwarded headers, signatures, disclaimers.

Rule: of a forwarded message the text is what was forwarded, with the subject, date and sender of its header block.
Of a reply it is what was written, without what it replies to. Rule: text is cut only at unmistakable marks, such as a
block of two mail headers; a release that mentions "From:" loses nothing. We do not use mail-parser-reply for this,
because it cuts at single words such as "From:" and does not know forwarded messages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefings.ingest.documents.mail.header_blocks import HeaderBlock, find_header_block, find_introduction
from briefings.ingest.documents.mail.notices import cut_notices, is_separator

#: maximum number of messages forwarded inside each other that are followed
_MAX_FORWARDS = 10
_REPLY_PREFIX = re.compile(r"(?:re|aw|sv|antw|res)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:", re.IGNORECASE)
_FORWARD_PREFIX = re.compile(r"(?:fw|fwd|wg|tr|rv|vs|enc|doorst)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:", re.IGNORECASE)
_ANSWER_PREFIX = re.compile(f"{_REPLY_PREFIX.pattern}|{_FORWARD_PREFIX.pattern}", re.IGNORECASE)
_LABEL = (
    r"(?:ext|external)\s?:|[\[(*]{1,3}\s?(?:external|ext|extern|caution|suspicious|bulk|spam|suspected spam|fwd|fw|re)"
    r"\b[^\])*]{0,30}[\])*]{1,3}:?"
)
_LABELS = re.compile(rf"\s*(?:(?:{_LABEL})\s*)*", re.IGNORECASE)
_TITLE_PREFIX = re.compile(rf"\s*(?:{_ANSWER_PREFIX.pattern}|{_LABEL})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnText:
    """Own text of a message. A forwarded message has its own headers; "" for one that it does not state."""

    text: str
    is_forwarded: bool = False
    subject: str = ""
    sender: str = ""
    date: str = ""


def strip_title(subject: str) -> str:
    """Return a subject without what mail programs put before it: "Fwd:", "RE:", "[External]"."""
    while match := _TITLE_PREFIX.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def extract_own_text(text: str, subject: str, *, is_answer: bool = False) -> OwnText:
    """Return the own text of a message with this subject, or of the message that it forwards.

    `is_answer` says that its headers name the message that it answers.
    """
    own = OwnText("", subject=subject)
    lines = [line.rstrip() if line != "-- " else line for line in text.split("\n")]
    for _ in range(_MAX_FORWARDS):
        is_strict = not is_answer and _ANSWER_PREFIX.match(_strip_labels(own.subject)) is None
        block = find_header_block(lines, is_strict=is_strict)
        if block is None or not _is_forward(block, lines, own.subject):
            break
        # an introduction before the mark ("On … wrote:") makes what follows the history of a reply
        if find_introduction(lines[: block.start], is_strict=is_strict) is not None:
            break
        headers = block.headers
        own = OwnText("", True, headers.get("subject", ""), headers.get("from", ""), headers.get("date", ""))
        lines = _dequote(lines[block.end :])
        is_answer = False
    is_strict = not is_answer and _ANSWER_PREFIX.match(_strip_labels(own.subject)) is None
    own_text = _cut(lines, is_strict=is_strict)
    return OwnText(own_text, own.is_forwarded, own.subject if own.is_forwarded else "", own.sender, own.date)


def _cut(lines: Sequence[str], *, is_strict: bool) -> str:
    """Return the lines before the history, signature and notices."""
    block = find_header_block(lines, is_strict=is_strict)
    introduction = find_introduction(lines, is_strict=is_strict)
    ends = [end for end in (block.start if block else None, introduction) if end is not None]
    lines = _drop_quoted(lines, min(ends)) if ends else [line for line in lines if not line.startswith(">")]
    return "\n".join(cut_notices(lines)).strip("\n").rstrip()


def _drop_quoted(lines: Sequence[str], end: int) -> list[str]:
    """Return the lines before `end` and those that were written below or between quoted lines after it."""
    own_lines = [line for line in lines[:end] if not line.startswith(">")]
    while own_lines and (not own_lines[-1].strip() or is_separator(own_lines[-1])):
        own_lines.pop()
    rest = lines[end:]
    if any(line.startswith(">") for line in rest) and not any(line.strip() for line in own_lines):
        introduction_end = next(index for index, line in enumerate(rest) if line.startswith(">"))
        own_lines = [line for line in rest[introduction_end:] if not line.startswith(">")]
    return own_lines


def _is_forward(block: HeaderBlock, lines: Sequence[str], subject: str) -> bool:
    """Tell whether a header block begins a forwarded message, and not the history of a reply."""
    if block.is_forward_mark:
        return True
    if _REPLY_PREFIX.match(_strip_labels(subject)):
        return False
    return _FORWARD_PREFIX.match(_strip_labels(subject)) is not None or not any(
        line.strip() for line in lines[: block.start]
    )


def _strip_labels(subject: str) -> str:
    """Return a subject without labels such as "[External]" at its start."""
    return _LABELS.sub("", subject, count=1)


def _dequote(lines: Sequence[str]) -> list[str]:
    """Remove one level of ">" if all of the text has it: some programs quote what they forward."""
    if any(line.strip() and not line.startswith(">") for line in lines):
        return list(lines)
    return [line.removeprefix(">").removeprefix(" ") for line in lines]
