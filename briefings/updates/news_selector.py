"""Select the new sentences of an update: the day's most important event first, and few lines on a quiet day.

Rule: the first line tells the news of the new articles, in the words of their headlines and openings, unless readers
have it. The other lines are salient and tell what no earlier article has told. Each event is told once.

Rule: a day is quiet when no new sentence tells its own headline and other outlets' openings well: the new articles are
background, comment or follow-ups. The update of a quiet day has at most `QUIET_LINES` lines.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, inf

import numpy as np
from numpy.typing import NDArray

from briefings.compose.candidates import Candidates, Sentence
from briefings.compose.compression import generate_variants
from briefings.compose.narrative import NarrativeSelector, SentenceVariant
from briefings.compose.selection import WordBudget
from briefings.model import Slot
from briefings.text.words import count_words
from briefings.updates.novelty import NoveltyFilter
from briefings.updates.seen_story import SeenStory

FloatArray = NDArray[np.float64]

#: lines that open an update, and lines of a quiet day
MAX_LEADS, QUIET_LINES = 2, 3
#: least lead score of the first line on a day with news
MIN_NEWS_SCORE = 2.55
#: what is added to a lead score: for the new share of the sentence (0 to 1), for a day after the last update, and for
#: the change of a line that readers have
LEAD_NEW_WEIGHT, LEAD_FRESH_WEIGHT, LEAD_CHANGE_WEIGHT = 1.0, 0.2, 0.3
#: a later lead has at least this share of the first one's score
MIN_LEAD_SHARE = 0.7
#: weights of the standardised salience and lead score, of a day after the last update and of the change of a line that
#: readers have, and the largest rating that counts
SALIENCE, LEAD, FRESH, CHANGE, MAX_RATING = 0.5, 0.3, 0.6, 0.8, 3.0
#: least rating of a line after the leads (the average sentence of the day has about 0), and the number of new sentences
#: from which it holds
MIN_RATING, MANY_SENTENCES = 0.0, 12
#: least new share of a line after the first, unless it changes a line that readers have
MIN_NEW_SHARE = 0.4
#: how much the rating and the new share count in the value of a line
SPREAD, NEW_EXPONENT = 0.5, 1.0
#: number of lengths of a sentence to consider
MAX_VARIANTS = 4
#: two leads, and two other lines, at least this similar tell the same event
MAX_LEAD_SIMILARITY, MAX_SIMILARITY = 0.3, 0.35
#: how much length counts against a line, and the words below which it gains nothing from being shorter
LENGTH_EXPONENT, MIN_WORDS = 0.5, 10
_DECIMALS, _MIN_DEVIATION = 6, 1e-9


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
            variant for variant in map(make_variant, candidates.sentences) if novelty_filter.is_new(variant)
        ]
        self._selected_variants: list[SentenceVariant] = []
        best_score = max((_get_lead_score(variant) for variant in self._variants), default=0.0)
        has_titles = all(article.title for article in candidates.articles)
        #: no new sentence tells news; unknown, and False, for the first update and for articles without titles
        self.is_quiet = best_score < MIN_NEWS_SCORE and has_titles and not seen_story.is_empty

    def select(self, max_lines: int) -> list[SentenceVariant]:
        """Return at most `max_lines` sentences, the most important first, and spend the budget."""
        self._select_leads(min(MAX_LEADS, max_lines))
        self._select_others(max_lines)
        return self._selected_variants

    def _select_leads(self, max_leads: int) -> None:
        leads = [
            (self._compute_lead_value(variant), variant)
            for variant in self._variants
            if variant.sentence.lead_score is not None
        ]
        leads.sort(key=lambda lead: (-lead[0], lead[1].sentence.index))
        for value, variant in leads:
            if len(self._selected_variants) >= max_leads or value < MIN_LEAD_SHARE * leads[0][0]:
                return
            is_first = not self._selected_variants
            if (is_first or self._is_new_enough(variant)) and self._is_allowed(variant, MAX_LEAD_SIMILARITY):
                self._add(variant)

    def _select_others(self, max_lines: int) -> None:
        ratings = self._rate().tolist()
        min_rating = MIN_RATING if len(ratings) >= MANY_SENTENCES else -inf
        rated_variants = [
            (rating, variant)
            for rating, whole in zip(ratings, self._variants, strict=True)
            if rating >= min_rating and self._is_new_enough(whole)
            for variant in self._make_shorter(whole)
        ]
        while len(self._selected_variants) < max_lines:
            rated_variants = [
                (rating, variant) for rating, variant in rated_variants if self._is_allowed(variant, MAX_SIMILARITY)
            ]
            if not rated_variants:
                return
            value, variant = max(
                ((self._compute_value(rating, variant), variant) for rating, variant in rated_variants),
                key=lambda entry: (entry[0], -entry[1].sentence.index, len(entry[1].text)),
            )
            if value <= 0:
                return
            self._add(variant)

    def _rate(self) -> FloatArray:
        """Return what each sentence is worth by itself, whatever else is told."""
        lowest_score = min((_get_lead_score(variant) for variant in self._variants), default=0.0)
        ratings: FloatArray = (
            SALIENCE * _standardise([variant.sentence.score for variant in self._variants])
            + FRESH * np.array([self._seen_story.is_fresh(variant.days) for variant in self._variants])
            + CHANGE * np.array([self._is_change(variant) for variant in self._variants])
            + LEAD * _standardise([variant.sentence.lead_score or lowest_score for variant in self._variants])
        )
        return ratings

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

    def _compute_lead_value(self, variant: SentenceVariant) -> float:
        """Return the value of a line as the first one."""
        return (
            _get_lead_score(variant)
            + LEAD_NEW_WEIGHT * self._measure_new_share(variant)
            + LEAD_FRESH_WEIGHT * self._seen_story.is_fresh(variant.days)
            + LEAD_CHANGE_WEIGHT * self._is_change(variant)
        )

    def _compute_value(self, rating: float, variant: SentenceVariant) -> float:
        """Return the value of adding a line to the selected ones. `rating` is what it is worth by itself."""
        value = exp(SPREAD * min(MAX_RATING, rating)) * float(self._measure_new_share(variant) ** NEW_EXPONENT)
        length = float(max(MIN_WORDS, count_words(variant.text)) ** LENGTH_EXPONENT)
        return round(value / length, _DECIMALS)

    def _measure_new_share(self, variant: SentenceVariant) -> float:
        return self._seen_story.measure_new_share(variant.text)

    def _is_new_enough(self, variant: SentenceVariant) -> bool:
        return self._measure_new_share(variant) >= MIN_NEW_SHARE or self._is_change(variant)

    def _is_change(self, variant: SentenceVariant) -> bool:
        """Tell whether a sentence updates a line that readers have: its figure or its state."""
        verdict = self._novelty_filter.judge(variant)
        return verdict is not None and verdict.previous is not None

    def _is_allowed(self, variant: SentenceVariant, max_similarity: float) -> bool:
        """Tell whether a sentence fits and tells another event than the selected ones."""
        return self._budget.fits(variant.text) and not any(
            variant.sentence is other.sentence
            or self._candidates.compare(variant.sentence, other.sentence) >= max_similarity
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
