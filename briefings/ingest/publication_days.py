"""Parse the day on which an article was published, as pages, feeds, files and mail write it.

Rule: the whole text must be one date, with an optional weekday, time and zone. A part of a date ("June 2016"), a date
inside other words, an impossible date and a date with two readings ("05/06/2016") give no day, because a false day is
worse than none.
Rule: the day is the publisher's own, as written. It is never shifted to another time zone.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

#: maximum length of a date in characters; the longest forms have about 70
_MAX_LENGTH = 100
_FIRST_YEAR, _LAST_YEAR = 1600, 2100
#: zero of computer clocks: a program wrote it where it had no date
_CLOCK_ZERO = date(1970, 1, 1)
#: epochs count from 1970; earlier values are numbers that are not dates
_FIRST_EPOCH_YEAR = 1995
#: two-digit years up to this one are in the 2000s; those from the other one on are in the 1900s
_LAST_SHORT_YEAR_2000, _FIRST_SHORT_YEAR_1900 = 39, 70

#: months in English, French, German, Spanish, Italian, Portuguese and Dutch, without accents
_MONTH_NAMES = (
    "january jan janvier janv januar janner jan enero ene gennaio gen janeiro januari",
    "february feb fevrier fevr fev februar febr febrero febbraio fevereiro februari",
    "march mar mars marz maerz mrz marzo marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "june jun juin juni junio giugno giu junho",
    "july jul juillet juil juill juli julio luglio lug julho",
    "august aug aout agosto ago augustus",
    "september sept sep septembre septiembre setiembre settembre sett set setembro",
    "october oct octobre oktober okt octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec decembre dezember dez diciembre dic dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_WEEKDAY_NAMES = (
    "monday mon tuesday tues tue wednesday weds wed thursday thurs thur thu friday fri saturday sat sunday sun "
    "lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim "
    "montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so "
    "lunes martes miercoles mie jueves jue viernes vie sabado sab domingo dom "
    "lunedi martedi mercoledi giovedi gio venerdi sabato domenica "
    "segunda-feira segunda seg terca-feira terca ter quarta-feira quarta qua "
    "quinta-feira quinta qui sexta-feira sexta sex "
    "maandag ma dinsdag woensdag wo donderdag vrijdag vr zaterdag za zondag zo"
)
_ZONE_NAMES = (
    "utc ut gmt z est edt et cst cdt ct mst mdt mt pst pdt pt akst akdt hst ast adt nst ndt bst ist wet west cet cest "
    "mez mesz eet eest msk sast jst kst hkt sgt aest aedt acst acdt awst nzst nzdt uhr hrs"
)


def _join(names: str) -> str:
    """Return a pattern of alternatives, the longest first."""
    return "|".join(sorted(names.split(), key=len, reverse=True))


_ZONE_NAME = rf"(?:{_join(_ZONE_NAMES)})\b"
_OFFSET = r"[+-][0-9]{1,2}(?::?[0-9]{2})?\b"
_ZONE = (
    rf"(?: ?(?:{_ZONE_NAME}(?: ?{_OFFSET})?|{_OFFSET}(?: {_ZONE_NAME})?))?"
    r"(?: ?\([a-z0-9 .:+/-]{1,50}\))?(?:\[[a-z_/+-]{1,40}\])?"
)
_TIME = re.compile(
    r"(?:[ ,;|/@·•-]|\b(?:at|um|a las|a|as|alle ore|alle|ore|om)\b|(?<=[0-9])t ?)*(?<![0-9.:+-])(?:"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:[.,:][0-9]{1,9})?)?(?![0-9:])"
    r"|(?P<dot_hour>[0-9]{1,2})\.(?P<dot_minute>[0-9]{2})(?:\.[0-5][0-9])?(?![0-9.])"
    r"|(?P<h_hour>[0-9]{1,2}) ?h(?: ?(?P<h_minute>[0-9]{2}))?\b"
    r"|(?P<word_hour>[0-9]{1,2})(?= ?[ap]\.?m\b|(?<=t[0-9]{2})(?:z|\b))"
    r"|(?<=t)(?P<plain_hour>[0-9]{2})(?P<plain_minute>[0-9]{2})(?P<plain_second>[0-9]{2})?(?:[.,][0-9]{1,9})?(?![0-9])"
    rf")(?: ?[ap]\.?m\b\.?)?{_ZONE}[ ,;|/·•-]*"
)
_WEEKDAY = rf"(?:(?:le |am |el )?(?:{_join(_WEEKDAY_NAMES)})(?:\.?,? |[.,]+)(?:- )?)?(?:the |den |dem |le |el )?"
_ORDINAL = r"(?:(?:st|nd|rd|th|er|re|eme|e|o|a)(?=[ .,/-]|$))?"
_MONTH_FIRST = (
    rf"{_WEEKDAY}(?P<name>[a-z]{{3,10}})\.?[ /-]?(?:the )?(?P<day>[0-9]{{1,2}}){_ORDINAL}[ ,./-]+(?P<year>[0-9]{{4}})"
)
_DAY_FIRST = (
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}){_ORDINAL}[ .,/-]*(?:of |de |d')?(?P<name>[a-z]{{3,10}})"
    r"[ .,/-]*(?:de |del |of )?(?P<year>[0-9]{4}|[0-9]{2})"
)
_YEAR_FIRST = rf"{_WEEKDAY}(?P<year>[0-9]{{4}})[ ,/-]+(?P<name>[a-z]{{3,10}})\.?[ /-]+(?P<day>[0-9]{{1,2}}){_ORDINAL}"
_ISO = (
    rf"{_WEEKDAY}(?P<year>[0-9]{{4}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})"
    r"(?:z|[+-][0-9]{2}:?[0-9]{2})?"
)
_NUMBERS = rf"{_WEEKDAY}(?P<first>[0-9]{{1,2}})(?P<mark>[-/]|\. ?)(?P<second>[0-9]{{1,2}})(?P=mark)(?P<year>[0-9]{{4}})"
_COMPACT = r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
_ISO_WEEK = r"(?P<year>[0-9]{4})-?w(?P<week>[0-9]{2})-?(?P<weekday>[1-7])"
_DAY_OF_YEAR = r"(?P<year>[0-9]{4})-(?P<day_of_year>[0-9]{3})"

#: the most frequent form, which the standard library reads fastest
_FREQUENT_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}[0-9:.]*(?:Z|[+-][0-9:]{4,5})?)?")
_SECONDS = re.compile(r"[0-9]{9,10}(?=\.[0-9]{1,9}$|$)")
_MILLISECONDS = re.compile(r"[0-9]{12,13}$")
_COMPACT_MINUTES = re.compile(r"(?P<date>[0-9]{8})(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})?(?P<second>[0-9]{2})?$")
#: letters and signs that are written in two ways; the marks of text direction are dropped
_PLAIN = str.maketrans(
    {"º": "o", "°": "o", "ª": "a", "–": "-", "—": "-", "−": "-", "’": "'"} | dict.fromkeys("\u200b\u200e\u200f\ufeff")
)


def parse_day(text: str) -> date | None:
    """Return the day that `text` states, or None if it is not exactly one full date.

    Reads ISO 8601, RFC 822 and its common mistakes, dates in words in seven languages, numbers whose order is
    certain, and epochs in seconds or milliseconds (their day in UTC). Never raises.
    """
    if len(text) > _MAX_LENGTH:
        return None
    day = _parse_frequent_form(text) or _parse_other_form(_fold(text))
    return day if day and _FIRST_YEAR <= day.year <= _LAST_YEAR and day != _CLOCK_ZERO else None


def _parse_frequent_form(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if _FREQUENT_FORM.fullmatch(text) else None
    except ValueError:
        return None


def _parse_other_form(text: str) -> date | None:
    day = _parse_digits(text) if text.replace(".", "", 1).isdecimal() else None
    return day or _parse_date(_cut_time(text))


def _fold(text: str) -> str:
    """Return `text` in lower case without accents, with single spaces."""
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN).lower())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def _parse_digits(text: str) -> date | None:
    """Return the day of an epoch, or of a date and time without separators."""
    compact = _COMPACT_MINUTES.match(text)
    compact_day = _parse_date(compact["date"]) if compact and _is_time(compact) else None
    epoch_day = None
    if seconds := _SECONDS.match(text):
        epoch_day = _convert_epoch(int(seconds[0]))
    elif _MILLISECONDS.match(text):
        epoch_day = _convert_epoch(int(text) // 1000)
    # ten digits can be an epoch or a date with an hour
    return None if epoch_day and compact_day else epoch_day or compact_day


def _convert_epoch(seconds: int) -> date | None:
    try:
        day = datetime.fromtimestamp(seconds, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None
    return day if day.year >= _FIRST_EPOCH_YEAR else None


def _cut_time(text: str) -> str:
    """Return `text` without its time and zone, or "" if the time is impossible or in the middle of the date."""
    match = _TIME.search(text)
    if match is None:
        return text
    before, after = text[: match.start()], text[match.end() :]
    # Unix writes the year after the time
    if not _is_time(match) or (before and after and not re.fullmatch(r"[0-9]{4}", after)):
        return ""
    return f"{before} {after}".strip()


def _is_time(match: re.Match[str]) -> bool:
    """Tell whether the numbers of a time are possible; 24:00 is the end of a day."""
    numbers = {
        name.rpartition("_")[2]: int(value) for name, value in match.groupdict().items() if value and name != "date"
    }
    hour, minute, second = (numbers.get(name, 0) for name in ("hour", "minute", "second"))
    return (hour < 24 or (hour == 24 and minute == second == 0)) and minute < 60 and second <= 60


def _parse_date(text: str) -> date | None:
    """Return the day of a date without a time."""
    for pattern, build_day in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        try:
            return build_day(match)
        except ValueError:
            return None
    return None


def _build_numeric_day(match: re.Match[str]) -> date | None:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _build_ordered_day(match: re.Match[str]) -> date | None:
    """Return the day of two numbers and a year if only one order of day and month is possible."""
    first, second = int(match["first"]), int(match["second"])
    if first != second and max(first, second) <= 12:
        return None
    day, month = (first, second) if first > 12 else (second, first)
    return date(int(match["year"]), month, day)


def _build_named_day(match: re.Match[str]) -> date | None:
    month = _MONTHS.get(match["name"])
    year = _expand_year(match["year"])
    return date(year, month, int(match["day"])) if month and year else None


def _expand_year(digits: str) -> int | None:
    """Return a year of four digits; None for two digits that could be in either century."""
    year = int(digits)
    if len(digits) == 4:
        return year
    if year <= _LAST_SHORT_YEAR_2000:
        return 2000 + year
    return 1900 + year if year >= _FIRST_SHORT_YEAR_1900 else None


def _build_week_day(match: re.Match[str]) -> date | None:
    return date.fromisocalendar(int(match["year"]), int(match["week"]), int(match["weekday"]))


def _build_day_of_year(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    day = date(year, 1, 1) + timedelta(int(match["day_of_year"]) - 1)
    return day if day.year == year else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (re.compile(_ISO), _build_numeric_day),
    (re.compile(_DAY_FIRST), _build_named_day),
    (re.compile(_MONTH_FIRST), _build_named_day),
    (re.compile(_NUMBERS), _build_ordered_day),
    (re.compile(_COMPACT), _build_numeric_day),
    (re.compile(_YEAR_FIRST), _build_named_day),
    (re.compile(_ISO_WEEK), _build_week_day),
    (re.compile(_DAY_OF_YEAR), _build_day_of_year),
)
