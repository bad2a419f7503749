"""Find first-person statements: "I welcome ..." below the line "Statement by Commissioner X".

Rule: the heading is one of the first lines and names the speaker. A paragraph is the speaker's if it speaks in the
first person outside quotation marks, or is between two such paragraphs and does not quote. One such paragraph alone is
not a statement.
"""

import re
from collections.abc import Iterator

from briefings.attribution.features.document import Document
from briefings.attribution.features.turn_labels import LabelledLine, read_lines
from briefings.model import Span

_HEADING = re.compile(
    r"\W{0,4}(?:Joint |Full |Press |Opening |Prepared )?(?:[Ss]tatement|[Rr]emarks|[Ss]peech|[Aa]ddress|[Mm]essage)"
    r"(?: (?:as delivered|in full|today))? (?:by|from|of) (?:the )?(?P<name>[A-Z][^\n]{2,160})$"
)
_FIRST_PERSON = re.compile(r"(?<![\w’'])(?:I|I['’](?:m|ve|d|ll)|[Ww]e|[Mm]y|[Oo]ur|me|us)(?![\w’'])")
_QUOTATION = re.compile(r"[“\"][^“”\"\n]*[”\"]?")
#: lines in which the heading can be, and minimum paragraphs in the first person
_MAX_HEADING_LINES, _MIN_PARAGRAPHS = 4, 2


def find_statement(document: Document) -> Iterator[tuple[Span, Span]]:
    """Yield the words of each paragraph of a statement, and the name in the heading above them."""
    if "tatement" not in document.text and not _HEADING.search(document.text[:400]):
        return
    lines = read_lines(document.text)
    for number, line in enumerate(lines[:_MAX_HEADING_LINES]):
        if match := _HEADING.match(line.line.of(document.text)):
            name = Span(line.line.start + match.start("name"), line.line.start + match.end("name"))
            paragraphs = _find_paragraphs(document.text, lines[number + 1 :])
            yield from ((words, name) for words in paragraphs)
            return


def _find_paragraphs(text: str, lines: list[LabelledLine]) -> list[Span]:
    outside_marks = [_QUOTATION.sub("", line.line.of(text)) for line in lines]
    own = [number for number, words in enumerate(outside_marks) if _FIRST_PERSON.search(words)]
    if len(own) < _MIN_PARAGRAPHS:
        return []
    return [
        lines[number].line
        for number in range(own[0], own[-1] + 1)
        if number in own or outside_marks[number] == lines[number].line.of(text)
    ]
