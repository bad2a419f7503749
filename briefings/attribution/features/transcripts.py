"""Find the turns of a transcript: lines that open with the speaker, "WALLACE: Thank you." or "Q: Why now?".

Rule: only an article with several such lines is a transcript; a single "Washington: ..." is not a speaker.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document

#: minimum labelled lines in a transcript, and minimum lines with one label
MIN_TURNS, MIN_TURNS_PER_LABEL = 4, 2
_LABEL = re.compile(
    r"^[ \t]*(?P<label>(?:[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3})|[QA])[ \t]?[:.](?=[ \t])(?<!\.\.)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's line: its tokens, and the mention in its label (-1 for Q and A)."""

    first: int
    last: int
    mention: int
    label: str


def find_turns(document: Document) -> list[Turn]:
    """Return the turns of a transcript; empty if the article is not a transcript."""
    label_matches = [
        match for match in _LABEL.finditer(document.text) if match["label"] in "QA" or match.group().endswith(":")
    ]
    labels = Counter(match["label"] for match in label_matches)
    if len(label_matches) < MIN_TURNS or len(labels) < 2 or max(labels.values()) < MIN_TURNS_PER_LABEL:
        return []
    result = []
    for match in label_matches:
        if labels[match["label"]] < MIN_TURNS_PER_LABEL:
            continue
        first = int(np.searchsorted(document.tokens.starts, match.end()))
        if first >= len(document.tokens):
            continue
        line = document.tokens.paragraph[first]
        last = int(np.searchsorted(document.tokens.paragraph, line, side="right"))
        label = int(np.searchsorted(document.tokens.starts, match.start("label")))
        if last > first and document.tokens.paragraph[label] == line:
            result.append(Turn(first, last, _find_label_mention(document, label, first), match["label"]))
    return result


def _find_label_mention(document: Document, label: int, first: int) -> int:
    """Return the mention that consists of the label's tokens, or -1."""
    index = int(np.searchsorted(document.mentions.first, label))
    if (
        index < len(document.mentions)
        and document.mentions.first[index] < first
        and document.mentions.last[index] <= first
    ):
        return index
    return -1
