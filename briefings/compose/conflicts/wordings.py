"""Find sentences of one speaker that two outlets word differently.

Rule: two wordings differ only if a meaningful word differs. Articles, contractions, spellings, endings, fillers
and an editor's brackets do not count, and a passage that quotes only part of a sentence is not another wording of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from rapidfuzz import fuzz

from briefings.compose.conflicts.counts import NUMBER_WORDS
from briefings.compose.voices.speakers import is_certain, is_plausible
from briefings.model import Article, Kind, Quote, Span
from briefings.similarity.quote_matching import find_candidate_pairs
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping

#: words that two wordings share: for each changed place, and as a share of the aligned words
_MIN_SHARED_PER_CHANGE, _MIN_SHARED_SHARE = 7, 0.6
#: words that two whole sentences share, at least, if one only has words more; and shared words that are not light
_MIN_SHARED_WHOLE, _MIN_SHARED_CONTENT = 3, 1
#: minimum similarity, 0 to 100, of two spellings or forms of a word; shorter words have none
_MIN_VARIANT_SIMILARITY, _MAX_SHORT_WORD = 75, 3
#: longest change at the end of a whole sentence; a longer one is a sentence that was cut
_MAX_END_WORDS = 3
#: longest sentence that is shown whole, and the words that are shown on either side of the changes in a longer one
_MAX_WHOLE_WORDS, _CONTEXT_WORDS = 20, 7
#: maximum number of conflicts per speaker; frequently quoted people repeat themselves
_MAX_WORDING_CONFLICTS = 200
_WORD = re.compile(r"[^\W_]+")
_BRACKET = re.compile(r"[\[(]")
_Block = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class WordingConflict:
    """Two wordings of one sentence: their spans in the articles, and the words that only one of them has."""

    speaker: str
    first: tuple[Article, Span]
    second: tuple[Article, Span]
    only_first: str
    only_second: str
    #: number of words that both have
    shared_words: int


def find_wording_conflicts(article_quotes: Iterable[tuple[Article, Quote]]) -> Iterator[WordingConflict]:
    """Yield sentences that two articles quote from one named speaker in different words, each pair once."""
    sentences_by_surname: dict[str, list[_QuotedSentence]] = {}
    for article, quote in article_quotes:
        if quote.speaker is not None and is_plausible(quote.speaker):
            words = make_search_key(quote.speaker.name).split()
            sentences_by_surname.setdefault(words[-1], []).extend(_split_sentences(article, quote))
    for speaker_sentences in sentences_by_surname.values():
        yield from islice(_find_wording_conflicts(speaker_sentences), _MAX_WORDING_CONFLICTS)


@dataclass(frozen=True, slots=True, eq=False)
class _QuotedSentence:
    """Sentence inside quotation marks, its words as search keys, and their spans in the article."""

    speaker: str
    is_certain: bool
    article: Article
    span: Span
    words: tuple[str, ...]
    word_spans: tuple[Span, ...]
    #: complete from its first word to its full stop
    is_whole: bool


def _find_wording_conflicts(speaker_sentences: Sequence[_QuotedSentence]) -> Iterator[WordingConflict]:
    for pair in find_candidate_pairs([" ".join(sentence.words) for sentence in speaker_sentences]):
        first, second = (speaker_sentences[index] for index in sorted(pair))
        is_known = first.is_certain or second.is_certain  # the other outlet's quotation then has the same speaker
        if is_known and first.article.id != second.article.id and first.words != second.words:
            conflict = _compare_wordings(first, second)
            if conflict is not None:
                yield conflict


def _split_sentences(article: Article, quote: Quote) -> Iterator[_QuotedSentence]:
    if quote.kind is Kind.INDIRECT or quote.speaker is None:
        return
    for fragment in quote.content:
        for sentence in split_sentences(fragment.of(article.text)):
            span = Span(fragment.start + sentence.start, fragment.start + sentence.end)
            words = span.of(article.text)
            if find_overlapping(article.boilerplate, span):
                continue
            keyed_spans = [
                (key, Span(*match.span()))
                for match in _WORD.finditer(article.text, span.start, span.end)
                if (key := make_search_key(match.group()))
            ]
            yield _QuotedSentence(
                quote.speaker.name,
                is_certain(quote),
                article,
                span,
                tuple(key for key, _ in keyed_spans),
                tuple(word_span for _, word_span in keyed_spans),
                words[:1].isupper() and words.rstrip(", ").endswith((".", "!", "?")),
            )


def _compare_wordings(first: _QuotedSentence, second: _QuotedSentence) -> WordingConflict | None:
    """Return how two sentences differ; None for one wording, or for two different sentences."""
    blocks = SequenceMatcher(None, first.words, second.words, autojunk=False).get_opcodes()
    changed_blocks = _find_changed_blocks(blocks, are_whole=first.is_whole and second.is_whole)
    equal_words = [word for block in blocks if block[0] == "equal" for word in first.words[block[1] : block[2]]]
    light_words = lexicon.load_words("light_words")
    changed_count = sum(max(i2 - i1, j2 - j1) for _, i1, i2, j1, j2 in changed_blocks)
    if (
        not changed_blocks
        or _open_differently(blocks)
        or len(equal_words) < _count_required_words(first, second, changed_blocks)
        or len(equal_words) < _MIN_SHARED_SHARE * (len(equal_words) + changed_count)
        or sum(word not in light_words for word in equal_words) < _MIN_SHARED_CONTENT
    ):
        return None
    shared_words = set(equal_words)
    meaningful_blocks = [
        block
        for block in changed_blocks
        if _is_meaningful_change(first.words[block[1] : block[2]], second.words[block[3] : block[4]], shared_words)
    ]
    if not meaningful_blocks:
        return None
    if changed_blocks[-1][2] - changed_blocks[0][1] > _CONTEXT_WORDS:
        changed_blocks = meaningful_blocks[:1]  # the changes are far apart: show the first meaningful one
    changes = [(first.words[i1:i2], second.words[j1:j2]) for _, i1, i2, j1, j2 in changed_blocks]
    first_span = _find_shown_span(first, [(i1, i2) for _, i1, i2, _, _ in changed_blocks])
    second_span = _find_shown_span(second, [(j1, j2) for _, _, _, j1, j2 in changed_blocks])
    if any(_BRACKET.search(span.of(side.article.text)) for side, span in ((first, first_span), (second, second_span))):
        return None
    only_first, only_second = (
        " … ".join(" ".join(change[side]) for change in changes if change[side]) for side in (0, 1)
    )
    return WordingConflict(
        first.speaker if first.is_certain else second.speaker,
        (first.article, first_span),
        (second.article, second_span),
        only_first,
        only_second,
        len(equal_words),
    )


def _find_changed_blocks(blocks: Sequence[_Block], *, are_whole: bool) -> list[_Block]:
    """Return the blocks of words that differ.

    At the ends, only short differences of whole sentences count; a part omits words.
    """
    return [
        block
        for position, block in enumerate(blocks)
        if block[0] != "equal"
        and (
            0 < position < len(blocks) - 1
            or (are_whole and max(block[2] - block[1], block[4] - block[3]) <= _MAX_END_WORDS)
        )
    ]


def _count_required_words(first: _QuotedSentence, second: _QuotedSentence, changed_blocks: Sequence[_Block]) -> int:
    """Return how many words two wordings of one utterance share at least.

    Two short whole sentences of which one has some words more are one utterance too ("I am here", "I am here, thanks").
    """
    is_addition = len(changed_blocks) == 1 and changed_blocks[0][0] != "replace"
    if first.is_whole and second.is_whole and is_addition:
        return _MIN_SHARED_WHOLE
    return _MIN_SHARED_PER_CHANGE * len(changed_blocks)


def _open_differently(blocks: Sequence[_Block]) -> bool:
    """Tell whether both sentences have different words at one end: two sentences with one phrase in common."""
    return any(
        min(block[2] - block[1], block[4] - block[3]) > 0
        and max(block[2] - block[1], block[4] - block[3]) > _MAX_END_WORDS
        for block in (blocks[0], blocks[-1])
        if block[0] == "replace"
    )


def _find_shown_span(sentence: _QuotedSentence, ranges: Sequence[tuple[int, int]]) -> Span:
    """Return the whole sentence if it is short, else the words around the changed ones."""
    if len(sentence.words) <= _MAX_WHOLE_WORDS:
        return sentence.span
    first_index = max(0, ranges[0][0] - _CONTEXT_WORDS)
    last_index = min(len(sentence.words), ranges[-1][1] + _CONTEXT_WORDS) - 1
    start = sentence.span.start if first_index == 0 else sentence.word_spans[first_index].start
    end = sentence.span.end if last_index == len(sentence.words) - 1 else sentence.word_spans[last_index].end
    return Span(start, end)


def _is_meaningful_change(first: Sequence[str], second: Sequence[str], shared_words: Set[str]) -> bool:
    """Tell whether two stretches differ in more than grammar, spelling, endings and words that are said twice."""
    light_words = lexicon.load_words("light_words") | shared_words
    first_only = [word for word in first if word not in light_words and not _has_variant(word, second)]
    second_only = [word for word in second if word not in light_words and not _has_variant(word, first)]
    return bool(first_only or second_only) and not (
        "".join(first) == "".join(second)
        or _abbreviate(first) == "".join(second)
        or _abbreviate(second) == "".join(first)
    )


def _abbreviate(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _has_variant(word: str, words: Sequence[str]) -> bool:
    """Tell whether one of `words` is another spelling, form or abbreviation of `word`."""
    return any(
        word == other
        or str(NUMBER_WORDS.get(word, word)) == str(NUMBER_WORDS.get(other, other))
        or _get_digits(word) == _get_digits(other) != ""
        or word.startswith(other)
        or other.startswith(word)
        or (min(len(word), len(other)) > _MAX_SHORT_WORD and fuzz.ratio(word, other) >= _MIN_VARIANT_SIMILARITY)
        for other in words
    )


def _get_digits(word: str) -> str:
    return "".join(character for character in word if character.isdigit())
