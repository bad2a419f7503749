"""Recognises days in the tokens of a question: with or without a preposition, and as a range. Pure."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.queries.filters import parse_days
from bot.queries.grammar.part import Level, Part, PartKind
from bot.queries.grammar.tokens import FilterName, Token, is_slip, join_words
from bot.queries.grammar.vocabulary import (
    DURING_WORDS,
    FILLERS,
    RANGE_WORDS,
    RELATIVE_DAYS,
    SINCE_WORDS,
    UNTIL_WORDS,
)

#: most words of a date
_MAX_DATE_WORDS = 6
_FILTERS_BY_WORD = {
    **dict.fromkeys(SINCE_WORDS, FilterName.SINCE),
    **dict.fromkeys((*UNTIL_WORDS, "by", "up"), FilterName.UNTIL),
    **dict.fromkeys(DURING_WORDS, FilterName.ON),
    "after": FilterName.AFTER,
    "before": FilterName.BEFORE,
}
#: what every date contains: a figure, or the beginning of a name of a day, month or period
_DATE_SIGN = re.compile(
    r"\d|^\W*(?:mon|tue|wed|thu|fri|sat|sun|jan|jän|feb|mar|mär|mae|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
    r"|to(?:day|night|morrow)|yester|week|fortnight|month|year|day|hour|hr|night|morning|evening|afternoon|quarter)",
    re.IGNORECASE,
)
_COUNTED_DAYS = re.compile(r"\d{1,3} (?:hour|day|week|month|year)s?", re.IGNORECASE)
_CORRECTED_WORDS = ("since", "until", "before", "after")


class DayReader:
    """Reads the days of one question. `today` is the day from which relative days are past_days."""

    def __init__(self, tokens: Sequence[Token], today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._measures: dict[int, tuple[int, tuple[date, date] | None]] = {}

    def read(self, index: int, level: Level) -> Part | None:
        """Read days with or without a preposition, and a range of days."""
        key = self._tokens[index].key
        preposition = correct_preposition(key)
        if preposition in ("between", "from", "since") and (days_range := self._read_range(index + 1)):
            return days_range
        if preposition in _FILTERS_BY_WORD:
            start = index + 2 if join_words(self._tokens[index : index + 2]).casefold() == "up to" else index + 1
            end, period = self.measure(start)
            if period is None and preposition in ("since", "over", "within", "past"):  # "since 2 weeks"
                end, text = start + 2, join_words(self._tokens[start : start + 2])
                past_days = parse_days(f"past {text}", self._today) if _COUNTED_DAYS.fullmatch(text) else None
                period = (past_days.first, past_days.last) if past_days else None
            if period:
                name = _FILTERS_BY_WORD[preposition]
                # "from last month" is that month, and "from Monday" since then
                is_in_period = preposition == "from" and period[0] != period[1]
                return self.build(FilterName.ON if is_in_period else name, end, *period)
        if days_range := self._read_range(index):
            return days_range
        end, period = self.measure(index)
        is_certain = end - index > 1 or key in RELATIVE_DAYS or (not key.isalpha() and not key.isdigit())
        if period and (is_certain or (level is Level.ALL and not re.fullmatch(r"\d{1,3}", key))):
            return self.build(FilterName.ON, end, *period, is_bare=True)
        return None

    def _read_range(self, index: int) -> Part | None:
        """Read "1 June to 15 June", "1-15 June" or "June to August 2016"."""
        for middle in range(index + 1, min(index + _MAX_DATE_WORDS + 1, len(self._tokens))):
            if self._tokens[middle].text.casefold() in RANGE_WORDS and self._tokens[middle].filter_name is None:
                end, last = self.measure(middle + 1)
                first = last and self._parse_start(self._join_text(index, middle), self._join_text(middle + 1, end))
                if first and last and first[0] <= last[1]:
                    return Part(PartKind.DAYS, end, since=first[0], until=last[1])
        if names := index < len(self._tokens) and re.fullmatch(r"([a-z]+)[-–]([a-z]+)", self._tokens[index].key):
            first_days, last_days = parse_days(names[1], self._today), parse_days(names[2], self._today)
            if first_days and last_days and first_days.first <= last_days.last:
                return Part(PartKind.DAYS, index + 1, since=first_days.first, until=last_days.last)
        match = re.fullmatch(r"(\d{1,2})[-–](\d{1,2})", self._tokens[index].word) if index < len(self._tokens) else None
        if match:
            for end in range(min(index + 4, len(self._tokens)), index + 1, -1):
                rest = self._join_text(index + 1, end)
                first_period = parse_days(f"{match[1]} {rest}", self._today)
                last_period = parse_days(f"{match[2]} {rest}", self._today)
                if first_period and last_period and first_period.first <= last_period.last:
                    return Part(PartKind.DAYS, end, since=first_period.first, until=last_period.last)
        return None

    def _parse_start(self, text: str, end_text: str) -> tuple[date, date] | None:
        """Return the first days of a range, with the month or the year of its end if they have none."""
        end_words = end_text.split()
        for missing_words in ([], end_words[-1:], end_words[-2:]):
            period = parse_days(" ".join([text, *missing_words]), self._today)
            # "June to August 2016": the year of the end comes first, because "June" alone is another year
            if period and (missing_words or not re.search(r"\b\d{4}\b", end_text) or re.search(r"\d{4}", text)):
                return period.first, period.last
        return None

    def measure(self, index: int) -> tuple[int, tuple[date, date] | None]:
        """Return the end and the days of the longest date at a token, or the index itself and None."""
        if index not in self._measures:
            self._measures[index] = self._measure(index)
        return self._measures[index]

    def _measure(self, index: int) -> tuple[int, tuple[date, date] | None]:
        if index < len(self._tokens) and self._tokens[index].is_phrase:
            period = parse_days(self._tokens[index].text, self._today)
            return index + 1, (period.first, period.last) if period else None
        if not any(_DATE_SIGN.search(token.text) for token in self._tokens[index : index + _MAX_DATE_WORDS]):
            return index, None
        for end in range(min(index + _MAX_DATE_WORDS, len(self._tokens)), index, -1):
            if any(token.is_phrase or token.filter_name for token in self._tokens[index:end]):
                continue
            for text in (self._join_text(index, end), join_words(self._tokens[index:end])):
                if period := parse_days(re.sub(r"['’]s$", "", text.strip("()[]?!")), self._today):
                    return end, (period.first, period.last)
        return index, None

    def build(self, name: FilterName, end: int, first: date, last: date, *, is_bare: bool = False) -> Part:
        """Return the part for days after a filter word. Days after today are left out of a period with today."""
        if first <= self._today < last:
            last = self._today
        since = first if name in (FilterName.SINCE, FilterName.ON) else None
        until = last if name in (FilterName.UNTIL, FilterName.ON) else None
        if name is FilterName.AFTER:
            since = last + timedelta(1) if last < date.max else last
        if name is FilterName.BEFORE:
            until = first - timedelta(1) if first > date.min else first
        return Part(PartKind.DAYS, end, since=since, until=until, is_bare=is_bare)

    def _join_text(self, start: int, end: int) -> str:
        return " ".join(token.text for token in self._tokens[start:end])


def correct_preposition(key: str) -> str:
    """Return "since" for "sicne", and any other word unchanged."""
    if len(key) < 4 or key in FILLERS:
        return key
    return next((word for word in _CORRECTED_WORDS if is_slip(key, word)), key)
