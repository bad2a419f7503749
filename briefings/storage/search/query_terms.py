"""Turn user input into index queries, including spellings with one typo.

Rule: only lexemes of the input become part of a query, and every query has limits on words and phrases.
Rule: functions are pure and do not read the database; words are lexemes.
"""

from collections.abc import Iterable
from string import ascii_lowercase, digits

from briefings.errors import BadQuestion
from briefings.storage.db.counters import get_number_range, get_quote_id_range
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, QuoteQuery, to_lexemes
from briefings.storage.db.types import ArticleFilter, QuoteScope
from briefings.text.compounds import MAX_WORD_LENGTH

#: characters in the lexemes of one phrase
MAX_PHRASE_CHARACTERS = 10_000
#: phrases in one query
MAX_PHRASES = 200
#: an empty list of phrases, with its type
_NO_PHRASES: AnyOf = ()


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


def build_quote_query(
    content: AnyOf, scope: QuoteScope, word_sets: AnyOf = _NO_PHRASES, max_compared: int = 0
) -> QuoteQuery | None:
    """Build a query for quotes in `scope` with one of `content` and one of `word_sets`; None if nothing can match."""
    fields = {
        "speaker": _NO_PHRASES if scope.by is None else _parse_phrases([scope.by]),
        "outlet": _NO_PHRASES if scope.outlet is None else _parse_phrases([scope.outlet]),
        "about": _NO_PHRASES if scope.about is None else _parse_phrases(scope.about),
    }
    filter_values = {"speaker": scope.by, "outlet": scope.outlet, "about": scope.about}
    if any(filter_values[name] is not None and not phrases for name, phrases in fields.items()):
        return None
    if not (content or word_sets or fields["speaker"]):
        return None
    return QuoteQuery(
        get_quote_id_range(scope.since, scope.until), content, word_sets=word_sets, max_compared=max_compared, **fields
    )


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
