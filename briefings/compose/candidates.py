"""Read, score and compare the sentences and quotes of a story's articles, from which a briefing is composed.

Rule: a candidate sentence can be understood without context: it is whole, the article's own words, and points back to
nothing. It opens with "He" only when we know who that is. From a very large story we read only the newest articles, and
the briefing says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import accumulate, islice

import numpy as np

from briefings.article import find_headline
from briefings.article.citation import build_link
from briefings.attribution.name_completion import PeopleLookup, find_full_names
from briefings.compose.compression import extract_surname, find_opening_pronoun, resolve_pronoun
from briefings.compose.figures import FigureMention, TermWeights, find_figure_mentions, iterate_stems
from briefings.compose.ranking.lead import ArticleRole, adjust_lead_score, compute_lead_scores, find_article_roles
from briefings.compose.ranking.salience import BodySentence, FloatArray, StoryMeasures, measure_story
from briefings.compose.ranking.standalone import is_dangling, is_whole, strip_dateline
from briefings.facts import Anchor, SentenceFacts, extract_facts, find_anchor, find_news_day, find_single_day
from briefings.model import Article, Evidence, Kind, Quote, Span
from briefings.similarity.source_independence import IndependentOutlets
from briefings.similarity.tfidf import Vector, compute_tfidf_vectors, find_similar_owners
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, mask_spans, merge_spans

#: cosine from which two sentences make the same statement
MIN_STATEMENT_SIMILARITY = 0.4
#: articles that are read: the newest ones of a larger story
MAX_ARTICLES = 300
#: sentences that are read, shared among the articles, and the minimum per article: news puts what matters first
MAX_SENTENCES, MIN_ARTICLE_SENTENCES = 400, 2
#: characters searched per sentence to read
_CHARACTERS_PER_SENTENCE = 500
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
    ) -> None:
        self.people_lookup = people_lookup
        sorted_pairs = sorted(articles_with_quotes, key=lambda pair: (pair[0].published or date.max, pair[0].id))
        newest_pairs = _keep_newest(sorted_pairs)
        #: number of articles that are not read: older or undated ones
        self.unread_count = len(sorted_pairs) - len(newest_pairs)
        self.articles = [article for article, _ in newest_pairs]
        max_sentences = max(MIN_ARTICLE_SENTENCES, MAX_SENTENCES // max(1, len(newest_pairs)))
        self._spans = {article.id: _find_body_sentences(article, max_sentences) for article in self.articles}
        self.articles_with_quotes = [
            (article, self._keep_quotes_within(article, quotes)) for article, quotes in newest_pairs
        ]
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
        return self._spans[article.id][0]

    @property
    def is_truncated(self) -> bool:
        """Tell whether only the first sentences of some article are read."""
        return any(is_truncated for _, is_truncated in self._spans.values())

    def get_unquoted_text(self, article: Article) -> str:
        """Return the article's text with every quoted passage replaced by blanks of the same length."""
        return self._unquoted_texts[article.id]

    def extract_facts(self, article: Article, sentence: Span) -> SentenceFacts:
        """Return the facts of any sentence of the article, even if it is not a candidate."""
        return extract_facts(article.text, self.get_unquoted_text(article), sentence, self._make_anchor(article))

    def make_evidence(self, article: Article, span: Span) -> Evidence:
        """Return `span` of `article` as evidence with a link."""
        return Evidence(article.id, span.start, span.end, span.of(article.text), build_link(article, span))

    def _keep_quotes_within(self, article: Article, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
        """Return the quotes that start in the part of the article that is read."""
        spans, is_truncated = self._spans[article.id]
        return tuple(quote for quote in quotes if not is_truncated or (spans and quote.span.start < spans[-1].end))

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
    def _unquoted_texts(self) -> dict[str, str]:
        return {
            article.id: mask_spans(article.text, _find_quoted_passages(quotes))
            for article, quotes in self.articles_with_quotes
        }

    @cached_property
    def _body_sentences(self) -> tuple[BodySentence, ...]:
        return tuple(
            BodySentence(number, position, span.of(article.text), span.of(self.get_unquoted_text(article)))
            for number, article in enumerate(self.articles)
            for position, span in enumerate(self.get_sentence_spans(article))
        )

    @cached_property
    def _first_indexes(self) -> dict[str, int]:
        """Map article ids to the index of their first body sentence."""
        counts = [len(self.get_sentence_spans(article)) for article in self.articles]
        return dict(zip([article.id for article in self.articles], accumulate(counts, initial=0), strict=False))

    @cached_property
    def _standalone_sentences(self) -> list[tuple[int, Article, SentenceFacts, str | None]]:
        return [
            (index, article, facts, note)
            for article_index, (article, quotes) in enumerate(self.articles_with_quotes)
            if not self._roles[article_index].is_comment
            for index, facts, note in self._find_standalone_sentences(article, quotes)
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

    def _find_standalone_sentences(
        self, article: Article, quotes: Sequence[Quote]
    ) -> Iterator[tuple[int, SentenceFacts, str | None]]:
        """Yield the sentences that can be a line: index, facts and note."""
        passages = _find_quoted_passages(quotes)
        anchor, unquoted_text = self._make_anchor(article), self.get_unquoted_text(article)
        previous_sentence: Span | None = None
        for index, whole in enumerate(self.get_sentence_spans(article), self._first_indexes[article.id]):
            sentence = strip_dateline(article.text, whole)
            if is_whole(article.text, sentence, find_overlapping(passages, sentence)):
                pronoun = find_opening_pronoun(article.text, sentence)
                person = resolve_pronoun(unquoted_text, previous_sentence, self.people) if pronoun else None
                if person if pronoun else not is_dangling(sentence.of(unquoted_text)):
                    note = f"{pronoun}: {person}" if person else None
                    reported_day = (
                        find_single_day(unquoted_text, previous_sentence, anchor) if previous_sentence else None
                    )
                    yield index, extract_facts(article.text, unquoted_text, sentence, anchor, reported_day), note
            previous_sentence = whole


@lru_cache(maxsize=1_024)
def _find_body_sentences(article: Article, limit: int) -> tuple[tuple[Span, ...], bool]:
    """Return the first `limit` sentences of the running text, without the headline, and whether there are more."""
    headline_span = find_headline(article)
    excluded_spans = merge_spans([*article.boilerplate, *([headline_span] if headline_span else [])])
    beginning = article.text[: limit * _CHARACTERS_PER_SENTENCE]
    is_complete = len(beginning) == len(article.text)
    body_sentences = (span for span in split_sentences(beginning) if not find_overlapping(excluded_spans, span))
    first_sentences = tuple(islice(body_sentences, limit + 1))
    # cutting the text may cut the last sentence short
    kept_sentences = first_sentences[:limit] if is_complete or len(first_sentences) > limit else first_sentences[:-1]
    return kept_sentences, not is_complete or len(first_sentences) > limit


def _keep_newest(sorted_pairs: _ArticlesWithQuotes) -> list[tuple[Article, tuple[Quote, ...]]]:
    """Return the newest `MAX_ARTICLES` articles in the given order. Undated ones fill the remaining places."""
    dated_pairs = [pair for pair in sorted_pairs if pair[0].published is not None]
    undated_pairs = [pair for pair in sorted_pairs if pair[0].published is None]
    newest_dated_pairs = dated_pairs[-MAX_ARTICLES:]
    return [*newest_dated_pairs, *undated_pairs[: MAX_ARTICLES - len(newest_dated_pairs)]]


def _find_quoted_passages(quotes: Sequence[Quote]) -> tuple[Span, ...]:
    """Return the passages inside quotation marks."""
    return merge_spans(fragment for quote in quotes if quote.kind is not Kind.INDIRECT for fragment in quote.content)
