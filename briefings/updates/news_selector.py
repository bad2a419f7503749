"""Select the new sentences of an update: the day's most important event first, and few lines on a quiet day.

Rule: the first line tells the news of the new articles, in the words of their headlines and openings, unless readers
have it. The other lines are salient, near the top, and new compared with all earlier sentences. They are ordered by
rating. Each event has one line.

Rule: a day is quiet when no new sentence names a day after the last update or changes a line that readers have, and
none matches its own headline and other outlets' openings well: the new articles are background, comment or follow-ups.
An opening that cannot be a line, because it points back, counts too. The update of a quiet day has at most
`QUIET_LINES` lines, and the newest matter comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf

import numpy as np
from numpy.typing import NDArray

from briefings.compose.candidates import Candidates, Sentence
from briefings.compose.compression import generate_variants
from briefings.compose.narrative import NarrativeSelector, SentenceVariant
from briefings.compose.ranking.substance import MIN_SUBSTANCE, rate_age, rate_line
from briefings.compose.selection import WordBudget
from briefings.model import Slot
from briefings.text.words import count_words
from briefings.updates.novelty import NoveltyFilter
from briefings.updates.seen_story import SeenStory

FloatArray = NDArray[np.float64]

#: lines of a quiet day
QUIET_LINES = 3
#: best lead score from which a day without any new day has news
MIN_NEWS_SCORE = 2.6
#: weight of a day after the last update, and the largest rating that counts
FRESH, MAX_RATING = 0.6, 3.0
#: least rating of a line after the first (the average sentence of the day has about 0), and the number of new sentences
#: from which it holds
MIN_RATING, MANY_SENTENCES = 0.0, 8
#: least new share of the first line and of the others, unless they name a new day or change something
MIN_FIRST_NEW_SHARE, MIN_NEW_SHARE = 0.35, 0.3
#: how much the rating counts in the value of a line, and how much length counts against it; a line gains nothing from
#: being shorter than `MIN_WORDS`
SPREAD, LENGTH_EXPONENT, MIN_WORDS = 0.7, 0.95, 10
#: number of lengths of a sentence to consider
MAX_VARIANTS = 4
#: two lines tell the same event if they are this similar, or if one contains this share of the other
MAX_SIMILARITY, MAX_CONTAINMENT = 0.35, 0.3
#: least share of the story's sentences that have the line's most frequent word; credits and promotions have less
MIN_TOPIC_SHARE = 0.05
_DECIMALS, _MIN_DEVIATION = 6, 1e-9


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of standardised measures for the value of one sentence.

    They follow a logistic regression of the sentences that tell a new fact, and were checked by cross-validation over
    stories: the new share and nearness to the top count as much as salience.
    """

    salience: float
    lead: float
    #: nearness to the top of its article
    top: float
    #: what no earlier sentences tell
    new: float
    #: similarity to a line that readers have; it counts against a sentence
    repetition: float
    #: days before the last update and no later one; they count against a sentence
    stale: float


#: weights of the first line, for which salience counts most, and of the others, for which news counts most
FIRST_WEIGHTS = Weights(salience=0.6, lead=0.35, top=0.4, new=0.4, repetition=0.1, stale=0.5)
OTHER_WEIGHTS = Weights(salience=0.4, lead=0.2, top=0.3, new=0.65, repetition=0.6, stale=0.0)


class NewsSelector:
    """Selector of the new sentences of `candidates`; `novelty_filter` tells what readers do not have yet.

    The words of selected sentences are added to `seen_story`.
    """

    def __init__(
        self,
        candidates: Candidates,
        budget: WordBudget,
        seen_story: SeenStory,
        novelty_filter: NoveltyFilter,
    ) -> None:
        self._candidates = candidates
        self._budget = budget
        self._seen_story = seen_story
        self._novelty_filter = novelty_filter
        self._variants = [
            variant
            for variant in map(make_variant, candidates.sentences)
            if novelty_filter.is_new(variant) and seen_story.measure_topic_share(variant.text) >= MIN_TOPIC_SHARE
        ]
        self._sent_similarity = _standardise(list(map(novelty_filter.measure_similarity, self._variants)))
        self._ratings = self._rate(OTHER_WEIGHTS)
        self._selected_variants: list[SentenceVariant] = []
        has_titles = all(article.title for article in candidates.articles)
        #: no new sentence tells news; unknown, and False, for the first update and for articles without titles
        self.is_quiet = has_titles and not seen_story.is_empty and not self._has_news()

    def select(self, max_lines: int) -> list[SentenceVariant]:
        """Return at most `max_lines` sentences, the most important first, and spend the budget."""
        self._select_first()
        self._select_others(max_lines)
        first, others = self._selected_variants[:1], self._selected_variants[1:]
        return first + sorted(others, key=lambda variant: (-self._get_rating(variant), variant.sentence.index))

    def _has_news(self) -> bool:
        """Tell whether a sentence names a day after the last update, changes a line or tells the headlines' news.

        An opening that cannot be a line tells news too.
        """
        scores = [
            *map(_get_lead_score, self._variants),
            *(score for text, score in self._candidates.refused_openings if not self._novelty_filter.is_old(text)),
        ]
        return max(scores, default=0.0) >= MIN_NEWS_SCORE or any(
            self._is_fresh(variant) or self._is_change(variant) for variant in self._variants
        )

    def _is_fresh(self, variant: SentenceVariant) -> bool:
        """Tell whether a sentence names a day after the last update, or reports what is done on such a weekday."""
        sentence = variant.sentence
        unquoted_text = sentence.facts.span.of(self._candidates.get_unquoted_text(sentence.article))
        return self._seen_story.is_fresh(variant.days) or (
            sentence.lead_score is not None
            and not sentence.facts.is_expected
            and self._seen_story.names_new_weekday(unquoted_text, sentence.article.published)
        )

    def _select_first(self) -> None:
        """Select the line that tells the news; readers do not have it, or it changes a line that they have."""
        lead_ratings = self._ratings if self.is_quiet else self._rate(FIRST_WEIGHTS)
        leads = [
            (lead_ratings[variant.sentence.index], variant)
            for variant in self._variants
            if variant.sentence.lead_score is not None
            and self._budget.fits(variant.text)
            and self._is_new_enough(variant, MIN_FIRST_NEW_SHARE)
        ]
        if leads:
            self._add(max(leads, key=lambda lead: (lead[0], -lead[1].sentence.index))[1])

    def _select_others(self, max_lines: int) -> None:
        min_rating = MIN_RATING if len(self._variants) >= MANY_SENTENCES else -inf
        variants = [
            variant
            for whole in self._variants
            if self._get_rating(whole) >= min_rating and self._is_new_enough(whole, MIN_NEW_SHARE)
            for variant in self._make_shorter(whole)
            if self._rate_substance(variant) >= MIN_SUBSTANCE
        ]
        while len(self._selected_variants) < max_lines:
            variants = [variant for variant in variants if self._is_allowed(variant)]
            if not variants:
                return
            self._add(
                max(
                    variants,
                    key=lambda variant: (self._compute_value(variant), -variant.sentence.index, len(variant.text)),
                )
            )

    def _get_rating(self, variant: SentenceVariant) -> float:
        return self._ratings[variant.sentence.index]

    def _rate(self, weights: Weights) -> dict[int, float]:
        """Return the value of each sentence by its index, independent of the other lines."""
        lowest_score = min((_get_lead_score(variant) for variant in self._variants), default=0.0)
        positions = self._candidates.measures.position
        ratings: FloatArray = (
            weights.salience * _standardise([variant.sentence.score for variant in self._variants])
            + weights.lead * _standardise([variant.sentence.lead_score or lowest_score for variant in self._variants])
            + weights.top * _standardise([float(positions[variant.sentence.index]) for variant in self._variants])
            + weights.new * _standardise([self._measure_new_share(variant) for variant in self._variants])
            - weights.repetition * self._sent_similarity
            + FRESH * np.array([self._is_fresh(variant) for variant in self._variants])
            - weights.stale * np.array([self._is_stale(variant) for variant in self._variants])
        )
        indexes = [variant.sentence.index for variant in self._variants]
        return dict(zip(indexes, np.round(ratings, _DECIMALS).tolist(), strict=True))

    def _make_shorter(self, whole: SentenceVariant) -> list[SentenceVariant]:
        """Return a sentence in its lengths: whole, and without a clause inside, as far as that is still new."""
        article = whole.sentence.article
        lengths = generate_variants(
            article.text, self._candidates.get_unquoted_text(article), whole.sentence.facts.span
        )
        shorter_variants = [replace(whole, pieces=pieces) for pieces in lengths[1:MAX_VARIANTS]]
        return [whole] + [
            variant
            for variant in shorter_variants
            if variant.pieces[0].start == whole.pieces[0].start
            and variant.pieces[-1].end == whole.pieces[-1].end
            and variant.days == whole.days
            and self._novelty_filter.is_new(variant)
        ]

    def _compute_value(self, variant: SentenceVariant) -> float:
        """Return the value of adding a line to the selected ones, per word."""
        uncovered_share = self._seen_story.measure_uncovered_share(variant.text)
        quality = exp(SPREAD * min(MAX_RATING, self._get_rating(variant)))
        value = quality * uncovered_share * self._rate_substance(variant)
        length = float(max(MIN_WORDS, count_words(variant.text)) ** LENGTH_EXPONENT)
        return round(value / length, _DECIMALS)

    def _rate_substance(self, variant: SentenceVariant) -> float:
        """Return how much a line tells a reader who sees nothing else, as a factor of at most 1."""
        age_factor = rate_age(variant.sentence.facts, variant.sentence.outlets, self._candidates.newest_day)
        return rate_line(variant.text, self._candidates.measures.term_values) * age_factor

    def _measure_new_share(self, variant: SentenceVariant) -> float:
        return self._seen_story.measure_new_share(variant.text)

    def _is_new_enough(self, variant: SentenceVariant, min_new_share: float) -> bool:
        """Tell whether a sentence has news: enough that is new, a new day or figure, or a change of a line."""
        return (
            self._measure_new_share(variant) >= min_new_share
            or self._seen_story.is_fresh(variant.days)
            or self._is_change(variant)
            or self._seen_story.has_changed_figure(variant.text)
        )

    def _is_change(self, variant: SentenceVariant) -> bool:
        """Tell whether a sentence updates a line that readers have: its figure or its state."""
        verdict = self._novelty_filter.judge(variant)
        return verdict is not None and verdict.previous is not None

    def _is_stale(self, variant: SentenceVariant) -> bool:
        return self._seen_story.is_stale([mention.period.last for mention in variant.sentence.facts.time_references])

    def _is_allowed(self, variant: SentenceVariant) -> bool:
        """Tell whether a sentence fits and tells another event than the selected ones."""
        return self._budget.fits(variant.text) and not any(
            variant.sentence is other.sentence
            or self._candidates.measure_containment(variant.sentence, other.sentence) >= MAX_CONTAINMENT
            or self._candidates.compare(variant.sentence, other.sentence) >= MAX_SIMILARITY
            for other in self._selected_variants
        )

    def _add(self, variant: SentenceVariant) -> None:
        self._budget.spend(variant.text)
        self._seen_story.add(variant.text)
        self._selected_variants.append(variant)


def make_variant(sentence: Sentence) -> SentenceVariant:
    """Return a whole sentence as a line, on the first day that it names."""
    mentions = sentence.facts.time_references
    return SentenceVariant(sentence, (sentence.facts.span,), Slot.STATUS, mentions[0] if mentions else None)


def make_line_builder(candidates: Candidates) -> NarrativeSelector:
    """Return a selector that selects nothing and only turns variants into lines."""
    return NarrativeSelector(candidates, WordBudget(0), lambda _: False)


def _get_lead_score(variant: SentenceVariant) -> float:
    return variant.sentence.lead_score or 0.0


def _standardise(numbers: Sequence[float]) -> FloatArray:
    values = np.array(numbers, dtype=np.float64)
    deviation = float(values.std()) if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > _MIN_DEVIATION else np.zeros_like(values)
