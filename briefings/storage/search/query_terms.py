"""What was asked, in the words of an index.

Rule: nothing a person wrote becomes part of a query but its lexemes, and every question is bounded.

Other ways to write what was asked: compounds apart and together, and words with one slip.

Rule: pure; what stands in the record is for others to look up. Words are lexemes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase, digits

from briefings.errors import BadQuestion
from briefings.storage.db.counters import get_number_range, get_quote_id_range
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, QuoteQuery, to_lexemes
from briefings.storage.db.types import ArticleFilter, QuoteScope

Words = tuple[str, ...]

#: characters of the longest word that may be misspelt, and that may be a compound
MAX_WORD_LENGTH = 40
#: characters of either half of a compound that is written as one word
_MIN_HALF_LENGTH = 3


def join_words(words: Sequence[str]) -> Iterator[Words]:
    """`words` with two neighbours written as one, for each two: "lynch mob" as "lynchmob"."""
    for position, (one, other) in enumerate(pairwise(words)):
        if len(one) + len(other) <= MAX_WORD_LENGTH:
            yield (*words[:position], one + other, *words[position + 2 :])


def split_in_halves(word: str) -> Iterator[tuple[str, str]]:
    """The ways to write a word as two of three characters or more: "lynchmob" as "lynch" and "mob"."""
    if len(word) <= MAX_WORD_LENGTH:
        for position in range(_MIN_HALF_LENGTH, len(word) - _MIN_HALF_LENGTH + 1):
            yield word[:position], word[position:]


def find_neighbours(word: str) -> set[str]:
    """What is one slip away: a character left out, put in, exchanged, or two neighbours swapped.

    Characters put in are a to z, the digits where the word has one, and for a word in another script its own block of
    Unicode. Words of over 40 characters have none.
    """
    if len(word) > MAX_WORD_LENGTH:
        return set()
    letters = _list_letters(word)
    splits = [(word[:position], word[position:]) for position in range(len(word) + 1)]
    variants = {head + tail[1:] for head, tail in splits if tail}
    variants.update(head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1)
    variants.update(head + letter + tail[1:] for head, tail in splits if tail for letter in letters)
    variants.update(head + letter + tail for head, tail in splits for letter in letters)
    return variants - {word, ""}


def _list_letters(word: str) -> set[str]:
    letters = set(ascii_lowercase)
    if any(char.isdigit() for char in word):
        letters.update(digits)
    for char in word:
        if not char.isascii():
            start = ord(char) & ~0x3F
            letters.update(c for c in map(chr, range(start, start + 0x40)) if c.isalnum() and c == c.casefold())
    return letters


#: characters of the search key of one phrase
MAX_PHRASE_CHARACTERS = 10_000
#: phrases in one question
MAX_PHRASES = 200
#: no phrase of any kind
_NO_PHRASES: AnyOf = ()


def parse_words(text: str) -> list[str]:
    """The lexemes of what was asked. Raises BadQuestion when they are too many."""
    words = to_lexemes(text)
    if len(words) > MAX_PHRASE_CHARACTERS:
        raise BadQuestion(f"That is over {MAX_PHRASE_CHARACTERS:,} characters at once. Ask with fewer words.")
    return words.split()


def add_compounds(words: Sequence[str]) -> list[Sequence[str]]:
    """The phrase as it is, with two words joined, and with one word in two halves; of over 64 words, the first 64."""
    if not words:
        return []
    if len(words) > MAX_PHRASE_WORDS:
        return [words[:MAX_PHRASE_WORDS]]
    split_phrases = [
        (*words[:position], *half_words, *words[position + 1 :])
        for position, word in enumerate(words)
        for half_words in split_in_halves(word)
    ]
    return [words, *join_words(words), *(phrase for phrase in split_phrases if len(phrase) <= MAX_PHRASE_WORDS)]


def build_quote_query(content: AnyOf, scope: QuoteScope, words: Sequence[str] = ()) -> QuoteQuery | None:
    """Quotes within bounds that hold one of `content`, or one of `words`; None when no quote can be meant."""
    fields = {
        "speaker": _NO_PHRASES if scope.by is None else _parse_phrases([scope.by]),
        "outlet": _NO_PHRASES if scope.outlet is None else _parse_phrases([scope.outlet]),
        "about": _NO_PHRASES if scope.about is None else _parse_phrases(scope.about),
    }
    filter_values = {"speaker": scope.by, "outlet": scope.outlet, "about": scope.about}
    if any(filter_values[name] is not None and not phrases for name, phrases in fields.items()):
        return None
    if not (content or words or fields["speaker"]):
        return None
    return QuoteQuery(get_quote_id_range(scope.since, scope.until), content, words=words, **fields)


def build_article_query(article_filter: ArticleFilter) -> ArticleQuery | None:
    """Articles that hold the phrases; None when no article can be meant. `each` may be empty."""
    phrase_groups = [] if article_filter.any_of is None else [_parse_phrases(article_filter.any_of)]
    phrase_groups += [_parse_phrases([phrase]) for phrase in _check_phrase_count(article_filter.all_of)]
    if not all(phrase_groups):
        return None
    return ArticleQuery(get_number_range(article_filter.since, article_filter.until), phrase_groups)


def _parse_phrases(texts: Iterable[str]) -> list[list[str]]:
    """The phrases that have a word."""
    phrases = [words for text in _check_phrase_count(texts) if (words := parse_words(text))]
    if any(len(words) > MAX_PHRASE_WORDS for words in phrases):
        raise BadQuestion(f"That is over {MAX_PHRASE_WORDS} words in one phrase. Ask with fewer words.")
    return phrases


def _check_phrase_count(texts: Iterable[str]) -> list[str]:
    phrase_texts = list(texts)
    if len(phrase_texts) > MAX_PHRASES:
        raise BadQuestion(f"That is over {MAX_PHRASES} phrases at once. Ask with fewer.")
    return phrase_texts
