"""The queries about people over time: a timeline of one person, and a comparison of two. Pure.

Rule: the command text of a query is parsed back to the same query, so that buttons can repeat it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.queries.filters import build_page_params, measure_days, parse_days, parse_filters, wrap_in_quotes

_COMMAND = "/whosaid"
#: the word with which the command text of a timeline begins; typed words that begin with it are put in marks
TIMELINE_WORD = "timeline"
_DATE_FILTERS = ("since", "until")
_TIMELINE_FILTERS = ("by", "about", "from", *_DATE_FILTERS)
_COMPARISON_FILTERS = ("compare", "with", "about", "from", *_DATE_FILTERS)
_IS_COMPARISON = re.compile(r"compare:\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """What a person said over time: about a subject, or everything. `since` and `until` are inclusive."""

    by: str
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def command_text(self) -> str:
        """The slash command for this query."""
        return _build_command_text(
            [TIMELINE_WORD],
            [("by", self.by), ("about", self.about), *_list_filters(self.outlet, self.since, self.until)],
        )

    @property
    def page_params(self) -> dict[str, str]:
        """The outlet and the days as parameters of the page with this answer."""
        return build_page_params(self.outlet, self.since, self.until)


@dataclass(frozen=True, slots=True)
class ComparisonQuery:
    """What two people said, side by side: on a subject, or everything. `since` and `until` are inclusive."""

    first: str
    second: str
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def command_text(self) -> str:
        """The slash command for this query."""
        names = [("compare", self.first), ("with", self.second), ("about", self.about)]
        return _build_command_text([], [*names, *_list_filters(self.outlet, self.since, self.until)])

    @property
    def page_params(self) -> dict[str, str]:
        """The outlet and the days as parameters of the page with this answer."""
        return build_page_params(self.outlet, self.since, self.until)

    def get_timeline(self, name: str) -> TimelineQuery:
        """Return the timeline of one of the two people, with the same filters."""
        return TimelineQuery(name, self.about, self.outlet, self.since, self.until)


PersonQuery = TimelineQuery | ComparisonQuery


def parse_person_command(text: str, today: date) -> PersonQuery | None:
    """Return the query in the text of a command that `command_text` returned, without `/whosaid`; or None."""
    if text.casefold().startswith(f"{TIMELINE_WORD} by:"):
        values = _parse_values(text[len(TIMELINE_WORD) :], _TIMELINE_FILTERS, today)
        days = _parse_days(values, today)
        if values and values.get("by") and days:
            return TimelineQuery(values["by"], values.get("about"), values.get("from"), *days)
    if _IS_COMPARISON.match(text):
        values = _parse_values(text, _COMPARISON_FILTERS, today)
        days = _parse_days(values, today)
        if values and values.get("compare") and values.get("with") and days:
            return ComparisonQuery(values["compare"], values["with"], values.get("about"), values.get("from"), *days)
    return None


def is_reserved(words: str) -> bool:
    """Whether words that are searched for could be read as the command text of these queries."""
    return words.casefold().startswith(TIMELINE_WORD)


def _parse_values(text: str, names: Sequence[str], today: date) -> Mapping[str, str]:
    """Return the values of the filters, or an empty mapping if there is anything else, or an empty value."""
    measures = {name: lambda rest: measure_days(rest, today) for name in _DATE_FILTERS}
    parsed_text = parse_filters(text, names, measures)
    is_valid = not (parsed_text.words or parsed_text.unknown_filter or parsed_text.duplicate_filter)
    return parsed_text.values if is_valid and all(re.search(r"\w", v) for v in parsed_text.values.values()) else {}


def _parse_days(values: Mapping[str, str], today: date) -> tuple[date | None, date | None] | None:
    """Return the first and last day of the filters, or None if one cannot be read or they are swapped."""
    periods = {name: parse_days(values[name], today) for name in _DATE_FILTERS if name in values}
    if None in periods.values():
        return None
    since, until = periods.get("since"), periods.get("until")
    first, last = since.first if since else None, until.last if until else None
    return None if first and last and first > last else (first, last)


def _list_filters(outlet: str | None, since: date | None, until: date | None) -> list[tuple[str, str | date | None]]:
    return [("from", outlet), ("since", since), ("until", until)]


def _build_command_text(words: Sequence[str], filter_values: Sequence[tuple[str, str | date | None]]) -> str:
    filter_texts = [
        f"{name}:{value if isinstance(value, date) else wrap_in_quotes(value)}"
        for name, value in filter_values
        if value
    ]
    return " ".join((_COMMAND, *words, *filter_texts))
