"""Read one article of a story: its first sentences, its quotes there, and its text without quoted words.

Rule: news puts what matters first, so only the first sentences of a long article are read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from briefings.article import find_headline
from briefings.model import Article, Kind, Quote, Span
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans

#: characters searched per sentence to read
_CHARACTERS_PER_SENTENCE = 500

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, eq=False)
class ArticleReading:
    """What is read of an article. Only the same object is equal: it is built anew if the article or a quote changes."""

    article: Article
    #: the quotes that start in the part that is read
    quotes: tuple[Quote, ...]
    #: the sentences of the running text, from the top
    spans: tuple[Span, ...]
    #: there are more sentences
    is_truncated: bool
    #: the passages inside quotation marks
    quoted_passages: tuple[Span, ...]
    #: the whole text with these passages replaced by blanks of the same length
    unquoted_text: str
    _derived: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)

    def derive(self, function: Callable[["ArticleReading"], _Result]) -> _Result:
        """Return `function(self)`, which is called once: as long as the article stays the same, so does the reading.

        The function must be pure, and nobody may change its result.
        """
        if function not in self._derived:
            self._derived[function] = function(self)
        result: _Result = self._derived[function]
        return result


def read_article(article: Article, quotes: tuple[Quote, ...], max_sentences: int) -> ArticleReading:
    """Read the first `max_sentences` sentences of an article."""
    spans, is_truncated = _find_body_sentences(article, max_sentences)
    read_quotes = tuple(quote for quote in quotes if not is_truncated or (spans and quote.span.start < spans[-1].end))
    passages = _find_quoted_passages(read_quotes)
    return ArticleReading(article, read_quotes, spans, is_truncated, passages, mask_spans(article.text, passages))


@lru_cache(maxsize=1_024)
def _find_body_sentences(article: Article, limit: int) -> tuple[tuple[Span, ...], bool]:
    """Return the first `limit` sentences of the running text, without the headline, and whether there are more."""
    headline_span = find_headline(article)
    excluded_spans = merge_spans([*article.boilerplate, *([headline_span] if headline_span else [])])
    beginning = article.text[: limit * _CHARACTERS_PER_SENTENCE]
    is_complete = len(beginning) == len(article.text)
    body_sentences = (span for span in split_sentences(beginning) if not find_overlapping(excluded_spans, span))
    first_sentences = tuple(islice(body_sentences, limit + 1))
    # cutting the text may cut the last sentence short
    kept_sentences = first_sentences[:limit] if is_complete or len(first_sentences) > limit else first_sentences[:-1]
    return kept_sentences, not is_complete or len(first_sentences) > limit


def _find_quoted_passages(quotes: Sequence[Quote]) -> tuple[Span, ...]:
    return merge_spans(fragment for quote in quotes if quote.kind is not Kind.INDIRECT for fragment in quote.content)
