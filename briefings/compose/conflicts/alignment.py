"""Recognise two figures that count different things: other people, another place, or another poll.

Rule: federal prisoners are not compared with state prisoners, nor the dead with the injured. Two values do not differ
if one only rounds the other, or is above the other's "more than".
"""

import re
from collections.abc import Mapping
from math import floor, log10

from briefings.facts.extraction import find_names
from briefings.model import Article, Span
from briefings.text.folding import make_search_key
from briefings.text.words import load_table

#: largest ratio of a value to a lower bound ("more than") at which the two can still be different counts
_MAX_BOUND_RATIO = 1.25
#: largest ratio of two values at which one can round the other without saying so
_MAX_ROUNDING_RATIO = 1.05
#: words before and after a number that show which people it counts
_NEAR_WORDS = 5
_FORECAST = re.compile(r"\b(?:predict|forecast|projec|expectations?\b|looking for\b|hop(?:ed|ing) for\b)")
_LOWER_BOUNDS = frozenset({"at least", "more than", "over"})


def count_contrasting_groups(first: str, second: str) -> bool:
    """Tell whether two texts around figures have different members of one set, such as "federal" and "state".

    A forecast is another figure than what came.
    """
    first_groups, second_groups = _find_groups(first), _find_groups(second)
    if (_FORECAST.search(first.lower()) is None) != (_FORECAST.search(second.lower()) is None):
        return True
    return any(
        first_groups[kind].isdisjoint(second_groups[kind]) for kind in first_groups.keys() & second_groups.keys()
    )


def find_near_text(text: str, sentence: Span, number: Span) -> str:
    """Return the words close to a number in its sentence, without the number."""
    before = text[sentence.start : number.start].split()[-_NEAR_WORDS:]
    return " ".join([*before, *text[number.end : sentence.end].split()[:_NEAR_WORDS]])


def name_only_others(first: tuple[Article, Span], second: tuple[Article, Span]) -> bool:
    """Tell whether two sentences both name a person or place, and share none of the names."""
    first_names, second_names = (_find_name_words(article, sentence) for article, sentence in (first, second))
    return bool(first_names and second_names) and first_names.isdisjoint(second_names)


def is_rounding(first: float, second: float, *, is_approximate: bool, is_share: bool = False) -> bool:
    """Tell whether the value with fewer digits rounds the other one."""
    lower, higher = sorted((first, second))
    if lower <= 0 or lower == higher:
        return False
    rounder = min((first, second), key=lambda value: (_count_digits(value), value))
    exact = second if rounder == first else first
    if is_share and exact % 1 == 0:
        return False  # a share is only rounded to whole percent
    digits = _count_digits(rounder)
    is_close = is_approximate or higher <= _MAX_ROUNDING_RATIO * lower
    return is_close and _count_digits(exact) > digits and _round(exact, digits) == rounder


def is_within_bound(lower: float, lower_hedge: str, higher: float) -> bool:
    """Tell whether `lower` is a lower bound ("more than 20"), and `higher` is far enough above not to contradict it."""
    return lower_hedge in _LOWER_BOUNDS and higher > _MAX_BOUND_RATIO * lower


def _find_groups(text: str) -> Mapping[str, set[str]]:
    table = load_table("contrasts")
    groups: dict[str, set[str]] = {}
    for word in make_search_key(text).split():
        if word in table:
            kind, _, member = table[word].partition(" ")
            groups.setdefault(kind, set()).add(member)
    return groups


def _find_name_words(article: Article, sentence: Span) -> set[str]:
    return {
        word for name in find_names(article.text, sentence) for word in make_search_key(name.of(article.text)).split()
    }


def _count_digits(value: float) -> int:
    """Return the number of significant digits of a value."""
    return len(f"{value:.6g}".partition("e")[0].replace(".", "").strip("0")) or 1


def _round(value: float, digits: int) -> float:
    return float(round(value, digits - 1 - floor(log10(value))))
