"""Select sentences for the two narrative slots: the current status, and the timeline.

Rule: the status opens with the news: the line that tells the main event, then lines that report another event, then
what is open next. Every other line stands on its day in the timeline; undated lines come last. A sentence about the
future is marked as expected. A sentence may be shortened as `generate_variants` allows, and is never shown twice.
"""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from datetime import date
from heapq import heapify, heappop, heappush, nlargest
from math import exp

from briefings.compose.candidates import Candidates, Sentence
from briefings.compose.compression import generate_variants
from briefings.compose.ranking.coverage import Coverage
from briefings.compose.ranking.kinds import find_kinds
from briefings.compose.ranking.standalone import opens_with_joiner
from briefings.compose.selection import Concept, WordBudget, extract_concepts, extract_word_concepts
from briefings.facts import NamedDay, NamedPeriod, classify_factuality
from briefings.facts.factuality import Factuality
from briefings.model import ELISION, Line, Slot, Span
from briefings.text import lexicon
from briefings.text.dates import format_day_range
from briefings.text.folding import fold
from briefings.text.words import count_words

#: lines that tell the news, and lines about what is expected next
MAX_LEADS, MAX_OPEN = 3, 1
#: words from which a briefing has room for all leads
_ROOMY_WORDS = 300
#: two leads at least this similar tell the same event
MAX_LEAD_SIMILARITY = 0.25
#: a later lead scores at least this share of the first one
MIN_LEAD_SHARE = 0.7
#: two sentences at least this similar are not both selected
MAX_SIMILARITY = 0.5
#: number of best-scoring sentences to consider
_MAX_WEIGHED_SENTENCES = 200
#: how much the score counts, against a floor of one
SPREAD = 0.5
#: how much length counts against a line: 0 ignores it, 1 divides the value by the number of words
LENGTH_EXPONENT = 0.9
MAX_VARIANTS = 4
GAIN_EXPONENT, SHARE_EXPONENT, MIN_LENGTH = 0.0, 1.0, 12
COVER_HEADLINES=1
MIN_LEAD_NEW = 0.4
PERISH = 1
KIND_BONUS = 0.3
LEAD_NEW_EXPONENT, LEAD_LENGTH_EXPONENT = 1.0, 0.3
#: factor on a sentence that opens with "But"
_JOINER_FACTOR = 0.85


_PERISHABLE = re.compile(rf"(?<!\w)(?:{lexicon.build_alternation('perishable')})(?!\w)")


@dataclass(frozen=True, slots=True, eq=False)
class SentenceVariant:
    """Sentence in one of its lengths: the pieces to show, their slot, and the day or period that they name, if any."""

    sentence: Sentence
    pieces: tuple[Span, ...]
    slot: Slot
    date_mention: NamedDay | NamedPeriod | None

    @property
    def text(self) -> str:
        """Return the pieces as they are shown."""
        return ELISION.join(piece.of(self.sentence.article.text) for piece in self.pieces)

    @property
    def days(self) -> frozenset[date]:
        """Return the days that the pieces name."""
        return frozenset(day.day for day in self.sentence.facts.days if _is_shown(day.words, self))


def _accept_all(_: SentenceVariant) -> bool:
    return True


class NarrativeSelector:
    """Selector of sentences for a briefing. It never selects the same statement twice.

    Only sentence variants that `is_wanted` accepts are considered. The concepts of selected lines are added to
    `covered_concepts`, which other slots may use.
    """

    def __init__(
        self,
        candidates: Candidates,
        budget: WordBudget,
        covered_concepts: set[Concept],
        is_wanted: Callable[[SentenceVariant], bool] = _accept_all,
    ) -> None:
        self._candidates = candidates
        self._budget = budget
        self._covered_concepts = covered_concepts
        self._selected_variants: list[SentenceVariant] = []
        self._covered_kinds: set[str] = set()
        self._coverage = Coverage(candidates.measures)
        leads = [sentence for sentence in candidates.sentences if sentence.lead_score is not None]
        top_sentences = dict.fromkeys(
            [
                *nlargest(_MAX_WEIGHED_SENTENCES, candidates.sentences, key=lambda sentence: sentence.score),
                *nlargest(_MAX_WEIGHED_SENTENCES // 4, leads, key=_get_lead_score),
            ]
        )
        variants = (variant for sentence in top_sentences for variant in self._make_variants(sentence))
        self._variants = [variant for variant in variants if is_wanted(variant)]

    def select(self, rounds: int = 1) -> None:
        """Select the leads, what is open, and the other lines while the budget allows."""
        if rounds == 1:
            self.select_leads()
            self.select_open()
        self.select_body()

    def select_leads(self) -> None:
        """Select the lines that tell the news: the best one, then others that report another event."""
        leads = [variant for variant in self._variants if self._can_lead(variant)]
        max_leads = MAX_LEADS if self._budget.remaining >= _ROOMY_WORDS else MAX_LEADS - 1
        best_score = max((_get_lead_score(variant.sentence) for variant in leads), default=0.0)
        while leads and len(self._selected_variants) < max_leads:
            lead = max(leads, key=lambda variant: (self._compute_lead_value(variant), -variant.sentence.index))
            self._add(lead, Slot.STATUS)
            if COVER_HEADLINES: self._coverage.cover_headlines()
            leads = [variant for variant in leads if variant is not lead and self._tells_another(variant, best_score)]

    def _compute_lead_value(self, variant: SentenceVariant) -> float:
        """Return the score of a first line; of a later one, weighted by what it adds per word."""
        score = _get_lead_score(variant.sentence)
        if not self._selected_variants:
            return score
        new_share = self._coverage.compute_new_share(variant.sentence.index)
        return score * new_share**LEAD_NEW_EXPONENT / count_words(variant.text) ** LEAD_LENGTH_EXPONENT

    def _tells_another(self, variant: SentenceVariant, best_score: float) -> bool:
        return (
            self._find_containment(variant.sentence) < MAX_LEAD_SIMILARITY
            and self._coverage.compute_new_share(variant.sentence.index) >= MIN_LEAD_NEW
            and _get_lead_score(variant.sentence) >= MIN_LEAD_SHARE * best_score
        )

    def select_open(self) -> None:
        """Select what is expected next: by the newest articles, not yet past, and most salient first."""
        open_variants = [variant for variant in self._variants if self._is_open(variant)]
        open_variants.sort(key=lambda variant: (-variant.sentence.score, variant.sentence.index))
        count = 0
        for variant in open_variants:
            if count < MAX_OPEN and self._find_containment(variant.sentence) < MAX_SIMILARITY:
                count += self._add(variant, Slot.STATUS)

    def select_body(self, excluded_places: Set[tuple[str, Span]] = frozenset()) -> None:
        """Select the other lines: salient, new against the selected lines, and short ones first.

        `excluded_places` are sentences that another part of the briefing shows: their article ids and spans.
        """
        variants = [
            variant for variant in self._variants if self.classify_state(variant) is not Factuality.EXPECTED
            and not (PERISH and self._is_overtaken(variant))
            and (variant.sentence.article.id, variant.sentence.facts.span) not in excluded_places
        ]
        queue = [(-self._compute_value(variant), number) for number, variant in enumerate(variants)]
        heapify(queue)
        while queue:
            _, number = heappop(queue)
            variant = variants[number]
            if not self._budget.fits(variant.text) or self._find_containment(variant.sentence) >= MAX_SIMILARITY:
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
        """Return the article ids and spans of the selected sentences."""
        return frozenset(
            (variant.sentence.article.id, variant.sentence.facts.span) for variant in self._selected_variants
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
        for pieces in generate_variants(sentence.article.text, unquoted_text, sentence.facts.span)[:MAX_VARIANTS]:
            shown_mentions = [
                mention
                for mention in sentence.facts.time_references
                if any(piece.covers(mention.words) for piece in pieces)
            ]
            is_framed = pieces[0].start == sentence.facts.span.start and pieces[-1].end == sentence.facts.span.end
            if is_framed and bool(shown_mentions) == bool(sentence.facts.time_references):
                date_mention = shown_mentions[0] if shown_mentions else None
                sentence_variants.append(SentenceVariant(sentence, pieces, Slot.TIMELINE, date_mention))
        return sentence_variants

    def _can_lead(self, variant: SentenceVariant) -> bool:
        return (
            variant.sentence.lead_score is not None
            and not (PERISH and self._is_overtaken(variant))
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
        words = fold(variant.sentence.facts.span.of(unquoted_text))
        return self._candidates.get_age(variant.sentence) >= 1 and _PERISHABLE.search(words) is not None

    def _add(self, variant: SentenceVariant, slot: Slot) -> bool:
        """Select a variant if the budget allows; return whether it did."""
        if not self._budget.fits(variant.text):
            return False
        self._budget.spend(variant.text)
        self._selected_variants.append(replace(variant, slot=slot))
        self._coverage.add(variant.sentence.index)
        self._covered_kinds |= find_kinds(variant.text)
        self._covered_concepts |= self._extract_concepts(variant)
        return True

    def _find_containment(self, sentence: Sentence) -> float:
        """Return the largest share that a sentence and a selected one have in common."""
        return max(
            (self._candidates.measure_containment(sentence, each.sentence) for each in self._selected_variants),
            default=0.0,
        )

    def _compute_value(self, variant: SentenceVariant) -> float:
        """Return the value of a variant per word: its salience times what it adds to the selected lines."""
        index, words = variant.sentence.index, count_words(variant.text)
        new_share = self._coverage.compute_new_share(index)
        gain = self._coverage.sum_new(index) ** GAIN_EXPONENT * new_share ** SHARE_EXPONENT
        quality = exp(SPREAD * min(3.0, variant.sentence.score))
        factor = _JOINER_FACTOR if opens_with_joiner(variant.text) else 1.0
        if find_kinds(variant.text) - self._covered_kinds:
            factor *= 1 + KIND_BONUS
        return float(factor * quality * gain / max(MIN_LENGTH, words) ** LENGTH_EXPONENT)

    def _extract_concepts(self, variant: SentenceVariant) -> frozenset[Concept]:
        facts = variant.sentence.facts
        return extract_word_concepts(variant.text) | extract_concepts(
            variant.sentence.article.text,
            [name for name in facts.names if _is_shown(name, variant)],
            [amount for amount in facts.quantities if _is_shown(amount.span, variant)],
            [day for day in facts.days if _is_shown(day.words, variant)],
        )


def _get_lead_score(sentence: Sentence) -> float:
    return sentence.lead_score or 0.0


def _is_shown(span: Span, variant: SentenceVariant) -> bool:
    return any(piece.covers(span) for piece in variant.pieces)


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
