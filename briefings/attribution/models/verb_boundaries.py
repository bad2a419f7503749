"""Correct the end of a content by its verbs: end it before the source's next verb, or extend it over an aside.

Rule: "He praised Hill and said Reid should go" has two contents. A complement without a finite verb cannot be joined
to one, and "he could go" not to "and was fired". A second cue in the form of the first is outside the first content.
Only contents after their cue are cut, never inside quotation marks. Rule: in "said the bridge, built in 1931, would
close" the content continues after the aside, because its grammar is incomplete: it has no finite verb, or its cue's
complement is still to come. It also continues after an aside between two commas that extends a list. Another cue in
the aside ends it.
"""

from itertools import pairwise

from briefings.attribution.features.clause import (
    CC,
    COMMA,
    FINITE_TAGS,
    IN,
    MD,
    MIN_RIVAL_PROBABILITY,
    PRP,
    RB,
    STOP_TAGS,
    TO,
    VB,
    VBD,
    VBG,
    WH,
    Clause,
    find_gaps,
)
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG

_BREAK_TAGS = frozenset([COMMA, TAG[":"], TAG["("]])
#: words that open a clause with its own verb
_OPENERS = frozenset(["that", "if", "because"])
#: maximum tokens in an aside
MAX_ASIDE_TOKENS = 13
#: maximum tokens by which a content is extended; a line with more has no sentences
MAX_EXTENSION_TOKENS = 600
_LIST_WORDS = frozenset(["including", "both"])


def cut_before_next_verb(clause: Clause, tokens: list[int]) -> list[int]:
    """Return the tokens of a content after its cue, up to the next verb of the source."""
    tokens = _keep_first_report(clause, tokens)
    if clause.joint_counts[tokens[0]] == clause.joint_counts[tokens[-1] + 1]:
        return tokens
    joint = _find_joint(clause, tokens)
    content = [token for token in tokens if token < joint]
    while content and clause.tags[content[-1]] in _BREAK_TAGS:
        content.pop()
    return content or tokens


def extend_over_asides(clause: Clause, tokens: list[int]) -> list[int]:
    """Return the tokens of a content after its cue, extended over the aside at which it stopped."""
    tokens = _fill_asides(clause, tokens)
    is_incomplete = not clause.has_finite_verb(tokens)
    if is_incomplete and clause.words[tokens[0]].lower() == "that" and not _is_subjunctive(clause, tokens):
        return _extend_to_sentence_end(clause, tokens)
    next_word = tokens[-1] + 1
    if is_incomplete and next_word < clause.end and _is_complement(clause, next_word):
        return _extend_to_clause_end(clause, tokens, next_word)
    after_aside = _find_aside_end(clause, next_word)
    if after_aside < 0:
        return tokens
    if is_incomplete and clause.tags[after_aside] in FINITE_TAGS:
        return (
            _extend_to_sentence_end(clause, tokens)
            if clause.words[clause.head].lower() in lexicon.load_words("cues")
            else tokens
        )
    if (
        clause.tags[after_aside] == TO
        or _is_complement(clause, after_aside)
        or _adds_to_list(clause, next_word + 1, after_aside)
    ):
        return _extend_to_clause_end(clause, tokens, after_aside)
    return tokens


def _keep_first_report(clause: Clause, tokens: list[int]) -> list[int]:
    """Return the content up to a gap with another reporting verb. Words after the gap belong to that verb."""
    for gap_start, gap_end in find_gaps(tokens):
        gap_tokens = range(gap_start + 1, gap_end)
        has_joined_verb = any(
            clause.tags[index] == CC and 0 <= clause.find_joined_verb(index) < gap_end for index in gap_tokens
        )
        if has_joined_verb or clause.has_rival_cue(gap_tokens):
            return [token for token in tokens if token <= gap_start]
    return tokens


def _find_joint(clause: Clause, tokens: list[int]) -> int:
    """Return the token where the next verb's part begins, or the sentence's end."""
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
    """Whether the joined verb cannot continue the content. `last_finite` is the content's last finite verb, or -1."""
    if clause.tags[verb] not in FINITE_TAGS:
        return no_participle
    is_past = clause.tags[verb] == VBD == clause.tags[clause.head] and not clause.words[verb].endswith("ed")
    return last_finite < 0 or (clause.tags[last_finite] == MD and is_past)


def _is_parallel_cue(clause: Clause, verb: int) -> bool:
    """Whether the joined verb is a cue in the same form as the first one."""
    return verb >= 0 and clause.tags[verb] == clause.tags[clause.head] and clause.cue[verb] > MIN_RIVAL_PROBABILITY


def _fill_asides(clause: Clause, tokens: list[int]) -> list[int]:
    """Return the content with the asides in its gaps filled in."""
    asides = [
        (gap_start, gap_end)
        for gap_start, gap_end in find_gaps(tokens)
        if _find_aside_end(clause, gap_start + 1) == gap_end
    ]
    return (
        sorted({*tokens, *(index for gap_start, gap_end in asides for index in range(gap_start, gap_end))})
        if asides
        else tokens
    )


def _find_aside_end(clause: Clause, comma: int) -> int:
    """Return the token after the aside that the comma opens, or -1."""
    tags, last = clause.tags, min(comma + MAX_ASIDE_TOKENS + 2, clause.end - 1)
    if comma >= last or tags[comma] != COMMA or clause.passage_ids[comma]:
        return -1
    closing_comma = next((index for index in range(comma + 1, last) if tags[index] == COMMA), -1)
    aside = range(comma + 1, closing_comma)
    if closing_comma < 0 or clause.passage_ids[closing_comma] or clause.has_rival_cue(aside):
        return -1
    return closing_comma + 1 if tags[comma + 1] == WH or not clause.has_finite_verb(aside) else -1


def _is_subjunctive(clause: Clause, tokens: list[int]) -> bool:
    """Whether the clause has a plain verb form ("suggested that the firm sell")."""
    return any(clause.tags[index] == VB and clause.tags[index - 1] != TO for index in tokens)


def _is_complement(clause: Clause, index: int) -> bool:
    """Whether the word at `index` opens the complement of the cue's verb: "of" after "accused"."""
    return f"{clause.words[clause.head]} {clause.words[index]}".lower() in lexicon.load_words("complements")


def _adds_to_list(clause: Clause, first: int, after_aside: int) -> bool:
    """Whether the aside from `first` extends a list ("and some others") and a preposition follows it."""
    opens_addition = clause.tags[first] in (CC, IN, RB) or clause.words[first].lower() in _LIST_WORDS
    has_preposition = clause.tags[after_aside] == IN and clause.words[after_aside].lower() not in lexicon.load_words(
        "conjunctions"
    )
    return opens_addition and has_preposition


def _extend_to_sentence_end(clause: Clause, tokens: list[int]) -> list[int]:
    """Extend the content to the last word of its sentence, if a finite verb follows. An endless line has no end."""
    last = clause.end - 1
    if last - tokens[-1] > MAX_EXTENSION_TOKENS:
        return tokens
    while last > tokens[-1] and not clause.words[last][-1].isalnum():
        last -= 1
    rest = range(tokens[-1] + 1, last + 1)
    return [*tokens, *rest] if clause.has_finite_verb(rest) else tokens


def _extend_to_clause_end(clause: Clause, tokens: list[int], start: int) -> list[int]:
    """Extend the content to the end of the clause that begins at `start`."""
    end, limit = start, min(clause.end, start + MAX_EXTENSION_TOKENS)
    while end < limit and clause.tags[end] not in STOP_TAGS:
        end += 1
    return [*tokens, *range(tokens[-1] + 1, end)]
