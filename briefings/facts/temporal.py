"""Resolve the days and periods that a sentence names, relative to the article's date.

Rule: a day or period that the sentence only refers to ("since Monday", "the Sept. 11 attacks", "who was elected in
September") is background and does not count. A period keeps its first and last day. "The day before" needs a day
named in the previous sentence.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from briefings.facts.factuality import is_expected, looks_ahead
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.dates import DayExpression, find_day_expressions, resolve_day
from briefings.text.folding import fold
from briefings.text.periods import Period, PeriodExpression, find_period_expressions, resolve_period

_CUE = re.compile(rf"\b(?:{lexicon.build_alternation('cues')})\b")
#: "said Wednesday", "told reporters on Wednesday": a report, so the day is past
_REPORTED_ON = re.compile(
    rf"\b(?:{lexicon.build_alternation('cues')})(?: [^\W\d_]+){{0,2}}?(?: (?:late|early))?(?: on)? $"
)
#: "warned the council late on Monday that": the day of the report
_THAT = re.compile(r"\s+that\b")
#: words before a day that opens a sentence
_OPENS_SENTENCE = re.compile(r"\W*(?:(?:but|and|also|then|early|late|on)\s+)*")
_BACKGROUND_CUE = re.compile(r"\b(?:after|before|since|following|ahead of|until)\b")
_SUBORDINATE = re.compile(rf"\b(?:{lexicon.build_alternation('subordinate')})\b")
#: a day before a noun is part of a name: "the Sept. 11 attacks", "of Sept. 11 victims"
_DETERMINER = re.compile(r"\b(?:the|a|an|of|its|his|her|their)\s+$")
#: "the first Monday in October" is not this week's Monday
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|every|each)\s+$")
_NOUN = re.compile(r"\s+[^\W\d_]{3,}")
_OPEN_ENDED = re.compile(r"(?:since|until|from)\b")
#: "last week’s vote" is a vote, not a time
_POSSESSIVE = re.compile(r"['’]s?\b|['’](?=\s)")
#: "in 2004 and 2008" is not one period
_ANOTHER_YEAR = re.compile(
    r"\s*(?:,|\b(?:and|or|to|through)\b|[-–])\s*(?:(?:and|or|in)\s+)?(?:[A-Z]\w+\s+)?(?:19|20)\d\d\b"
)
_TO_COME = re.compile(rf"\b(?:{lexicon.build_alternation('to_come')})\b")
#: characters before a day in which the words right before it are looked for, and characters of a clause on each side
_MAX_TAIL, _MAX_CLAUSE = 300, 1_000
_PAST = re.compile(rf"\b(?:{lexicon.build_alternation('past')}|\w{{2,}}[^\W_e]ed)\b")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day that relative days are counted from, and the id of the article that gives it.

    If `is_own` is False, the day comes from another article and gives only the year. `latest_day` is the last day on
    which the text can have been written (None: the same day). Weekdays may also be counted from it. So may "today" if
    the article appeared at night (`is_night`).
    """

    day: date
    article: str
    is_own: bool = True
    latest_day: date | None = None
    is_night: bool = False


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a sentence names: the resolved day, the span of its words, and the id of the anchor article."""

    day: date
    words: Span
    anchor: str

    @property
    def period(self) -> Period:
        """The day as a period of one day."""
        return Period(self.day, self.day)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period that a sentence names, the span of its words, and the id of the anchor article."""

    period: Period
    words: Span
    anchor: str

    @property
    def day(self) -> date | None:
        """The day, if the period is a single day."""
        return self.period.day


def find_days(view: str, sentence: Span, anchor: Anchor | None) -> tuple[NamedDay, ...]:
    """Return the days on which the events of `sentence` happen. `view` is the text with quoted words blanked."""
    return tuple(
        day
        for words in find_day_expressions(view, sentence)
        if not _is_background(view, sentence, words.span) and (day := _resolve_day(view, sentence, words, anchor))
    )


def find_periods(
    view: str, sentence: Span, anchor: Anchor | None, previous_day: NamedDay | None
) -> tuple[NamedPeriod, ...]:
    """Return the periods in which the events of `sentence` happen.

    "The day before" is counted from `previous_day`. Without the article's own date, only two kinds resolve: a period
    with its year ("in June 2016"), and one that is relative to `previous_day`.
    """
    own_anchor = anchor if anchor and anchor.is_own else None
    named_periods = list(_find_open_days(view, sentence, anchor))
    for words in find_period_expressions(view, sentence):
        if _is_background_period(view, sentence, words.span):
            continue
        period = _resolve_period_words(
            view, sentence, words, own_anchor.day if own_anchor else None, previous_day.day if previous_day else None
        )
        if own_anchor and own_anchor.is_night and own_anchor.latest_day and period:
            # the text was written on one day or the next: "last week" on a Sunday night can be either of two weeks
            later_period = (
                _resolve_period_words(
                    view, sentence, words, own_anchor.latest_day, previous_day.day if previous_day else None
                )
                or period
            )
            period = Period(min(period.first, later_period.first), max(period.last, later_period.last))
        if period is not None:
            named_periods.append(NamedPeriod(period, words.span, _get_anchor_article(words, own_anchor, previous_day)))
    return tuple(named_periods)


@lru_cache(maxsize=2_048)
def find_single_day(view: str, sentence: Span, anchor: Anchor | None) -> NamedDay | None:
    """Return the single day that `sentence` names, or None if it names several days or one stays open."""
    day_expressions = list(find_day_expressions(view, sentence))
    named_days = find_days(view, sentence, anchor)
    resolved_days = {day.day for words in day_expressions if (day := _resolve_day(view, sentence, words, anchor))}
    return named_days[0] if len(named_days) == len(day_expressions) and len(resolved_days) == 1 else None


def _find_open_days(view: str, sentence: Span, anchor: Anchor | None) -> Iterator[NamedPeriod]:
    """Yield the days of `sentence` that can be one of two, as the period from the first to the last of them."""
    for words in find_day_expressions(view, sentence) if anchor and anchor.is_own else ():
        period = _resolve_day_words(view, sentence, words, anchor)
        if anchor and period and period.day is None and not _is_background(view, sentence, words.span):
            yield NamedPeriod(period, words.span, anchor.article)


def _resolve_day(view: str, sentence: Span, words: DayExpression, anchor: Anchor | None) -> NamedDay | None:
    period = _resolve_day_words(view, sentence, words, anchor)
    if period is None or period.day is None:
        return None
    return NamedDay(period.day, words.span, anchor.article if anchor and words.day is None else "")


def _resolve_day_words(view: str, sentence: Span, words: DayExpression, anchor: Anchor | None) -> Period | None:
    """Return the day that `words` name, or the range of days that they can name."""
    if anchor is None or (not anchor.is_own and (words.weekday is not None or words.offset is not None)):
        day = resolve_day(words, None)
        return Period(day, day) if day else None
    is_future = is_ahead(view, sentence, words.span)
    candidate_days = (
        resolve_day(words, start, is_future=is_future) for start in _get_start_days(words, anchor, is_future=is_future)
    )
    possible_days = [day for day in candidate_days if day is not None]
    return Period(min(possible_days), max(possible_days)) if possible_days else None


def _get_start_days(words: DayExpression, anchor: Anchor, *, is_future: bool) -> tuple[date, ...]:
    """Return the days that `words` can be counted from. A future day is counted from the first of them."""
    has_two_starts = (words.weekday is not None and not is_future) or (words.offset is not None and anchor.is_night)
    return (anchor.day, anchor.latest_day) if has_two_starts and anchor.latest_day else (anchor.day,)


def _resolve_period_words(
    view: str, sentence: Span, words: PeriodExpression, anchor: date | None, previous_day: date | None
) -> Period | None:
    """Return the period that `words` name. If only the tense decides ("in November"), the tense must be unambiguous."""
    if words.shift is not None or words.year is not None:
        return resolve_period(words, anchor, previous_day=previous_day)
    clause = _extract_clause(view, sentence, words.span)
    to_come = looks_ahead(clause, Span(0, len(clause)))
    is_past = _PAST.search(_TO_COME.sub("|", fold(clause))) is not None
    period = resolve_period(words, anchor, is_future=to_come) if to_come != is_past else None
    if period is None or anchor is None:
        return None
    if is_past and period.first > anchor:
        return resolve_period(replace(words, year=period.first.year - 1), anchor)
    if to_come and period.last < anchor:
        return resolve_period(replace(words, year=period.first.year + 1), anchor)
    return period


def _get_anchor_article(words: PeriodExpression, own_anchor: Anchor | None, previous_day: NamedDay | None) -> str:
    if words.is_anaphoric:
        return previous_day.anchor if previous_day else ""
    return own_anchor.article if own_anchor and words.year is None else ""


def is_ahead(view: str, sentence: Span, day: Span) -> bool:
    """Whether the clause around a day is about the future: "MPs, who voted on Tuesday, will meet" is not.

    A day next to a verb of speech is the day of the report: "said Wednesday that he has no plans to". So is a day that
    opens a report: "On Wednesday, officials said that they will".
    """
    before = fold(view[sentence.start : day.start])
    if _REPORTED_ON.search(before[-_MAX_TAIL:]):
        return False
    if _THAT.match(view, day.end, sentence.end) and not is_expected(view, Span(sentence.start, day.start)):
        return False
    if _OPENS_SENTENCE.fullmatch(before) and view.startswith(",", day.end):
        return is_expected(view, sentence)
    clause = _extract_clause(view, sentence, day)
    return looks_ahead(clause, Span(0, len(clause)))


def _extract_clause(view: str, sentence: Span, day: Span) -> str:
    """Return the clause around a day. A day that is a whole clause ("On Monday, MPs will") gets the whole sentence."""
    before = re.split("[,;]", view[max(sentence.start, day.start - _MAX_CLAUSE) : day.start])[-1]
    after = re.split("[,;]", view[day.end : min(sentence.end, day.end + _MAX_CLAUSE)])[0]
    if (before + after).strip():
        return f"{before}|{after}"
    return view[max(sentence.start, day.start - _MAX_CLAUSE) : min(sentence.end, day.end + _MAX_CLAUSE)]


def _is_background(view: str, sentence: Span, day: Span) -> bool:
    """Whether a day is background: part of a reported event, or before the events of the sentence.

    "He was accused of failing to get voters to the polls on Thursday" has no Thursday event; "said on Tuesday" has
    one. Something that goes on "since Monday" did not happen on Monday, and "the Sept. 11 attacks" are a name.
    """
    if _OPEN_ENDED.match(fold(day.of(view))):
        return True
    before = fold(view[sentence.start : day.start])
    tail = before[-_MAX_TAIL:]
    if _ORDINAL.search(tail) or (_DETERMINER.search(tail) and _NOUN.match(view, day.end, sentence.end)):
        return True
    cue_end = _find_last_end(_CUE, sentence.of(view), len(before))
    is_reported = cue_end is not None and len(before[cue_end:].split(None, 2)) > 1
    return is_reported or _is_in_last_clause(_BACKGROUND_CUE, sentence.of(view), before)


def _is_background_period(view: str, sentence: Span, period: Span) -> bool:
    """Whether a period is background like a day, is part of a name, or is in a clause that looks back.

    Periods are background far more often than days, so the test is stricter.
    """
    if _POSSESSIVE.match(view, period.end) or _ANOTHER_YEAR.match(view, period.end, sentence.end):
        return True
    before = fold(view[sentence.start : period.start])
    return _is_background(view, sentence, period) or _is_in_last_clause(_SUBORDINATE, sentence.of(view), before)


def _is_in_last_clause(words: re.Pattern[str], sentence: str, before: str) -> bool:
    """Whether one of some words is in the last clause of `before`, the beginning of a sentence."""
    last_end = _find_last_end(words, sentence, len(before))
    return last_end is not None and last_end > max(before.rfind(","), before.rfind(";"))


def _find_last_end(words: re.Pattern[str], sentence: str, limit: int) -> int | None:
    """Return where the last of some words ends, at most at `limit`. The sentence is searched once for all its days."""
    ends = _find_ends(words, sentence)
    number = bisect_right(ends, limit)
    return ends[number - 1] if number else None


@lru_cache(maxsize=64)
def _find_ends(words: re.Pattern[str], sentence: str) -> tuple[int, ...]:
    return tuple(match.end() for match in words.finditer(fold(sentence)))
