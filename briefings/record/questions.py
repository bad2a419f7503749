"""What was asked, in the words of an index.

Rule: nothing a person wrote becomes part of a query but its lexemes, and every question is bounded.
"""

from collections.abc import Iterable, Sequence

from briefings.errors import BadQuestion
from briefings.record.index import AnyOf, ArticleQuery, QuoteQuery
from briefings.record.lexemes import MAX_PHRASE_WORDS, to_lexemes
from briefings.record.numbers import get_number_range, get_quote_id_range
from briefings.record.spelling import join_words, split_in_halves
from briefings.record.values import ArticleFilter, QuoteScope

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
