"""Parses days of the week: "Mon, Wed & Fri", "Mon-Thu", "M-F", "MWF", "weekends". Pure."""

import re

from bot.digests.scheduling.rule import DAYS, EVERY_DAY, WEEKDAYS, WEEKEND

_SHORT_DAYS = {"m": 0, "mo": 0, "tu": 1, "t": 1, "w": 2, "we": 2, "th": 3, "r": 3, "f": 4, "fr": 4, "sa": 5, "su": 6}
#: one day by its name or abbreviation; use the patterns with IGNORECASE
DAY_PATTERN = (
    r"(?:mon(?:days?|day's)?|tue(?:s(?:days?|day's)?)?|wed(?:s|nes(?:days?|day's)?)?|thu(?:r(?:s(?:days?|day's)?)?)?"
    r"|fri(?:days?|day's)?|sat(?:ur(?:days?|day's)?)?|sun(?:days?|day's)?)\b\.?"
)
_GROUP_PATTERN = r"(?:weekdays?|workdays?|working days?|business days?|weekends?)"
_RANGE_PATTERN = rf"{DAY_PATTERN} ?(?:-|to|through|thru|until|till) ?{DAY_PATTERN}"
_ANY_PATTERN = rf"(?:{_RANGE_PATTERN}|{DAY_PATTERN}|{_GROUP_PATTERN})"
_SEPARATOR = r"(?: ?, ?(?:and |& )?| and | & | \+ | or )"
#: a list of days, ranges and groups
DAYS_PATTERN = rf"(?:{_ANY_PATTERN}(?:{_SEPARATOR}(?:on )?(?:every )?{_ANY_PATTERN})*)"

_LETTER = r"(?:Mo|M|Tu|Th|T|We|W|R|Fr|F|Sa|Su)"
#: letters, in the case that people type: M-F, MWF, TTh, M/W/F
_LETTER_RANGE = re.compile(rf"(?<![\w/])({_LETTER})-({_LETTER})(?![\w/-])")
_LETTER_LIST = re.compile(rf"(?<![\w/])({_LETTER}(?:(?:[/+&]|, ?){_LETTER})+)(?![\w/])")
_LETTER_RUN = re.compile(r"(?<![\w/])(?!MT\b)((?:M|Tu|Th|T|W|R|F|Sa|Su){2,7})(?![\w/])")
_NAME_LIST = re.compile(rf"({DAY_PATTERN})[/+](?={DAY_PATTERN})", re.IGNORECASE)


def expand_letters(text: str) -> str:
    """Return the text with days in letters written as names: "M-F" is "Monday-Friday", "MWF" a list."""
    text = _NAME_LIST.sub(r"\1, ", text)
    text = _LETTER_RANGE.sub(lambda match: f"{_name_letter(match[1])}-{_name_letter(match[2])}", text)
    text = _LETTER_LIST.sub(lambda match: _join(re.split(r"[/+&]|, ?", match[1])), text)
    return _LETTER_RUN.sub(_expand_run, text)


def parse_day(word: str) -> int:
    """Return the number of a day that matches DAY_PATTERN."""
    return next(number for number, name in enumerate(DAYS) if name.startswith(word[:2].title()))


def parse_days(text: str) -> tuple[int, ...]:
    """Return the days of a text that matches DAYS_PATTERN, sorted."""
    days: set[int] = set()
    for match in re.finditer(_ANY_PATTERN, text, re.IGNORECASE):
        words = match[0].lower()
        if re.fullmatch(_GROUP_PATTERN, words):
            days.update(WEEKEND if words.startswith("weekend") else WEEKDAYS)
        else:
            ends = [parse_day(name[0]) for name in re.finditer(DAY_PATTERN, words, re.IGNORECASE)]
            days.update((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))
    return tuple(day for day in EVERY_DAY if day in days)


def _expand_run(match: re.Match[str]) -> str:
    letters = re.findall(r"Tu|Th|Sa|Su|[MTWRF]", match[1])
    return _join(letters) if len(letters) > 1 and len(set(letters)) == len(letters) else match[0]


def _join(letters: list[str]) -> str:
    return ", ".join(map(_name_letter, letters))


def _name_letter(letter: str) -> str:
    return DAYS[_SHORT_DAYS[letter.lower()]]
