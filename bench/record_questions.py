"""Draw search questions from the generated news, so that the expected results are known.

Rule: the same news gives the same questions. Only `keys` is large.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from bench.sentences import STOCK
from briefings.model import Article, Quote
from briefings.text.folding import make_search_key

#: number of questions of each kind
SAMPLE_SIZE = 500
#: number of words in a phrase
PHRASE_WORDS = 5
#: common phrases: stock phrases, and parts of the sentence shapes
_COMMON_PHRASES = (
    *STOCK,
    "we are going to",
    "there is no",
    "in front of the",
    "I do not think that the",
    "what we need is a",
)
#: minimum number of letters of a word that is misspelt
_MIN_LETTERS = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class MisspeltPhrase:
    """A phrase with one spelling mistake, the correct words, and the quote they come from."""

    misspelt: str
    words: str
    article: str
    quote: Quote


@dataclass(slots=True)
class Questions:
    """Phrases to search for."""

    #: the search keys of all quotes, for full scans
    keys: list[str] = field(default_factory=list)
    #: five consecutive words of a quote
    exact: list[str] = field(default_factory=list)
    common: Sequence[str] = _COMMON_PHRASES
    misspelt: list[MisspeltPhrase] = field(default_factory=list)
    #: five words that no quote contains, because of their order or because of one word
    absent: list[str] = field(default_factory=list)
    #: a surname, and two consecutive words of a quote by a person with that name
    by_speaker: list[tuple[str, str]] = field(default_factory=list)


def draw_questions(news: Iterable[tuple[Article, list[Quote]]], quote_count: int) -> Questions:
    """Draw questions evenly from `news`, which contains about `quote_count` quotes."""
    random, questions, interval = Random(5), Questions(), max(1, quote_count // SAMPLE_SIZE)  # noqa: S311 - no secrets
    for article, article_quotes in news:
        for quote in article_quotes:
            key = make_search_key(" ".join(span.of(article.text) for span in quote.content))
            questions.keys.append(key)
            if len(questions.keys) % interval == 0:
                _add_questions(questions, article, quote, key.split(), random)
    return questions


def misspell(word: str, random: Random) -> str:
    """Return a word with one letter dropped, inserted, replaced, or swapped with the next; never the word itself."""
    while True:
        index, letter = random.randrange(len(word) - 1), random.choice(_LETTERS)
        before, first_letter, second_letter, after = word[:index], word[index], word[index + 1], word[index + 2 :]
        misspelling = random.choice(
            (
                before + second_letter + after,
                before + letter + first_letter + second_letter + after,
                before + letter + second_letter + after,
                before + second_letter + first_letter + after,
            )
        )
        if misspelling != word:
            return misspelling


def _add_questions(questions: Questions, article: Article, quote: Quote, words: Sequence[str], random: Random) -> None:
    if len(words) < PHRASE_WORDS:
        return
    start = random.randrange(len(words) - PHRASE_WORDS + 1)
    phrase = list(words[start : start + PHRASE_WORDS])
    questions.exact.append(" ".join(phrase))
    questions.absent.append(
        _replace_last_word(phrase, random) if len(questions.absent) % 2 else " ".join(reversed(phrase))
    )
    long_positions = [position for position, word in enumerate(phrase) if len(word) >= _MIN_LETTERS]
    if long_positions:
        position = random.choice(long_positions)
        misspelt_words = [*phrase[:position], misspell(phrase[position], random), *phrase[position + 1 :]]
        questions.misspelt.append(MisspeltPhrase(" ".join(misspelt_words), " ".join(phrase), article.id, quote))
    if quote.speaker and not quote.speaker.anonymous:
        questions.by_speaker.append((quote.speaker.name.split()[-1], " ".join(phrase[:2])))


def _replace_last_word(phrase: Sequence[str], random: Random) -> str:
    return " ".join([*phrase[:-1], "".join(random.choices("bcdfgkmpt", k=9))])
