"""The slot of who said what: one passage a speaker, direct speech before a few words, short and telling before long.

Rule: the words stood in quotation marks, exactly so; a paraphrase is never among them. Whoever is
unnamed in the article is shown as unnamed. A second passage of a speaker comes only after everybody was heard.
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

#: words of a passage that makes a line
MIN_PASSAGE_WORDS, MAX_PASSAGE_WORDS = 4, 35
#: words up to which a passage is no better for being shorter, and words with a meaning of their own that it must have
#: unless a second outlet found it worth printing
_SHORT_PASSAGE_WORDS, _MIN_TERMS = 8, 3
#: sentences of one passage, at most
_MAX_SENTENCES = 3
_MAX_PASSAGES = 8
#: passages looked at in depth, those that matter most
_MAX_WEIGHED_PASSAGES = 200
#: outlets beside the first that make a passage better
_MAX_EXTRA_OUTLETS = 3
#: what hearing one more person is worth, beside what is told
_SPEAKER_BONUS = 1.0
#: and what it is worth beside that to hear somebody whom every article quotes
_PROMINENCE_BONUS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class QuotePassage:
    """A passage that may be shown: its speaker, the words to show of it, how much it matters, who carries it."""

    article: Article
    quote: Quote
    speaker: Speaker
    span: Span
    score: float
    outlets: int

    @property
    def text(self) -> str:
        """The words to show, as the article has them."""
        return self.span.of(self.article.text)


#: what follows other words of a quotation and holds one of these may not be understood alone
_POINTING_WORDS = re.compile(rf"\b(?:{lexicon.build_alternation('pointing')})\b")
_UsablePassage = tuple[Article, Quote, Speaker, Span]


@dataclass(frozen=True, slots=True)
class _Report:
    """Words that an article (its id) has from a speaker; `passage` says which of the usable ones they are, if any."""

    article: str
    text: str
    passage: int | None = None


def _keep_all(passages: list[QuotePassage]) -> list[QuotePassage]:
    return passages


class QuoteSelector:
    """Picks passages for a briefing; remembers who was heard, and what with. `shown` are texts shown elsewhere.

    Only those are picked that `wanted` leaves of them.
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
        #: how many articles quote somebody
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
        """Lets everybody be heard up to `times` times, as long as the budget is open."""
        select_greedily(
            self._selections,
            self._candidates.concept_weights,
            self._budget,
            covered_concepts=self._covered_concepts,
            is_allowed=lambda index: self._may_join(self._ranked_passages[index], max_per_speaker),
            on_selected=lambda index: self._selected_passages.append(self._ranked_passages[index]),
        )

    def to_lines(self) -> list[Line]:
        """The passages chosen, in the order in which they were."""
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
        """What it is worth to hear this speaker: more of somebody whom many of the articles quote."""
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
    ranked_passages.sort(
        key=lambda ranked_passage: (
            ranked_passage.article.published is None,
            ranked_passage.article.id,
            ranked_passage.span,
        )
    )
    return nlargest(_MAX_WEIGHED_PASSAGES, ranked_passages, key=_score_passage)


def _score_passage(passage: QuotePassage) -> float:
    is_direct, is_named = passage.quote.kind is Kind.DIRECT, not passage.speaker.anonymous
    # what comes after other words in a quotation may point back to them
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
    """The runs of one to three whole sentences of each fragment that make a line."""
    for fragment in quote.content:
        spans = split_sentences(fragment.of(article.text))
        for first_index in range(len(spans)):
            for last_index in range(first_index, min(len(spans), first_index + _MAX_SENTENCES)):
                start, end = fragment.start + spans[first_index].start, fragment.start + spans[last_index].end
                # the comma before the closing mark is the paper's, not the speaker's
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
    """How many independent outlets have each of the passages, or at least half of its words, from its speaker."""
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
