"""One quotation as it is put together: in token indexes, before it becomes a value of the model.

Rule: it holds numbers only; merge.py and its steps fill it in.
"""

from dataclasses import dataclass, field

import numpy as np

from briefings.quotes.parse import Parsed
from briefings.text.arrays import Ints


@dataclass(slots=True)
class Found:
    """One quotation in token indexes: content, source mention (-1 nobody), cue head (-1 none)."""

    tokens: Ints
    source: int
    cue: int
    #: how likely the content is right, and the source
    held: float
    sure: float
    #: numbers of the passages that it holds
    passages: list[int] = field(default_factory=list)
    #: a transcript's line
    turn: bool = False

    @property
    def score(self) -> float:
        """What its confidence is read off: the source's share, times the content's for reported speech."""
        return self.sure if self.passages else self.held * self.sure


def passage_tokens(parsed: Parsed, number: int) -> Ints:
    """The tokens inside passage `number` (from 0)."""
    first = np.searchsorted(parsed.tokens.starts, parsed.passages[number].inner.start)
    last = np.searchsorted(parsed.tokens.starts, parsed.passages[number].inner.end)
    return np.arange(first, max(last, first))
