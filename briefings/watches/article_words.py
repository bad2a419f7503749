"""The words of one article with its quotes, folded once for all watches.

Rule: what is needed for few watches only is computed on first use.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

from briefings.article.metadata import Language, detect_language
from briefings.compose.marked_words import find_marked_spans
from briefings.model import Quote, Span, Speaker
from briefings.similarity.quote_matching import get_quote_text
from briefings.text.folding import make_search_key, make_text_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans
from briefings.watches.model import ArticleWithQuotes
from briefings.watches.positions import LocatedWords, locate_words
from briefings.watches.speakers import is_meant

#: marks of the words of speakers and outlets among the lexemes; no folded word has them
SPEAKER_MARK, OUTLET_MARK = "@", "#"
#: characters of the longest passage around a quotation
_MAX_SENTENCE_CHARACTERS = 4_000


class ArticleWords:
    """An article with its quotes, and what watches are compared with. Search keys have a blank at both ends."""

    def __init__(self, article_with_quotes: ArticleWithQuotes) -> None:
        self.article, quotes = article_with_quotes
        self.quotes: Sequence[Quote] = tuple(quotes)
        self._keys: dict[str, str] = {}
        self.text_key = make_text_key(self.article.text)
        self.title_key = make_text_key(self.article.title or "")
        #: keys of the quotes, in order
        self.quote_keys = [make_text_key(get_quote_text(self.article, quote)) for quote in self.quotes]

    @cached_property
    def lexemes(self) -> frozenset[str]:
        """All words of the article, the letters of adjacent words, and the marked words of its speakers and outlet."""
        lexemes: set[str] = set()
        joined_keys = [key for key, quote in zip(self.quote_keys, self.quotes, strict=True) if len(quote.content) > 1]
        for key in (self.text_key, self.title_key, *joined_keys, *self._joints):
            words = key.split()
            lexemes.update(words)
            lexemes.update(map("".join, pairwise(words)))
        for speaker in self._indexes_by_speaker:
            lexemes.update(f"{SPEAKER_MARK}{word}" for word in make_search_key(speaker.name).split())
        lexemes.update(f"{OUTLET_MARK}{word}" for word in make_search_key(self.article.publisher or "").split())
        return frozenset(lexemes)

    @cached_property
    def running_key(self) -> str:
        """The key of the title and of the text without boilerplate, as topics and briefings read them."""
        return make_text_key(f"{self.article.title or ''} {mask_spans(self.article.text, self.article.boilerplate)}")

    @cached_property
    def pieces_key(self) -> str:
        """The key of all words in marks, one after the other."""
        return make_text_key(" ".join(span.of(self.article.text) for span in self.marked_spans))

    @cached_property
    def located_words(self) -> LocatedWords:
        """The words of the text, with their offsets."""
        return locate_words(self.article.text)

    def find_running_positions(self, words: Iterable[str]) -> dict[str, list[int]]:
        """Return the indexes in `located_words` of these words, without those in boilerplate."""
        located_words, positions = self.located_words, self.located_words.positions
        if not self._boilerplate:
            return {word: positions.get(word, []) for word in words}
        return {
            word: [
                index
                for index in positions.get(word, ())
                if not self.is_boilerplate(located_words.get_span((index, index)))
            ]
            for word in words
        }

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the text."""
        return list(split_sentences(self.article.text))

    @cached_property
    def sentence_numbers(self) -> list[int]:
        """The number of the sentence of each word in `located_words`; -1 for a word in none or in two."""
        numbers: list[int] = []
        number = 0
        sentences = [*self.sentences, Span(len(self.article.text), len(self.article.text))]
        for start, end in zip(self.located_words.starts, self.located_words.ends, strict=True):
            while number < len(self.sentences) and sentences[number].end <= start:
                number += 1
            is_inside = sentences[number].start <= start and end <= sentences[number].end
            numbers.append(number if is_inside else -1)
        return numbers

    @cached_property
    def has_marks(self) -> list[bool]:
        """Whether each sentence has words in marks or under labels, or of quotes."""
        return [bool(find_overlapping(self.marked_spans, sentence)) for sentence in self.sentences]

    @cached_property
    def has_boilerplate(self) -> list[bool]:
        """Whether each sentence has boilerplate."""
        return [self.is_boilerplate(sentence) for sentence in self.sentences]

    def is_boilerplate(self, span: Span) -> bool:
        """Whether a span overlaps boilerplate."""
        return bool(find_overlapping(self._boilerplate, span))

    @cached_property
    def _boilerplate(self) -> tuple[Span, ...]:
        return merge_spans(self.article.boilerplate)

    @cached_property
    def quoted_key(self) -> str:
        """The keys of all quotes, one after the other."""
        return "|".join(self.quote_keys)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether the article is in a language whose quotations are not read."""
        return detect_language(self.article) is Language.OTHER

    def list_quotes_by(self, name: str | None) -> Sequence[int]:
        """Return the indexes of the quotes by this speaker; all for None."""
        if name is None:
            return range(len(self.quotes))
        return [
            index
            for speaker, indexes in self._indexes_by_speaker.items()
            if is_meant(speaker, name)
            for index in indexes
        ]

    @cached_property
    def _indexes_by_speaker(self) -> dict[Speaker, list[int]]:
        indexes: dict[Speaker, list[int]] = {}
        for index, quote in enumerate(self.quotes):
            if quote.speaker:
                indexes.setdefault(quote.speaker, []).append(index)
        return indexes

    def make_key(self, text: str) -> str:
        """Return the search key of a part of the article; it is kept in memory, because many watches ask for it."""
        key = self._keys.get(text)
        if key is None:
            key = self._keys[text] = make_search_key(text)
        return key

    def get_sentence(self, span: Span) -> Span:
        """Return the sentences that contain a span, or the span itself if there are none, or if they are very long."""
        sentences = find_overlapping(self.sentences, span)
        if not sentences:
            return span
        passage = Span(min(sentences[0].start, span.start), max(sentences[-1].end, span.end))
        return passage if len(passage) <= max(_MAX_SENTENCE_CHARACTERS, len(span)) else span

    @cached_property
    def marked_spans(self) -> tuple[Span, ...]:
        """All words in marks or under labels, and all quotes, merged."""
        fragments = (fragment for quote in self.quotes for fragment in quote.content)
        return merge_spans([*find_marked_spans(self.article.text), *fragments])

    @property
    def _joints(self) -> list[str]:
        """The last word in one pair of marks and the first in the next, as keys: a phrase may be in several pieces."""
        keys = [key for span in self.marked_spans if (key := make_search_key(span.of(self.article.text)))]
        return [f"{key.rsplit(' ', 1)[-1]} {next_key.split(' ', 1)[0]}" for key, next_key in pairwise(keys)]
