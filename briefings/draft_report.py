"""Answer types of draft checks: the verdict on each quotation of a draft, and where its words differ.

Rule: the words of a draft and those of an article are spans of their texts, never copies that could drift from them.
"""

from dataclasses import dataclass
from enum import StrEnum

from briefings.answer import Answer
from briefings.model import Hit, SearchTotals, Span, Speaker


class Verdict(StrEnum):
    """Result of comparing a draft's quotation with the stored articles."""

    #: a quotation has these words, and its speaker is the one the draft names, or neither names one
    EXACT = "exact"
    DIFFERS = "differs"  #: the same utterance in other words
    MISATTRIBUTED = "misattributed"  #: another speaker is quoted with these words
    NARRATION = "narration"  #: the words, or some of them, are the article's own
    NOT_FOUND = "not found"
    #: the words are those of a quotation, but its speaker and the draft's cannot be compared with certainty
    NOT_SURE = "not sure"
    UNCHECKED = "unchecked"  #: its marks cannot be paired or attributed


@dataclass(frozen=True, slots=True)
class Change:
    """Words of a draft, and those of the compared hit's article (`source`) that they replace. Either can be empty."""

    draft: Span
    source: Span


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """One quotation of a draft with its verdict. `quote` is exactly the draft's text from `start` to `end`."""

    quote: str
    start: int
    end: int
    #: the speaker that the draft names
    claimed_speaker: Speaker | None
    verdict: Verdict
    #: the real quotation, or the article's own sentence; None without a match
    best: Hit | None = None
    #: what else the editor should know, in one or two sentences
    note: str | None = None
    #: where the draft and `best` differ
    changes: tuple[Change, ...] = ()
    #: the closest real quotations for a quotation without a match
    nearest: tuple[Hit, ...] = ()


class MarkReason(StrEnum):
    """Why a mark is not a quotation. The words go to users."""

    NO_WORDS = "no words between the marks"
    ATTRIBUTE = "part of an HTML tag"
    MEASURE = "feet, inches, minutes or seconds"
    APOSTROPHE = "apostrophe"
    PHRASE = "short phrase without a speaker, which no article quotes"


@dataclass(frozen=True, slots=True)
class IgnoredMarks:
    """Part of a draft with marks that are not a quotation, and why."""

    span: Span
    reason: MarkReason


@dataclass(frozen=True, slots=True, repr=False)
class DraftCheck(Answer):
    """Every quotation of a draft in order, and how much was searched."""

    draft: str
    quotes: tuple[CheckedQuote, ...]
    totals: SearchTotals
    #: marks that are not quotations; every mark of the draft is here or in a quotation
    ignored_marks: tuple[IgnoredMarks, ...] = ()

    @property
    def unchecked_count(self) -> int:
        """Return the count of quotations that could not be checked."""
        return sum(quote.verdict is Verdict.UNCHECKED for quote in self.quotes)

    @property
    def is_clean(self) -> bool:
        """Tell whether every quotation is exact."""
        return all(quote.verdict is Verdict.EXACT for quote in self.quotes)
