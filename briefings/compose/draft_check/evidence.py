"""Split articles into words to compare drafts with: each quotation, and each whole paragraph.

Also the notes of a verdict: what a quotation leaves out, and what the article puts between its words.

Rule: two quotations of one speaker that the article only interrupts ("..., he said, ...") also count as one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefings.compose.draft_check.word_alignment import Words, join_words, split_words
from briefings.compose.who_said.hits import ArticleQuote
from briefings.model import Article, Kind, Quote, Span
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.sentences import split_paragraphs

#: omitted words are shown in full up to this many; of more, this many words at each end
_MAX_WHOLE_WORDS, _END_WORDS = 12, 4
#: longest interruption, in words
_MAX_INTERRUPTION_WORDS = 12


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of a quotation, or of two quotations that the article only interrupts."""

    article: Article
    quote: Quote
    words: Words
    is_interrupted: bool = False

    @property
    def is_quoted(self) -> bool:
        """Tell whether the words are the speaker's own, not a paraphrase."""
        return self.quote.kind is not Kind.INDIRECT

    @property
    def speaker(self) -> str | None:
        """Return the speaker's name, or None."""
        return self.quote.speaker.name if self.quote.speaker else None

    @property
    def article_quote(self) -> ArticleQuote:
        """Return the article and its quote."""
        return self.article, self.quote


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """Article with its quotes, its utterances, and the words of each paragraph."""

    article: Article
    quotes: Sequence[Quote]
    utterances: Sequence[Utterance]
    paragraphs: Sequence[Words]


class ArticleWordsCache:
    """Cache of split articles, so that a draft with many quotations splits each article once."""

    def __init__(self) -> None:
        self._cache: dict[str, ArticleWords] = {}

    def get(self, article: Article, quotes: Sequence[Quote]) -> ArticleWords:
        """Return the words of an article and its quotes."""
        if article.id not in self._cache:
            paragraph_words = [split_words(article.text, span) for span in split_paragraphs(article.text)]
            self._cache[article.id] = ArticleWords(
                article, quotes, list(_split_utterances(article, quotes)), paragraph_words
            )
        return self._cache[article.id]


def _split_utterances(article: Article, quotes: Sequence[Quote]) -> Iterator[Utterance]:
    """Yield each quotation, then each pair of neighbouring quotations of one speaker as one."""
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


def describe_omissions(article: Article, spans: Sequence[Span]) -> str:
    """List the source's words between the pieces of a quotation."""
    omitted_texts = [article.text[first.end : second.start].strip(" ,.;:") for first, second in pairwise(spans)]
    omissions = ", ".join(f"“{_shorten_words(omitted_text)}”" for omitted_text in omitted_texts if omitted_text)
    if not omissions:
        return ""
    negations = lexicon.load_words("negations").intersection(
        word for omitted_text in omitted_texts for word in fold(omitted_text).split()
    )
    warning = " These words can change the meaning: check that the quote still means the same." if negations else ""
    return f"Left out: {omissions}.{warning}"


def _shorten_words(words: str) -> str:
    tokens = words.split()
    return " ".join(tokens if len(tokens) <= _MAX_WHOLE_WORDS else [*tokens[:_END_WORDS], "…", *tokens[-_END_WORDS:]])


def describe_interruption(utterance: Utterance) -> str:
    """Say that the article has two quotations where the draft has one."""
    return "The article interrupts these words: there they are two quotes." if utterance.is_interrupted else ""
