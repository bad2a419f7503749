"""Reads transcripts: lines that open with who speaks, "WALLACE: Thank you." or "Q: Why now?".

Rule: only an article with several such lines counts as one; a lone "Washington: ..." is no speaker.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.document import Document

#: lines with a label that make a transcript, and lines of one and the same label among them
MIN_TURNS, MIN_TURNS_PER_LABEL = 4, 2
_LABEL = re.compile(
    r"^[ \t]*(?P<label>(?:[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3})|[QA])[ \t]?[:.](?=[ \t])(?<!\.\.)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's line: the tokens said, the mention that labels it (-1 for Q and A)."""

    first: int
    last: int
    mention: int
    label: str


def find_turns(document: Document) -> list[Turn]:
    """The turns of a transcript; none where the article is no transcript."""
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
    """The mention that the label's tokens make up."""
    index = int(np.searchsorted(document.mentions.first, label))
    if (
        index < len(document.mentions)
        and document.mentions.first[index] < first
        and document.mentions.last[index] <= first
    ):
        return index
    return -1
