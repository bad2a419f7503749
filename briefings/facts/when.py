"""When what a sentence tells was: the days it names and the periods, resolved against an article that is dated.

Rule: a day or period that the sentence only refers to ("since Monday", "the Sept. 11 attacks", "who was elected in
September") is not one it tells of; a period keeps its first and last day, "the day before" needs one told before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from briefings.facts.state import is_to_come
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.dates import DayWords, day_words, resolve
from briefings.text.fold import fold
from briefings.text.periods import Period, PeriodWords, period_words, resolve_period

_CUE = re.compile(rf"\b(?:{lexicon.alternation('cues')})\b")
_EARLIER = re.compile(r"\b(?:after|before|since|following|ahead of|until)\b[^,;]*$")
_SUBORDINATE = re.compile(rf"\b(?:{lexicon.alternation('subordinate')})\b[^,;]*$")
#: a day that stands before a noun names it: "the Sept. 11 attacks", "of Sept. 11 victims"
_NAMING = re.compile(r"\b(?:the|a|an|of|its|his|her|their)\s+$")
_NAMED = re.compile(r"\s+[^\W\d_]{3,}")
_OPEN_ENDED = re.compile(r"(?:since|until|from)\b")
#: "last week’s vote" is a vote, whenever it is told of
_POSSESSIVE = re.compile(r"['’]s?\b|['’](?=\s)")
#: "in 2004 and 2008" is neither of the two
_MORE = re.compile(r"\s*(?:,|\b(?:and|or|to|through)\b|[-–])\s*(?:(?:and|or|in)\s+)?(?:[A-Z]\w+\s+)?(?:19|20)\d\d\b")
_TO_COME = re.compile(rf"\b(?:{lexicon.alternation('to_come')})\b")
_PAST = re.compile(rf"\b(?:{lexicon.alternation('past')}|\w{{2,}}[^\W_e]ed)\b")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day that words are counted from, and the article that gives it. `own` False: only its year counts.

    `until` is the last day on which the words may have been written (None: the same); a weekday may be counted from it
    as well, and so may "today" when the article appeared at `night`.
    """

    day: date
    article: str
    own: bool = True
    until: date | None = None
    night: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a sentence names: the resolved day, the words that gave it, and the article that anchored them."""

    day: date
    words: Span
    anchor: str

    @property
    def period(self) -> Period:
        """The day as a period of its own."""
        return Period(self.day, self.day)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period that a sentence names, the words that gave it, and the article that anchored them."""

    period: Period
    words: Span
    anchor: str

    @property
    def day(self) -> date | None:
        """The day, when the period is one alone."""
        return self.period.day


def days(view: str, sentence: Span, anchor: Anchor | None) -> tuple[Day, ...]:
    """The days that `sentence` tells of; `view` is the text with quoted words blanked."""
    return tuple(
        day
        for words in day_words(view, sentence)
        if not _is_background(view, sentence, words.span) and (day := _day(view, sentence, words, anchor))
    )


def _open_days(view: str, sentence: Span, anchor: Anchor | None) -> Iterator[NamedPeriod]:
    """The days that `sentence` tells of and that may be one of two, as the period from the one to the other."""
    for words in day_words(view, sentence) if anchor and anchor.own else ():
        period = _resolved(view, sentence, words, anchor)
        if anchor and period and period.day is None and not _is_background(view, sentence, words.span):
            yield NamedPeriod(period, words.span, anchor.article)


def periods(view: str, sentence: Span, anchor: Anchor | None, told: Day | None) -> tuple[NamedPeriod, ...]:
    """The periods that `sentence` tells of; `told` is the day from which "the day before" is counted.

    Without the article's own date only what bears its year ("in June 2016"), or stands beside a day told, is known.
    """
    own = anchor if anchor and anchor.own else None
    found = list(_open_days(view, sentence, anchor))
    for words in period_words(view, sentence):
        if _is_elsewhere(view, sentence, words.span):
            continue
        period = _period(view, sentence, words, own.day if own else None, told.day if told else None)
        if own and own.night and own.until and period:
            # written on one day or the next: "last week" on a Sunday night may be either of two
            later = _period(view, sentence, words, own.until, told.day if told else None) or period
            period = Period(min(period.first, later.first), max(period.last, later.last))
        if period is not None:
            found.append(NamedPeriod(period, words.span, _anchored(words, own, told)))
    return tuple(found)


@lru_cache(maxsize=2_048)
def day_told(view: str, sentence: Span, anchor: Anchor | None) -> Day | None:
    """The one day that `sentence` names and tells of; None when it names another beside it, or one left open."""
    named = list(day_words(view, sentence))
    found = days(view, sentence, anchor)
    known = {day.day for words in named if (day := _day(view, sentence, words, anchor))}
    return found[0] if len(found) == len(named) and len(known) == 1 else None


def _day(view: str, sentence: Span, words: DayWords, anchor: Anchor | None) -> Day | None:
    period = _resolved(view, sentence, words, anchor)
    if period is None or period.day is None:
        return None
    return Day(period.day, words.span, anchor.article if anchor and words.day is None else "")


def _resolved(view: str, sentence: Span, words: DayWords, anchor: Anchor | None) -> Period | None:
    """The day that `words` name, or the days from the first to the last that they may name."""
    if anchor is None or (not anchor.own and (words.weekday is not None or words.offset is not None)):
        day = resolve(words, None)
        return Period(day, day) if day else None
    ahead = _is_ahead(view, sentence, words.span)
    resolved = (resolve(words, start, to_come=ahead) for start in _starts(words, anchor, ahead=ahead))
    found = [day for day in resolved if day is not None]
    return Period(min(found), max(found)) if found else None


def _starts(words: DayWords, anchor: Anchor, *, ahead: bool) -> tuple[date, ...]:
    """The days that `words` may be counted from: what is ahead is ahead of the first of them."""
    both = (words.weekday is not None and not ahead) or (words.offset is not None and anchor.night)
    return (anchor.day, anchor.until) if both and anchor.until else (anchor.day,)


def _period(view: str, sentence: Span, words: PeriodWords, anchor: date | None, told: date | None) -> Period | None:
    """The period that `words` name. Where only the tense tells which ("in November"), it must tell one way."""
    if words.shift is not None or words.year is not None:
        return resolve_period(words, anchor, told=told)
    clause = _clause(view, sentence, words.span)
    to_come = is_to_come(clause, Span(0, len(clause)))
    past = _PAST.search(_TO_COME.sub("|", fold(clause))) is not None
    period = resolve_period(words, anchor, to_come=to_come) if to_come != past else None
    if period is None or anchor is None:
        return None
    if past and period.first > anchor:
        return resolve_period(replace(words, year=period.first.year - 1), anchor)
    if to_come and period.last < anchor:
        return resolve_period(replace(words, year=period.first.year + 1), anchor)
    return period


def _anchored(words: PeriodWords, own: Anchor | None, told: Day | None) -> str:
    if words.beside:
        return told.anchor if told else ""
    return own.article if own and words.year is None else ""


def _is_ahead(view: str, sentence: Span, day: Span) -> bool:
    """Whether the clause around a day tells of what is ahead: "MPs, who voted on Tuesday, will meet" does not."""
    clause = _clause(view, sentence, day)
    return is_to_come(clause, Span(0, len(clause)))


def _clause(view: str, sentence: Span, day: Span) -> str:
    """What stands around a day; one that is a clause of its own ("On Monday, MPs will") takes the whole sentence."""
    before = re.split("[,;]", view[sentence.start : day.start])[-1]
    after = re.split("[,;]", view[day.end : sentence.end])[0]
    return f"{before}|{after}" if (before + after).strip() else sentence.of(view)


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


def _is_elsewhere(view: str, sentence: Span, period: Span) -> bool:
    """Whether a period is background as a day may be, or names a thing, or stands in a clause that looks back.

    Periods serve for background far more often than days do, so that more is asked of them.
    """
    if _POSSESSIVE.match(view, period.end) or _MORE.match(view, period.end, sentence.end):
        return True
    before = fold(view[sentence.start : period.start])
    return _is_background(view, sentence, period) or _SUBORDINATE.search(before) is not None
