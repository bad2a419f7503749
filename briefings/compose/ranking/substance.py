"""Rate how much a line tells a reader who sees nothing else: names and figures, and no afterthought.

Rule: a rating is a factor of at most 1 on the value of a line. A line without any name or figure says little. A line
with "also" adds to a line that the reader has not seen. "Roe said" is clear only if the story says who Roe is.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from briefings.compose.ranking.clauses import PAST_FORMS
from briefings.compose.ranking.standalone import opens_with_joiner, points_back
from briefings.compose.ranking.term_values import SINGLE_VALUE
from briefings.compose.selection import stem
from briefings.facts import SentenceFacts
from briefings.text.folding import fold

#: factors on a line that opens with "But", on one that points back, and on one without any name or figure
JOINER_FACTOR, POINTING_FACTOR, NAMELESS_FACTOR = 0.85, 0.7, 0.6
#: factors on a line that opens with a noun as if it were known, says "also", and gives the words of a mere surname
KNOWN_FACTOR, ALSO_FACTOR, SURNAME_FACTOR = 0.7, 0.7, 0.5
#: factor on old background in one outlet, and the age from which an event is background
BACKGROUND_FACTOR, _OLD = 0.8, timedelta(days=365)
#: a line with a smaller factor is not selected
MIN_SUBSTANCE = 0.55
_FEW = "two|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|thousands|million|billion"
_NAME_OR_FIGURE = re.compile(rf"(?<=[\w,;:’')“\"] )[“\"‘(]?[A-Z][\w’'.-]*|\d|(?<!\w)(?:{_FEW})(?!\w)")
_OPENING_NAME = re.compile(r"[A-Z][\w’'.-]* [A-Z]|[A-Z]{2,}|[A-Z]\.[A-Z]\.|[A-Z][\w-]+[’']s ")
_KNOWN_NOUN = re.compile(
    r"The [a-z][\w-]* (?:is|was|are|were|has|had|have|will|would|can|could|did|does|do|said|says|also|came|comes|takes|"
    rf"{PAST_FORMS}|\w{{3,}}ed)(?!\w)"
)
_ALSO = re.compile(r"(?<!\w)(?<!not only )(?:also|too|added)(?!\w)")
_BARE_SURNAME = re.compile(
    r"(?:(?:But|And|Yet) |[^“\"]{0,40}, )?(?P<first>[A-Z][\w’'-]+) (?:said|says|told|added|noted|argued|wrote)(?!\w)"
    r"|.*(?:said|says|added|noted|wrote) (?P<last>[A-Z][\w’'-]+)\.$"
)


def rate_line(words: str, term_values: Mapping[str, float]) -> float:
    """Return the factor, 0 to 1, for a line with these words, in a story whose words have these values."""
    return rate_substance(words) * rate_surname(words, term_values, SINGLE_VALUE)


@lru_cache(maxsize=4_096)
def rate_substance(words: str) -> float:
    """Return the factor, 0 to 1, for a line with these words."""
    factor = 1.0
    if opens_with_joiner(words) or ", however," in words:
        factor *= JOINER_FACTOR
    if points_back(words):
        factor *= POINTING_FACTOR
    if not _NAME_OR_FIGURE.search(words) and not _OPENING_NAME.match(words):
        factor *= NAMELESS_FACTOR
    if opens_as_known(words):
        factor *= KNOWN_FACTOR
    if _ALSO.search(fold(words)):
        factor *= ALSO_FACTOR
    return factor


def rate_surname(words: str, term_values: Mapping[str, float], single_value: float) -> float:
    """Return the factor for a line that quotes a person by surname only, if just one outlet mentions that person."""
    surname = _find_bare_surname(words)
    is_unknown = surname is not None and term_values.get(surname, single_value) <= single_value
    return SURNAME_FACTOR if is_unknown else 1.0


@lru_cache(maxsize=4_096)
def _find_bare_surname(words: str) -> str | None:
    """Return the stem of the surname by which a line gives the words of a person, if it does."""
    match = _BARE_SURNAME.match(words)
    name = match and (match["first"] or match["last"])
    return stem(fold(name)) if name else None


def opens_as_known(words: str) -> bool:
    """Tell whether a line opens with a noun as if the reader knew it: "The strike was", "The company said"."""
    return _KNOWN_NOUN.match(words) is not None


def rate_age(facts: SentenceFacts, outlet_count: int, newest_day: date | None) -> float:
    """Return the factor for a sentence by the last day that it names: one outlet's old background says little."""
    last_day = max((mention.period.last for mention in facts.time_references), default=newest_day)
    is_old = last_day is not None and newest_day is not None and newest_day - last_day > _OLD
    return BACKGROUND_FACTOR if is_old and outlet_count == 1 else 1.0
