"""What the record's articles say, as words: what is quoted in them, and each paragraph whole.

Rule: two quotations of one speaker that a paper only interrupts ("..., he said, ...") are one speech as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefings.compose.draft_check.word_alignment import Words, join_words, split_words
from briefings.compose.who_said import ArticleQuote
from briefings.model import Article, Kind, Quote, Span
from briefings.text.sentences import split_paragraphs

#: words of the paper that interrupt a speech, at most
_MAX_INTERRUPTION_WORDS = 12


@dataclass(frozen=True, slots=True)
class Utterance:
    """A quotation of the record, or several that the paper only interrupts, and its words."""

    article: Article
    quote: Quote
    words: Words
    is_interrupted: bool = False

    @property
    def is_quoted(self) -> bool:
        """Whether the words are the speaker's own, rather than the paper's for them."""
        return self.quote.kind is not Kind.INDIRECT

    @property
    def speaker(self) -> str | None:
        """The speaker's name."""
        return self.quote.speaker.name if self.quote.speaker else None

    @property
    def article_quote(self) -> ArticleQuote:
        """The quotation and where it stands."""
        return self.article, self.quote


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """An article, what is quoted in it, and the words of each of its paragraphs."""

    article: Article
    quotes: Sequence[Quote]
    utterances: Sequence[Utterance]
    paragraphs: Sequence[Words]


class ArticleWordsCache:
    """What has been read of each article, so that a draft of many quotations reads it once."""

    def __init__(self) -> None:
        self._cache: dict[str, ArticleWords] = {}

    def get(self, article: Article, quotes: Sequence[Quote]) -> ArticleWords:
        """The article's words, quoted and its own."""
        if article.id not in self._cache:
            paragraph_words = [split_words(article.text, span) for span in split_paragraphs(article.text)]
            self._cache[article.id] = ArticleWords(
                article, quotes, list(_split_utterances(article, quotes)), paragraph_words
            )
        return self._cache[article.id]


def _split_utterances(article: Article, quotes: Sequence[Quote]) -> Iterator[Utterance]:
    """Each quotation, then each two neighbours of one speaker as one."""
    utterances = [Utterance(article, quote, _get_quote_words(article, quote)) for quote in quotes]
    yield from utterances
    for first, second in pairwise(utterances):
        gap = Span(first.quote.span.end, max(first.quote.span.end, second.quote.span.start))
        is_same_speaker = first.quote.speaker is not None and first.quote.speaker == second.quote.speaker
        if (
            is_same_speaker
            and first.is_quoted
            and second.is_quoted
            and len(gap.of(article.text).split()) <= _MAX_INTERRUPTION_WORDS
        ):
            quote = replace(first.quote, content=(*first.quote.content, *second.quote.content))
            yield Utterance(article, quote, join_words((first.words, second.words)), is_interrupted=True)


def _get_quote_words(article: Article, quote: Quote) -> Words:
    return join_words([split_words(article.text, fragment) for fragment in quote.content])
