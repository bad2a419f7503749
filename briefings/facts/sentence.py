"""The facts of one sentence, read once: its days, quantities and names, and whether it tells of what is to come.

Rule: what is said to be expected is never told as done; a day is resolved only against an article that is dated.
"""

import re
from dataclasses import dataclass
from datetime import date

from briefings.facts.amounts import Amount, amounts
from briefings.facts.figures import Figure, figures
from briefings.facts.names import names
from briefings.facts.state import State, is_to_come, state_of
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.dates import day_words, resolve
from briefings.text.fold import fold

_CUE = re.compile(rf"\b(?:{lexicon.alternation('cues')})\b")
_EARLIER = re.compile(r"\b(?:after|before|since|following|ahead of|until)\b[^,;]*$")
#: a day that stands before a noun names it: "the Sept. 11 attacks", "of Sept. 11 victims"
_NAMING = re.compile(r"\b(?:the|a|an|of|its|his|her|their)\s+$")
_NAMED = re.compile(r"\s+[^\W\d_]{3,}")
_OPEN_ENDED = re.compile(r"(?:since|until|from)\b")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day that words are counted from, and the article that gives it. `own` False: only its year counts."""

    day: date
    article: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a sentence names: the resolved day, the words that gave it, and the article that anchored them."""

    day: date
    words: Span
    anchor: str


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """What one sentence tells: the figures that can be compared, all quantities, the names, and how far it is so."""

    span: Span
    days: tuple[Day, ...]
    figures: tuple[Figure, ...]
    amounts: tuple[Amount, ...]
    names: tuple[Span, ...]
    state: State

    @property
    def expected(self) -> bool:
        """Whether it speaks of something still to come."""
        return self.state is State.EXPECTED


def facts_of(text: str, view: str, sentence: Span, anchor: Anchor | None) -> SentenceFacts:
    """The facts of `sentence`; `view` is `text` with quoted words blanked, so that nobody's promise passes for news."""
    return SentenceFacts(
        span=sentence,
        days=_days(view, sentence, anchor),
        figures=tuple(figures(text, sentence)),
        amounts=tuple(amounts(text, sentence)),
        names=tuple(names(view, sentence)),
        state=state_of(view, sentence),
    )


def _days(view: str, sentence: Span, anchor: Anchor | None) -> tuple[Day, ...]:
    found: list[Day] = []
    for words in day_words(view, sentence):
        if _is_background(view, sentence, words.span):
            continue
        if anchor is None or (not anchor.own and (words.weekday is not None or words.offset is not None)):
            day = resolve(words, None)
        else:
            day = resolve(words, anchor.day, to_come=_is_ahead(view, sentence, words.span))
        if day is not None:
            found.append(Day(day, words.span, anchor.article if anchor and words.day is None else ""))
    return tuple(found)


def _is_ahead(view: str, sentence: Span, day: Span) -> bool:
    """Whether the clause around a day tells of what is ahead: "MPs, who voted on Tuesday, will meet" does not.

    A day that is a clause of its own ("On Monday, MPs will ...") takes the rest of the sentence for one.
    """
    before = re.split("[,;]", view[sentence.start : day.start])[-1]
    after = re.split("[,;]", view[day.end : sentence.end])[0]
    clause = f"{before}|{after}" if (before + after).strip() else sentence.of(view)
    return is_to_come(clause, Span(0, len(clause)))


def _is_background(view: str, sentence: Span, day: Span) -> bool:
    """Whether a day belongs to something the sentence only refers to: what somebody said happened, what came before.

    "He was accused of failing to get voters to the polls on Thursday" tells of no Thursday; "said on Tuesday" does.
    What goes on "since Monday" did not happen on Monday, and "the Sept. 11 attacks" are a name.
    """
    if _OPEN_ENDED.match(fold(day.of(view))):
        return True
    before = fold(view[sentence.start : day.start])
    if _NAMING.search(before) and _NAMED.match(view, day.end, sentence.end):
        return True
    cues = list(_CUE.finditer(before))
    reported = bool(cues) and len(before[cues[-1].end() :].split()) > 1
    return reported or _EARLIER.search(before) is not None
