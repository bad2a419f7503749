"""Find the labels that open lines: "WALLACE: Thank you.", "**Jane Roe:** No.", "Q. Why?", "Rep. DOE. I yield."

Rule: this module reads the form of a line only. Whether a label is a speaker is decided in `transcripts.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefings.model import Span

_BOLD = r"(?:\*\*|__)"
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Prof|Rep|Sen|Gov|Gen|Judge|Justice|Lord|Lady|Sir|Dame|The|the|THE)\.?"
_CAPITALS = r"[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3}"
_NAME = r"[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|de|del|da|van|von|der|den|al|bin|el|la|of)){0,4}"
_LABEL = re.compile(
    rf"[ \t]*(?P<open>{_BOLD})?(?:"
    rf"(?P<label>(?:{_TITLE} )?(?:{_CAPITALS}|{_NAME})|[QA])"
    r"(?P<detail>(?:, [^:\n“\"(]{2,60}| \([^)\n]{1,40}\)| \[[^\]\n]{1,40}\]){0,2})"
    rf"(?P<inner>{_BOLD})?[ \t]?:(?P<close>{_BOLD})?(?=[ \t]|$)"
    rf"|(?P<dotted>[QA]|{_TITLE} [A-Z]{{2,}}(?: of [A-Z]\w+)?)\.(?P<dotted_close>{_BOLD})?(?=[ \t]))"
)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_BOLD_LINE = re.compile(rf"\s*{_BOLD}(?P<words>[^\n*]+?){_BOLD}\s*$")
_DIRECTION_LINE = re.compile(r"\s*(?:\([^()\n]*\)|\[[^\[\]\n]*\])[.\s]*$")
#: a stage direction inside a turn: (APPLAUSE), [laughter], (LAUGHTER AND APPLAUSE)
_DIRECTION = re.compile(
    r"\((?:[A-Z][A-Z ,.'’-]{3,60}|(?i:laughter|applause|laughs|crosstalk|inaudible|pause)[^()\n]{0,40})\)"
    r"|\([A-Z][^().\n]{2,60}\.\)|\[[^\[\]\n]{3,60}\]"
)
#: characters of a line that are searched for a label
_MAX_LABEL_END = 120


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One line: its span, its label ("" for none), and the span of its words without label and bold marks."""

    line: Span
    label: str
    label_start: int
    words: Span
    is_bold: bool = False
    is_direction: bool = False
    is_question: bool = False

    @property
    def key(self) -> str:
        """Return the part of the label that is the same in "JANE ROE, HOST:" and "ROE:"."""
        words = self.label.split()
        return words[-1].upper() if words else ""

    @property
    def is_capitals(self) -> bool:
        """Tell whether the label is in capitals, or is Q or A."""
        return self.label.isupper() or self.label[-2:].isupper()


def read_lines(text: str) -> list[LabelledLine]:
    """Return the lines of `text` that have words, in order."""
    return [_read_line(match.start(), match.group()) for match in _LINE.finditer(text)]


def split_directions(text: str, words: Span) -> Iterator[Span]:
    """Yield the parts of a turn between stage directions. Parts without letters are left out."""
    start = words.start
    for match in _DIRECTION.finditer(text, words.start, words.end):
        yield from _keep_words(text, start, match.start())
        start = match.end()
    yield from _keep_words(text, start, words.end)


def _keep_words(text: str, start: int, end: int) -> Iterator[Span]:
    if any(char.isalnum() for char in text[start:end]):
        yield Span(start, end)


def _read_line(start: int, body: str) -> LabelledLine:
    line = Span(start, start + len(body))
    bold_line = _BOLD_LINE.match(body)
    words = Span(start + bold_line.start("words"), start + bold_line.end("words")) if bold_line else line
    is_question = body.strip().rstrip("*_").rstrip().endswith("?") if bold_line else False
    match = _LABEL.match(body[:_MAX_LABEL_END])
    if match is None:
        is_direction = bool(_DIRECTION_LINE.match(body))
        return LabelledLine(line, "", start, words, bool(bold_line), is_direction, is_question)
    label = match["label"] or match["dotted"]
    label_start = start + (match.start("label") if match["label"] else match.start("dotted"))
    return LabelledLine(
        line, label, label_start, Span(start + match.end(), words.end), bool(bold_line), False, is_question
    )
