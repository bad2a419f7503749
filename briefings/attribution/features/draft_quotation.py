"""One quotation as it is put together: in token indexes, before it becomes a value of the model.

Rule: it holds numbers only; merge.py and its steps fill it in.
"""

from dataclasses import dataclass, field

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import IntArray


@dataclass(slots=True)
class DraftQuotation:
    """One quotation in token indexes: content, source mention (-1 nobody), cue head (-1 none)."""

    tokens: IntArray
    source: int
    cue: int
    #: how likely the content is right, and the source
    content_probability: float
    source_probability: float
    #: numbers of the passages that it holds
    passages: list[int] = field(default_factory=list)
    #: a transcript's line
    is_turn: bool = False

    @property
    def score(self) -> float:
        """What its confidence is read off: the source's share, times the content's for reported speech."""
        return self.source_probability if self.passages else self.content_probability * self.source_probability


def get_passage_tokens(document: Document, number: int) -> IntArray:
    """The tokens inside passage `number` (from 0)."""
    first = np.searchsorted(document.tokens.starts, document.passages[number].inner.start)
    last = np.searchsorted(document.tokens.starts, document.passages[number].inner.end)
    return np.arange(first, max(last, first))
