"""Phrases without the places of words: what holds a phrase holds its words, and its pairs of very common words.

Rule: an index holds, beside each word, each two of the commonest words that stand side by side as one lexeme (the common
grams of search engines), so that a phrase of common words is found through its rarest pair and every other one through
its rarest word. Whoever finds something so compares it in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefings.record.index import AnyOf
from briefings.text import lexicon

#: between the two words of a pair: no letter or digit, so that no word is a pair
_JOINT = "_"
_COMMON = lexicon.words("commonest_words")

Places = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a full-text index writes a lexeme (with "{}"), "both" and "either"."""

    lexeme: str
    both: str
    either: str


def pairs(words: Sequence[str]) -> list[str]:
    """The commonest words that stand before another, each with that one, in their order."""
    return [f"{one}{_JOINT}{other}" for one, other in pairwise(words) if one in _COMMON and other in _COMMON]


def expression(phrases: AnyOf, syntax: Syntax, mark: str = "") -> str:
    """What asks for texts that have what each of one of the phrases has; each lexeme with the mark before it."""
    return syntax.either.join(f"({_phrase(places, syntax, mark)})" for places in gathered(phrases))


def spoken(phrases: AnyOf, known: Iterable[str]) -> list[Sequence[str]]:
    """The phrases of known words alone."""
    words = frozenset(known)
    return [phrase for phrase in phrases if words.issuperset(phrase)]


def needed(phrase: Sequence[str], mark: str = "") -> Iterable[str]:
    """What a text has that holds a phrase: its pairs, and the words that stand in none; names (with a mark) no pairs."""
    found: dict[str, None] = {}
    for at, word in enumerate(phrase):
        found.update(dict.fromkeys((not mark and pairs(phrase[max(0, at - 1) : at + 2])) or (word,)))
    return found


def gathered(phrases: AnyOf) -> list[Places]:
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


def _phrase(places: Places, syntax: Syntax, mark: str) -> str:
    """Of a phrase of which one place has several words, what is always the same stands only once."""

    def both(lexemes: Iterable[str]) -> str:
        return syntax.both.join(syntax.lexeme.format(f"{mark}{lexeme}") for lexeme in lexemes)

    at = next((place for place, words in enumerate(places) if len(words) > 1), None)
    if at is None:
        return both(needed([words[0] for words in places], mark))
    before, after = ([words[0] for words in part] for part in (places[:at], places[at + 1 :]))
    near = [both((not mark and pairs([*before[-1:], word, *after[:1]])) or [word]) for word in places[at]]
    fixed = [both(needed(part, mark)) for part in (before, after) if part]
    return syntax.both.join([*fixed, f"({syntax.either.join(f'({lexemes})' for lexemes in near)})"])
