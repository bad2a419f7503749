"""Find the words that belong to a label or a heading: turns of a transcript or an interview, labelled quotations.

Rule: only an article with several labelled lines is a transcript; a single "Washington: ..." is not a speaker. In an
interview, bold lines are questions, and the lines below them are the answers of the other speaker.

Rule: a label can be the initials of a name. A line of a transcript without a label continues the turn above it, if a
labelled line follows. Stage directions belong to no one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.labelled_quotations import find_labelled_quotations
from briefings.attribution.features.statements import find_statement
from briefings.attribution.features.turn_labels import LabelledLine, read_lines, split_directions
from briefings.model import Span
from briefings.text import lexicon

#: minimum labelled lines in a transcript, and minimum lines with one label
MIN_TURNS, MIN_TURNS_PER_LABEL = 4, 2
#: minimum share of the lines of a transcript, from its first label to its last, that have a label
_MIN_LABEL_SHARE = 0.4
#: minimum bold questions in an interview
MIN_QUESTIONS = 2
#: lines without a label that can continue a turn
_MAX_CONTINUED_LINES = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """Words of one speaker in a line: their tokens, and the mention that names the speaker (-1: none)."""

    first: int
    last: int
    mention: int
    label: str


def find_turns(document: Document) -> list[Turn]:
    """Return the turns of a transcript or an interview; of any other article, its labelled quotations."""
    lines = read_lines(document.text)
    find_mention = _MentionFinder(document)
    owners = _read_interview(lines) or _read_transcript(lines, find_mention)
    if not owners:
        return [*_build_labelled_quotations(document), *_build_statement(document)]
    turns = []
    for line, owner in owners:
        mention = find_mention(owner) if owner else -1
        if mention < 0 and _quotes(document.text, line):
            continue  # a paper that answers its own questions quotes others, and they have speakers
        for words in split_directions(document.text, line.words):
            first, last = _find_tokens(document, words)
            if last > first:
                turns.append(Turn(first, last, mention, owner.label if owner else ""))
    return turns


#: a line and the line whose label names its speaker
_Owners = list[tuple[LabelledLine, LabelledLine | None]]


def _read_transcript(lines: Sequence[LabelledLine], find_mention: "_MentionFinder") -> _Owners:
    labels = Counter(line.key for line in lines if line.label)
    repeated = {
        line.key: line
        for line in reversed(lines)
        if line.label and labels[line.key] >= MIN_TURNS_PER_LABEL and not _is_heading(line.label)
    }
    speakers = {key for key, line in repeated.items() if line.is_capitals or find_mention(line) >= 0}
    turns = [number for number, line in enumerate(lines) if line.key in speakers]
    if len(turns) < MIN_TURNS or len({lines[number].key for number in turns}) < 2:
        return []
    turns = [number for number, line in enumerate(lines) if line.key in speakers or _is_once(line, labels)]
    is_dense = len(turns) >= _MIN_LABEL_SHARE * (turns[-1] - turns[0] + 1)
    return list(_continue_turns(lines, turns) if is_dense else ((lines[number], lines[number]) for number in turns))


def _is_once(line: LabelledLine, labels: Counter[str]) -> bool:
    """Tell whether a label that occurs once is one of the speakers of a transcript: a name in capitals."""
    return bool(line.label) and labels[line.key] == 1 and line.is_capitals and " " in line.label and len(labels) > 2


def _continue_turns(lines: Sequence[LabelledLine], turns: Sequence[int]) -> Iterator[tuple[LabelledLine, LabelledLine]]:
    for number, next_number in zip(turns, [*turns[1:], turns[-1] + 1], strict=True):
        yield lines[number], lines[number]
        for line in lines[number + 1 : min(next_number, number + 1 + _MAX_CONTINUED_LINES)]:
            if line.label or line.is_direction or line.is_bold or lines[number].label in ("Q", "A"):
                break
            yield line, lines[number]


def _read_interview(lines: Sequence[LabelledLine]) -> _Owners:
    """Return the bold questions and the answers below them, from the first question on."""
    questions = [number for number, line in enumerate(lines) if line.is_bold and _is_question(line, lines)]
    if len(questions) < MIN_QUESTIONS:
        return []
    asking = Counter(lines[number].label for number in questions if lines[number].label)
    answering = [line for line in lines[questions[0] :] if line.label and not line.is_bold and line.label not in asking]
    asker = next((lines[number] for number in questions if lines[number].label), None)
    answerers = {line.label for line in answering}
    is_one = len(answerers) == 1 or all(_share_initials(answering[0].label, label) for label in answerers)
    answerer = max(answering, key=lambda line: len(line.label), default=None) if answering and is_one else None
    owners: _Owners = []
    speaker: LabelledLine | None = None
    for number, line in enumerate(lines[questions[0] :], questions[0]):
        if line.is_bold:
            is_question = number in questions
            speaker = answerer
            if is_question:
                owners.append((line, line if line.label else asker))
        elif not line.is_direction:
            speaker = line if line.label else speaker
            owners.append((line, speaker))
    return owners


def _is_question(line: LabelledLine, lines: Sequence[LabelledLine]) -> bool:
    return bool(line.label) or (line is not lines[0] and line.is_question)


def _share_initials(name: str, other_name: str) -> bool:
    return name in other_name or other_name in name or _make_initials(name) == _make_initials(other_name)


def _make_initials(label: str) -> str:
    """Return the initials of a name; of a label that consists of initials ("M.O."), its letters."""
    letters = label.replace(".", "")
    if letters.isupper() and letters.isalpha() and len(letters) <= 3:
        return letters
    return "".join(word[0] for word in label.split() if word[0].isupper())


def _quotes(text: str, line: LabelledLine) -> bool:
    words = line.words.of(text)
    return "“" in words or '"' in words


def _is_heading(label: str) -> bool:
    words = label.lower().split()
    return bool(words) and (
        words[0] in lexicon.load_words("heading_labels") or words[-1] in lexicon.load_words("heading_labels")
    )


class _MentionFinder:
    """Finds the mention that names the speaker of a label: in the label, or the name that its initials mean."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._cache: dict[str, int] = {}
        self._names_by_initials: dict[str, dict[str, int]] | None = None

    def __call__(self, line: LabelledLine) -> int:
        """Return the number of the mention, or -1."""
        if line.label in ("Q", "A"):
            return -1
        if line.label not in self._cache:
            initials = _make_initials(line.label)
            is_short = line.label.replace(".", "") == initials
            self._cache[line.label] = self._find_by_initials(initials) if is_short else -1
        return self._cache[line.label] if self._cache[line.label] >= 0 else self._find_in_label(line)

    def _find_in_label(self, line: LabelledLine) -> int:
        """Return the last mention inside the label, the longest of several with one end."""
        document = self._document
        first, last = _find_tokens(document, Span(line.label_start, line.label_start + len(line.label)))
        low, high = np.searchsorted(document.mentions.first, [first, max(first + 1, last)]).tolist()
        fitting = [number for number in range(low, high) if document.mentions.last[number] <= last + 1]
        return max(fitting, key=lambda number: (int(document.mentions.last[number]), -number), default=-1)

    def _find_by_initials(self, initials: str) -> int:
        """Return the first mention of the only name with these initials, or -1."""
        if self._names_by_initials is None:
            self._names_by_initials = self._index_initials()
        names = self._names_by_initials.get(initials, {})
        return next(iter(names.values())) if len(names) == 1 else -1

    def _index_initials(self) -> dict[str, dict[str, int]]:
        """Return the first mention of each name of two or three words, by its initials."""
        document, mentions = self._document, self._document.mentions
        result: dict[str, dict[str, int]] = {}
        for number in np.flatnonzero(mentions.form == MentionForm.NAME).tolist():
            words = document.tokens.words[int(mentions.first[number]) : int(mentions.last[number])]
            capitalised = [word for word in words if word[0].isupper()]
            for size in (2, 3):
                name = capitalised[-size:]
                if len(name) == size and max(map(len, name)) > 1:
                    names = result.setdefault("".join(word[0] for word in name), {})
                    names.setdefault(" ".join(name), number)
        return result


def _find_tokens(document: Document, span: Span) -> tuple[int, int]:
    """Return the tokens of a span of characters, without asterisks at its edges."""
    first, last = np.searchsorted(document.tokens.starts, [span.start, span.end]).tolist()
    words = document.tokens.words
    while first < last and not words[first].strip("*_"):
        first += 1
    while last > first and not words[last - 1].strip("*_"):
        last -= 1
    return first, last


def _build_statement(document: Document) -> Iterator[Turn]:
    """Yield each paragraph of a statement as a turn of the person in its heading."""
    for words, name in find_statement(document):
        first_name_token, last_name_token = _find_tokens(document, name)
        mention = _find_first_name(document, first_name_token, last_name_token)
        first, last = _find_tokens(document, words)
        if last > first and mention >= 0:
            yield Turn(first, last, mention, "")


def _find_first_name(document: Document, first: int, last: int) -> int:
    """Return the first name among some tokens, or -1."""
    low, high = np.searchsorted(document.mentions.first, [first, last]).tolist()
    names = (number for number in range(low, high) if document.mentions.form[number] == MentionForm.NAME)
    return next(names, -1)


def _build_labelled_quotations(document: Document) -> list[Turn]:
    return [Turn(*quotation) for quotation in find_labelled_quotations(document)]
