"""Select sentences for the two narrative slots: the current status, and the timeline.

Rule: a sentence about the future is marked as expected, and a day is shown with the words that gave it. A period is
shown with its first and last possible day and sorted by the first; undated sentences come last. A sentence may be
shortened as `generate_variants` allows, and is never shown twice.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest

from briefings.compose.candidates import Candidates, Sentence
from briefings.compose.compression import generate_variants
from briefings.compose.selection import (
    Concept,
    Selection,
    WordBudget,
    extract_concepts,
    extract_word_concepts,
    select_greedily,
)
from briefings.facts import NamedDay, NamedPeriod, classify_factuality
from briefings.facts.factuality import Factuality
from briefings.model import ELISION, Line, Slot, Span
from briefings.similarity.tfidf import cosine_similarity
from briefings.text.dates import format_day_range
from briefings.text.periods import Period
from briefings.text.words import count_words

#: maximum number of lines: status, per day or period, and without a date
_MAX_STATUS, _MAX_PER_DAY, _MAX_UNDATED = 8, 3, 5
#: number of best-scoring sentences to consider
_MAX_WEIGHED_SENTENCES = 200
#: two sentences at least this similar (cosine) are not both selected
_MAX_SIMILARITY = 0.45
#: added to every sentence's score
_BASE_QUALITY = 0.2
#: gain of every sentence, even one without weighted concepts
_BASE_BONUS = 0.1
#: additional gain of a sentence about what is expected next
_EXPECTED_BONUS = 3.0
#: an article this much older than the newest one still counts as current
_CURRENT_PERIOD = timedelta(days=1)


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

    Only sentence variants that `is_wanted` accepts are considered.
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
        top_sentences = nlargest(_MAX_WEIGHED_SENTENCES, candidates.sentences, key=lambda sentence: sentence.score)
        variants = (variant for sentence in top_sentences for variant in self._make_variants(sentence))
        self._variants = [variant for variant in variants if is_wanted(variant)]
        self._selections = [self._make_selection(variant) for variant in self._variants]

    def select(self, rounds: int = 1) -> None:
        """Select sentences while the budget allows, those with the largest gain per word first.

        `rounds` multiplies the maximum number of lines per place.
        """
        select_greedily(
            self._selections,
            self._candidates.concept_weights,
            self._budget,
            covered_concepts=self._covered_concepts,
            is_allowed=lambda index: self._may_join(self._variants[index], rounds),
            on_selected=lambda index: self._selected_variants.append(self._variants[index]),
        )

    def list_selected(self) -> list[SentenceVariant]:
        """Return the selected variants: the status (expected events last), then day by day."""
        return sorted(self._selected_variants, key=_make_sort_key)

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
        for pieces in generate_variants(sentence.article.text, unquoted_text, sentence.facts.span):
            shown_mentions = [
                mention
                for mention in sentence.facts.time_references
                if any(piece.covers(mention.words) for piece in pieces)
            ]
            if bool(shown_mentions) == bool(sentence.facts.time_references):
                date_mention = shown_mentions[0] if shown_mentions else None
                sentence_variants.append(
                    SentenceVariant(sentence, pieces, self._choose_slot(sentence, date_mention), date_mention)
                )
        return sentence_variants

    def _choose_slot(self, sentence: Sentence, date_mention: NamedDay | NamedPeriod | None) -> Slot:
        """Choose the slot.

        Current articles give the status: sentences without a past day, or about ongoing or expected events.
        """
        published, newest_day = sentence.article.published, self._candidates.newest_day
        is_current = published == newest_day or (published and newest_day and newest_day - published <= _CURRENT_PERIOD)
        is_ongoing = date_mention is None or (
            date_mention.day is None and published is not None and date_mention.period.last >= published
        )
        return Slot.STATUS if is_current and (sentence.facts.is_expected or is_ongoing) else Slot.TIMELINE

    def _make_selection(self, variant: SentenceVariant) -> Selection:
        sentence, text = variant.sentence, variant.text
        facts = sentence.facts
        return Selection(
            text=text,
            word_count=count_words(text),
            concepts=extract_word_concepts(text)
            | extract_concepts(
                sentence.article.text,
                [name for name in facts.names if _is_shown(name, variant)],
                [amount for amount in facts.quantities if _is_shown(amount.span, variant)],
                [day for day in facts.days if _is_shown(day.words, variant)],
            ),
            quality=_BASE_QUALITY + sentence.score,
            bonus=_BASE_BONUS + _EXPECTED_BONUS * (variant.slot is Slot.STATUS and sentence.facts.is_expected),
        )

    def _may_join(self, variant: SentenceVariant, rounds: int) -> bool:
        if any(
            cosine_similarity(variant.sentence.vector, selected_variant.sentence.vector) >= _MAX_SIMILARITY
            for selected_variant in self._selected_variants
        ):
            return False
        if any(variant.sentence is selected_variant.sentence for selected_variant in self._selected_variants):
            return False
        place_counts = Counter(map(_get_place, self._selected_variants))
        max_lines = {"status": _MAX_STATUS, "undated": _MAX_UNDATED}.get(str(_get_place(variant)), _MAX_PER_DAY)
        return place_counts[_get_place(variant)] < max_lines * rounds


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


def _get_place(variant: SentenceVariant) -> Period | str:
    if variant.slot is Slot.STATUS:
        return "status"
    return variant.date_mention.period if variant.date_mention else "undated"


def _make_sort_key(variant: SentenceVariant) -> tuple[object, ...]:
    sentence = variant.sentence
    first_day = (
        variant.date_mention.period.first if variant.date_mention and variant.slot is Slot.TIMELINE else date.max
    )
    return (
        variant.slot is not Slot.STATUS,
        first_day,
        sentence.facts.is_expected,
        -sentence.score,
        sentence.article.id,
        sentence.facts.span,
    )
