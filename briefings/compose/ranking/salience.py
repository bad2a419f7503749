"""Measure how much each sentence of a story matters: how many articles tell it, and how near to the top.

Rule: every measure is standardised within the story, so that one set of weights fits stories of any size. The result
does not depend on the order of the articles, because the caller sorts them.

Source: best match in every other article (sentence-level corroboration), likeness to ledes and headlines, position.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log

import numpy as np
from numpy.typing import NDArray

from briefings.compose.ranking.term_values import value_terms
from briefings.compose.selection import stem
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold_prose
from briefings.text.words import count_words

FloatArray = NDArray[np.float32]

#: weights of the standardised measures
SUPPORT, SHARED, LEDE, TITLE, POSITION, NEWNESS, OPINION, QUOTE_SHARE = 1.0, 0.35, 0.15, 0.5, 0.2, 0.6, -1.0, -0.4
#: sentences at the top that tell the headline's news, and the share of outlets whose words there are the news
HEADLINE_SENTENCES, MIN_HEADLINE_SHARE = 1, 0.25
#: sentences at the top of an article that count as its lede
LEDE_SENTENCES = 2
#: sentences after which the position counts half
_HALF_POSITION = 6.0
#: words below which a sentence gains nothing from being short
_MIN_TERMS = 6
#: days after which an article is half as new
HALF_NEWNESS = 1.5
_DECIMALS = 5
_OPINION = re.compile(rf"(?<!\w)(?:{lexicon.build_alternation('opinions')})(?!\w)")


@dataclass(frozen=True, slots=True)
class BodySentence:
    """Sentence of an article's running text, as the measures need it."""

    #: index of the article in the story
    article: int
    #: index of the sentence in its article
    position: int
    text: str
    #: the text with quoted words blanked
    unquoted_text: str


@dataclass(frozen=True, slots=True)
class StoryMeasures:
    """Measures of all body sentences of a story, by their index; each array has one number per sentence."""

    similarity: FloatArray
    #: share of the shorter sentence's words, by weight, that each pair of sentences shares
    containment: FloatArray
    #: mean over the other articles of the best match there, 0 to 1
    support: FloatArray
    #: share of the sentence's own headline that it tells, 0 to 1
    own_title: FloatArray
    #: share of the newest headlines that it tells, 0 to 1
    newest_title: FloatArray
    #: mean likeness to the openings of the other articles, 0 to 1
    opening: FloatArray
    newness: FloatArray
    position: FloatArray
    #: standardised sum of all measures
    salience: FloatArray
    #: word stems of each sentence
    terms: tuple[frozenset[str], ...]
    #: stems in the headlines and openings of several outlets: the words of the story's news
    headline_terms: frozenset[str]
    #: how much a stem adds to a briefing: more if several outlets use it
    term_values: Mapping[str, float]


def measure_story(
    sentences: Sequence[BodySentence], titles: Sequence[str | None], outlets: Sequence[int], ages: Sequence[float]
) -> StoryMeasures:
    """Measure the body sentences of a story.

    `titles`, `outlets` (numbers of independent outlets) and `ages` (days before the newest article) have one entry per
    article.
    """
    terms = [_extract_stems(sentence.text) for sentence in sentences]
    distinct_terms = [_list_distinct_stems(sentence.text) for sentence in sentences]
    counts = Counter(chain.from_iterable(distinct_terms))
    weights = {term: log(1 + len(terms) / count) for term, count in counts.items()}
    norms = _compute_norms(distinct_terms, weights)
    similarity = _compare(distinct_terms, counts, weights, norms)
    articles = np.array([sentence.article for sentence in sentences], dtype=np.intp)
    positions = np.array([sentence.position for sentence in sentences], dtype=np.float32)
    best_matches = _find_best_matches(similarity, articles, len(titles))
    ledes = positions < LEDE_SENTENCES
    lede_matches = _find_best_matches(np.where(ledes[None, :], similarity, np.float32(0)), articles, len(titles))
    support, opening = _average_others(best_matches, articles), _average_others(lede_matches, articles)
    coverage = _cover_titles(terms, weights, titles)
    newness = np.array([0.5 ** (ages[sentence.article] / HALF_NEWNESS) for sentence in sentences], dtype=np.float32)
    freshness = np.array([0.5 ** (age / HALF_NEWNESS) for age in ages], dtype=np.float32)
    newest_title = (coverage * freshness[None, :]).max(axis=1) if len(titles) else support
    position = _HALF_POSITION / (_HALF_POSITION + positions)
    own_title = coverage[np.arange(len(sentences)), articles]
    mean_title = coverage.mean(axis=1) if len(titles) else support
    opinion = np.array([_tells_opinion(sentence.unquoted_text) for sentence in sentences], dtype=np.float32)
    quote_shares = np.array([_measure_quote_share(s.text, s.unquoted_text) for s in sentences], dtype=np.float32)
    term_values = value_terms(
        terms, [outlets[sentence.article] for sentence in sentences], [sentence.text for sentence in sentences]
    )
    shared = _measure_shared(terms, term_values)
    salience = (
        SUPPORT * _standardise(support)
        + SHARED * _standardise(shared)
        + LEDE * _standardise(opening)
        + TITLE * _standardise(mean_title)
        + POSITION * _standardise(position)
        + NEWNESS * _standardise(newness)
        + OPINION * opinion
        + QUOTE_SHARE * _standardise(quote_shares)
    )
    return StoryMeasures(
        similarity,
        _measure_containment(similarity, norms),
        support,
        own_title,
        newest_title,
        opening,
        newness,
        position,
        np.round(salience, _DECIMALS),
        tuple(map(frozenset, terms)),
        _find_headline_terms(terms, sentences, titles, outlets),
        term_values,
    )


@lru_cache(maxsize=4_096)
def _extract_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the significant words. Cached, because people ask for the same story repeatedly."""
    return tuple(map(stem, extract_terms(text)))


@lru_cache(maxsize=4_096)
def _list_distinct_stems(text: str) -> tuple[str, ...]:
    """Return the different stems of the significant words, sorted."""
    return tuple(sorted(set(_extract_stems(text))))


@lru_cache(maxsize=4_096)
def _tells_opinion(unquoted_text: str) -> bool:
    return _OPINION.search(fold_prose(unquoted_text)) is not None


@lru_cache(maxsize=4_096)
def _measure_quote_share(text: str, unquoted_text: str) -> float:
    return 1 - count_words(unquoted_text) / max(1, count_words(text))


def _compare(
    terms: Sequence[Sequence[str]], counts: Mapping[str, int], weights: Mapping[str, float], norms: FloatArray
) -> FloatArray:
    """Return the cosine of every pair of sentences; rare words weigh more."""
    shared_terms = sorted(term for term, count in counts.items() if count > 1)
    matrix = _mark_terms(terms, shared_terms) * np.array([weights[term] for term in shared_terms], dtype=np.float32)
    return np.round((matrix @ matrix.T) / _outer_norms(norms), _DECIMALS)


def _mark_terms(terms: Sequence[Sequence[str]], columns: Sequence[str]) -> FloatArray:
    """Return 1 for each sentence (row) and each of the terms `columns` that it has, else 0."""
    numbers = {term: number for number, term in enumerate(columns)}
    numbers_by_row = [[numbers[term] for term in sentence_terms if term in numbers] for sentence_terms in terms]
    rows = np.repeat(np.arange(len(terms)), [len(row_numbers) for row_numbers in numbers_by_row])
    matrix = np.zeros((len(terms), max(1, len(columns))), dtype=np.float32)
    matrix[rows, np.fromiter(chain.from_iterable(numbers_by_row), dtype=np.intp, count=len(rows))] = 1.0
    return matrix


def _compute_norms(terms: Sequence[Sequence[str]], weights: Mapping[str, float]) -> FloatArray:
    """Return the root of the summed squared weights of each sentence's terms, which are sorted."""
    squares = {term: weight**2 for term, weight in weights.items()}
    return np.array([sum(map(squares.__getitem__, each)) ** 0.5 for each in terms], dtype=np.float32)


def _outer_norms(norms: FloatArray) -> FloatArray:
    products: FloatArray = np.maximum(norms[:, None] * norms[None, :], 1e-6)
    return products


def _measure_containment(similarity: FloatArray, norms: FloatArray) -> FloatArray:
    """Return the squared weight that two sentences share, over that of the lighter one."""
    lighter = np.maximum(np.minimum(norms[:, None], norms[None, :]), 1e-6)
    heavier = np.maximum(norms[:, None], norms[None, :])
    return np.round(similarity * heavier / lighter, _DECIMALS)


def _find_best_matches(similarity: FloatArray, articles: NDArray[np.intp], article_count: int) -> FloatArray:
    """Return the best match of each sentence (row) in each article (column)."""
    best = np.zeros((len(articles), article_count), dtype=np.float32)
    if len(articles):
        owners, first_columns = np.unique(articles, return_index=True)  # the sentences are article by article
        # the rows of a transposed copy are compared much faster than columns
        best[:, owners] = np.maximum.reduceat(np.ascontiguousarray(similarity.T), first_columns, axis=0).T
    return best


def _average_others(best_matches: FloatArray, articles: NDArray[np.intp]) -> FloatArray:
    article_count = best_matches.shape[1]
    if article_count < 2:
        return np.zeros(len(articles), dtype=np.float32)
    own = best_matches[np.arange(len(articles)), articles]
    mean: FloatArray = (best_matches.sum(axis=1) - own) / (article_count - 1)
    return np.round(mean, _DECIMALS)


def _cover_titles(
    terms: Sequence[Sequence[str]], weights: Mapping[str, float], titles: Sequence[str | None]
) -> FloatArray:
    """Return the share of each title (column) that each sentence (row) tells, by weight."""
    rarest = max(weights.values(), default=1.0)
    title_terms = [_list_distinct_stems(title or "") for title in titles]
    columns = sorted({term for each in title_terms for term in each} & weights.keys())
    numbers = {term: number for number, term in enumerate(columns)}
    shares = np.zeros((max(1, len(columns)), len(titles)), dtype=np.float32)
    for title, each in enumerate(title_terms):
        total = sum(weights.get(term, rarest) for term in each)
        for term in each:
            if term in numbers:
                shares[numbers[term], title] = weights[term] / total
    coverage = _mark_terms(terms, columns) @ shares
    return np.round(coverage, _DECIMALS)


def _measure_shared(terms: Sequence[Sequence[str]], values: Mapping[str, float]) -> FloatArray:
    """Return for each sentence the mean value of its words: how many outlets share them."""
    shares = [sum(map(values.__getitem__, each)) / max(_MIN_TERMS, len(each)) for each in terms]
    return np.array(shares, dtype=np.float32).round(_DECIMALS)


def _find_headline_terms(
    terms: Sequence[Sequence[str]],
    sentences: Sequence[BodySentence],
    titles: Sequence[str | None],
    outlets: Sequence[int],
) -> frozenset[str]:
    carriers: dict[str, set[int]] = defaultdict(set)
    openings = [
        (outlets[sentence.article], sentence_terms)
        for sentence, sentence_terms in zip(sentences, terms, strict=True)
        if sentence.position < HEADLINE_SENTENCES
    ]
    headlines = [(outlet, _extract_stems(title or "")) for outlet, title in zip(outlets, titles, strict=True)]
    for outlet, outlet_terms in [*openings, *headlines]:
        for term in outlet_terms:
            carriers[term].add(outlet)
    min_outlets = max(2, MIN_HEADLINE_SHARE * len(set(outlets)))
    return frozenset(term for term, owners in carriers.items() if len(owners) >= min_outlets)


def _standardise(values: FloatArray) -> FloatArray:
    deviation = float(values.std()) if len(values) else 0.0
    scaled: FloatArray = (values - values.mean()) / deviation if deviation > 1e-6 else np.zeros_like(values)
    return scaled
