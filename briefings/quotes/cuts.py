"""Ends a content before the next verb of its source's: in "He praised Hill and said Reid should go" there are two.

Rule: a complement without a finite verb cannot be joined to one, nor "he could go" to "and was fired"; a second cue
in the first one's form is no part of what the first one reports. Only contents behind their cue are cut, and never
inside quotation marks.
"""

from itertools import pairwise

from briefings.quotes.clause import (
    CC,
    COMMA,
    FINITE_TAGS,
    MD,
    MIN_RIVAL_PROBABILITY,
    PRP,
    VBD,
    VBG,
    WH,
    Clause,
    find_gaps,
)
from briefings.text.pos_tagger import TAG

_BREAK_TAGS = frozenset([COMMA, TAG[":"], TAG["("]])
#: words that open a clause with a verb of its own
_OPENERS = frozenset(["that", "if", "because"])


def cut_before_next_verb(clause: Clause, tokens: list[int]) -> list[int]:
    """The tokens of a content behind its cue, up to where another verb of the source's begins."""
    tokens = _keep_first_report(clause, tokens)
    if clause.joint_counts[tokens[0]] == clause.joint_counts[tokens[-1] + 1]:
        return tokens
    joint = _find_joint(clause, tokens)
    content = [token for token in tokens if token < joint]
    while content and clause.tags[content[-1]] in _BREAK_TAGS:
        content.pop()
    return content or tokens


def _keep_first_report(clause: Clause, tokens: list[int]) -> list[int]:
    """The content up to a gap in which another verb reports: what stands behind belongs to that one."""
    for gap_start, gap_end in find_gaps(tokens):
        gap_tokens = range(gap_start + 1, gap_end)
        has_joined_verb = any(
            clause.tags[index] == CC and 0 <= clause.find_joined_verb(index) < gap_end for index in gap_tokens
        )
        if has_joined_verb or clause.has_rival_cue(gap_tokens):
            return [token for token in tokens if token <= gap_start]
    return tokens


def _find_joint(clause: Clause, tokens: list[int]) -> int:
    """Where the next verb's part begins; the sentence's end where none does."""
    tags, content = clause.tags, set(tokens)
    last_finite, no_participle = -1, tags[clause.head] == VBG
    for before, index in pairwise(tokens):
        if tags[before] in FINITE_TAGS or tags[before] == WH or clause.words[before].lower() in _OPENERS:
            last_finite, no_participle = before, False
        no_participle = no_participle and tags[before] != VBG
        if clause.passage_ids[index]:
            continue
        if tags[index] == VBG and tags[before] == COMMA and clause.cue[index] > MIN_RIVAL_PROBABILITY:
            return index
        verb = clause.find_joined_verb(index) if tags[index] == CC else -1
        if verb in content and (
            _cannot_continue_content(clause, last_finite, verb, no_participle) or _is_parallel_cue(clause, verb)
        ):
            return index
        if (
            tags[index] == CC
            and index + 1 in content
            and tags[index + 1] == PRP
            and _is_parallel_cue(clause, clause.find_joined_verb(index + 1))
        ):
            return index
    return max(clause.end, tokens[-1] + 1)


def _cannot_continue_content(clause: Clause, last_finite: int, verb: int, no_participle: bool) -> bool:
    """Whether the joined verb cannot go on the content, whose last finite verb is `finite` (-1: it has none)."""
    if clause.tags[verb] not in FINITE_TAGS:
        return no_participle
    is_past = clause.tags[verb] == VBD == clause.tags[clause.head] and not clause.words[verb].endswith("ed")
    return last_finite < 0 or (clause.tags[last_finite] == MD and is_past)


def _is_parallel_cue(clause: Clause, verb: int) -> bool:
    """Whether the joined verb reports something itself, in the form of the cue."""
    return verb >= 0 and clause.tags[verb] == clause.tags[clause.head] and clause.cue[verb] > MIN_RIVAL_PROBABILITY
