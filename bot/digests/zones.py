"""A time zone as people name it: an IANA name, or its city. Pure, but for the tables of zones that come with Python.

Rule: what may mean several clocks is refused. CET, EST, IST and their like name a shift that no place keeps all year,
or several places keep; UTC and GMT alone mean one thing.
"""

from functools import cache
from zoneinfo import available_timezones

from briefings.errors import BadQuestion

_ONE_CLOCK = {"utc": "UTC", "gmt": "UTC"}
#: names in the tables that are no place's
_NO_PLACE = ("etc/", "systemv/", "posix/", "right/")
_NO_NAMES = frozenset({"factory", "greenwich", "localtime", "universal", "zulu"})
#: an abbreviation such as CET, NZ-CHAT, EST5EDT
_ABBREVIATED = 8


def named(words: str) -> str:
    """The IANA name of the zone that `words` name: "Europe/London", "new york". Raises BadQuestion."""
    wanted = words.strip().casefold().replace(" ", "_")
    found = [_ONE_CLOCK[wanted]] if wanted in _ONE_CLOCK else _table().get(wanted, [])
    if len(found) > 1:
        several = " or ".join(found[:3])
        raise BadQuestion(f"“{words}” may be {several}: write weekdays at 8:30 {found[0]}, for instance.")
    if found:
        return found[0]
    if wanted in _abbreviations():
        raise BadQuestion(
            f"“{words.upper()}” is not one clock all year, or not the same one everywhere: "
            "name the city, as in weekdays at 8:30 Europe/London."
        )
    raise BadQuestion(f"There is no time zone “{words}”: write it as in weekdays at 8:30 Europe/London.")


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA name, as Slack gives them."""
    return name in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _table() -> dict[str, list[str]]:
    """The zones by their names, and by their cities, in lower case; a zone's own name is that one zone."""
    zones = sorted(name for name in _known() if _is_place(name))
    by_city: dict[str, list[str]] = {}
    for name in zones:
        if "/" in name:
            by_city.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    # of America/Buenos_Aires and America/Argentina/Buenos_Aires, the fuller name is today's for the same clock
    cities = {
        city: [name for name in names if name.count("/") == max(one.count("/") for one in names)]
        for city, names in by_city.items()
    }
    return {name.casefold(): [name] for name in zones} | cities


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(name.casefold() for name in _known() if _is_abbreviation(name)) | _PLAIN


#: abbreviations that the tables do not have, and people write
_PLAIN = frozenset(
    {"aest", "bst", "cest", "cdt", "cst", "edt", "eest", "ist", "jst", "mdt", "msk", "pdt", "pst", "west"}
)


def _is_place(name: str) -> bool:
    lower = name.casefold()
    return not (_is_abbreviation(name) or lower in _NO_NAMES or lower.startswith(_NO_PLACE))


def _is_abbreviation(name: str) -> bool:
    return "/" not in name and name.upper() == name and len(name) <= _ABBREVIATED
