"""News made up by the number, for records as large as a newsroom's: articles with their quotes, streamed.

Words are made up and pronounceable, drawn as often as a language draws them (Zipf and Mandelbrot: the word of rank r
about 1 / (r + 2.7) of the time), and stand between common English ones, so that phrases are as common and as rare as
in news. Rule: the same seed gives the same articles, in constant memory; no name, word or sentence is anybody's.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import count
from random import Random
from typing import Any

import numpy as np

from bench.sentences import CLAUSES, NARRATION, STOCK
from briefings.model import Article, Kind, Quote, Span, Speaker

QUOTES = 1_000_000
#: quotes in an article, on average
QUOTES_AN_ARTICLE = 5
SPEAKERS, OUTLETS = 3_000, 40
FIRST, DAYS = date(2014, 1, 1), 3_650

#: how many words there are of each kind that sentences leave open: nouns, verbs, adjectives, places
_OPEN = {"N": 50_000, "V": 10_000, "A": 18_000, "O": 8_000}
_ENDINGS = {
    "N": ("", "", "or", "ment", "ity"),
    "V": ("", "ate", "ise"),
    "A": ("al", "ous", "ive", ""),
    "O": ("ton", ""),
}
_ONSETS = (
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "g",
    "gl",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
)
_VOWELS = ("a", "e", "i", "o", "u", "a", "e", "i", "o", "ea", "ou")
_CODAS = ("", "", "", "l", "m", "n", "r", "s", "nd", "rt")
_PAPERS = ("Courier", "Herald", "Gazette", "Echo", "Tribune")
#: numbers drawn at once
_BLOCK = 1 << 15
#: the share of articles that come late, out of an archive, and the share that bear no day
_LATE, _UNDATED = 0.1, 0.01

Draws = Iterator[Any]


def articles(quotes: int = QUOTES, *, seed: int = 2014) -> Iterator[tuple[Article, list[Quote]]]:
    """Articles of about 200 words with their quotes, until there are `quotes` of them, roughly by day.

    Every tenth article comes out of its turn, as out of an archive; every hundredth is undated.
    """
    left, news = quotes, _News(seed)
    expected = max(1, quotes // QUOTES_AN_ARTICLE)
    for at in count():
        if left <= 0:
            return
        article, said = news.article(at, at / expected, left)
        left -= len(said)
        yield article, said


def speakers(seed: int = 2014) -> list[Speaker]:
    """Everybody who is named in `articles` of this seed, the most quoted first."""
    chance = Random(seed)  # noqa: S311 - no secrets
    first, last = (_words(chance, number, ("",)) for number in (300, 2_600))
    offices = _words(chance, 200, ("or", "al"))
    names = dict.fromkeys(f"{chance.choice(first).title()} {chance.choice(last).title()}" for _ in range(2 * SPEAKERS))
    return [Speaker(name, chance.choice((None, f"{chance.choice(offices)} minister"))) for name in [*names][:SPEAKERS]]


class _News:
    """What articles are made of, drawn for ever."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)  # noqa: S311 - no secrets
        self._seeds = count(seed)
        self._drawn = {kind: self._draws(_vocabulary(seed, kind)) for kind in _OPEN}
        self._drawn["O"] = map(str.title, self._drawn["O"])
        self._drawn["S"] = self._draws(STOCK)
        self._clauses, self._narration = (self._draws(self._filled(shapes), steep=0) for shapes in (CLAUSES, NARRATION))
        self._speakers = self._draws(speakers(seed))
        self._outlets = self._draws(
            [f"The {w.title()} {chance.choice(_PAPERS)}" for w in _words(chance, OUTLETS, ("",))]
        )
        self._numbers = self._uniform()

    def article(self, at: int, share: float, most: int) -> tuple[Article, list[Quote]]:
        """The article of a number, `share` of the way through the years, with at most so many quotes."""
        writing = _Writing()
        for _ in range(min(most, 2 + int(next(self._numbers) * 2 * (QUOTES_AN_ARTICLE - 1.5)))):
            writing.tell(self._sentence(self._narration) + ".\n" if next(self._numbers) < 0.6 else "")
            self._quote(writing)
        writing.tell(self._sentence(self._narration) + ".")
        article = Article(
            id=f"generated-{at:07}",
            text="".join(writing.pieces),
            publisher=next(self._outlets),
            published=self._day(share),
            url=f"https://paper.example/{at}",
            title=self._sentence(self._narration),
        )
        return article, writing.quotes

    def _quote(self, writing: "_Writing") -> None:
        words, form = self._utterance(), next(self._numbers)
        speaker = next(self._speakers)
        if form < 0.5:
            writing.quote(("“", words, ",” "), "said ", speaker, ".\n")
        elif form < 0.75:
            writing.quote(("“", words, ",” "), "said ", speaker, ", “", self._sentence(self._clauses), ".”\n")
        elif form < 0.9:
            named = Speaker(f"a senior {next(self._drawn['N'])} source", anonymous=True) if form > 0.85 else speaker
            writing.quote(("“", words, ",” "), "added ", named, ".\n")
        else:
            writing.quote(("“", words, ".”\n"))

    def _utterance(self) -> str:
        length = next(self._numbers)
        clauses = [self._sentence(self._clauses) for _ in range(1 if length < 0.5 else 2 if length < 0.9 else 3)]
        return ", and ".join([clauses[0], *(c if c.startswith("I ") else c[0].lower() + c[1:] for c in clauses[1:])])

    @staticmethod
    def _sentence(shapes: Draws) -> str:
        shape, slots = next(shapes)
        sentence: str = shape % tuple(map(next, slots))
        return sentence[0].upper() + sentence[1:]

    def _filled(self, shapes: Sequence[str]) -> list[tuple[str, tuple[Draws, ...]]]:
        """Shapes whose open words (single capitals) are "%s", each with where its words come from."""
        split = [shape.split(" ") for shape in shapes]
        return [
            (" ".join("%s" if word in self._drawn else word for word in words).replace(" ,", ","),
             tuple(self._drawn[word] for word in words if word in self._drawn))
            for words in split
        ]  # fmt: skip

    def _day(self, share: float) -> date | None:
        came = next(self._numbers)
        if came < _UNDATED:
            return None
        if came < _UNDATED + _LATE:
            share *= next(self._numbers)
        return FIRST + timedelta(days=min(DAYS - 1, int(share * DAYS)))

    def _draws(self, values: Sequence[Any], steep: float = 1.05) -> Draws:
        """The values for ever, the first most often; with 0, all of them equally often."""
        held = np.empty(len(values), dtype=object)
        held[:] = values
        often = 1 / (np.arange(len(values)) + 2.7) ** steep
        bounds = np.cumsum(often / often.sum())
        bounds[-1] = 1.0
        return (value for block in self._blocks() for value in held[np.searchsorted(bounds, block, "right")].tolist())

    def _uniform(self) -> Iterator[float]:
        return (number for block in self._blocks() for number in block.tolist())

    def _blocks(self) -> Iterator[Any]:
        chance = np.random.default_rng(next(self._seeds))
        while True:
            yield chance.random(_BLOCK)


class _Writing:
    """A text that grows, and the quotes in it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.quotes: list[Quote] = []
        self._length = 0

    def tell(self, piece: str) -> Span:
        """Writes a piece; gives where it stands."""
        start = self._length
        self.pieces.append(piece)
        self._length += len(piece)
        return Span(start, self._length)

    def quote(self, said: tuple[str, str, str], cue: str = "", speaker: Speaker | None = None, *rest: str) -> None:
        """Writes mark, words, mark, cue, speaker and, of the rest, mark, words and mark in turn."""
        _, content, _ = map(self.tell, said)
        told = cue and self.tell(cue)
        source = self.tell(speaker.name) if speaker else None
        further = [span for at, span in enumerate([self.tell(piece) for piece in rest]) if at == 1]
        self.quotes.append(
            Quote(
                content=(content, *further),
                source=source,
                cue=Span(told.start, told.end - 1) if told else None,
                speaker=speaker,
                kind=Kind.DIRECT,
                confidence=0.9 if speaker else 0.0,
                reason="named beside the cue" if speaker else "nobody is named",
            )
        )


@cache
def _vocabulary(seed: int, kind: str) -> list[str]:
    return _words(Random(f"{seed}{kind}"), _OPEN[kind], _ENDINGS[kind])  # noqa: S311 - no secrets


def _words(chance: Random, number: int, endings: Sequence[str]) -> list[str]:
    """So many different made-up words of one to three syllables and an ending, the short ones mostly first."""
    made: dict[str, None] = {}
    while len(made) < number:
        syllables = 1 + (len(made) > number // 50) + (chance.random() < 0.3)
        word = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables))
        made[word + chance.choice(_CODAS) + chance.choice(endings)] = None
    return list(made)
