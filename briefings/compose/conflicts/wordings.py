"""Find sentences of one speaker that two outlets word differently.

Rule: two wordings differ only if a meaningful word differs. Articles, contractions, spellings, endings, fillers
and an editor's brackets do not count, and a passage that quotes only part of a sentence is not another wording of it.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import islice

from rapidfuzz import fuzz

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.counts import NUMBER_WORDS
from briefings.compose.story.article_reading import ArticleReading
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
_MIN_SHARED_WHOLE, _MIN_SHARED_CONTENT = 5, 2
#: minimum similarity, 0 to 100, of two spellings or forms of a word; shorter words have none
_MIN_VARIANT_SIMILARITY, _MAX_SHORT_WORD = 75, 3
#: letters that two forms of a word begin with: "vaccine", "vaccination"
_MIN_COMMON_PREFIX = 5
#: longest change at the end of a whole sentence; a longer one is a sentence that was cut
_MAX_END_WORDS = 3
#: words in common on either side of a change, unless one of them is not light
_MIN_ANCHOR_WORDS = 3
#: longest sentence that is shown whole, and the words that are shown on either side of the changes in a longer one
_MAX_WHOLE_WORDS, _CONTEXT_WORDS = 20, 7
#: maximum number of conflicts per speaker; frequently quoted people repeat themselves
_MAX_WORDING_CONFLICTS = 200
_WORD = re.compile(r"[^\W_]+")
_ELLIPSIS = re.compile(r"…|\.\s?\.")
_LETTERS = re.compile(r"\b[a-z](?: [a-z]\b)+")
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


def find_wording_conflicts(candidates: Candidates) -> Iterator[WordingConflict]:
    """Yield sentences that two articles quote from one named speaker in different words, each pair once."""
    recall = candidates.memory.recall
    sentences_by_surname: dict[str, list[_QuotedSentence]] = {}
    for reading in candidates.readings:
        for surname, sentences in reading.derive(_list_sentences):
            sentences_by_surname.setdefault(surname, []).extend(sentences)
    for surname, speaker_sentences in sentences_by_surname.items():
        if len(speaker_sentences) > 1:
            yield from recall(surname, _list_wording_conflicts, tuple(speaker_sentences))


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


def _list_sentences(reading: ArticleReading) -> tuple[tuple[str, tuple[_QuotedSentence, ...]], ...]:
    """Return the sentences inside quotation marks in one article, quote by quote, with the surname of the speaker."""
    return tuple(
        (make_search_key(quote.speaker.name).split()[-1], tuple(_split_sentences(reading.article, quote)))
        for quote in reading.quotes
        if quote.speaker is not None and is_plausible(quote.speaker)
    )


def _list_wording_conflicts(speaker_sentences: tuple[_QuotedSentence, ...]) -> tuple[WordingConflict, ...]:
    return tuple(islice(_find_wording_conflicts(speaker_sentences), _MAX_WORDING_CONFLICTS))


def _find_wording_conflicts(speaker_sentences: Sequence[_QuotedSentence]) -> Iterator[WordingConflict]:
    for pair in find_candidate_pairs([" ".join(sentence.words) for sentence in speaker_sentences]):
        first, second = (speaker_sentences[index] for index in sorted(pair))
        is_known = first.is_certain or second.is_certain  # the other outlet's quotation then has the same speaker
        if is_known and _are_of_two_outlets(first.article, second.article) and first.words != second.words:
            conflict = _compare_wordings(first, second)
            if conflict is not None:
                yield conflict


def _are_of_two_outlets(first: Article, second: Article) -> bool:
    is_certain = first.provenance.is_certain and second.provenance.is_certain
    return is_certain and first.id != second.id and (first.publisher is None or first.publisher != second.publisher)


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
        if _is_anchored(first.words, blocks, block)
        and not _has_ellipsis(first, block[1], block[2])
        and not _has_ellipsis(second, block[3], block[4])
        and _is_meaningful_change(first.words[block[1] : block[2]], second.words[block[3] : block[4]], shared_words)
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


def _is_anchored(words: Sequence[str], blocks: Sequence[_Block], change: _Block) -> bool:
    """Tell whether both sentences have meaningful or enough words in common on either side of the change, if any.

    A light word that both have by chance behind the change is the rest of a sentence that was cut.
    """
    light_words = lexicon.load_words("light_words")
    before = [block for block in blocks if block[1:] < change[1:]]
    after = [block for block in blocks if block[1:] > change[1:]]
    for side in (before, after):
        if all(block[0] == "equal" for block in side):
            continue  # both sentences begin or end alike
        shared = [word for block in side if block[0] == "equal" for word in words[block[1] : block[2]]]
        if len(shared) < _MIN_ANCHOR_WORDS and light_words.issuperset(shared):
            return False
    return True


def _has_ellipsis(sentence: _QuotedSentence, start: int, end: int) -> bool:
    """Tell whether the article marks an omission next to these words: "we have … signed"."""
    gap_start = sentence.word_spans[max(0, start - 1)].start
    gap_end = sentence.word_spans[min(len(sentence.words) - 1, end)].end
    return _ELLIPSIS.search(sentence.article.text, gap_start, gap_end) is not None


def _count_required_words(first: _QuotedSentence, second: _QuotedSentence, changed_blocks: Sequence[_Block]) -> int:
    """Return the minimum number of words that two wordings of one utterance share.

    Two short whole sentences are one utterance too if one only adds some words to the other ("I am here to vote on it",
    "I am here to vote on it today").
    """
    is_addition = len(changed_blocks) == 1 and changed_blocks[0][0] != "replace"
    if first.is_whole and second.is_whole and is_addition:
        return _MIN_SHARED_WHOLE
    return _MIN_SHARED_PER_CHANGE * len(changed_blocks)


def _open_differently(blocks: Sequence[_Block]) -> bool:
    """Tell whether two sentences have only one phrase in common.

    Both have different words at one end, or one has words more at its beginning and the other at its end.
    """
    ends = (blocks[0], blocks[-1])
    if {block[0] for block in ends} == {"insert", "delete"} and all(
        max(block[2] - block[1], block[4] - block[3]) > _MAX_END_WORDS for block in ends
    ):
        return True
    return any(
        min(block[2] - block[1], block[4] - block[3]) > 0
        and max(block[2] - block[1], block[4] - block[3]) > _MAX_END_WORDS
        for block in ends
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
    first, second = _normalise_words(first), _normalise_words(second)
    long_words = [word for word in sorted(shared_words) if len(word) > _MIN_COMMON_PREFIX]
    first_only = [word for word in first if word not in light_words and not _has_variant(word, [*second, *long_words])]
    second_only = [word for word in second if word not in light_words and not _has_variant(word, [*first, *long_words])]
    return bool(first_only or second_only) and not (
        "".join(first) == "".join(second)
        or _abbreviate(first) == "".join(second)
        or _abbreviate(second) == "".join(first)
    )


def _normalise_words(words: Sequence[str]) -> list[str]:
    """Return the words without "thank you" and the like, "no. 1" as "number 1", "F.B.I." as "fbi", "6:00" as "6"."""
    is_ordinal = any(word.isdigit() for word in words)
    text = " ".join("number" if word == "no" and is_ordinal else word for word in words)
    joined_text = _LETTERS.sub(lambda match: match.group().replace(" ", ""), text)
    return [word for word in _compile_courtesies().sub(" ", joined_text).split() if word != "00"]


@cache
def _compile_courtesies() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon.build_alternation('courtesies')})\b")


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
        or word[:_MIN_COMMON_PREFIX] == other[:_MIN_COMMON_PREFIX] != other[: _MIN_COMMON_PREFIX - 1]
        or (min(len(word), len(other)) > _MAX_SHORT_WORD and fuzz.ratio(word, other) >= _MIN_VARIANT_SIMILARITY)
        for other in words
    )


def _get_digits(word: str) -> str:
    return "".join(character for character in word if character.isdigit())
