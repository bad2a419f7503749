"""Turn user input into index queries, including compounds and spellings with one typo.

Rule: only lexemes of the input become part of a query, and every query has limits on words and phrases.
Rule: functions are pure and do not read the database; words are lexemes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase, digits

from briefings.errors import BadQuestion
from briefings.storage.db.counters import get_number_range, get_quote_id_range
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, QuoteQuery, to_lexemes
from briefings.storage.db.types import ArticleFilter, QuoteScope

Words = tuple[str, ...]

#: characters of the longest word that is corrected or split
MAX_WORD_LENGTH = 40
#: least characters of each half of a compound
_MIN_HALF_LENGTH = 3


#: characters in the lexemes of one phrase
MAX_PHRASE_CHARACTERS = 10_000
#: phrases in one query
MAX_PHRASES = 200
#: an empty list of phrases, with its type
_NO_PHRASES: AnyOf = ()


def join_words(words: Sequence[str]) -> Iterator[Words]:
    """Yield `words` with each two adjacent words joined in turn: "lynch mob" as "lynchmob"."""
    for position, (word, next_word) in enumerate(pairwise(words)):
        if len(word) + len(next_word) <= MAX_WORD_LENGTH:
            yield (*words[:position], word + next_word, *words[position + 2 :])


def split_in_halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to split a word into two of at least three characters: "lynchmob" as "lynch" and "mob"."""
    if len(word) <= MAX_WORD_LENGTH:
        for position in range(_MIN_HALF_LENGTH, len(word) - _MIN_HALF_LENGTH + 1):
            yield word[:position], word[position:]


def find_neighbours(word: str) -> set[str]:
    """Return the words one typo away: a character removed, inserted or replaced, or two adjacent ones swapped.

    New characters are a to z, digits if the word has one, and the Unicode block of each non-ASCII character in the
    word. Words of over 40 characters have no neighbours.
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


def parse_words(text: str) -> list[str]:
    """Return the lexemes of a text. Raises BadQuestion if they exceed 10,000 characters."""
    words = to_lexemes(text)
    if len(words) > MAX_PHRASE_CHARACTERS:
        raise BadQuestion(f"Your search has over {MAX_PHRASE_CHARACTERS:,} characters. Try fewer words.")
    return words.split()


def add_compounds(words: Sequence[str]) -> list[Sequence[str]]:
    """Return the phrase, its variants with two words joined, and its variants with one word split.

    Of a phrase with over 64 words, return only the first 64 words.
    """
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
    """Build a query for quotes in `scope` with one of `content` and one of `words`; None if nothing can match."""
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
    """Build a query for a filter; None if nothing can match. Without phrases, `phrase_groups` is empty."""
    phrase_groups = [] if article_filter.any_of is None else [_parse_phrases(article_filter.any_of)]
    phrase_groups += [_parse_phrases([phrase]) for phrase in _check_phrase_count(article_filter.all_of)]
    if not all(phrase_groups):
        return None
    return ArticleQuery(get_number_range(article_filter.since, article_filter.until), phrase_groups)


def _list_letters(word: str) -> set[str]:
    letters = set(ascii_lowercase)
    if any(char.isdigit() for char in word):
        letters.update(digits)
    for char in word:
        if not char.isascii():
            start = ord(char) & ~0x3F
            letters.update(c for c in map(chr, range(start, start + 0x40)) if c.isalnum() and c == c.casefold())
    return letters


def _parse_phrases(texts: Iterable[str]) -> list[list[str]]:
    """Return the lexemes of each text that has a word. Raises BadQuestion for too many phrases or words."""
    phrases = [words for text in _check_phrase_count(texts) if (words := parse_words(text))]
    if any(len(words) > MAX_PHRASE_WORDS for words in phrases):
        raise BadQuestion(f"A phrase in your search has over {MAX_PHRASE_WORDS} words. Try fewer words.")
    return phrases


def _check_phrase_count(texts: Iterable[str]) -> list[str]:
    phrase_texts = list(texts)
    if len(phrase_texts) > MAX_PHRASES:
        raise BadQuestion(f"Your search has over {MAX_PHRASES} phrases. Try fewer.")
    return phrase_texts
