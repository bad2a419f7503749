"""Read, score and compare the sentences and quotes of a story's articles, from which a briefing is composed.

Rule: a candidate sentence can be understood without context: it is whole, the article's own words, and points back to
nothing. It opens with "He" only when we know who that is. From a very large story we read only the newest articles, and
the briefing says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate

import numpy as np

from briefings.article.citation import build_link
from briefings.attribution.name_completion import PeopleLookup, find_full_names
from briefings.compose.compression import extract_surname
from briefings.compose.figures import FigureMention, TermWeights, find_figure_mentions, iterate_stems
from briefings.compose.ranking.lead import ArticleRole, adjust_lead_score, compute_lead_scores, find_article_roles
from briefings.compose.ranking.salience import BodySentence, FloatArray, StoryMeasures, measure_story
from briefings.compose.story.article_reading import ArticleReading, read_article
from briefings.compose.story.whole_sentences import find_whole_sentences
from briefings.facts import Anchor, SentenceFacts, extract_facts, find_anchor, find_news_day
from briefings.model import Article, Evidence, Quote, Span
from briefings.similarity.source_independence import IndependentOutlets
from briefings.similarity.story_memory import StoryMemory
from briefings.similarity.tfidf import Vector, compute_tfidf_vectors, find_similar_owners

#: cosine from which two sentences make the same statement
MIN_STATEMENT_SIMILARITY = 0.4
#: articles that are read: the newest ones of a larger story
MAX_ARTICLES = 300
#: sentences that are read, shared among the articles, and the minimum per article: news puts what matters first
MAX_SENTENCES, MIN_ARTICLE_SENTENCES = 400, 2
#: age in days of an undated article, and the largest age that counts
_UNDATED_AGE, _MAX_AGE = 2.0, 30.0
#: more than any difference of two lead scores: an outlet that no one confirmed leads only if all are like that
_UNCERTAIN_PENALTY = 1_000.0

_ArticlesWithQuotes = Sequence[tuple[Article, tuple[Quote, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """Candidate sentence with its facts, its score (about -3 to 5) and its number of independent outlets."""

    article: Article
    facts: SentenceFacts
    vector: Vector
    #: how much it matters in the story: standardised, 0 is the average of all sentences
    score: float
    outlets: int
    #: who its opening pronoun means, "He: Jane Roe"; None without an opening pronoun
    note: str | None
    #: how well it tells the news as a first line; None if it cannot
    lead_score: float | None
    #: index of the sentence in the story's body sentences, for `Candidates.compare`
    index: int

    @property
    def text(self) -> str:
        """Return the sentence in the article's words."""
        return self.facts.span.of(self.article.text)


class Candidates:
    """Articles of one story with their quotes, in order of publication (undated last, then by id)."""

    def __init__(
        self,
        articles_with_quotes: _ArticlesWithQuotes,
        people_lookup: PeopleLookup = find_full_names,
        duplicates: Iterable[tuple[str, str]] = (),
        memory: StoryMemory | None = None,
    ) -> None:
        self.people_lookup = people_lookup
        #: what is known of parts of the story
        self.memory = memory or StoryMemory()
        sorted_pairs = sorted(articles_with_quotes, key=lambda pair: (pair[0].published or date.max, pair[0].id))
        newest_pairs = _keep_newest(sorted_pairs)
        #: number of articles that are not read: older or undated ones
        self.unread_count = len(sorted_pairs) - len(newest_pairs)
        self.articles = [article for article, _ in newest_pairs]
        max_sentences = max(MIN_ARTICLE_SENTENCES, MAX_SENTENCES // max(1, len(newest_pairs)))
        #: what is read of each article
        self.readings = [
            self.memory.recall(article.id, read_article, article, quotes, max_sentences)
            for article, quotes in newest_pairs
        ]
        self._readings_by_id = {reading.article.id: reading for reading in self.readings}
        self.articles_with_quotes = [(reading.article, reading.quotes) for reading in self.readings]
        self.outlets = IndependentOutlets(self.articles, duplicates)

    @cached_property
    def newest_day(self) -> date | None:
        """Return the day of the newest dated article, or None."""
        return max((article.published for article in self.articles if article.published), default=None)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return the candidate sentences, article by article."""
        standalone_sentences = self._standalone_sentences
        sentence_vectors = compute_tfidf_vectors(
            [facts.span.of(article.text) for _, article, facts, _ in standalone_sentences]
        )
        carrier_ids = find_similar_owners(
            sentence_vectors, [article.id for _, article, _, _ in standalone_sentences], MIN_STATEMENT_SIMILARITY
        )
        return tuple(
            Sentence(
                article,
                facts,
                vector,
                float(self.measures.salience[index]),
                outlet_count,
                note,
                adjust_lead_score(
                    float(self._lead_scores[index]), facts.span.of(article.text), note, is_expected=facts.is_expected
                ),
                index,
            )
            for (index, article, facts, note), vector, outlet_count in zip(
                standalone_sentences, sentence_vectors, map(self.outlets.count, carrier_ids), strict=True
            )
        )

    @cached_property
    def measures(self) -> StoryMeasures:
        """Return the measures of all body sentences, article by article."""
        outlet_numbers = self.outlets.number([article.id for article in self.articles])
        return measure_story(
            self._body_sentences, [article.title for article in self.articles], outlet_numbers, self._ages
        )

    @cached_property
    def refused_openings(self) -> tuple[tuple[str, float], ...]:
        """Return the first sentence of each report whose opening cannot be a line, with its lead score."""
        standalone_indexes = {index for index, *_ in self._standalone_sentences}
        return tuple(
            (sentence.text, float(self._lead_scores[index]))
            for index, sentence in enumerate(self._body_sentences)
            if sentence.position == 0
            and index not in standalone_indexes
            and not self._roles[sentence.article].is_comment
        )

    def get_age(self, sentence: Sentence) -> float:
        """Return the age of the sentence's article in days, counted from the newest news."""
        return self._ages[self._body_sentences[sentence.index].article]

    def compare(self, first: Sentence, second: Sentence) -> float:
        """Return how alike two sentences are, 0 to 1."""
        return float(self.measures.similarity[first.index, second.index])

    def measure_containment(self, first: Sentence, second: Sentence) -> float:
        """Return the share of the shorter sentence, by the weight of its words, that the other one tells too."""
        return float(self.measures.containment[first.index, second.index])

    @cached_property
    def figures(self) -> tuple[FigureMention, ...]:
        """Return the figures of all articles outside boilerplate, article by article."""
        return tuple(
            mention
            for article in self.articles
            for mention in find_figure_mentions(article, self.get_sentence_spans(article))
        )

    @cached_property
    def term_weights(self) -> TermWeights:
        """Return the weights of terms that two sentences share."""
        return TermWeights(
            passage for article in self.articles for passage in iterate_stems(article, self.get_sentence_spans(article))
        )

    @cached_property
    def people(self) -> dict[str, str]:
        """Map folded surnames of named speakers to full names. Surnames of more than one person are left out."""
        names_by_surname: dict[str, set[str]] = {}
        for _, quotes in self.articles_with_quotes:
            for quote in quotes:
                if quote.speaker and not quote.speaker.anonymous and " " in quote.speaker.name:
                    names_by_surname.setdefault(extract_surname(quote.speaker.name), set()).add(quote.speaker.name)
        return {
            key: next(iter(full_names)) for key, full_names in names_by_surname.items() if key and len(full_names) == 1
        }

    def get_sentence_spans(self, article: Article) -> tuple[Span, ...]:
        """Return the spans of the article's sentences that are read: running text, from the top."""
        return self._readings_by_id[article.id].spans

    @property
    def is_truncated(self) -> bool:
        """Tell whether only the first sentences of some article are read."""
        return any(reading.is_truncated for reading in self.readings)

    def get_unquoted_text(self, article: Article) -> str:
        """Return the article's text with every quoted passage replaced by blanks of the same length."""
        return self._readings_by_id[article.id].unquoted_text

    def extract_facts(self, article: Article, sentence: Span) -> SentenceFacts:
        """Return the facts of any sentence of the article, even if it is not a candidate."""
        return extract_facts(article.text, self.get_unquoted_text(article), sentence, self._make_anchor(article))

    def make_evidence(self, article: Article, span: Span) -> Evidence:
        """Return `span` of `article` as evidence with a link."""
        return self.memory.recall((article.id, span), _make_evidence, article, span)

    def _make_anchor(self, article: Article) -> Anchor | None:
        """Return the date that day names are resolved against.

        An undated article takes the year of the first dated article.
        """
        if article.published is not None:
            return find_anchor(article)
        dated_articles = [dated_article for dated_article in self.articles if dated_article.published is not None]
        return (
            Anchor(dated_articles[0].published, dated_articles[0].id, is_own=False)
            if dated_articles and dated_articles[0].published
            else None
        )

    @cached_property
    def _body_sentences(self) -> tuple[BodySentence, ...]:
        return tuple(
            BodySentence(number, position, span.of(reading.article.text), span.of(reading.unquoted_text))
            for number, reading in enumerate(self.readings)
            for position, span in enumerate(reading.spans)
        )

    @cached_property
    def _first_indexes(self) -> dict[str, int]:
        """Map article ids to the index of their first body sentence."""
        counts = [len(self.get_sentence_spans(article)) for article in self.articles]
        return dict(zip([article.id for article in self.articles], accumulate(counts, initial=0), strict=False))

    @cached_property
    def _standalone_sentences(self) -> list[tuple[int, Article, SentenceFacts, str | None]]:
        return [
            (index, reading.article, facts, note)
            for article_index, reading in enumerate(self.readings)
            if not self._roles[article_index].is_comment
            for index, facts, note in self._find_standalone_sentences(reading)
        ]

    @cached_property
    def _lead_scores(self) -> FloatArray:
        """Return how well each body sentence tells the news; without a day it is as old as its article."""
        event_ages = [self._ages[sentence.article] for sentence in self._body_sentences]
        for index, _, facts, _ in self._standalone_sentences:
            event_ages[index] = self._compute_event_age(facts, event_ages[index])
        is_rewritten = [find_news_day(article) != article.published for article in self.articles]
        scores = compute_lead_scores(
            self.measures, event_ages, [is_rewritten[sentence.article] for sentence in self._body_sentences]
        )
        is_certain = np.array([article.provenance.is_certain for article in self.articles], dtype=bool)
        if not is_certain.any():
            return scores
        of_certain = is_certain[[sentence.article for sentence in self._body_sentences]]
        return np.where(of_certain, scores, scores - _UNCERTAIN_PENALTY)

    @cached_property
    def _roles(self) -> list[ArticleRole]:
        return find_article_roles(self._body_sentences, self.articles)

    @cached_property
    def _ages(self) -> list[float]:
        """Return the age of each article's news in days, counted from the newest one."""
        return [self._compute_age(find_news_day(article)) for article in self.articles]

    @cached_property
    def newest_news_day(self) -> date | None:
        """Return the last day whose news any article can tell, or None."""
        return max(filter(None, map(find_news_day, self.articles)), default=None)

    def _compute_age(self, day: date | None) -> float:
        if day is None or self.newest_news_day is None:
            return _UNDATED_AGE
        return min(_MAX_AGE, max(0.0, float((self.newest_news_day - day).days)))

    def _compute_event_age(self, facts: SentenceFacts, article_age: float) -> float:
        """Return the age of the last day that a sentence names, or of its article."""
        return self._compute_age(max(day.day for day in facts.days)) if facts.days else article_age

    def _find_standalone_sentences(self, reading: ArticleReading) -> Iterator[tuple[int, SentenceFacts, str | None]]:
        """Yield the sentences that can be a line: index, facts and note."""
        article_id = reading.article.id
        sentences = self.memory.recall(article_id, find_whole_sentences, reading, self._make_anchor(reading.article))
        for sentence in sentences:
            note = sentence.explain_pronoun(reading.unquoted_text, self.people) if sentence.pronoun else None
            if note or not sentence.pronoun:
                yield self._first_indexes[article_id] + sentence.position, sentence.facts, note


def _make_evidence(article: Article, span: Span) -> Evidence:
    return Evidence(article.id, span.start, span.end, span.of(article.text), build_link(article, span))


def _keep_newest(sorted_pairs: _ArticlesWithQuotes) -> list[tuple[Article, tuple[Quote, ...]]]:
    """Return the newest `MAX_ARTICLES` articles in the given order. Undated ones fill the remaining places."""
    dated_pairs = [pair for pair in sorted_pairs if pair[0].published is not None]
    undated_pairs = [pair for pair in sorted_pairs if pair[0].published is None]
    newest_dated_pairs = dated_pairs[-MAX_ARTICLES:]
    return [*newest_dated_pairs, *undated_pairs[: MAX_ARTICLES - len(newest_dated_pairs)]]
