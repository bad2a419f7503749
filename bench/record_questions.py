"""What a record is asked by the benchmark: drawn out of the generated news, so that it is known what is to be found.

Rule: the same news give the same questions. All but `keys` is small.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from bench.sentences import STOCK
from briefings.model import Article, Quote
from briefings.text.folding import make_search_key

#: how many of each kind there are to draw from
NUMBER = 500
#: words of a phrase
FIVE = 5
#: what common phrases are beside stock ones: pieces of the sentences that everybody speaks in
_COMMON = (*STOCK, "we are going to", "there is no", "in front of the", "I do not think that the", "what we need is a")
#: a word that is misspelt has so many letters at least
_LONG = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Planted:
    """Five words with one slip of the pen in them, as they should be, and the quote that they were taken from."""

    misspelt: str
    words: str
    article: str
    quote: Quote


@dataclass(slots=True)
class Questions:
    """Phrases to ask for."""

    #: the search key of every quote, for whoever looks through all of them
    keys: list[str] = field(default_factory=list)
    #: five words in a row of some quote
    exact: list[str] = field(default_factory=list)
    common: Sequence[str] = _COMMON
    planted: list[Planted] = field(default_factory=list)
    #: five words that stand in quotes, in an order that none has them in, or with a word that no quote has
    absent: list[str] = field(default_factory=list)
    #: a surname, and two words in a row of what one of that name said
    by_speaker: list[tuple[str, str]] = field(default_factory=list)


def drawn(news: Iterable[tuple[Article, list[Quote]]], quotes: int) -> Questions:
    """Questions drawn evenly from `news`, which have about so many quotes."""
    chance, asked, every = Random(5), Questions(), max(1, quotes // NUMBER)  # noqa: S311 - no secrets
    for article, said in news:
        for quote in said:
            key = make_search_key(" ".join(span.of(article.text) for span in quote.content))
            asked.keys.append(key)
            if len(asked.keys) % every == 0:
                _ask(asked, article, quote, key.split(), chance)
    return asked


def slip(word: str, chance: Random) -> str:
    """A word with a letter left out, put in, exchanged, or swapped with the next; never as it was."""
    while True:
        at, letter = chance.randrange(len(word) - 1), chance.choice(_LETTERS)
        before, one, two, after = word[:at], word[at], word[at + 1], word[at + 2 :]
        found = chance.choice(
            (before + two + after, before + letter + one + two + after, before + letter + two + after,
             before + two + one + after)
        )  # fmt: skip
        if found != word:
            return found


def _ask(asked: Questions, article: Article, quote: Quote, words: Sequence[str], chance: Random) -> None:
    if len(words) < FIVE:
        return
    start = chance.randrange(len(words) - FIVE + 1)
    five = list(words[start : start + FIVE])
    asked.exact.append(" ".join(five))
    asked.absent.append(_unheard(five, chance) if len(asked.absent) % 2 else " ".join(reversed(five)))
    long = [place for place, word in enumerate(five) if len(word) >= _LONG]
    if long:
        place = chance.choice(long)
        misspelt = [*five[:place], slip(five[place], chance), *five[place + 1 :]]
        asked.planted.append(Planted(" ".join(misspelt), " ".join(five), article.id, quote))
    if quote.speaker and not quote.speaker.anonymous:
        asked.by_speaker.append((quote.speaker.name.split()[-1], " ".join(five[:2])))


def _unheard(five: Sequence[str], chance: Random) -> str:
    return " ".join([*five[:-1], "".join(chance.choices("bcdfgkmpt", k=9))])
