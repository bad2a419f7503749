"""Find the day on which an article was written, from its own stamps ("Last modified on Wed 29 Jun 2016 01.12 BST").

Rule: relative days are counted from the first publication. A stamp's day and time are the outlet's own, so time zones
are never converted. An article that appeared in the small hours may have been written the evening before, so its
"today" is one of two days. A weekday in an article that was changed on a later day may be counted from the change.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from briefings.facts.temporal import Anchor
from briefings.model import Article
from briefings.text.dates import find_absolute_dates
from briefings.text.folding import fold

#: before this hour, a newsroom's day is the previous one
_MORNING_HOUR = 5
_HOURS, _MINUTES, _NOON = 24, 60, 12
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = "|".join(_WEEKDAYS)
#: "As of Tuesday morning" tells the state on the day of writing
_AS_OF = re.compile(rf"\bas of (?:early |late )?(?P<day>{_WEEKDAY})\b")
#: "last Tuesday", "next Tuesday", "until Tuesday" are not the day of the news
_NOT_OTHER_WEEK = "".join(
    f"(?<!{word} )"
    for word in ("last", "next", "this", "coming", "since", "until", "till", "by", "before", "previous", "past")
)
_LOOKS_AHEAD = re.compile(r"\b(?:will|to|would|expected|scheduled|set|due|plans?|ahead|upcoming|may|could|should)\b")
#: characters of an article whose weekdays tell when it was rewritten
_LEDE_CHARACTERS = 700
#: maximum gap between a stamp and the stored day: time zones, and feeds that give the day of the change
_MAX_STAMP_GAP = timedelta(days=2)
#: a change after more days corrects the article and adds no news
_MAX_CHANGE_GAP = timedelta(days=6)
_ONE_DAY = timedelta(days=1)
#: if the weekday is more days ahead, the page was not rewritten: the day is past
_MAX_REWRITE_DAYS = 3
#: characters of a stamp line, and lines examined at each end of the text
_MAX_STAMP_CHARS, _STAMP_LINES = 240, 6
_LABEL = re.compile(
    r"\b(?:(?P<first>first published|published|posted|written by)|(?:last )?(?P<change>modified|updated|amended))\b",
    re.IGNORECASE,
)
#: text that can precede the label in a stamp line
_LABEL_PREFIX = re.compile(r"\W*(?:(?:this )?(?:article|story|post)(?: was)?(?: first)?\W*)?", re.IGNORECASE)
#: a day and a time without a label are those of the first publication: "Tue 28 Jun 2016 23.40 BST"
_UNLABELLED_STAMP = re.compile(
    r"\W*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*\.?,? )?"
    r"[\w, ]{8,24}\d{4},? (?:at )?\d{1,2}[.:]\d\d[\w. ]{0,10}\W*"
)
_TIME = re.compile(r"(?<![\d.:])(?P<hour>\d{1,2})[.:](?P<minute>\d\d)(?![.:]?\d)\s?(?P<half>(?i:[ap]\.?m\b))?")


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What one label of a stamp gives: the day and the hour (0 to 23), or None."""

    is_change: bool
    day: date | None
    hour: int | None

    @property
    def is_at_night(self) -> bool:
        return self.hour is not None and self.hour < _MORNING_HOUR


@lru_cache(maxsize=1_024)
def find_anchor(article: Article) -> Anchor | None:
    """Return the day from which relative days in `article` are counted, or None for an undated article."""
    if article.published is None:
        return None
    stamps = _find_stamps(article)
    first = next((stamp for stamp in stamps if not stamp.is_change), None)
    change = next((stamp for stamp in reversed(stamps) if stamp.is_change), None)
    day = article.published
    if first and first.day and abs(first.day - day) <= _MAX_STAMP_GAP:
        day = first.day
    night_stamp = first or change  # text that was changed at one in the morning existed by then
    if night_stamp and night_stamp.is_at_night and night_stamp.day in (None, day):
        return Anchor(_get_previous_day(day), article.id, latest_day=day, is_night=True)
    last_day = _find_last_news_day(day, change) if change else _find_rewritten_day(article.text, day)
    return Anchor(day, article.id, latest_day=last_day)


def find_news_day(article: Article) -> date | None:
    """Return the last day whose news `article` can tell, or None for an undated article."""
    anchor = find_anchor(article)
    return (anchor.latest_day or anchor.day) if anchor else None


def _find_last_news_day(day: date, change: _Stamp | None) -> date:
    """Return the last day whose news a change can have added.

    A change in the small hours adds news of the evening before.
    """
    if change is None or change.day is None:
        return day
    last = _get_previous_day(change.day) if change.is_at_night else change.day
    return last if day < last <= day + _MAX_CHANGE_GAP else day


def _find_rewritten_day(text: str, day: date) -> date:
    """Return the day on which a page was rewritten after its date, as its opening tells, else `day`.

    "As of Tuesday" in an article of Sunday was written on Tuesday. So was "on Tuesday" in the opening of an article of
    Monday, unless it looks ahead: six days ago it would be "last Tuesday".
    """
    if day > date.max - _MAX_CHANGE_GAP:
        return day
    lede = fold(text[:_LEDE_CHARACTERS])
    match = _AS_OF.search(lede)
    gap = (_WEEKDAYS.index(match["day"]) - day.weekday()) % len(_WEEKDAYS) if match else 0
    if 0 < gap <= _MAX_REWRITE_DAYS:
        return day + gap * _ONE_DAY
    next_weekday = _WEEKDAYS[(day.weekday() + 1) % len(_WEEKDAYS)]
    sentence = lede.split(". ")[0]
    is_news = re.search(rf"{_NOT_OTHER_WEEK}\b{next_weekday}\b", sentence) and not _LOOKS_AHEAD.search(sentence)
    return day + _ONE_DAY if is_news else day


def _get_previous_day(day: date) -> date:
    return day - _ONE_DAY if day > date.min else day


def _find_stamps(article: Article) -> list[_Stamp]:
    """Return the stamps in the article's first and last lines, in order."""
    lines = [line for line in article.text.split("\n") if line.strip()]
    edge_lines = lines if len(lines) <= 2 * _STAMP_LINES else [*lines[:_STAMP_LINES], *lines[-_STAMP_LINES:]]
    boilerplate_lines = {line for span in article.boilerplate for line in span.of(article.text).split("\n")}
    stamps: list[_Stamp] = []
    for line in edge_lines:
        labels = list(_LABEL.finditer(line)) if len(line) <= _MAX_STAMP_CHARS else []
        opening = line[: labels[0].start()] if labels else line[:_MAX_STAMP_CHARS]
        is_bare = _UNLABELLED_STAMP.fullmatch(opening) is not None
        if is_bare:
            stamps.append(_parse_stamp(opening, is_change=False))
        if is_bare or line in boilerplate_lines or _LABEL_PREFIX.fullmatch(opening):
            label_ends = [*(label.start() for label in labels[1:]), len(line)]
            parts = ((label, line[label.end() : end]) for label, end in zip(labels, label_ends, strict=bool(labels)))
            stamps += [_parse_stamp(part, is_change=label["change"] is not None) for label, part in parts]
    return stamps


def _parse_stamp(part: str, *, is_change: bool) -> _Stamp:
    day = next((date_words.day for date_words in find_absolute_dates(part)), None)
    hours = (_parse_hour(match) for match in _TIME.finditer(part))
    return _Stamp(is_change, day, next((hour for hour in hours if hour is not None), None))


def _parse_hour(match: re.Match[str]) -> int | None:
    hour, meridiem = int(match["hour"]), (match["half"] or "").lower()[:1]
    if hour >= _HOURS or int(match["minute"]) >= _MINUTES or (meridiem and not 1 <= hour <= _NOON):
        return None
    if meridiem:
        return hour % _NOON + (_NOON if meridiem == "p" else 0)
    return hour
