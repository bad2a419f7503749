"""A time zone as people name it: an IANA name, or its city. Pure, but for the tables of zones that come with Python.

Rule: what may mean several clocks is refused. CET, EST, IST and their like name a shift that no place keeps all year,
or several places keep; UTC and GMT alone mean one thing.
"""

from functools import cache
from zoneinfo import available_timezones

from briefings import BadQuestion

_UTC_NAMES = {"utc": "UTC", "gmt": "UTC"}
#: names in the tables that are no place's
_NON_PLACE_PREFIXES = ("etc/", "systemv/", "posix/", "right/")
_NON_PLACE_NAMES = frozenset({"factory", "greenwich", "localtime", "universal", "zulu"})
#: an abbreviation such as CET, NZ-CHAT, EST5EDT
_MAX_ABBREVIATION_LENGTH = 8


def parse_zone(text: str) -> str:
    """The IANA name of the zone that `words` name: "Europe/London", "new york". Raises BadQuestion."""
    key = text.strip().casefold().replace(" ", "_")
    matches = [_UTC_NAMES[key]] if key in _UTC_NAMES else _build_zone_index().get(key, [])
    if len(matches) > 1:
        choices = " or ".join(matches[:3])
        raise BadQuestion(f"“{text}” may be {choices}: write weekdays at 8:30 {matches[0]}, for instance.")
    if matches:
        return matches[0]
    if key in _list_abbreviations():
        raise BadQuestion(
            f"“{text.upper()}” is not one clock all year, or not the same one everywhere: "
            "name the city, as in weekdays at 8:30 Europe/London."
        )
    raise BadQuestion(f"There is no time zone “{text}”: write it as in weekdays at 8:30 Europe/London.")


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA name, as Slack gives them."""
    return name in _list_zone_names()


@cache
def _list_zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _build_zone_index() -> dict[str, list[str]]:
    """The zones by their names, and by their cities, in lower case; a zone's own name is that one zone."""
    zones = sorted(name for name in _list_zone_names() if _is_place(name))
    by_city: dict[str, list[str]] = {}
    for name in zones:
        if "/" in name:
            by_city.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    # of America/Buenos_Aires and America/Argentina/Buenos_Aires, the fuller name is today's for the same clock
    cities = {
        city: [name for name in names if name.count("/") == max(other_name.count("/") for other_name in names)]
        for city, names in by_city.items()
    }
    return {name.casefold(): [name] for name in zones} | cities


@cache
def _list_abbreviations() -> frozenset[str]:
    return frozenset(name.casefold() for name in _list_zone_names() if _is_abbreviation(name)) | _EXTRA_ABBREVIATIONS


#: abbreviations that the tables do not have, and people write
_EXTRA_ABBREVIATIONS = frozenset(
    {"aest", "bst", "cest", "cdt", "cst", "edt", "eest", "ist", "jst", "mdt", "msk", "pdt", "pst", "west"}
)


def _is_place(name: str) -> bool:
    lower = name.casefold()
    return not (_is_abbreviation(name) or lower in _NON_PLACE_NAMES or lower.startswith(_NON_PLACE_PREFIXES))


def _is_abbreviation(name: str) -> bool:
    return "/" not in name and name.upper() == name and len(name) <= _MAX_ABBREVIATION_LENGTH
