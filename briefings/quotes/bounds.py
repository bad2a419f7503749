"""Puts the ends of reported contents where the grammar of their sentences puts them.

Rule: the chain (contents.py) sees a word and its neighbours; what takes the whole sentence is decided here, by parts of
speech: an aside ends nothing (asides.py), a second verb of the source's own does (cuts.py), and where ", officials
said." closes a sentence everything before it is theirs.
"""

import numpy as np

from briefings.quotes.asides import extend_over_asides
from briefings.quotes.clause import COMMA, Clause, find_clauses
from briefings.quotes.cuts import cut_before_next_verb
from briefings.quotes.parse import Document, Mentions
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG

#: words that may follow a cue and source that close a sentence: "on Tuesday", "in a statement"
MAX_TAIL_TOKENS = 4
_ASIDE_TAGS = frozenset([TAG[":"], TAG["("]])


def correct_boundaries(
    document: Document, heads: IntArray, sources: IntArray, tokens: list[IntArray], cue: FloatArray
) -> list[IntArray]:
    """The contents, one for each cue head, with their ends put right.

    `sources`: each cue's mention, -1 for nobody; `cue`: each token's likelihood of heading a cue.
    """
    return [
        _correct_content(document.mentions, clause, source, content) if len(content) else content
        for clause, source, content in zip(find_clauses(document, heads, cue), sources.tolist(), tokens, strict=True)
    ]


def _correct_content(mentions: Mentions, clause: Clause, source: int, content: IntArray) -> IntArray:
    tokens = content.tolist()
    if tokens[0] > clause.head:
        corrected_tokens = cut_before_next_verb(clause, extend_over_asides(clause, tokens))
        return content if corrected_tokens is tokens else np.array(corrected_tokens, dtype=np.int64)
    closing_comma = _find_closing_comma(mentions, clause, source) if source >= 0 else -1
    if closing_comma >= 0 and _is_whole_report(clause, tokens, closing_comma):
        return np.arange(clause.start, closing_comma)
    return content


def _find_closing_comma(mentions: Mentions, clause: Clause, source: int) -> int:
    """The comma before a cue and source that close the sentence; -1 where none do."""
    first, last = int(mentions.first[source]), int(mentions.last[source])
    before, after = min(first, clause.head), max(last, clause.head + 1)
    is_adjacent = after - before <= last - first + 2
    tail = range(after, clause.end)
    closes_sentence = is_adjacent and len(tail) <= MAX_TAIL_TOKENS + 1 and not clause.has_finite_verb(tail)
    return before - 1 if closes_sentence and before > clause.start + 1 and clause.tags[before - 1] == COMMA else -1


def _is_whole_report(clause: Clause, tokens: list[int], closing_comma: int) -> bool:
    """Whether all before the comma `closing` is one report: the content ends at it, nothing else is put in."""
    tokens_before = [token for token in tokens if token < closing_comma]
    if (
        not tokens_before
        or tokens_before[-1] != closing_comma - 1
        or any(clause.passage_ids[clause.start : closing_comma])
    ):
        return False
    missing_tokens = range(clause.start, tokens_before[0])
    if any(clause.tags[index] in _ASIDE_TAGS for index in missing_tokens):
        return False
    return COMMA not in clause.tags[clause.start : closing_comma] or not clause.has_rival_cue(missing_tokens)
