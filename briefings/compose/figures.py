"""Find and compare the figures of a story, and count its articles, quotes and speakers.

Rule: two figures describe the same thing only if they share a unit or most of their surrounding words. Words that are
rare in the story count most, and words that all articles share have no weight. Money and measures are ignored.

Rule: counts include each article and each quotation once. Unknown values are counted separately.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import fsum, log

from briefings.article.source_name import name_outlet
from briefings.compose.selection import stem
from briefings.facts import Quantity, QuantityKind, find_figures
from briefings.model import Article, Quote, Span, Speaker
from briefings.report import DayCount, SpeakerCount
from briefings.similarity.quote_matching import get_quote_text, group_texts
from briefings.similarity.source_independence import IndependentOutlets
from briefings.similarity.story_memory import StoryMemory
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon

#: largest ratio, larger to smaller, of two counts that can describe the same thing
MAX_RATIO = 1.15
#: largest difference, in percentage points, of two shares that can describe the same thing
MAX_PERCENTAGE_POINTS = 5.0
#: smallest count that is compared
MIN_COMPARED_COUNT = 1000
#: number of next larger figures that each figure is compared with, which bounds the work
_MAX_COMPARED_FIGURES = 50
#: terms that the words around two figures must share, and the minimum weight of these terms with the same unit and with
#: different units; a term in one of a hundred sentences weighs 4.6
_MIN_SHARED_TERMS, _MIN_WEIGHT_SAME_UNIT, _MIN_WEIGHT_OTHER_UNIT = 3, 0.5, 7.0
#: number of passages from which their shares tell which terms are common
_MIN_PASSAGES = 20
#: the unit is within this many characters after a figure
_MAX_UNIT_DISTANCE = 60
_CLAUSE_END = re.compile(r"[,;:.()–—]|$")

ArticlesWithQuotes = Sequence[tuple[Article, Sequence[Quote]]]


@dataclass(frozen=True, slots=True)
class FigureMention:
    """Figure with its article and sentence, the stem of its unit, and the stems around it."""

    article: Article
    figure: Quantity
    sentence: Span
    #: stem of the first significant word after the figure, "signatur"; "" without one
    unit: str
    #: stems of its sentence and the two sentences before
    context_stems: frozenset[str]
    #: the sentence has other figures of the same kind, so it is unclear which one corresponds to another article's
    #: figure
    has_sibling_figures: bool

    @property
    def value(self) -> float:
        """Return the figure's value; for a score, the first of its two values."""
        return self.figure.values[0]


class TermWeights:
    """Weights of terms that two passages share. A term that many passages of the story contain has little weight."""

    def __init__(self, passages: Iterable[frozenset[str]]) -> None:
        passage_list = list(passages)
        self._passage_count = len(passage_list)
        self._passage_counts = Counter(term for passage in passage_list for term in passage)

    def is_common(self, term: str, share: float) -> bool:
        """Tell whether more than this share of the passages contain `term`; not in a story of few passages."""
        return self._passage_counts[term] > share * max(_MIN_PASSAGES, self._passage_count)

    def sum_weights(self, shared_terms: Iterable[str]) -> float:
        """Return the total weight of `shared_terms`."""
        return fsum(
            log((1 + self._passage_count) / self._passage_counts[term])
            for term in shared_terms
            if self._passage_counts[term]
        )


@lru_cache(maxsize=1_024)
def find_figure_mentions(article: Article, spans: tuple[Span, ...]) -> tuple[FigureMention, ...]:
    """Return the figures in the given sentences of an article, in order.

    Results are cached: stories are requested often.
    """
    return tuple(_find_figure_mentions(article, spans))


def iterate_stems(article: Article, spans: Sequence[Span]) -> Iterator[frozenset[str]]:
    """Yield the set of stems of each given sentence of an article."""
    for span in spans:
        yield frozenset(map(stem, extract_terms(span.of(article.text))))


def find_near_pairs(mentions: Sequence[FigureMention]) -> Iterator[tuple[FigureMention, FigureMention]]:
    """Yield pairs of (almost) equal figures from different articles, each pair once and in the order of `mentions`."""
    sorted_mentions = sorted(enumerate(mentions), key=lambda item: (item[1].figure.kind, item[1].value, item[0]))
    other_indexes = _find_next_of_others([mention.article.id for _, mention in sorted_mentions])
    for index, numbered_mention in enumerate(sorted_mentions):
        if other_indexes[index] > index + _MAX_COMPARED_FIGURES:
            continue
        for other_mention in sorted_mentions[index + 1 : index + 1 + _MAX_COMPARED_FIGURES]:
            if not are_near(numbered_mention[1], other_mention[1]):
                break
            if numbered_mention[1].article.id != other_mention[1].article.id:
                (_, first), (_, second) = sorted((numbered_mention, other_mention), key=lambda item: item[0])
                yield first, second


def are_near(smaller: FigureMention, larger: FigureMention) -> bool:
    """Tell whether two figures have the same kind and (almost) the same value. Expects `smaller <= larger`."""
    if smaller.figure.kind is not larger.figure.kind:
        return False
    if smaller.figure.kind is QuantityKind.SCORE:
        return smaller.figure.values == larger.figure.values
    if smaller.figure.kind is QuantityKind.PERCENT:
        return larger.value - smaller.value <= MAX_PERCENTAGE_POINTS
    return smaller.value == larger.value or (
        smaller.value >= MIN_COMPARED_COUNT and larger.value <= MAX_RATIO * smaller.value
    )


def measure_similarity(first: FigureMention, second: FigureMention, term_weights: TermWeights) -> float:
    """Return how surely two figures describe the same thing, as the weight of shared terms; 0 when they do not."""
    if first.value != second.value and (first.has_sibling_figures or second.has_sibling_figures):
        return 0.0
    shared_terms = {term for term in first.context_stems & second.context_stems if not term.isdigit()}
    weight = term_weights.sum_weights(shared_terms)
    min_weight = _MIN_WEIGHT_SAME_UNIT if first.unit and first.unit == second.unit else _MIN_WEIGHT_OTHER_UNIT
    return weight if len(shared_terms) >= _MIN_SHARED_TERMS and weight >= min_weight else 0.0


def count_by_day(articles_with_quotes: ArticlesWithQuotes) -> tuple[DayCount, ...]:
    """Count articles and quotes per day and outlet. Undated ones come last; in a day, unknown outlets come last."""
    article_counts, quote_counts = Counter[tuple[date | None, str | None]](), Counter[tuple[date | None, str | None]]()
    for article, article_quotes in articles_with_quotes:
        key = article.published, name_outlet(article)
        article_counts[key] += 1
        quote_counts[key] += len(article_quotes)
    sorted_keys = sorted(
        article_counts, key=lambda key: (key[0] is None, key[0] or date.max, key[1] is None, key[1] or "")
    )
    return tuple(DayCount(*key, article_counts[key], quote_counts[key]) for key in sorted_keys)


def count_by_speaker(
    articles_with_quotes: ArticlesWithQuotes, outlets: IndependentOutlets, memory: StoryMemory
) -> tuple[SpeakerCount, ...]:
    """Count quotes per named speaker with their most frequent role, most quoted first, then by number of outlets."""
    texts, roles, articles_by_speaker = dict[str, list[str]](), dict[str, list[str]](), dict[str, set[str]]()
    for article, quotes in articles_with_quotes:
        for speaker, text in memory.recall(article.id, _list_named_quotes, article, quotes):
            texts.setdefault(speaker.name, []).append(text)
            articles_by_speaker.setdefault(speaker.name, set()).add(article.id)
            if speaker.role:
                roles.setdefault(speaker.name, []).append(speaker.role)
    speaker_counts = [
        SpeakerCount(
            Speaker(name, _find_commonest_role(Counter(roles.get(name, ())))),
            len(speaker_texts),
            len(articles_by_speaker[name]),
            outlets.count(articles_by_speaker[name]),
            memory.recall(name, _count_utterances, tuple(speaker_texts)) if len(speaker_texts) > 1 else 1,
        )
        for name, speaker_texts in texts.items()
    ]
    return tuple(
        sorted(
            speaker_counts,
            key=lambda speaker_count: (-speaker_count.quotes, -speaker_count.outlets, speaker_count.speaker.name),
        )
    )


def _list_named_quotes(article: Article, quotes: Sequence[Quote]) -> tuple[tuple[Speaker, str], ...]:
    """Return the named speaker and the words of each quote that has one."""
    return tuple(
        (quote.speaker, get_quote_text(article, quote))
        for quote in quotes
        if quote.speaker and not quote.speaker.anonymous
    )


def _count_utterances(texts: tuple[str, ...]) -> int:
    return len(group_texts(texts))


def count_unnamed(articles_with_quotes: ArticlesWithQuotes) -> int:
    """Return the number of quotes by anonymous speakers."""
    return sum(speaker.anonymous for _, speaker in _list_speakers(articles_with_quotes))


def count_unattributed(articles_with_quotes: ArticlesWithQuotes) -> int:
    """Return the number of quotes without a speaker."""
    return sum(quote.speaker is None for _, quotes in articles_with_quotes for quote in quotes)


def _find_figure_mentions(article: Article, spans: Sequence[Span]) -> Iterator[FigureMention]:
    for index, sentence in enumerate(spans):
        sentence_figures = list(find_figures(article.text, sentence))
        if sentence_figures:
            context_spans = spans[max(0, index - 2) : index + 1]
            context_stems = frozenset(
                stem(term) for span in context_spans for term in extract_terms(span.of(article.text))
            )
            kind_counts = Counter(figure.kind for figure in sentence_figures)
            for figure in sentence_figures:
                unit = _find_unit(article.text, figure, sentence)
                if unit is not None:
                    has_siblings = kind_counts[figure.kind] > 1
                    yield FigureMention(article, figure, sentence, unit, context_stems, has_siblings)


def _find_next_of_others(article_ids: Sequence[str]) -> list[int]:
    """Return for each article the index of the next one with another id, or the number of articles."""
    indexes = [len(article_ids)] * len(article_ids)
    for index in range(len(article_ids) - 2, -1, -1):
        is_other = article_ids[index] != article_ids[index + 1]
        indexes[index] = index + 1 if is_other else indexes[index + 1]
    return indexes


def _find_unit(text: str, figure: Quantity, sentence: Span) -> str | None:
    """Return the stem of the unit, "" without one, or None for money and measures."""
    following_text = text[figure.value_span.end : min(sentence.end, figure.value_span.end + _MAX_UNIT_DISTANCE)]
    clause_end = _CLAUSE_END.search(following_text)
    following_terms = extract_terms(following_text[: clause_end.start() if clause_end else 0])
    if any(word in lexicon.load_words("currencies") | lexicon.load_words("measures") for word in following_terms[:2]):
        return None
    return stem(following_terms[0]) if following_terms else ""


def _list_speakers(articles_with_quotes: ArticlesWithQuotes) -> list[tuple[Article, Speaker]]:
    return [(article, quote.speaker) for article, quotes in articles_with_quotes for quote in quotes if quote.speaker]


def _find_commonest_role(role_counts: Counter[str]) -> str | None:
    return min(role_counts, key=lambda role: (-role_counts[role], role)) if role_counts else None
