"""Ends a content before the next verb of its source's: in "He praised Hill and said Reid should go" there are two.

Rule: a complement without a finite verb cannot be joined to one, nor "he could go" to "and was fired"; a second cue
in the first one's form is no part of what the first one reports. Only contents behind their cue are cut, and never
inside quotation marks.
"""

from itertools import pairwise

from briefings.quotes.clause import CC, COMMA, FINITE, MD, PRP, RIVAL, VBD, VBG, WH, Clause, gaps
from briefings.text.tagger import TAG

_BREAKS = frozenset([COMMA, TAG[":"], TAG["("]])
#: words that open a clause with a verb of its own
_OPENERS = frozenset(["that", "if", "because"])


def cut(clause: Clause, tokens: list[int]) -> list[int]:
    """The tokens of a content behind its cue, up to where another verb of the source's begins."""
    tokens = _one_report(clause, tokens)
    if clause.joints[tokens[0]] == clause.joints[tokens[-1] + 1]:
        return tokens
    joint = _joint(clause, tokens)
    kept = [token for token in tokens if token < joint]
    while kept and clause.tags[kept[-1]] in _BREAKS:
        kept.pop()
    return kept or tokens


def _one_report(clause: Clause, tokens: list[int]) -> list[int]:
    """The content up to a gap in which another verb reports: what stands behind belongs to that one."""
    for one, other in gaps(tokens):
        between = range(one + 1, other)
        joins = any(clause.tags[at] == CC and 0 <= clause.joined_verb(at) < other for at in between)
        if joins or clause.rival(between):
            return [token for token in tokens if token <= one]
    return tokens


def _joint(clause: Clause, tokens: list[int]) -> int:
    """Where the next verb's part begins; the sentence's end where none does."""
    tags, held = clause.tags, set(tokens)
    finite, no_participle = -1, tags[clause.head] == VBG
    for before, at in pairwise(tokens):
        if tags[before] in FINITE or tags[before] == WH or clause.words[before].lower() in _OPENERS:
            finite, no_participle = before, False
        no_participle = no_participle and tags[before] != VBG
        if clause.inside[at]:
            continue
        if tags[at] == VBG and tags[before] == COMMA and clause.cue[at] > RIVAL:
            return at
        verb = clause.joined_verb(at) if tags[at] == CC else -1
        if verb in held and (_unlike(clause, finite, verb, no_participle) or _alike(clause, verb)):
            return at
        if tags[at] == CC and at + 1 in held and tags[at + 1] == PRP and _alike(clause, clause.joined_verb(at + 1)):
            return at
    return max(clause.end, tokens[-1] + 1)


def _unlike(clause: Clause, finite: int, verb: int, no_participle: bool) -> bool:
    """Whether the joined verb cannot go on the content, whose last finite verb is `finite` (-1: it has none)."""
    if clause.tags[verb] not in FINITE:
        return no_participle
    past = clause.tags[verb] == VBD == clause.tags[clause.head] and not clause.words[verb].endswith("ed")
    return finite < 0 or (clause.tags[finite] == MD and past)


def _alike(clause: Clause, verb: int) -> bool:
    """Whether the joined verb reports something itself, in the form of the cue."""
    return verb >= 0 and clause.tags[verb] == clause.tags[clause.head] and clause.cue[verb] > RIVAL
