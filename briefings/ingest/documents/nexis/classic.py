"""Read one document of the classic Nexis layout, which starts with "1 of 3 DOCUMENTS".

    The outlet, then the day, both centred, then the headline, labels in capitals ("BYLINE: Jane Roe"), the text,
    labels again ("LOAD-DATE: …"), and the copyright.

Rule: the lines between the outlet and the day, and editions, are neither headline nor text.
"""

from collections.abc import Sequence
from datetime import date

from briefings.ingest.documents.nexis.fields import (
    COPYRIGHT,
    EDITION_LINE,
    END_LABELS,
    HEAD_LABELS,
    TAIL_LABELS,
    VAGUE_DATE_LINE,
    NexisDocument,
    get_byline,
    match_label,
    parse_date_line,
    strip_blank_lines,
)

#: the day is among the first so many lines with words
_MAX_HEAD_LINES = 10
#: how centred lines start; the text is at most indented by a few spaces
_CENTRED = " " * 8


def read_classic_document(lines: Sequence[str]) -> NexisDocument:
    """Return the parts of a document from its lines, without the line "1 of 3 DOCUMENTS"."""
    outlet, day, index = _read_masthead(lines)
    title, index = _read_headline(lines, index)
    fields, index = _read_head_labels(lines, index)
    title = title or fields.get("HEADLINE")
    body = strip_blank_lines(lines[index : _find_body_end(lines, index)])
    return NexisDocument(title, outlet, day, get_byline(fields), "\n".join(body))


def _read_masthead(lines: Sequence[str]) -> tuple[str | None, date | None, int]:
    """Return the outlet, the day, and the number of the line after the day."""
    candidates: list[str] = []
    word_lines = [(index, line) for index, line in enumerate(lines) if line.strip()][:_MAX_HEAD_LINES]
    for index, line in word_lines:
        if _match_label(line):
            break
        day = parse_date_line(line)
        if day is not None or VAGUE_DATE_LINE.fullmatch(line):
            return (candidates[0] if candidates else None), day, _skip_edition(lines, index + 1)
        if not COPYRIGHT.fullmatch(line):
            candidates.append(line.strip())
    return None, None, 0  # without a day we cannot tell the outlet from the headline


def _skip_edition(lines: Sequence[str], index: int) -> int:
    """Return the number of the first line after the centred lines right below the day: "Edition 1;", "Scotland"."""
    while index < len(lines) and lines[index].startswith(_CENTRED) and not _match_label(lines[index]):
        index += 1
    return index


def _read_headline(lines: Sequence[str], index: int) -> tuple[str | None, int]:
    """Return the first paragraph that is not an edition, a time or a copyright; None if labels follow at once."""
    while index < len(lines):
        line = lines[index]
        if _match_label(line):
            return None, index
        if line.strip() and not (EDITION_LINE.fullmatch(line) or COPYRIGHT.fullmatch(line)):
            end = index
            while end < len(lines) and lines[end].strip() and not _match_label(lines[end]):
                end += 1
            return " ".join(line.strip() for line in lines[index:end]), end
        index += 1
    return None, index


def _read_head_labels(lines: Sequence[str], index: int) -> tuple[dict[str, str], int]:
    """Return the labelled fields below the headline, and the number of the first line of the text."""
    fields: dict[str, str] = {}
    text_start = index
    while index < len(lines):
        if not lines[index].strip():
            index += 1
            continue
        label = _match_label(lines[index])
        if label is None or label[0] not in HEAD_LABELS:
            break
        name, value = label
        index += 1
        if name in ("BODY", "TEXT"):
            return fields, index
        while index < len(lines) and lines[index].strip() and not _match_label(lines[index]):
            value = f"{value} {lines[index].strip()}"
            index += 1
        fields.setdefault(name, value.strip())
        text_start = index
    return fields, text_start


def _find_body_end(lines: Sequence[str], start: int) -> int:
    """Return the number of the line after the text: at a label that ends it, or before the labels at the end."""
    end = len(lines)
    for index in range(start, len(lines)):
        label = _match_label(lines[index])
        is_start = index == start or not lines[index - 1].strip()
        if label is not None and label[0] in END_LABELS and is_start:
            end = index
            break
    while end > start:  # paragraphs of labels and the copyright
        paragraph_end = end
        while paragraph_end > start and not lines[paragraph_end - 1].strip():
            paragraph_end -= 1
        paragraph_start = paragraph_end
        while paragraph_start > start and lines[paragraph_start - 1].strip():
            paragraph_start -= 1
        if paragraph_start == paragraph_end or not _is_furniture(lines[paragraph_start]):
            break
        end = paragraph_start
    return end


def _is_furniture(line: str) -> bool:
    """Tell whether a paragraph that begins with `line` is a copyright or a label below the text."""
    label = _match_label(line)
    return COPYRIGHT.fullmatch(line) is not None or (label is not None and label[0] in TAIL_LABELS)


def _match_label(line: str) -> tuple[str, str] | None:
    return match_label(line, is_capital=True)
