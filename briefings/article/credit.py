"""Reads what a credit line tells: who wrote the article and on which day it appeared. A copyright year is no date."""

import re
from datetime import date

from briefings.text import lexicon
from briefings.text.dates import absolute_dates

_WRITTEN_BY = re.compile(r"\bwritten by ((?:[^\W\d_][\w'’.-]* ?){1,6})")


def published(line: str) -> date | None:
    """The first full date (day, month and year) in a credit line."""
    return next((found.day for found in absolute_dates(line)), None)


def byline(line: str) -> str | None:
    """The writer's name after "written by", without the office that may follow it."""
    match = _WRITTEN_BY.search(line)
    if match is None:
        return None
    name: list[str] = []
    for word in match.group(1).split():
        if not word[0].isupper() or word.lower() in lexicon.words("byline_roles"):
            break
        name.append(word)
    return " ".join(name) or None
