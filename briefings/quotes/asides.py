"""Carries a content on over an aside: in "said the bridge, built in 1931, would close" it does not end at the bridge.

Rule: a content goes on where its grammar is not complete yet (no finite verb, or what its cue's verb asks for is still
to come) and behind an aside between two commas that adds to a list. Another cue in the aside ends it.
"""

from briefings.quotes.clause import CC, COMMA, FINITE_TAGS, IN, RB, STOP_TAGS, TO, VB, WH, Clause, find_gaps
from briefings.text import lexicon

#: tokens that an aside holds at most
MAX_ASIDE_TOKENS = 13
_LIST_WORDS = frozenset(["including", "both"])


def extend_over_asides(clause: Clause, tokens: list[int]) -> list[int]:
    """The tokens of a content behind its cue, with what stands behind the aside that it stopped at."""
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


def _fill_asides(clause: Clause, tokens: list[int]) -> list[int]:
    """The content with the asides put back that it was found around."""
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
    """The token behind the aside that the comma opens; -1 where none does."""
    tags, last = clause.tags, min(comma + MAX_ASIDE_TOKENS + 2, clause.end - 1)
    if comma >= last or tags[comma] != COMMA or clause.passage_ids[comma]:
        return -1
    closing_comma = next((index for index in range(comma + 1, last) if tags[index] == COMMA), -1)
    aside = range(comma + 1, closing_comma)
    if closing_comma < 0 or clause.passage_ids[closing_comma] or clause.has_rival_cue(aside):
        return -1
    return closing_comma + 1 if tags[comma + 1] == WH or not clause.has_finite_verb(aside) else -1


def _is_subjunctive(clause: Clause, tokens: list[int]) -> bool:
    """Whether a plain verb is the clause's own ("suggested that the firm sell")."""
    return any(clause.tags[index] == VB and clause.tags[index - 1] != TO for index in tokens)


def _is_complement(clause: Clause, index: int) -> bool:
    """Whether the word at `at` opens what the cue's verb asks for: "of" behind "accused"."""
    return f"{clause.words[clause.head]} {clause.words[index]}".lower() in lexicon.load_words("complements")


def _adds_to_list(clause: Clause, first: int, after_aside: int) -> bool:
    """Whether the aside from `first` adds to a list ("and some others") and a preposition goes on behind it."""
    opens_addition = clause.tags[first] in (CC, IN, RB) or clause.words[first].lower() in _LIST_WORDS
    has_preposition = clause.tags[after_aside] == IN and clause.words[after_aside].lower() not in lexicon.load_words(
        "conjunctions"
    )
    return opens_addition and has_preposition


def _extend_to_sentence_end(clause: Clause, tokens: list[int]) -> list[int]:
    """The content to its sentence's last word, if a finite verb stands there."""
    last = clause.end - 1
    while last > tokens[-1] and not clause.words[last][-1].isalnum():
        last -= 1
    rest = range(tokens[-1] + 1, last + 1)
    return [*tokens, *rest] if clause.has_finite_verb(rest) else tokens


def _extend_to_clause_end(clause: Clause, tokens: list[int], start: int) -> list[int]:
    """The content to the end of the clause that begins at `behind`."""
    end = start
    while end < clause.end and clause.tags[end] not in STOP_TAGS:
        end += 1
    return [*tokens, *range(tokens[-1] + 1, end)]
