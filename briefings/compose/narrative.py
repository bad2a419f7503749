"""Select sentences for the two narrative slots: the current status, and the timeline.

Rule: the status opens with the news: the line with the main event, then lines that report other events, then what is
open next. The timeline shows every other line under its day; undated lines come last. A sentence about the future is
marked as expected. A sentence may be shortened as `generate_variants` allows, and is never shown twice.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heapify, heappop, heappush, nlargest
from math import exp

from briefings.compose.candidates import Candidates, Sentence
from briefings.compose.compression import generate_variants
from briefings.compose.ranking import substance
from briefings.compose.ranking.clauses import is_perishable, tells_plan
from briefings.compose.ranking.coverage import Coverage
from briefings.compose.ranking.kinds import find_kinds
from briefings.compose.selection import WordBudget, stem
from briefings.facts import NamedDay, NamedPeriod, classify_factuality, find_news_day
from briefings.facts.factuality import Factuality
from briefings.model import ELISION, Line, Slot, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text.dates import format_day_range
from briefings.text.folding import fold
from briefings.text.words import count_words

#: lines that tell the news, in a briefing of at least `_ROOMY_WORDS` words; a shorter one has one less
MAX_LEADS, _ROOMY_WORDS = 3, 300
#: a later lead shares less than this with the selected ones, adds at least this much, and scores at least this share of
#: the first one
MAX_LEAD_CONTAINMENT, MIN_LEAD_NEW, MIN_LEAD_SHARE = 0.25, 0.4, 0.7
#: how much length counts against a later lead, and the oldest news that it may tell, in days before the newest
_LEAD_LENGTH_EXPONENT, _MAX_LEAD_AGE = 0.5, 3
#: a sentence that shares at least this with a selected one is not selected, and how much a smaller share counts
MAX_CONTAINMENT, REPEAT_EXPONENT = 0.35, 0.5
#: number of best-scoring sentences to consider, and of the best leads among them
_MAX_WEIGHED_SENTENCES, _MAX_WEIGHED_LEADS = 200, 50
#: versions of a sentence to consider: the whole one, then shorter ones
_MAX_VARIANTS = 4
#: how much the score of a sentence counts, and the score from which more does not help
SPREAD, _MAX_SCORE = 0.6, 2.75
#: how much the value of the new words counts; the value is divided by the number of words, at least `_MIN_LENGTH`
DENSITY_EXPONENT, _MIN_LENGTH = 0.5, 13
#: gain of a sentence that tells a kind of fact which no line tells yet
KIND_BONUS = 0.3
#: a later lead and any other line tell less than this share of the first line's news again
MAX_LEAD_NEWS, MAX_NEWS = 0.5, 0.7
#: a line that opens with a quotation belongs to the quotes
_QUOTATION_MARKS = ('"', "“", "‘", "'")


@dataclass(frozen=True, slots=True, eq=False)
class SentenceVariant:
    """Sentence in one of its lengths: the pieces to show, their slot, and the day or period that they name, if any."""

    sentence: Sentence
    pieces: tuple[Span, ...]
    slot: Slot
    date_mention: NamedDay | NamedPeriod | None
    #: the pieces as they are shown
    text: str = field(init=False)

    def __post_init__(self) -> None:
        """Join the pieces."""
        object.__setattr__(self, "text", ELISION.join(piece.of(self.sentence.article.text) for piece in self.pieces))

    @property
    def days(self) -> frozenset[date]:
        """Return the days that the pieces name."""
        return frozenset(
            day.day for day in self.sentence.facts.days if any(piece.covers(day.words) for piece in self.pieces)
        )


class NarrativeSelector:
    """Selector of sentences that `is_wanted` accepts. It never selects the same statement twice."""

    def __init__(
        self,
        candidates: Candidates,
        budget: WordBudget,
        is_wanted: Callable[[SentenceVariant], bool] = lambda _: True,
    ) -> None:
        self._candidates = candidates
        self._budget = budget
        self._selected_variants: list[SentenceVariant] = []
        self._covered_sentences: list[Sentence] = []
        self._covered_kinds: set[str] = set()
        self._coverage = Coverage(candidates.measures)
        self._terms: dict[SentenceVariant, frozenset[str]] = {}
        leads = [sentence for sentence in candidates.sentences if sentence.lead_score is not None]
        top_sentences = dict.fromkeys(
            [
                *nlargest(_MAX_WEIGHED_SENTENCES, candidates.sentences, key=lambda sentence: sentence.score),
                *nlargest(_MAX_WEIGHED_LEADS, leads, key=_get_lead_score),
            ]
        )
        variants = (variant for sentence in top_sentences for variant in self._make_variants(sentence))
        self._variants = [variant for variant in variants if is_wanted(variant)]

    def select_leads(self) -> None:
        """Select the lines that tell the news: the best one, then others that report another event."""
        leads = [variant for variant in self._variants if self._can_lead(variant) and self._budget.fits(variant.text)]
        max_leads = MAX_LEADS - (self._budget.remaining < _ROOMY_WORDS)
        best_score = max((_get_lead_score(variant.sentence) for variant in leads), default=0.0)
        while leads and len(self._selected_variants) < max_leads:
            lead = max(leads, key=lambda variant: (self._compute_lead_value(variant), -variant.sentence.index))
            self._add(lead, Slot.STATUS)
            if len(self._selected_variants) == 1:
                self._coverage.cover_headlines(lead.sentence.index)
            leads = [variant for variant in leads if variant is not lead and self._tells_another(variant, best_score)]

    def select_about(self, terms: frozenset[str], max_lines: int) -> bool:
        """Select status lines with all the word stems `terms` until there are `max_lines`; return whether there is one.

        A line may repeat the news, but near copies of selected lines are left out.
        """
        measured_terms = self._candidates.measures.terms
        count = sum(terms <= measured_terms[variant.sentence.index] for variant in self._selected_variants)
        matching = [variant for variant in self._variants if terms <= measured_terms[variant.sentence.index]]
        for variant in sorted(matching, key=lambda each: (-each.sentence.score, each.sentence.index)):
            is_shown = any(each.sentence is variant.sentence for each in self._selected_variants)
            if count < max_lines and not is_shown and self._find_containment(variant.sentence) < MAX_CONTAINMENT:
                count += self._add(variant, Slot.STATUS)
        return count > 0

    def select_body(self, excluded_places: Set[tuple[str, Span]] = frozenset()) -> None:
        """Select the other lines: salient, new against the selected lines, and short ones first.

        `excluded_places` are sentences that another part of the briefing shows: their article ids and spans.
        """
        term_values = self._candidates.measures.term_values
        variants = [
            variant
            for variant in self._variants
            if self.classify_state(variant) is not Factuality.EXPECTED
            and not self._is_overtaken(variant)
            and _get_place(variant.sentence) not in excluded_places
            and not variant.text.startswith(_QUOTATION_MARKS)
            and not self._is_planned(variant)
            and substance.rate_line(variant.text, term_values) >= substance.MIN_SUBSTANCE
        ]
        for sentence in self._candidates.sentences:
            if _get_place(sentence) in excluded_places:
                self._covered_sentences.append(sentence)
                self._coverage.add(sentence.index, self._candidates.measures.terms[sentence.index])
        queue = [(-self._compute_value(variant), number) for number, variant in enumerate(variants)]
        heapify(queue)
        while queue:
            _, number = heappop(queue)
            variant = variants[number]
            if not self._budget.fits(variant.text) or self._is_repeated(variant):
                continue
            value = self._compute_value(variant)
            if queue and (-value, number) > queue[0]:
                heappush(queue, (-value, number))
            elif value > 0:
                self._add(variant, Slot.TIMELINE)

    def list_selected(self) -> list[SentenceVariant]:
        """Return the selected variants: the status (expected events last), then day by day."""
        return [variant for _, variant in sorted(enumerate(self._selected_variants), key=_make_sort_key)]

    def list_places(self) -> frozenset[tuple[str, Span]]:
        """Return the article ids and spans of the selected sentences and of those that repeat them."""
        selected_places = {_get_place(variant.sentence) for variant in self._selected_variants}
        return frozenset(
            _get_place(sentence)
            for sentence in self._candidates.sentences
            if _get_place(sentence) in selected_places
            or self._find_containment(sentence) >= MAX_CONTAINMENT
            or self._coverage.measure_news(self._candidates.measures.terms[sentence.index]) >= MAX_NEWS
        )

    def to_lines(self) -> list[Line]:
        """Return the selected variants as lines."""
        return [self.to_line(variant) for variant in self.list_selected()]

    def classify_state(self, variant: SentenceVariant) -> Factuality:
        """Return the factuality of a variant: happened, expected, alleged or denied."""
        unquoted_text = self._candidates.get_unquoted_text(variant.sentence.article)
        return classify_factuality(
            ELISION.join(piece.of(unquoted_text) for piece in variant.pieces), Span(0, len(variant.text))
        )

    def to_line(self, variant: SentenceVariant) -> Line:
        """Return a variant as a line."""
        sentence, date_mention = variant.sentence, variant.date_mention
        return Line(
            slot=variant.slot,
            text=variant.text,
            evidence=tuple(self._candidates.make_evidence(sentence.article, piece) for piece in variant.pieces),
            day=date_mention.day if date_mention else None,
            date_words=date_mention.words.of(sentence.article.text) if date_mention else None,
            anchor=date_mention.anchor
            if date_mention and date_mention.anchor not in ("", sentence.article.id)
            else None,
            expected=self.classify_state(variant) is Factuality.EXPECTED,
            outlets=sentence.outlets,
            note=_make_note(variant),
        )

    def _make_variants(self, sentence: Sentence) -> list[SentenceVariant]:
        unquoted_text = self._candidates.get_unquoted_text(sentence.article)
        sentence_variants: list[SentenceVariant] = []
        for pieces in generate_variants(sentence.article.text, unquoted_text, sentence.facts.span)[:_MAX_VARIANTS]:
            shown_mentions = [
                mention
                for mention in sentence.facts.time_references
                if any(piece.covers(mention.words) for piece in pieces)
            ]
            is_framed = pieces[0].start == sentence.facts.span.start and pieces[-1].end == sentence.facts.span.end
            if is_framed and bool(shown_mentions) == bool(sentence.facts.time_references):
                date_mention = self._check_date(sentence, shown_mentions[0]) if shown_mentions else None
                sentence_variants.append(SentenceVariant(sentence, pieces, Slot.TIMELINE, date_mention))
        return sentence_variants

    def _compute_lead_value(self, variant: SentenceVariant) -> float:
        """Return the score of a first line; of a later one, weighted by what it adds per word."""
        score = _get_lead_score(variant.sentence)
        if not self._selected_variants:
            return score
        new_share = self._coverage.compute_new_share(self._get_terms(variant))
        return score * new_share / float(count_words(variant.text) ** _LEAD_LENGTH_EXPONENT)

    def _tells_another(self, variant: SentenceVariant, best_score: float) -> bool:
        return (
            self._budget.fits(variant.text)
            and self._candidates.get_age(variant.sentence) <= _MAX_LEAD_AGE
            and self._find_containment(variant.sentence) < MAX_LEAD_CONTAINMENT
            and self._coverage.measure_news(self._get_terms(variant)) < MAX_LEAD_NEWS
            and self._coverage.compute_new_share(self._get_terms(variant)) >= MIN_LEAD_NEW
            and _get_lead_score(variant.sentence) >= MIN_LEAD_SHARE * best_score
        )

    def _check_date(self, sentence: Sentence, mention: NamedDay | NamedPeriod) -> NamedDay | NamedPeriod | None:
        """Return the date of a sentence, or None if it is after the article's news and the sentence expects nothing."""
        news_day = find_news_day(sentence.article)
        is_later = news_day is not None and mention.period.first > news_day
        return None if is_later and not sentence.facts.is_expected else mention

    def _can_lead(self, variant: SentenceVariant) -> bool:
        return (
            variant.sentence.lead_score is not None
            and self._budget.fits(variant.text)
            and not self._is_overtaken(variant)
            and len(variant.pieces) == 1
            and (self.classify_state(variant) is not Factuality.EXPECTED or self._is_open(variant))
        )

    def _is_open(self, variant: SentenceVariant) -> bool:
        """Tell whether a variant is about something still to come for a reader of the newest article."""
        sentence, newest_day = variant.sentence, self._candidates.newest_day
        days = [mention.period.last for mention in sentence.facts.time_references]
        return (
            len(variant.pieces) == 1
            and self.classify_state(variant) is Factuality.EXPECTED
            and (sentence.article.published == newest_day or sentence.article.published is None)
            and (newest_day is None or not days or max(days) >= newest_day)
        )

    def _is_overtaken(self, variant: SentenceVariant) -> bool:
        """Tell whether a variant says how things were or might become, in an article that is not the newest."""
        unquoted_text = self._candidates.get_unquoted_text(variant.sentence.article)
        words = variant.sentence.facts.span.of(unquoted_text)
        return self._candidates.get_age(variant.sentence) >= 1 and is_perishable(words)

    def _is_planned(self, variant: SentenceVariant) -> bool:
        """Tell whether a variant names a past weekday for what the article tells in the present: a plan."""
        mention = variant.date_mention
        if mention is None or mention.day is None or variant.sentence.article.published is None:
            return False
        unquoted_text = self._candidates.get_unquoted_text(variant.sentence.article)
        before = fold(unquoted_text[variant.pieces[0].start : mention.words.start])
        return mention.day < variant.sentence.article.published and tells_plan(before)

    def _add(self, variant: SentenceVariant, slot: Slot) -> bool:
        """Select a variant if the budget allows; return whether it did."""
        if not self._budget.fits(variant.text):
            return False
        self._budget.spend(variant.text)
        self._selected_variants.append(replace(variant, slot=slot))
        self._covered_sentences.append(variant.sentence)
        self._coverage.add(variant.sentence.index, self._get_terms(variant))
        self._covered_kinds |= find_kinds(variant.text)
        return True

    def _is_repeated(self, variant: SentenceVariant) -> bool:
        return (
            self._find_containment(variant.sentence) >= MAX_CONTAINMENT
            or self._coverage.measure_news(self._get_terms(variant)) >= MAX_NEWS
        )

    def _find_containment(self, sentence: Sentence) -> float:
        """Return the largest share that a sentence and a covered one have in common."""
        return max(
            (self._candidates.measure_containment(sentence, other) for other in self._covered_sentences),
            default=0.0,
        )

    def _get_terms(self, variant: SentenceVariant) -> frozenset[str]:
        """Return the word stems of a variant: those of the words that it shows."""
        if variant not in self._terms:
            all_terms = self._candidates.measures.terms[variant.sentence.index]
            shown_terms = all_terms & set(map(stem, extract_terms(variant.text)))
            self._terms[variant] = all_terms if len(variant.pieces) == 1 else shown_terms
        return self._terms[variant]

    def _compute_value(self, variant: SentenceVariant) -> float:
        """Return the value of a variant per word: its salience times what it adds to the selected lines."""
        factor = substance.rate_line(variant.text, self._candidates.measures.term_values)
        factor *= substance.rate_age(variant.sentence.facts, variant.sentence.outlets, self._candidates.newest_day)
        if find_kinds(variant.text) - self._covered_kinds:
            factor *= 1 + KIND_BONUS
        quality = exp(SPREAD * min(_MAX_SCORE, variant.sentence.score))
        terms = self._get_terms(variant)
        new = self._coverage.compute_new_share(terms) * self._coverage.compute_new_value(terms) ** DENSITY_EXPONENT
        separate = max(0.0, 1.0 - self._find_containment(variant.sentence)) ** REPEAT_EXPONENT
        return float(factor * quality * new * separate) / max(_MIN_LENGTH, count_words(variant.text))


def _get_lead_score(sentence: Sentence) -> float:
    return sentence.lead_score or 0.0


def _get_place(sentence: Sentence) -> tuple[str, Span]:
    return sentence.article.id, sentence.facts.span


def _make_note(variant: SentenceVariant) -> str | None:
    """Say who the opening pronoun means, and between which days an event was when the exact day is unknown."""
    date_mention = variant.date_mention
    date_range = (
        format_day_range(date_mention.period.first, date_mention.period.last)
        if date_mention and date_mention.day is None
        else None
    )
    return "; ".join(filter(None, (variant.sentence.note, date_range))) or None


def _make_sort_key(numbered: tuple[int, SentenceVariant]) -> tuple[object, ...]:
    """Sort the status in order of selection, then the timeline by day."""
    number, variant = numbered
    if variant.slot is Slot.STATUS:
        return False, date.min, number
    first_day = variant.date_mention.period.first if variant.date_mention else date.max
    return True, first_day, -variant.sentence.score, variant.sentence.index
