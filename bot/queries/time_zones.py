"""Parses a time zone as users type it: an IANA name, its city, "UK time", "ET" or "UTC+2". Pure, apart from Python's
time zone database.

Rule: a name that can mean several zones is refused, with the zones to choose from. EST and PST are refused too: they
are in use for only part of the year.
"""

import re
from functools import cache
from zoneinfo import available_timezones

from bot.queries.zone_aliases import ALIASES, AMBIGUOUS, HALF_YEAR, OWN_ZONE_NAMES
from briefings import BadQuestion

#: names in the database that are not places
_NON_PLACE_PREFIXES = ("etc/", "systemv/", "posix/", "right/")
_NON_PLACE_NAMES = frozenset({"factory", "greenwich", "localtime", "universal", "zulu"})
#: last parts of zone names that are everyday words, and mean no zone alone: "weekdays at 9 in general"
_EVERYDAY_WORDS = frozenset({"general", "north", "south", "west", "east", "center", "act", "easter"})
#: longest abbreviation, such as NZ-CHAT or EST5EDT, in characters
_MAX_ABBREVIATION_LENGTH = 8
#: a fixed offset; use it with IGNORECASE
OFFSET_PATTERN = r"(?:utc|gmt) ?(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?"
_OFFSET = re.compile(OFFSET_PATTERN, re.IGNORECASE)
_FIXED_ZONE = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d{1,2})")
#: largest offsets of the fixed zones, west and east, in hours
_MAX_WEST, _MAX_EAST = 12, 14
_EXAMPLE = "weekdays at 8:30"


def parse_zone(text: str) -> str:
    """Return the IANA name for a zone such as "Europe/London", "new york", "UK time" or "UTC+2".

    Raises BadQuestion if the name is unknown or ambiguous. The error contains an example that works.
    """
    if offset := _OFFSET.fullmatch(text.strip().replace("−", "-")):
        return _parse_offset(text.strip(), offset)
    key = _make_key(text)
    if key in AMBIGUOUS:
        raise _build_choice_error(text, AMBIGUOUS[key])
    if key in HALF_YEAR:
        name = HALF_YEAR[key]
        raise BadQuestion(
            f"“{text.upper()}” isn't the same time all year or in every place. For the time in use there, winter and "
            f"summer, write {name}: {_EXAMPLE} {name}. Or use a city, for example: {_EXAMPLE} Europe/London"
        )
    matches = find_zones(text)
    if len(matches) > 1:
        raise _build_choice_error(text, matches)
    if matches:
        return matches[0]
    if key in _list_abbreviations():
        raise BadQuestion(
            f"“{text.upper()}” isn't the same time all year or in every place. "
            f"Use a city, for example: {_EXAMPLE} Europe/London"
        )
    raise BadQuestion(f"I don't know the time zone “{text}”. Use a city, for example: {_EXAMPLE} Europe/London")


def find_zones(text: str) -> tuple[str, ...]:
    """Return the IANA names that this text can mean; none if it is unknown or an ambiguous abbreviation."""
    key = _make_key(text)
    if key in AMBIGUOUS or key in HALF_YEAR:
        return ()
    if key in ALIASES:
        return (ALIASES[key],)
    return tuple(_build_zone_index().get(key.replace(" ", "_"), ()))


def is_zone_text(text: str) -> bool:
    """Whether a text is meant as a time zone, even if it is ambiguous or misspelt."""
    key = _make_key(text)
    return bool(
        find_zones(text)
        or key in AMBIGUOUS
        or key in HALF_YEAR
        or key in _list_abbreviations()
        or re.fullmatch(r"[A-Za-z_]+/[A-Za-z_+-]+", text.strip())
        or text.strip().casefold().endswith((" time", " timezone"))
    )


def is_own_zone(text: str) -> bool:
    """Whether a text means the zone of the user's own profile, such as "my time"."""
    return _make_key(text) in OWN_ZONE_NAMES


def search_zones(text: str, limit: int) -> list[str]:
    """Return the IANA names to offer for what a user has typed so far, best first."""
    key = _make_key(text)
    if not key:
        return []
    exact = [*find_zones(text), *AMBIGUOUS.get(key, ())]
    if key in HALF_YEAR:
        exact += [ALIASES[HALF_YEAR[key].casefold()]]
    if offset := _OFFSET.fullmatch(text.strip().replace("−", "-")):
        try:
            exact += [_parse_offset(text.strip(), offset)]
        except BadQuestion:
            return []
    by_alias = [zone for alias, zone in ALIASES.items() if len(key) > 1 and alias.startswith(key)]
    names = sorted(name for name in _list_zone_names() if _is_place(name) and "/" in name)
    matches = [name for name in names if key.replace(" ", "_") in name.casefold()]
    matches.sort(key=lambda name: not name.rpartition("/")[2].casefold().startswith(key.replace(" ", "_")))
    return list(dict.fromkeys([*exact, *by_alias, *matches]))[:limit]


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA name. Slack sends time zones in this form."""
    return name in _list_zone_names()


def format_zone(name: str) -> str:
    """Return a zone's name for a message: "UTC" for Etc/UTC, "UTC+2" for Etc/GMT-2, "America/New York"."""
    if fixed := _FIXED_ZONE.fullmatch(name):
        # the signs of these names are the reverse of common use
        return f"UTC{'-' if fixed['sign'] == '+' else '+'}{fixed['hours']}"
    return "UTC" if name == "Etc/UTC" else name.replace("_", " ")


def _make_key(text: str) -> str:
    """Return a name in lower case, without spaces around it and without "time" at its end."""
    key = " ".join(text.casefold().replace("’", "'").strip(" ().,").split())
    for ending in (" time zone", " timezone", " standard time", " time"):
        if key.endswith(ending):
            return key.removesuffix(ending).removesuffix("'s")
    return key


def _parse_offset(text: str, offset: re.Match[str]) -> str:
    hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
    if minutes:
        raise BadQuestion(
            f"“{text}” isn't a whole number of hours. Use a city, for example: {_EXAMPLE} Asia/Kolkata for UTC+5:30"
        )
    if hours > (_MAX_EAST if offset["sign"] == "+" else _MAX_WEST):
        raise BadQuestion(f"I don't know the time zone “{text}”. Use a city, for example: {_EXAMPLE} Europe/London")
    return f"Etc/GMT{'-' if offset['sign'] == '+' else '+'}{hours}" if hours else "UTC"


def _build_choice_error(text: str, zones: tuple[str, ...]) -> BadQuestion:
    choices = " or ".join(zones[:3])
    return BadQuestion(f"“{text}” could be {choices}. Choose one, for example: {_EXAMPLE} {zones[0]}")


@cache
def _list_zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _build_zone_index() -> dict[str, list[str]]:
    """Return the zones by name and by city, in lower case. A zone's own name means only that zone."""
    zones = sorted(name for name in _list_zone_names() if _is_place(name))
    by_city: dict[str, list[str]] = {}
    for name in zones:
        if "/" in name and name.rpartition("/")[2].casefold() not in _EVERYDAY_WORDS:
            by_city.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    # America/Argentina/Buenos_Aires is the current name of America/Buenos_Aires, so the longer name wins
    cities = {
        city: [name for name in names if name.count("/") == max(other_name.count("/") for other_name in names)]
        for city, names in by_city.items()
    }
    fixed = {name.casefold(): [name] for name in _list_zone_names() if _FIXED_ZONE.fullmatch(name)}
    return {name.casefold(): [name] for name in zones} | cities | fixed


@cache
def _list_abbreviations() -> frozenset[str]:
    return frozenset(name.casefold() for name in _list_zone_names() if _is_abbreviation(name)) | _EXTRA_ABBREVIATIONS


#: common abbreviations that are missing from the database
_EXTRA_ABBREVIATIONS = frozenset({"aedt", "acst", "acdt", "awst", "akst", "akdt", "west", "wib", "wast", "cat", "pht"})


def _is_place(name: str) -> bool:
    lower = name.casefold()
    return not (_is_abbreviation(name) or lower in _NON_PLACE_NAMES or lower.startswith(_NON_PLACE_PREFIXES))


def _is_abbreviation(name: str) -> bool:
    return "/" not in name and name.upper() == name and len(name) <= _MAX_ABBREVIATION_LENGTH
