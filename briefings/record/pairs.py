"""Phrases by their pairs: what holds a phrase holds each two neighbours of it, and few others do.

Rule: an index holds, beside each word, each word together with the next as one lexeme, so that a phrase of common words
is found through its rarest pair. Whoever finds something by pairs compares words in a row of three and more in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefings.record.index import AnyOf

#: between the two words of a pair: no letter or digit, so that no word is a pair
_JOINT = "_"
#: words of the longest phrase that its pairs tell for certain
CERTAIN = 2

Places = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a full-text index writes a lexeme (with "{}"), "both" and "either"."""

    lexeme: str
    both: str
    either: str


def pairs(words: Sequence[str], mark: str = "") -> list[str]:
    """Each word with the next, in order, behind a mark."""
    return [f"{mark}{one}{_JOINT}{other}" for one, other in pairwise(words)]


def expression(phrases: AnyOf, syntax: Syntax, mark: str = "") -> str:
    """What asks for texts with all pairs of one of the phrases, or its only word; each word has the mark before it."""
    return syntax.either.join(f"({_phrase(places, syntax, mark)})" for places in _gathered(phrases))


def spoken(phrases: AnyOf, known: Iterable[str]) -> list[Sequence[str]]:
    """The phrases of known words alone."""
    words = frozenset(known)
    return [phrase for phrase in phrases if words.issuperset(phrase)]


def _phrase(places: Places, syntax: Syntax, mark: str) -> str:
    """Of a phrase of which one place has several words, the pairs that are always the same stand only once."""
    at = next((place for place, words in enumerate(places) if len(words) > 1), None)
    if at is None:
        return _together([words[0] for words in places], syntax, mark)
    before, after = ([words[0] for words in part] for part in (places[:at], places[at + 1 :]))
    near = [_together([*before[-1:], word, *after[:1]], syntax, mark) for word in places[at]]
    fixed = [_together(part, syntax, mark) for part in (before, after) if len(part) > 1]
    return syntax.both.join([*fixed, f"({syntax.either.join(f'({pair})' for pair in near)})"])


def _together(words: Sequence[str], syntax: Syntax, mark: str) -> str:
    lexemes = pairs(words, mark) if len(words) > 1 else [f"{mark}{words[0]}"]
    return syntax.both.join(syntax.lexeme.format(lexeme) for lexeme in dict.fromkeys(lexemes))


def _gathered(phrases: AnyOf) -> list[Places]:
    """The same phrases, each place with the words that may stand there: those that differ in one place are one.

    Of hundreds of ways to correct a word, an index then looks through the places of the other words only once.
    """
    left = dict.fromkeys(map(tuple, phrases))
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[str, ...]]] = {}
    for phrase in left:
        for at in range(len(phrase)):
            alike.setdefault((phrase[:at], phrase[at + 1 :]), []).append(phrase)
    found: list[Places] = []
    for (before, after), group in sorted(alike.items(), key=lambda item: -len(item[1])):
        if together := [phrase for phrase in group if phrase in left]:
            words = [phrase[len(before)] for phrase in together]
            found.append([*([word] for word in before), words, *([word] for word in after)])
            for phrase in together:
                del left[phrase]
    return found
