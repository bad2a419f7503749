"""Reads transcripts: lines that open with who speaks, "WALLACE: Thank you." or "Q: Why now?".

Rule: only an article with several such lines counts as one; a lone "Washington: ..." is no speaker.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from briefings.quotes.parse import Parsed

#: lines with a label that make a transcript, and lines of one and the same label among them
LEAST_TURNS, LEAST_OF_ONE = 4, 2
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


def turns(parsed: Parsed) -> list[Turn]:
    """The turns of a transcript; none where the article is no transcript."""
    found = [match for match in _LABEL.finditer(parsed.text) if match["label"] in "QA" or match.group().endswith(":")]
    labels = Counter(match["label"] for match in found)
    if len(found) < LEAST_TURNS or len(labels) < 2 or max(labels.values()) < LEAST_OF_ONE:
        return []
    out = []
    for match in found:
        if labels[match["label"]] < LEAST_OF_ONE:
            continue
        first = int(np.searchsorted(parsed.tokens.starts, match.end()))
        if first >= len(parsed.tokens):
            continue
        line = parsed.tokens.paragraph[first]
        last = int(np.searchsorted(parsed.tokens.paragraph, line, side="right"))
        label = int(np.searchsorted(parsed.tokens.starts, match.start("label")))
        if last > first and parsed.tokens.paragraph[label] == line:
            out.append(Turn(first, last, _mention(parsed, label, first), match["label"]))
    return out


def _mention(parsed: Parsed, label: int, first: int) -> int:
    """The mention that the label's tokens make up."""
    at = int(np.searchsorted(parsed.mentions.first, label))
    if at < len(parsed.mentions) and parsed.mentions.first[at] < first and parsed.mentions.last[at] <= first:
        return at
    return -1
