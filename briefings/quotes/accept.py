"""Takes the reported candidates that hold, best first; what overlaps one that was taken is dropped.

Rule: a cue and source that close a sentence behind a comma go first: what they report may hold verbs that report.
"""

from functools import cache

import numpy as np

from briefings.quotes.engine import Analysis
from briefings.quotes.found import Found, passage_tokens
from briefings.quotes.parse import Parsed
from briefings.text import lexicon
from briefings.text.arrays import Floats

#: a reported candidate less likely than this is dropped
LEAST_HELD = 0.36
#: share of the shorter content that may lie in another quotation's
OVERLAP = 0.3
#: a cue and source that close a sentence: words that may follow, words of content at least, how likely they are
TAIL, LEAST_CLOSED, CLOSED = 4, 5, 0.95
#: how likely "accused Hill of lying" is right (92 of 111 in articles held out)
JUDGED = 0.8


def accepted_of(analysis: Analysis, least: float) -> tuple[list[Found], list[Found | None]]:
    """The reported candidates that hold, and for each passage the one that has it."""
    parsed, found = analysis.parsed, analysis.found
    taken = np.full(len(parsed.tokens), -1)
    owner: list[Found | None] = [None] * len(parsed.passages)
    accepted: list[Found] = []
    likely = _judging(analysis, _closing(analysis))
    for at in np.argsort(-likely, kind="stable"):
        tokens, held = found.tokens[at], float(likely[at])
        if held < least or not len(tokens):
            continue
        others = taken[tokens]
        others = others[others >= 0]
        if len(others):
            smallest = min(len(tokens), *(len(accepted[k].tokens) for k in np.unique(others)))
            if len(others) > OVERLAP * smallest:
                continue
        one = Found(tokens, int(found.sources[at]), int(found.heads[at]), held, float(found.source_sure[at]))
        taken[tokens] = len(accepted)
        accepted.append(one)
        _own(parsed, one, owner)
    return accepted, owner


def _closing(analysis: Analysis) -> Floats:
    """How likely each candidate is; those first whose cue and source close a sentence behind a comma."""
    parsed, found = analysis.parsed, analysis.found
    likely = analysis.held.copy()
    ends = (
        np.searchsorted(parsed.sentence, parsed.sentence[found.heads], side="right")
        if len(found.heads)
        else found.heads
    )
    for at, (head, source, end) in enumerate(
        zip(found.heads.tolist(), found.sources.tolist(), ends.tolist(), strict=True)
    ):
        if source >= 0 and likely[at] >= LEAST_HELD and len(found.tokens[at]) >= LEAST_CLOSED:
            first, last = int(parsed.mentions.first[source]), int(parsed.mentions.last[source])
            before, behind = min(first, head), max(last, head + 1)
            together = max(first, head + 1) - min(last - 1, head) <= 2 and found.tokens[at][-1] < before
            if together and end - behind <= TAIL and parsed.tokens.words[before - 1] == ",":
                likely[at] = max(likely[at], CLOSED)
    return likely


def _judging(analysis: Analysis, likely: Floats) -> Floats:
    """The same, raised for verbs of judging that have their object and their reason: "accused Hill of lying"."""
    parsed, found, out = analysis.parsed, analysis.found, likely.copy()
    words = parsed.tokens.words
    for at, (head, tokens) in enumerate(zip(found.heads.tolist(), found.tokens, strict=True)):
        if out[at] < JUDGED and len(tokens) and tokens[0] == head + 1 and words[head].lower() in _verbs_of_judging():
            pairs = {f"{words[head]} {words[token]}".lower() for token in tokens[1:].tolist()}
            out[at] = out[at] if pairs.isdisjoint(lexicon.words("complements")) else JUDGED
    return out


@cache
def _verbs_of_judging() -> frozenset[str]:
    return frozenset(entry.split()[0] for entry in lexicon.words("complements"))


def _own(parsed: Parsed, one: Found, owner: list[Found | None]) -> None:
    inside = parsed.inside[one.tokens]
    for number in np.unique(inside[inside > 0]) - 1:
        width = len(passage_tokens(parsed, number))
        if owner[number] is None and 2 * int((inside == number + 1).sum()) >= width:
            owner[number] = one
            one.passages.append(int(number))
