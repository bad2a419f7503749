"""Select the sentences that best summarise a set of articles within a word limit.

Rule: the selection depends on the articles, never on their order, and every line is a complete sentence of an article.

Source: centroid summarisation (Radev et al. 2004) over words and word pairs, with the headlines as the editors' own
summary, the position in the article (Edmundson 1969), and maximal marginal relevance (Carbonell and Goldstein 1998).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import log

from briefings.article import find_headline
from briefings.model import Article, Span
from briefings.similarity.tfidf import Vector, compute_centroid, cosine_similarity, normalize
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, merge_spans
from briefings.text.words import count_words

#: shortest sentence that is selected, in words
_MIN_SENTENCE_WORDS = 5
#: weight of a word pair relative to a word
_BIGRAM_WEIGHT = 1.4
#: weight of the headlines relative to all sentences together
_HEADLINE_WEIGHT = 4.0
#: bonus of an article's first sentence, relative to 1 for the sentence nearest the centroid; the second gets half of it
_POSITION_WEIGHT = 0.4
#: exponent of a sentence's length in its score: short sentences leave space for others
_LENGTH_EXPONENT = -0.2
#: score penalty for similarity to a selected sentence, and the similarity at which it is a repetition
_REDUNDANCY_PENALTY, _MAX_SIMILARITY = 0.6, 0.6
#: maximum number of sentences to score; of many articles only the openings are read
_MAX_SENTENCES = 2_000
#: number of best-scoring sentences to select from: ten times as many as the longest answer has
_MAX_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentence of an article."""

    article: Article
    span: Span

    @property
    def text(self) -> str:
        """Return the sentence in the article's words."""
        return self.span.of(self.article.text)


def summarise(articles: Iterable[Article], max_words: int) -> tuple[Excerpt, ...]:
    """Return the sentences that best summarise `articles`, with at most `max_words` words in total.

    Words are separated by whitespace. Boilerplate and headlines are left out. Returns () when nothing fits.
    """
    candidates = _build_candidates(
        sorted(articles, key=lambda article: (article.id, article.text, article.title or "")), max_words
    )
    remaining = sorted(candidates, key=lambda candidate: -round(candidate.score, 9))[:_MAX_CANDIDATES]
    selection: list[_Candidate] = []
    while remaining := [
        candidate
        for candidate in remaining
        if candidate.word_count <= max_words and candidate.redundancy < _MAX_SIMILARITY
    ]:
        best = max(
            remaining,
            key=lambda candidate: round(candidate.score - _REDUNDANCY_PENALTY * candidate.redundancy, 9),
        )  # ties go to the first
        remaining.remove(best)
        selection.append(best)
        max_words -= best.word_count
        for candidate in remaining:
            candidate.redundancy = max(candidate.redundancy, cosine_similarity(candidate.vector, best.vector))
    return tuple(candidate.excerpt for candidate in selection)


@dataclass(slots=True, eq=False)
class _Candidate:
    """Sentence with its length in words, vector, score, and similarity to the sentences selected so far."""

    excerpt: Excerpt
    word_count: int
    vector: Vector
    score: float
    redundancy: float = 0.0


def _build_candidates(articles: Sequence[Article], max_words: int) -> list[_Candidate]:
    max_sentences = max(1, _MAX_SENTENCES // max(1, len(articles)))
    positioned_excerpts = [
        (Excerpt(source_article, span), position)
        for source_article in articles
        for position, span in enumerate(islice(_iterate_body_sentences(source_article), max_sentences))
    ]
    vectors = [_compute_vector(excerpt.text) for excerpt, _ in positioned_excerpts]
    centroid_vector = _compute_centroid(vectors, [article.title for article in articles if article.title])
    similarities = [cosine_similarity(vector, centroid_vector) for vector in vectors]
    max_similarity = max(similarities, default=0.0) or 1.0
    return [
        _Candidate(
            excerpt,
            word_count,
            vector,
            (similarity / max_similarity + _POSITION_WEIGHT / (1 + position)) * word_count**_LENGTH_EXPONENT,
        )
        for (excerpt, position), vector, similarity in zip(positioned_excerpts, vectors, similarities, strict=True)
        if _MIN_SENTENCE_WORDS <= (word_count := count_words(excerpt.text)) <= max_words
    ]


def _iterate_body_sentences(article: Article) -> Iterable[Span]:
    """Return the sentences of the running text, in order."""
    headline_span = find_headline(article)
    excluded_spans = merge_spans([*article.boilerplate, *([headline_span] if headline_span else [])])
    return (span for span in split_sentences(article.text) if not find_overlapping(excluded_spans, span))


def _compute_centroid(vectors: Sequence[Vector], titles: Sequence[str]) -> Vector:
    """Return the centroid of the sentences plus `_HEADLINE_WEIGHT` times the centroid of the headlines."""
    vector = compute_centroid(vectors)
    for term, weight in compute_centroid(map(_compute_vector, titles)).items():
        vector[term] = vector.get(term, 0.0) + _HEADLINE_WEIGHT * weight
    return normalize(vector)


def _compute_vector(text: str) -> Vector:
    """Return a vector of words and word pairs, weighted by the logarithm of their counts, without stop words."""
    stop_words = lexicon.load_words("stop_words")
    tokens = make_search_key(text).split()
    unigram_counts = Counter(token for token in tokens if token not in stop_words)
    bigram_counts = Counter(
        f"{first_token} {second_token}"
        for first_token, second_token in pairwise(tokens)
        if first_token not in stop_words or second_token not in stop_words
    )
    weights = {term: 1 + log(term_count) for term, term_count in unigram_counts.items()}
    return normalize(
        weights | {term: _BIGRAM_WEIGHT * (1 + log(term_count)) for term, term_count in bigram_counts.items()}
    )
