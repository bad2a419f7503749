"""Generate synthetic news articles with quotes, as a stream, to fill databases of a newsroom's size.

Invented, pronounceable words are mixed with common English ones. Their frequency follows Zipf and Mandelbrot (a word of
rank r has a share of about 1 / (r + 2.7)), so phrases are as common or rare as in real news.
Rule: the same seed gives the same articles, in constant memory. All names, words and sentences are invented.
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
#: average number of quotes in an article
QUOTES_PER_ARTICLE = 5
SPEAKERS, OUTLETS = 3_000, 40
FIRST_DAY, DAY_COUNT = date(2014, 1, 1), 3_650

#: number of words for each kind of slot in the sentences: nouns, verbs, adjectives, places
_VOCABULARY_SIZES = {"N": 50_000, "V": 10_000, "A": 18_000, "O": 8_000}
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
_OUTLET_NAMES = ("Courier", "Herald", "Gazette", "Echo", "Tribune")
#: number of random values drawn at once
_BLOCK_SIZE = 1 << 15
#: share of articles with an older date, as from an archive, and share of articles without a date
_LATE_SHARE, _UNDATED_SHARE = 0.1, 0.01

Draws = Iterator[Any]


def generate_articles(quotes: int = QUOTES, *, seed: int = 2014) -> Iterator[tuple[Article, list[Quote]]]:
    """Yield articles of about 200 words with their quotes, roughly by date, until there are `quotes` quotes.

    Every tenth article has an older date, as from an archive. Every hundredth has no date.
    """
    remaining_quotes, news = quotes, _NewsGenerator(seed)
    expected = max(1, quotes // QUOTES_PER_ARTICLE)
    for number in count():
        if remaining_quotes <= 0:
            return
        article, article_quotes = news.generate_article(number, number / expected, remaining_quotes)
        remaining_quotes -= len(article_quotes)
        yield article, article_quotes


def generate_speakers(seed: int = 2014) -> list[Speaker]:
    """Return the named speakers in the articles of a seed, the most quoted first."""
    random = Random(seed)  # noqa: S311 - no secrets
    first, last = (_generate_words(random, number, ("",)) for number in (300, 2_600))
    offices = _generate_words(random, 200, ("or", "al"))
    names = dict.fromkeys(f"{random.choice(first).title()} {random.choice(last).title()}" for _ in range(2 * SPEAKERS))
    return [Speaker(name, random.choice((None, f"{random.choice(offices)} minister"))) for name in [*names][:SPEAKERS]]


class _NewsGenerator:
    """Infinite random streams of words, sentences and speakers, and the articles built from them."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)  # noqa: S311 - no secrets
        self._seeds = count(seed)
        self._word_streams = {kind: self._draw_values(_build_vocabulary(seed, kind)) for kind in _VOCABULARY_SIZES}
        self._word_streams["O"] = map(str.title, self._word_streams["O"])
        self._word_streams["S"] = self._draw_values(STOCK)
        self._clauses, self._narration = (
            self._draw_values(self._fill_shapes(shapes), exponent=0) for shapes in (CLAUSES, NARRATION)
        )
        self._speakers = self._draw_values(generate_speakers(seed))
        self._outlets = self._draw_values(
            [f"The {word.title()} {random.choice(_OUTLET_NAMES)}" for word in _generate_words(random, OUTLETS, ("",))]
        )
        self._numbers = self._draw_numbers()

    def generate_article(self, number: int, share: float, max_quotes: int) -> tuple[Article, list[Quote]]:
        """Return an article with up to `max_quotes` quotes; `share` (0 to 1) sets its date within the period."""
        draft = _Draft()
        for _ in range(min(max_quotes, 2 + int(next(self._numbers) * 2 * (QUOTES_PER_ARTICLE - 1.5)))):
            draft.append(self._build_sentence(self._narration) + ".\n" if next(self._numbers) < 0.6 else "")
            self._write_quote(draft)
        draft.append(self._build_sentence(self._narration) + ".")
        article = Article(
            id=f"generated-{number:07}",
            text="".join(draft.pieces),
            publisher=next(self._outlets),
            published=self._draw_day(share),
            url=f"https://paper.example/{number}",
            title=self._build_sentence(self._narration),
        )
        return article, draft.quotes

    def _write_quote(self, draft: "_Draft") -> None:
        words, draw = self._build_utterance(), next(self._numbers)
        speaker = next(self._speakers)
        if draw < 0.5:
            draft.append_quote(("“", words, ",” "), "said ", speaker, ".\n")
        elif draw < 0.75:
            draft.append_quote(
                ("“", words, ",” "), "said ", speaker, ", “", self._build_sentence(self._clauses), ".”\n"
            )
        elif draw < 0.9:
            source = (
                Speaker(f"a senior {next(self._word_streams['N'])} source", anonymous=True) if draw > 0.85 else speaker
            )
            draft.append_quote(("“", words, ",” "), "added ", source, ".\n")
        else:
            draft.append_quote(("“", words, ".”\n"))

    def _build_utterance(self) -> str:
        draw = next(self._numbers)
        clauses = [self._build_sentence(self._clauses) for _ in range(1 if draw < 0.5 else 2 if draw < 0.9 else 3)]
        return ", and ".join(
            [
                clauses[0],
                *(clause if clause.startswith("I ") else clause[0].lower() + clause[1:] for clause in clauses[1:]),
            ]
        )

    @staticmethod
    def _build_sentence(shapes: Draws) -> str:
        shape, slots = next(shapes)
        sentence: str = shape % tuple(map(next, slots))
        return sentence[0].upper() + sentence[1:]

    def _fill_shapes(self, shapes: Sequence[str]) -> list[tuple[str, tuple[Draws, ...]]]:
        """Replace the slots (single capitals) of each shape by "%s"; return it with the word streams of the slots."""
        shape_words = [shape.split(" ") for shape in shapes]
        return [
            (" ".join("%s" if word in self._word_streams else word for word in words).replace(" ,", ","),
             tuple(self._word_streams[word] for word in words if word in self._word_streams))
            for words in shape_words
        ]  # fmt: skip

    def _draw_day(self, share: float) -> date | None:
        draw = next(self._numbers)
        if draw < _UNDATED_SHARE:
            return None
        if draw < _UNDATED_SHARE + _LATE_SHARE:
            share *= next(self._numbers)
        return FIRST_DAY + timedelta(days=min(DAY_COUNT - 1, int(share * DAY_COUNT)))

    def _draw_values(self, values: Sequence[Any], exponent: float = 1.05) -> Draws:
        """Draw values without end, the first ones most often; with exponent 0, all equally often."""
        value_array = np.empty(len(values), dtype=object)
        value_array[:] = values
        weights = 1 / (np.arange(len(values)) + 2.7) ** exponent
        bounds = np.cumsum(weights / weights.sum())
        bounds[-1] = 1.0
        return (
            value
            for block in self._draw_blocks()
            for value in value_array[np.searchsorted(bounds, block, "right")].tolist()
        )

    def _draw_numbers(self) -> Iterator[float]:
        return (number for block in self._draw_blocks() for number in block.tolist())

    def _draw_blocks(self) -> Iterator[Any]:
        random = np.random.default_rng(next(self._seeds))
        while True:
            yield random.random(_BLOCK_SIZE)


class _Draft:
    """Text of an article in progress, with its quotes."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.quotes: list[Quote] = []
        self._length = 0

    def append(self, piece: str) -> Span:
        """Append a piece of text and return its span."""
        start = self._length
        self.pieces.append(piece)
        self._length += len(piece)
        return Span(start, self._length)

    def append_quote(
        self, marked_words: tuple[str, str, str], cue: str = "", speaker: Speaker | None = None, *rest: str
    ) -> None:
        """Append a quote: opening mark, words, closing mark, cue and speaker, and then `rest` in the same pattern."""
        _, content, _ = map(self.append, marked_words)
        cue_span = cue and self.append(cue)
        source = self.append(speaker.name) if speaker else None
        continuation = [span for index, span in enumerate([self.append(piece) for piece in rest]) if index == 1]
        self.quotes.append(
            Quote(
                content=(content, *continuation),
                source=source,
                cue=Span(cue_span.start, cue_span.end - 1) if cue_span else None,
                speaker=speaker,
                kind=Kind.DIRECT,
                confidence=0.9 if speaker else 0.0,
                reason="named beside the cue" if speaker else "nobody is named",
            )
        )


@cache
def _build_vocabulary(seed: int, kind: str) -> list[str]:
    return _generate_words(Random(f"{seed}{kind}"), _VOCABULARY_SIZES[kind], _ENDINGS[kind])  # noqa: S311 - no secrets


def _generate_words(random: Random, number: int, endings: Sequence[str]) -> list[str]:
    """Generate `number` distinct words of one to three syllables and an ending, mostly the shortest first."""
    words: dict[str, None] = {}
    while len(words) < number:
        syllables = 1 + (len(words) > number // 50) + (random.random() < 0.3)
        word = "".join(random.choice(_ONSETS) + random.choice(_VOWELS) for _ in range(syllables))
        words[word + random.choice(_CODAS) + random.choice(endings)] = None
    return list(words)
