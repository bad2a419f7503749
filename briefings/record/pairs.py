"""Phrases without the places of words: what holds a phrase holds its words, and its pairs of very common words.

Rule: an index holds, beside each word, each two of the commonest words that stand side by side as one lexeme (the
common grams of search engines). A phrase is looked for by its rarest words and pairs, and what is found so is compared
in full.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefings.record.index import AnyOf
from briefings.text import lexicon

#: between the two words of a pair: no letter or digit, so that no word is a pair
_JOINT = "_"
_COMMON = lexicon.words("commonest_words")

Places = Sequence[Sequence[str]]
#: of lexemes that a text has to hold, those by which it is best looked for
Choose = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a full-text index writes a lexeme (with "{}"), "both" and "either"."""

    lexeme: str
    both: str
    either: str


def pairs(words: Sequence[str]) -> list[str]:
    """The commonest words that stand before another, each with that one, in their order."""
    return [f"{one}{_JOINT}{other}" for one, other in pairwise(words) if one in _COMMON and other in _COMMON]


def expression(phrases: AnyOf, syntax: Syntax, choose: Choose, mark: str = "") -> str:
    """What asks for every text that holds one of the phrases, and few others; each word has the mark before it."""
    return syntax.either.join(f"({_phrase(places, syntax, choose, mark)})" for places in gathered(phrases))


def spoken(phrases: AnyOf, known: set[str]) -> list[Sequence[str]]:
    """The phrases of known words alone."""
    return [phrase for phrase in phrases if known.issuperset(phrase)]


def needed(phrase: Sequence[str], mark: str = "") -> list[str]:
    """The lexemes of a text that holds a phrase: its pairs, and the words that stand in none; names have no pairs."""
    found: dict[str, None] = {}
    for at, word in enumerate(phrase):
        own = () if mark else pairs(phrase[max(0, at - 1) : at + 2])
        found.update(dict.fromkeys(own or (f"{mark}{word}",)))
    return list(found)


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


def _phrase(places: Places, syntax: Syntax, choose: Choose, mark: str) -> str:
    """Of a phrase of which one place has several words, what is always the same stands only once."""

    def both(lexemes: Sequence[str]) -> str:
        return syntax.both.join(map(syntax.lexeme.format, lexemes))

    at = next((place for place, words in enumerate(places) if len(words) > 1), None)
    if at is None:
        return both(choose(needed([words[0] for words in places], mark)))
    before, after = ([words[0] for words in part] for part in (places[:at], places[at + 1 :]))
    fixed = dict.fromkeys(lexeme for part in (before, after) for lexeme in needed(part, mark))
    near = [(not mark and pairs([*before[-1:], word, *after[:1]])) or [f"{mark}{word}"] for word in places[at]]
    one_of_these = f"({syntax.either.join(f'({both(lexemes)})' for lexemes in near)})"
    return syntax.both.join([*([both(choose(list(fixed)))] if fixed else ()), one_of_these])
