"""Rate passages of direct speech: what other outlets print too, said by named people, early in new articles.

Rule: every measure is standardised within the story, so that one set of weights fits all stories. The weights are
equal, but for two weak measures: weights learned from annotated stories were no better on other stories.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from briefings.compose.candidates import Candidates
from briefings.compose.selection import stem
from briefings.compose.voices.passages import QuotePassage
from briefings.compose.voices.prominence import Prominence
from briefings.model import Article
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold_prose
from briefings.text.words import count_words

#: additional outlets that raise a passage's rating, and the number of forceful words that do
_MAX_EXTRA_OUTLETS, _MAX_FORCEFUL_WORDS = 3, 2
#: outlets that an article's own repetition of the words is worth
_REPEATED_OUTLETS = 2
#: an article this much older than the newest one is not new at all
_NEWS_AGE = timedelta(days=3)
#: a passage with fewer terms than this gains nothing from being short
_MIN_TITLE_TERMS = 3
#: how much more a title of the newest day counts
_NEWEST_TITLE_WEIGHT = 1.5
#: how much the words of the news count, of its first line in full
_NEWS_WEIGHT = 0.5
#: most sentences that a passage is in
_MAX_SENTENCES = 4
_FIRST_PERSON = re.compile(rf"\b(?:{lexicon.build_alternation('first_person')})\b")
#: words that mean something said before; their share counts in passages of at least so many words
_POINTING_WORDS = re.compile(rf"\b(?:{lexicon.build_alternation('pointing')})\b")
_CONNECTIVE = re.compile(r"(?:and|but|or|so|then|well)\b")
_MIN_POINTED_WORDS = 6
_WORD = re.compile(r"[\w']+")
#: weights of the standardised measures, in the order of `_measure`
_WEIGHTS = np.array([0.1] * 11 + [0.03, -0.1, -0.03, -0.1, -0.1])


def rate_passages(
    candidates: Candidates, passages: Sequence[QuotePassage], prominence: Prominence, news_texts: Sequence[str]
) -> list[float]:
    """Return a rating for each passage: 0 is the average of the story.

    `news_texts` are the lines that tell the news, the most important first.
    """
    if not passages:
        return []
    title_weights = _weigh_title_stems(candidates)
    for number, text in enumerate(news_texts):
        for term in set(map(stem, extract_terms(text))):
            title_weights[term] = title_weights.get(term, 0.0) + _NEWS_WEIGHT / (1 + number)
    support = _SentenceSupport(candidates)
    measures = np.array([_measure(passage, candidates, title_weights, prominence, support) for passage in passages])
    ratings: NDArray[np.float64] = _standardise(measures) @ _WEIGHTS
    return [round(float(rating), 9) for rating in ratings]  # sums may differ in the last digits between machines


class _SentenceSupport:
    """How well the other outlets support the sentences of a passage."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        counts = [len(candidates.get_sentence_spans(article)) for article in candidates.articles]
        ids = [article.id for article in candidates.articles]
        self._first_indexes = dict(zip(ids, accumulate(counts, initial=0), strict=False))

    def get(self, passage: QuotePassage) -> float:
        """Return the best support of a sentence that the passage is in, 0 if none is read."""
        spans = self._candidates.get_sentence_spans(passage.article)
        first = bisect_right(spans, passage.span.start, key=lambda span: span.start) - 1
        supports = [
            float(self._candidates.measures.support[self._first_indexes[passage.article.id] + index])
            for index in range(max(0, first), min(len(spans), first + _MAX_SENTENCES))
            if spans[index].overlaps(passage.span)
        ]
        return max(supports, default=0.0)


def _measure(
    passage: QuotePassage,
    candidates: Candidates,
    title_weights: dict[str, float],
    prominence: Prominence,
    support: _SentenceSupport,
) -> list[float]:
    """Return the measures of one passage. A frame is read with it: it tells what the few words are about."""
    text, speaker = passage.text_in_frame, passage.speaker
    words = candidates.memory.recall(text, _measure_words, text)
    return [
        min(_MAX_EXTRA_OUTLETS, passage.echoes - 1 + _REPEATED_OUTLETS * passage.is_repeated),
        passage.is_opening or passage.frame is not None,
        text[:1].isupper(),
        words.has_first_person,
        _MAX_FORCEFUL_WORDS if passage.is_label else words.forceful_count,
        sum(sorted([title_weights.get(term, 0.0) for term in words.stems]))
        / max(_MIN_TITLE_TERMS, len(words.stems)) ** 0.5,
        speaker.role is not None,
        " " in speaker.name,
        _measure_newness(passage.article, candidates.newest_day),
        prominence.measure_quoting(speaker),
        prominence.measure(speaker),
        support.get(passage),
        speaker.anonymous,
        prominence.measure_distance(speaker),
        passage.span.start / max(1, len(passage.article.text)),
        words.pointing_share,
    ]


@dataclass(frozen=True, slots=True)
class _WordMeasures:
    """Measures of a passage that depend on its words alone; see `_measure`."""

    stems: frozenset[str]
    has_first_person: bool
    forceful_count: int
    pointing_share: float


def _measure_words(text: str) -> _WordMeasures:
    folded_text = fold_prose(text)
    forceful_words = lexicon.load_words("forceful")
    pointing_count = len(_POINTING_WORDS.findall(folded_text)) + bool(_CONNECTIVE.match(folded_text))
    return _WordMeasures(
        frozenset(map(stem, extract_terms(text))),
        _FIRST_PERSON.search(folded_text) is not None,
        min(_MAX_FORCEFUL_WORDS, sum(word in forceful_words for word in _WORD.findall(folded_text))),
        (pointing_count + _is_question(text)) / max(_MIN_POINTED_WORDS, count_words(text)),
    )


def _is_question(text: str) -> bool:
    """Tell whether a passage only asks: it tells nothing and waits for an answer that is not shown."""
    return "?" in text and not re.search(r"[.!]", text)


def _weigh_title_stems(candidates: Candidates) -> dict[str, float]:
    """Return the weight of each stem in titles: the share of the articles with it, more for the newest day."""
    weights: dict[str, float] = {}
    for article in candidates.articles:
        is_newest = article.published is not None and article.published == candidates.newest_day
        for term in {stem(word) for word in extract_terms(article.title or "")}:
            weights[term] = weights.get(term, 0.0) + (_NEWEST_TITLE_WEIGHT if is_newest else 1.0)
    return {term: weight / len(candidates.articles) for term, weight in weights.items()}


def _measure_newness(article: Article, newest_day: date | None) -> float:
    """Return 1 for the newest day, less for each day before, 0 for old and undated articles."""
    if article.published is None or newest_day is None:
        return 0.0
    return max(0.0, 1 - (newest_day - article.published) / _NEWS_AGE)


def _standardise(measures: NDArray[np.float64]) -> NDArray[np.float64]:
    deviations = measures.std(axis=0)
    standardised: NDArray[np.float64] = (measures - measures.mean(axis=0)) / np.where(deviations > 1e-9, deviations, 1)
    return standardised
