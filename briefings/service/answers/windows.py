"""An answer to "who said it", as far as it has been read: utterances from consecutive windows of quotes.

Rule: an utterance belongs to the first window that reports it. Later reports of it are dropped, so that what was read
before never changes and no utterance is listed twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings import compose
from briefings.compose.who_said.hits import ArticleQuote
from briefings.model import Hit, Narration, Span
from briefings.similarity.quote_matching import find_candidate_pairs, get_quote_text, is_same_utterance
from briefings.text.folding import make_search_key

#: the reports of one utterance; its head comes first
Utterance = Sequence[ArticleQuote]
#: article id and span of a quote
QuoteKey = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class AnswerWindows:
    """The utterances read so far, in the order they are listed, with the narration and nearest quotes of the answer."""

    #: the speaker whose quotes are listed; None if quotes that contain the words are listed
    speaker_name: str | None = None
    #: utterances in blocks of at most 100; outlets are counted within a block
    blocks: tuple[tuple[Utterance, ...], ...] = ()
    narration: tuple[Narration, ...] = ()
    nearest: tuple[Hit, ...] = ()
    #: all quotes that were read as part of an utterance
    quote_keys: frozenset[QuoteKey] = frozenset()
    #: windows read so far
    window_count: int = 0
    #: whether windows without any utterance are not the first one, because most quotes are about something else
    skips_empty_windows: bool = False
    #: utterances of the first window, and whether it was full
    first_window_size: int = 0
    is_first_window_full: bool = False
    #: whether the last window was full
    has_unread_quotes: bool = False

    @property
    def utterance_count(self) -> int:
        """Number of utterances read so far."""
        return sum(map(len, self.blocks))

    def add_window(self, utterances: Sequence[Utterance], *, is_full: bool) -> "AnswerWindows":
        """Return the answer with the utterances of the next window, without those listed before."""
        new_utterances = _drop_repeats([utterance for block in self.blocks for utterance in block], utterances)
        new_blocks = [
            tuple(new_utterances[start : start + compose.MAX_HITS])
            for start in range(0, len(new_utterances), compose.MAX_HITS)
        ]
        is_first = not self.window_count or (self.skips_empty_windows and not self.first_window_size)
        return replace(
            self,
            blocks=(*self.blocks, *new_blocks),
            quote_keys=self.quote_keys | {make_quote_key(quote) for utterance in utterances for quote in utterance},
            window_count=self.window_count + 1,
            first_window_size=len(new_utterances) if is_first else self.first_window_size,
            is_first_window_full=is_full if is_first else self.is_first_window_full,
            has_unread_quotes=is_full,
        )

    def build_hits(self, start: int, end: int) -> tuple[Hit, ...]:
        """Return the utterances from `start` to `end`, a half-open range of positions, as hits."""
        hits: list[Hit] = []
        block_start = 0
        for block in self.blocks:
            part = block[max(0, start - block_start) : max(0, end - block_start)]
            hits += compose.build_hits(part, block)
            block_start += len(block)
        return tuple(hits)

    def build_first_hits(self) -> tuple[Hit, ...]:
        """Return the utterances of the first window, at most 100, as hits."""
        return self.build_hits(0, min(self.first_window_size, compose.MAX_HITS))


def make_quote_key(article_quote: ArticleQuote) -> QuoteKey:
    """Return what identifies a quote within a repository."""
    article, quote = article_quote
    return article.id, quote.span


def _drop_repeats(listed_utterances: Sequence[Utterance], utterances: Sequence[Utterance]) -> list[Utterance]:
    """Return the utterances whose head does not repeat the head of a listed one by the same speaker."""
    listed_keys = _group_heads(listed_utterances)
    repeated_indexes: set[int] = set()
    for name, indexed_keys in _group_heads(utterances).items():
        earlier_keys = [key for _, key in listed_keys.get(name, ())]
        if not earlier_keys:
            continue
        keys = [*earlier_keys, *(key for _, key in indexed_keys)]
        for pair in find_candidate_pairs(keys):
            earlier, later = sorted(pair)
            if earlier < len(earlier_keys) <= later and is_same_utterance(keys[earlier], keys[later]):
                repeated_indexes.add(indexed_keys[later - len(earlier_keys)][0])
    return [utterance for index, utterance in enumerate(utterances) if index not in repeated_indexes]


def _group_heads(utterances: Sequence[Utterance]) -> dict[str, list[tuple[int, str]]]:
    """Return the position and search key of each head by speaker name; without a speaker, nothing is a repeat."""
    heads: dict[str, list[tuple[int, str]]] = {}
    for index, utterance in enumerate(utterances):
        article, quote = utterance[0]
        if quote.speaker:
            heads.setdefault(quote.speaker.name, []).append((index, make_search_key(get_quote_text(article, quote))))
    return heads
