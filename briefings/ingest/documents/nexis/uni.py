"""Read one document of the Nexis Uni layout, which ends with "End of Document".

    Headline, outlet, day, copyright, labels ("Section: News"), the line "Body", the text, "Classification" or
    "Load-Date: …".

Rule: the head is the block above "Body"; what is above the headline (a cover page, a table of contents) is dropped.
"""

import re
from collections.abc import Sequence

from briefings.ingest.documents.nexis.fields import (
    COPYRIGHT,
    DATE_LINE,
    EDITION_LINE,
    END_LABELS,
    PAGE_LINE,
    VAGUE_DATE_LINE,
    NexisDocument,
    get_byline,
    match_label,
    parse_date_line,
    strip_blank_lines,
)

_BODY_LINE = re.compile(r"[ \t]*Body[ \t]*")
_END_LINE = re.compile(r"[ \t]*(?:Graphic|Classification|Notes|End of Document|Correction|Correction-Date)[ \t]*")
#: the head of a document has at most so many lines
_MAX_HEAD_LINES = 80


def find_body_line(lines: Sequence[str]) -> int | None:
    """Return the number of the line "Body", or None if this is not such a document."""
    return next((index for index, line in enumerate(lines) if _BODY_LINE.fullmatch(line)), None)


def read_uni_document(lines: Sequence[str], body_line: int) -> NexisDocument:
    """Return the parts of a document from its lines; `body_line` is the number of the line "Body"."""
    head_start = max(0, body_line - _MAX_HEAD_LINES)
    head = lines[head_start:body_line]
    fields = {label[0]: label[1] for line in head if (label := match_label(line))}
    title, outlet, day_text = _read_masthead(head)
    body = strip_blank_lines(lines[body_line + 1 : _find_body_end(lines, body_line + 1)])
    return NexisDocument(title, outlet, parse_date_line(day_text), get_byline(fields), "\n".join(body))


def _read_masthead(head: Sequence[str]) -> tuple[str | None, str | None, str]:
    """Return the headline, outlet and line of the day: the last such lines above the copyright and the labels."""
    word_lines = [line.strip() for line in head if line.strip() and not PAGE_LINE.fullmatch(line)]
    blocks = _split_blocks(head)
    for index in range(len(word_lines) - 1, 1, -1):
        line = word_lines[index]
        if not (DATE_LINE.fullmatch(line) or VAGUE_DATE_LINE.fullmatch(line)):
            continue
        outlet, title = word_lines[index - 1], word_lines[index - 2]
        if not (match_label(outlet) or COPYRIGHT.fullmatch(outlet) or EDITION_LINE.fullmatch(outlet)):
            block = next((block for block in reversed(blocks) if title in block and outlet in block), [title])
            return " ".join(block[: block.index(outlet)] if outlet in block else block), outlet, line
    return None, None, ""


def _split_blocks(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines in groups without blank lines: in a text file, a headline can have several lines."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip() and not PAGE_LINE.fullmatch(line):
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return blocks


def _find_body_end(lines: Sequence[str], start: int) -> int:
    for index in range(start, len(lines)):
        label = match_label(lines[index])
        if _END_LINE.fullmatch(lines[index]) or (label is not None and label[0] in END_LABELS):
            return index
    return len(lines)
