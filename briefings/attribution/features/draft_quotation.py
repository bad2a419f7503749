"""A quotation in progress, in token indexes, before it becomes a `Quote`.

Rule: it contains only numbers; the modules of `assembly` fill it in.
"""

from dataclasses import dataclass, field

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import IntArray


@dataclass(slots=True)
class DraftQuotation:
    """A quotation in token indexes: content, source mention (-1: none) and cue head (-1: none)."""

    tokens: IntArray
    source: int
    cue: int
    #: probability that the content is right, and that the source is right
    content_probability: float
    source_probability: float
    #: numbers of the passages in the content
    passages: list[int] = field(default_factory=list)
    #: whether it is a line of a transcript
    is_turn: bool = False
    #: whether the mentions alone would leave it without a speaker
    is_doubtful: bool = False

    @property
    def score(self) -> float:
        """The basis of the confidence: the source probability, times the content probability for reported speech."""
        return self.source_probability if self.passages else self.content_probability * self.source_probability


def get_passage_tokens(document: Document, number: int) -> IntArray:
    """Return the tokens inside passage `number` (from 0)."""
    first = np.searchsorted(document.tokens.starts, document.passages[number].inner.start)
    last = np.searchsorted(document.tokens.starts, document.passages[number].inner.end)
    return np.arange(first, max(last, first))
