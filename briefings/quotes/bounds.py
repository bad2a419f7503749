"""Puts the ends of reported contents where the grammar of their sentences puts them.

Rule: the chain (contents.py) sees a word and its neighbours; what takes the whole sentence is decided here, by parts of
speech: an aside ends nothing (asides.py), a second verb of the source's own does (cuts.py), and where ", officials
said." closes a sentence everything before it is theirs.
"""

import numpy as np

from briefings.quotes.asides import carried_on
from briefings.quotes.clause import COMMA, Clause, clauses
from briefings.quotes.cuts import cut
from briefings.quotes.parse import Mentions, Parsed
from briefings.text.arrays import Floats, Ints
from briefings.text.tagger import TAG

#: words that may follow a cue and source that close a sentence: "on Tuesday", "in a statement"
TAIL = 4
_ASIDE_SIGNS = frozenset([TAG[":"], TAG["("]])


def mended(parsed: Parsed, heads: Ints, sources: Ints, tokens: list[Ints], cue: Floats) -> list[Ints]:
    """The contents, one for each cue head, with their ends put right.

    `sources`: each cue's mention, -1 for nobody; `cue`: each token's likelihood of heading a cue.
    """
    return [
        _mended(parsed.mentions, clause, source, found) if len(found) else found
        for clause, source, found in zip(clauses(parsed, heads, cue), sources.tolist(), tokens, strict=True)
    ]


def _mended(mentions: Mentions, clause: Clause, source: int, found: Ints) -> Ints:
    tokens = found.tolist()
    if tokens[0] > clause.head:
        ends = cut(clause, carried_on(clause, tokens))
        return found if ends is tokens else np.array(ends, dtype=np.int64)
    closing = _closing(mentions, clause, source) if source >= 0 else -1
    if closing >= 0 and _whole(clause, tokens, closing):
        return np.arange(clause.start, closing)
    return found


def _closing(mentions: Mentions, clause: Clause, source: int) -> int:
    """The comma before a cue and source that close the sentence; -1 where none do."""
    first, last = int(mentions.first[source]), int(mentions.last[source])
    before, behind = min(first, clause.head), max(last, clause.head + 1)
    together = behind - before <= last - first + 2
    tail = range(behind, clause.end)
    closes = together and len(tail) <= TAIL + 1 and not clause.finite(tail)
    return before - 1 if closes and before > clause.start + 1 and clause.tags[before - 1] == COMMA else -1


def _whole(clause: Clause, tokens: list[int], closing: int) -> bool:
    """Whether all before the comma `closing` is one report: the content ends at it, nothing else is put in."""
    left = [token for token in tokens if token < closing]
    if not left or left[-1] != closing - 1 or any(clause.inside[clause.start : closing]):
        return False
    missing = range(clause.start, left[0])
    if any(clause.tags[at] in _ASIDE_SIGNS for at in missing):
        return False
    return COMMA not in clause.tags[clause.start : closing] or not clause.rival(missing)
