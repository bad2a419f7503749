"""Carries a content on over an aside: in "said the bridge, built in 1931, would close" it does not end at the bridge.

Rule: a content goes on where its grammar is not complete yet (no finite verb, or what its cue's verb asks for is still
to come) and behind an aside between two commas that adds to a list. Another cue in the aside ends it.
"""

from briefings.quotes.clause import CC, COMMA, FINITE, IN, RB, STOPS, TO, VB, WH, Clause, gaps
from briefings.text import lexicon

#: tokens that an aside holds at most
LONGEST = 13
_ADDING = frozenset(["including", "both"])


def carried_on(clause: Clause, tokens: list[int]) -> list[int]:
    """The tokens of a content behind its cue, with what stands behind the aside that it stopped at."""
    tokens = _filled(clause, tokens)
    unfinished = not clause.finite(tokens)
    if unfinished and clause.words[tokens[0]].lower() == "that" and not _subjunctive(clause, tokens):
        return _to_the_end(clause, tokens)
    next_word = tokens[-1] + 1
    if unfinished and next_word < clause.end and _asked_for(clause, next_word):
        return _to_the_comma(clause, tokens, next_word)
    behind = _behind_aside(clause, next_word)
    if behind < 0:
        return tokens
    if unfinished and clause.tags[behind] in FINITE:
        return _to_the_end(clause, tokens) if clause.words[clause.head].lower() in lexicon.words("cues") else tokens
    if clause.tags[behind] == TO or _asked_for(clause, behind) or _adds(clause, next_word + 1, behind):
        return _to_the_comma(clause, tokens, behind)
    return tokens


def _filled(clause: Clause, tokens: list[int]) -> list[int]:
    """The content with the asides put back that it was found around."""
    asides = [(one, other) for one, other in gaps(tokens) if _behind_aside(clause, one + 1) == other]
    return sorted({*tokens, *(at for one, other in asides for at in range(one, other))}) if asides else tokens


def _behind_aside(clause: Clause, comma: int) -> int:
    """The token behind the aside that the comma opens; -1 where none does."""
    tags, last = clause.tags, min(comma + LONGEST + 2, clause.end - 1)
    if comma >= last or tags[comma] != COMMA or clause.inside[comma]:
        return -1
    close = next((at for at in range(comma + 1, last) if tags[at] == COMMA), -1)
    aside = range(comma + 1, close)
    if close < 0 or clause.inside[close] or clause.rival(aside):
        return -1
    return close + 1 if tags[comma + 1] == WH or not clause.finite(aside) else -1


def _subjunctive(clause: Clause, tokens: list[int]) -> bool:
    """Whether a plain verb is the clause's own ("suggested that the firm sell")."""
    return any(clause.tags[at] == VB and clause.tags[at - 1] != TO for at in tokens)


def _asked_for(clause: Clause, at: int) -> bool:
    """Whether the word at `at` opens what the cue's verb asks for: "of" behind "accused"."""
    return f"{clause.words[clause.head]} {clause.words[at]}".lower() in lexicon.words("complements")


def _adds(clause: Clause, first: int, behind: int) -> bool:
    """Whether the aside from `first` adds to a list ("and some others") and a preposition goes on behind it."""
    adding = clause.tags[first] in (CC, IN, RB) or clause.words[first].lower() in _ADDING
    goes_on = clause.tags[behind] == IN and clause.words[behind].lower() not in lexicon.words("conjunctions")
    return adding and goes_on


def _to_the_end(clause: Clause, tokens: list[int]) -> list[int]:
    """The content to its sentence's last word, if a finite verb stands there."""
    last = clause.end - 1
    while last > tokens[-1] and not clause.words[last][-1].isalnum():
        last -= 1
    rest = range(tokens[-1] + 1, last + 1)
    return [*tokens, *rest] if clause.finite(rest) else tokens


def _to_the_comma(clause: Clause, tokens: list[int], behind: int) -> list[int]:
    """The content to the end of the clause that begins at `behind`."""
    end = behind
    while end < clause.end and clause.tags[end] not in STOPS:
        end += 1
    return [*tokens, *range(tokens[-1] + 1, end)]
