"""What the record's articles say, as words: what is quoted in them, and each paragraph whole.

Rule: two quotations of one speaker that a paper only interrupts ("..., he said, ...") are one speech as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefings.compose.check_words import Words, joined, words_in
from briefings.compose.hits import Said
from briefings.model import Article, Kind, Quote, Span
from briefings.text.sentences import paragraphs

#: words of the paper that interrupt a speech, at most
_INTERRUPTION = 12


@dataclass(frozen=True, slots=True)
class Uttered:
    """A quotation of the record, or several that the paper only interrupts, and its words."""

    article: Article
    quote: Quote
    words: Words
    interrupted: bool = False

    @property
    def is_quoted(self) -> bool:
        """Whether the words are the speaker's own, rather than the paper's for them."""
        return self.quote.kind is not Kind.INDIRECT

    @property
    def speaker(self) -> str | None:
        """The speaker's name."""
        return self.quote.speaker.name if self.quote.speaker else None

    @property
    def said(self) -> Said:
        """The quotation and where it stands."""
        return self.article, self.quote


@dataclass(frozen=True, slots=True)
class Told:
    """An article, what is quoted in it, and the words of each of its paragraphs."""

    article: Article
    quotes: Sequence[Quote]
    uttered: Sequence[Uttered]
    paragraphs: Sequence[Words]


class Remembered:
    """What has been read of each article, so that a draft of many quotations reads it once."""

    def __init__(self) -> None:
        self._told: dict[str, Told] = {}

    def of(self, article: Article, quotes: Sequence[Quote]) -> Told:
        """The article's words, quoted and its own."""
        if article.id not in self._told:
            lines = [words_in(article.text, span) for span in paragraphs(article.text)]
            self._told[article.id] = Told(article, quotes, list(_in_marks(article, quotes)), lines)
        return self._told[article.id]


def _in_marks(article: Article, quotes: Sequence[Quote]) -> Iterator[Uttered]:
    """Each quotation, then each two neighbours of one speaker as one."""
    single = [Uttered(article, quote, _words(article, quote)) for quote in quotes]
    yield from single
    for one, other in pairwise(single):
        between = Span(one.quote.span.end, max(one.quote.span.end, other.quote.span.start))
        same = one.quote.speaker is not None and one.quote.speaker == other.quote.speaker
        if same and one.is_quoted and other.is_quoted and len(between.of(article.text).split()) <= _INTERRUPTION:
            quote = replace(one.quote, content=(*one.quote.content, *other.quote.content))
            yield Uttered(article, quote, joined((one.words, other.words)), interrupted=True)


def _words(article: Article, quote: Quote) -> Words:
    return joined([words_in(article.text, fragment) for fragment in quote.content])
