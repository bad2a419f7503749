"""Select passages for the quotes slot: direct speech before short fragments, informative and short passages first.

Rule: a passage is exactly the text inside quotation marks, never a paraphrase. An unnamed speaker is shown as unnamed.
A speaker gets a second passage only after every speaker has one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import permutations

from briefings.compose.candidates import Candidates
from briefings.compose.selection import Concept, Selection, WordBudget, extract_word_concepts, select_greedily
from briefings.model import Article, Kind, Line, Quote, Slot, Span, Speaker
from briefings.similarity.quote_matching import find_same_pairs, is_same_utterance
from briefings.similarity.tfidf import compute_centroid, compute_tfidf_vectors, cosine_similarity, extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping
from briefings.text.words import count_words

#: shortest and longest passage that can be a line, in words
MIN_PASSAGE_WORDS, MAX_PASSAGE_WORDS = 4, 35
#: a passage gains nothing from being shorter than this many words; and the minimum number of significant words in a
#: passage, unless a second outlet reports it
_SHORT_PASSAGE_WORDS, _MIN_TERMS = 8, 3
#: maximum number of sentences in one passage
_MAX_SENTENCES = 3
_MAX_PASSAGES = 8
#: number of best-scoring passages to consider
_MAX_WEIGHED_PASSAGES = 200
#: additional outlets that raise a passage's score
_MAX_EXTRA_OUTLETS = 3
#: gain of each additional speaker
_SPEAKER_BONUS = 1.0
#: additional gain of a speaker that every article quotes; less for fewer articles
_PROMINENCE_BONUS = 2.0
#: a later passage of a quotation with one of these words may be unclear without the words before it
_POINTING_WORDS = re.compile(rf"\b(?:{lexicon.build_alternation('pointing')})\b")
_UsablePassage = tuple[Article, Quote, Speaker, Span]


@dataclass(frozen=True, slots=True, eq=False)
class QuotePassage:
    """Passage that can be shown, with its speaker, its score and its number of independent outlets."""

    article: Article
    quote: Quote
    speaker: Speaker
    span: Span
    score: float
    outlets: int

    @property
    def text(self) -> str:
        """Return the words to show, exactly as in the article."""
        return self.span.of(self.article.text)


def _keep_all(passages: list[QuotePassage]) -> list[QuotePassage]:
    return passages


class QuoteSelector:
    """Selector of quote passages for a briefing. `shown_texts` are texts that other slots show already.

    `filter_passages` returns the passages that may be selected.
    """

    def __init__(
        self,
        candidates: Candidates,
        budget: WordBudget,
        covered_concepts: set[Concept],
        shown_texts: Sequence[str],
        filter_passages: Callable[[list[QuotePassage]], list[QuotePassage]] = _keep_all,
    ) -> None:
        self._candidates = candidates
        self._budget = budget
        self._covered_concepts = covered_concepts
        self._shown_texts = shown_texts
        self._ranked_passages = filter_passages(_find_passages(candidates))
        speaker_names = (
            {quote.speaker.name for quote in quotes if quote.speaker} for _, quotes in candidates.articles_with_quotes
        )
        #: number of articles that quote each speaker
        self._article_counts = Counter(name for names in speaker_names for name in names)
        self._selections = [
            Selection(
                passage.text,
                max(_SHORT_PASSAGE_WORDS, count_words(passage.text)),
                extract_word_concepts(passage.text),
                _score_passage(passage),
                self._compute_speaker_bonus(passage),
            )
            for passage in self._ranked_passages
        ]
        self._selected_passages: list[QuotePassage] = []

    def select(self, max_per_speaker: int) -> None:
        """Select up to `max_per_speaker` passages of each speaker while the budget allows."""
        select_greedily(
            self._selections,
            self._candidates.concept_weights,
            self._budget,
            covered_concepts=self._covered_concepts,
            is_allowed=lambda index: self._may_join(self._ranked_passages[index], max_per_speaker),
            on_selected=lambda index: self._selected_passages.append(self._ranked_passages[index]),
        )

    def to_lines(self) -> list[Line]:
        """Return the selected passages as lines, in order of selection."""
        return [
            Line(
                slot=Slot.QUOTES,
                text=passage.text,
                evidence=(self._candidates.make_evidence(passage.article, passage.span),),
                speaker=passage.speaker,
                outlets=passage.outlets,
            )
            for passage in self._selected_passages
        ]

    def _compute_speaker_bonus(self, passage: QuotePassage) -> float:
        """Return the gain of including this speaker; it grows with the share of articles that quote the speaker."""
        return _SPEAKER_BONUS + _PROMINENCE_BONUS * self._article_counts[passage.speaker.name] / len(
            self._candidates.articles
        )

    def _may_join(self, passage: QuotePassage, max_per_speaker: int) -> bool:
        if len(self._selected_passages) >= _MAX_PASSAGES:
            return False
        speaker_texts = [
            selected_passage.text
            for selected_passage in self._selected_passages
            if selected_passage.speaker.name == passage.speaker.name
        ]
        return len(speaker_texts) < max_per_speaker and not any(
            is_same_utterance(text, passage.text) for text in [*speaker_texts, *self._shown_texts]
        )


@dataclass(frozen=True, slots=True)
class _Report:
    """Words that an article (its id) quotes from a speaker. `passage` is the index of the usable passage, if any."""

    article: str
    text: str
    passage: int | None = None


def _find_passages(candidates: Candidates) -> list[QuotePassage]:
    usable_passages = [
        (article, quote, quote.speaker, span)
        for article, quotes in candidates.articles_with_quotes
        for quote in quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
        for span in _iterate_passages(article, quote)
    ]
    passage_vectors = compute_tfidf_vectors([span.of(article.text) for article, _, _, span in usable_passages])
    centroid_vector = compute_centroid(passage_vectors)
    ranked_passages = [
        QuotePassage(article, quote, speaker, span, cosine_similarity(vector, centroid_vector), outlet_count)
        for (article, quote, speaker, span), vector, outlet_count in zip(
            usable_passages, passage_vectors, _count_outlets(candidates, usable_passages), strict=True
        )
    ]
    ranked_passages = [
        passage for passage in ranked_passages if passage.outlets > 1 or len(extract_terms(passage.text)) >= _MIN_TERMS
    ]
    ranked_passages.sort(key=lambda passage: (passage.article.published is None, passage.article.id, passage.span))
    return nlargest(_MAX_WEIGHED_PASSAGES, ranked_passages, key=_score_passage)


def _score_passage(passage: QuotePassage) -> float:
    is_direct, is_named = passage.quote.kind is Kind.DIRECT, not passage.speaker.anonymous
    # a later part of a quotation may refer back to its beginning
    is_opening = any(passage.span.start == fragment.start for fragment in passage.quote.content)
    return (
        0.3
        + 0.5 * passage.score
        + 0.2 * is_direct
        + 0.15 * is_named
        + 0.2 * min(_MAX_EXTRA_OUTLETS, passage.outlets - 1)
        + 0.1 * passage.quote.confidence
        - 0.2 * (not is_opening)
    )


def _iterate_passages(article: Article, quote: Quote) -> Iterator[Span]:
    """Yield the runs of one to three whole sentences of each fragment that can be a line."""
    for fragment in quote.content:
        spans = split_sentences(fragment.of(article.text))
        for first_index in range(len(spans)):
            for last_index in range(first_index, min(len(spans), first_index + _MAX_SENTENCES)):
                start, end = fragment.start + spans[first_index].start, fragment.start + spans[last_index].end
                # the comma before the closing mark belongs to the article, not to the speaker
                span = Span(start, start + len(article.text[start:end].rstrip(",")))
                length = count_words(span.of(article.text))
                is_pointing = first_index > 0 and _POINTING_WORDS.search(fold(span.of(article.text)))
                if (
                    MIN_PASSAGE_WORDS <= length <= MAX_PASSAGE_WORDS
                    and not is_pointing
                    and not find_overlapping(article.boilerplate, span)
                ):
                    yield span


def _count_outlets(candidates: Candidates, usable_passages: Sequence[_UsablePassage]) -> list[int]:
    """Count, for each passage, the outlets that quote its speaker with the passage or at least half of its words."""
    carrier_ids = [{article.id} for article, _, _, _ in usable_passages]
    reports: dict[str, list[_Report]] = {}
    for article, quotes in candidates.articles_with_quotes:
        for quote in quotes:
            if quote.speaker is not None:
                texts = [_Report(article.id, fragment.of(article.text)) for fragment in quote.content]
                reports.setdefault(quote.speaker.name, []).extend(texts)
    for index, (article, _, speaker, span) in enumerate(usable_passages):
        reports[speaker.name].append(_Report(article.id, span.of(article.text), index))
    for speaker_reports in reports.values():
        for pair in find_same_pairs([speaker_report.text for speaker_report in speaker_reports]):
            for report, other_report in permutations(speaker_reports[index] for index in pair):
                if report.passage is not None and 2 * count_words(other_report.text) >= count_words(report.text):
                    carrier_ids[report.passage].add(other_report.article)
    return [candidates.outlets.count(article_ids) for article_ids in carrier_ids]
