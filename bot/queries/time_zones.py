"""Parses a time zone as users type it: an IANA name or its city. Pure, apart from Python's time zone database.

Rule: a name that can mean several zones is refused. CET, EST and IST are refused too: they are in use for only part of
the year, or in several places. Only UTC and GMT are unambiguous.
"""

from functools import cache
from zoneinfo import available_timezones

from briefings import BadQuestion

_UTC_NAMES = {"utc": "UTC", "gmt": "UTC"}
#: names in the database that are not places
_NON_PLACE_PREFIXES = ("etc/", "systemv/", "posix/", "right/")
_NON_PLACE_NAMES = frozenset({"factory", "greenwich", "localtime", "universal", "zulu"})
#: longest abbreviation, such as NZ-CHAT or EST5EDT, in characters
_MAX_ABBREVIATION_LENGTH = 8


def parse_zone(text: str) -> str:
    """Return the IANA name for a zone such as "Europe/London" or "new york".

    Raises BadQuestion if the name is unknown or ambiguous. The error contains an example that works.
    """
    key = text.strip().casefold().replace(" ", "_")
    matches = [_UTC_NAMES[key]] if key in _UTC_NAMES else _build_zone_index().get(key, [])
    if len(matches) > 1:
        choices = " or ".join(matches[:3])
        raise BadQuestion(f"“{text}” could be {choices}. Choose one, for example: weekdays at 8:30 {matches[0]}")
    if matches:
        return matches[0]
    if key in _list_abbreviations():
        raise BadQuestion(
            f"“{text.upper()}” isn't the same time all year or in every place. "
            "Use a city, for example: weekdays at 8:30 Europe/London"
        )
    raise BadQuestion(f"I don't know the time zone “{text}”. Use a city, for example: weekdays at 8:30 Europe/London")


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA name. Slack sends time zones in this form."""
    return name in _list_zone_names()


def format_zone(name: str) -> str:
    """Return a zone's name for a message: "UTC" for Etc/UTC, otherwise the name itself."""
    return "UTC" if name == "Etc/UTC" else name


@cache
def _list_zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _build_zone_index() -> dict[str, list[str]]:
    """Return the zones by name and by city, in lower case. A zone's own name means only that zone."""
    zones = sorted(name for name in _list_zone_names() if _is_place(name))
    by_city: dict[str, list[str]] = {}
    for name in zones:
        if "/" in name:
            by_city.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    # America/Argentina/Buenos_Aires is the current name of America/Buenos_Aires, so the longer name wins
    cities = {
        city: [name for name in names if name.count("/") == max(other_name.count("/") for other_name in names)]
        for city, names in by_city.items()
    }
    return {name.casefold(): [name] for name in zones} | cities


@cache
def _list_abbreviations() -> frozenset[str]:
    return frozenset(name.casefold() for name in _list_zone_names() if _is_abbreviation(name)) | _EXTRA_ABBREVIATIONS


#: common abbreviations that are missing from the database
_EXTRA_ABBREVIATIONS = frozenset(
    {"aest", "bst", "cest", "cdt", "cst", "edt", "eest", "ist", "jst", "mdt", "msk", "pdt", "pst", "west"}
)


def _is_place(name: str) -> bool:
    lower = name.casefold()
    return not (_is_abbreviation(name) or lower in _NON_PLACE_NAMES or lower.startswith(_NON_PLACE_PREFIXES))


def _is_abbreviation(name: str) -> bool:
    return "/" not in name and name.upper() == name and len(name) <= _MAX_ABBREVIATION_LENGTH
