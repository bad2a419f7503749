"""Find sentences of one speaker that two reports word differently.

Rule: a passage that quotes only part of a sentence is not another wording of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from rapidfuzz import fuzz

from briefings.model import Article, Kind, Quote, Span
from briefings.similarity.quote_matching import MIN_WORDS, find_candidate_pairs, group_by_speaker
from briefings.text.folding import make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping

#: minimum similarity, 0 to 100, of two wordings of one sentence
_MIN_SIMILARITY = 70
#: maximum number of conflicts per speaker; frequently quoted people repeat themselves
_MAX_WORDING_CONFLICTS = 200


@dataclass(frozen=True, slots=True)
class WordingConflict:
    """Two wordings of one sentence: their spans in the articles, and the words that only one of them has."""

    speaker: str
    first: tuple[Article, Span]
    second: tuple[Article, Span]
    only_first: str
    only_second: str


def find_wording_conflicts(article_quotes: Iterable[tuple[Article, Quote]]) -> Iterator[WordingConflict]:
    """Yield sentences that two quotes of one named speaker word differently, each pair once."""
    for speaker, quotes in group_by_speaker(article_quotes).items():
        if speaker is None:
            continue
        speaker_sentences = [
            sentence
            for index, (article, quote) in enumerate(quotes)
            for sentence in _split_sentences(index, article, quote)
        ]
        yield from islice(_find_wording_conflicts(speaker, speaker_sentences), _MAX_WORDING_CONFLICTS)


@dataclass(frozen=True, slots=True)
class _QuotedSentence:
    """Sentence inside quotation marks, and the index of its quote among the speaker's quotes."""

    quote_index: int
    article: Article
    span: Span
    key: str
    #: complete from its first word to its full stop
    is_whole: bool


def _find_wording_conflicts(speaker: str, speaker_sentences: Sequence[_QuotedSentence]) -> Iterator[WordingConflict]:
    for pair in find_candidate_pairs([sentence.key for sentence in speaker_sentences]):
        first, second = (speaker_sentences[index] for index in sorted(pair))
        differing_words = _compare_wordings(first, second) if first.quote_index != second.quote_index else None
        if differing_words is not None:
            yield WordingConflict(speaker, (first.article, first.span), (second.article, second.span), *differing_words)


def _split_sentences(quote_index: int, article: Article, quote: Quote) -> Iterator[_QuotedSentence]:
    if quote.kind is Kind.INDIRECT:
        return
    for fragment in quote.content:
        for sentence in split_sentences(fragment.of(article.text)):
            span = Span(fragment.start + sentence.start, fragment.start + sentence.end)
            if find_overlapping(article.boilerplate, span):
                continue
            words = span.of(article.text)
            is_whole = words[:1].isupper() and words.rstrip().endswith((".", "!", "?"))
            yield _QuotedSentence(quote_index, article, span, make_search_key(words), is_whole)


def _compare_wordings(first: _QuotedSentence, second: _QuotedSentence) -> tuple[str, str] | None:
    """Return the words that only the first and only the second has; None for two different sentences."""
    if first.key == second.key or fuzz.ratio(first.key, second.key, score_cutoff=_MIN_SIMILARITY) < _MIN_SIMILARITY:
        return None
    first_words, second_words = first.key.split(), second.key.split()
    are_whole = first.is_whole and second.is_whole
    is_part = f" {first.key} " in f" {second.key} " or f" {second.key} " in f" {first.key} "
    if min(len(first_words), len(second_words)) < MIN_WORDS or (is_part and not are_whole):
        return None
    changed_blocks = _find_changed_blocks(first_words, second_words, are_whole=are_whole)
    only_first = " … ".join(" ".join(first_words[i1:i2]) for _, i1, i2, _, _ in changed_blocks if i2 > i1)
    only_second = " … ".join(" ".join(second_words[j1:j2]) for _, _, _, j1, j2 in changed_blocks if j2 > j1)
    return (only_first, only_second) if changed_blocks else None


def _find_changed_blocks(
    first_words: list[str], second_words: list[str], *, are_whole: bool
) -> list[tuple[str, int, int, int, int]]:
    """Return the blocks of words that differ.

    Differences at the ends count only for whole sentences; a part omits words.
    """
    blocks = SequenceMatcher(None, first_words, second_words, autojunk=False).get_opcodes()
    inner = [
        block
        for position, block in enumerate(blocks)
        if are_whole or block[0] == "replace" or 0 < position < len(blocks) - 1
    ]
    return [block for block in inner if block[0] != "equal"]
