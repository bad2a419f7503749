"""Read the headline, byline and day that stand as lines on top of a text.

    Harbour plan agreed
    By Jane Roe
    12 March 2024

    The council voted.

Rule: only an unmistakable top counts. The byline is "By" and names, within the first lines, and a blank line or the day
follows it. The day is the whole line next to the byline, or the end of the byline's line. A day without a byline is
text: it can be the day of anything. The lines stay in the text.
"""

import re
from collections.abc import Sequence
from datetime import date

from briefings.ingest.bylines import clean_byline
from briefings.ingest.publication_days import parse_day

#: characters and lines in which the top is searched, and longest line in it
_MAX_TOP, _MAX_LINES, _MAX_LINE_LENGTH = 4_000, 6, 200
_HEADING = re.compile(r"#{1,2}[ \t]+(\S.*?)(?:[ \t]+#+)?$")
_UNDERLINE = re.compile(r"={3,}$")
_EMPHASIS = re.compile(r"^([*_]{1,3})(.*)\1$")
_PARTICLE = r"(?:d[aeiou]|del|de[rns]|dos|della|l[aeo]|el|al|bin|ibn|van|von|zu|te[rn]|a[fv]|y|e|san)[ -]"
_NAME = rf"(?:{_PARTICLE})*(?:[dl]['’])?[A-Z][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,4}}"
_BYLINE = re.compile(
    rf"(?:By|BY|by|Words by|Written by)[ :]+(?P<names>{_NAMES}(?: (?:and|&) {_NAMES}|, (?:and )?{_NAMES}){{0,4}})"
    r"(?P<rest>.{0,120})"
)
#: what follows the names: a role, a place or an outlet, and then a day
_ROLE = re.compile(
    r"(?:,| in | for | at )\s*(?:(?:[A-Z][\w'’.-]*|of|and|the|in|for|at|&|(?:[a-z]+[ -]){0,2}(?:editor|correspondent"
    r"|reporter|writer|columnist|staff|desk|bureau|chief)),?(?:\s|$)){1,8}"
)
_DAY_SEPARATOR = re.compile(r"\s*[|/•·–—,-]\s+|\s{2,}|\t|\s+on\s+")
_DAY_LABEL = re.compile(r"(?:first )?(?:published|posted|date|issued)(?: on| at)?:? ", re.IGNORECASE)
_SENTENCE_END = (".", "?", "!", ":", ";", ",")


def read_top_lines(text: str) -> dict[str, object]:
    """Return the title (only of a Markdown heading), byline and publication day on top of a text; often none."""
    lines = [line.strip() for line in text.removeprefix("\ufeff")[:_MAX_TOP].splitlines()]
    numbers = [number for number, line in enumerate(lines) if line][: _MAX_LINES + 1]
    fields: dict[str, object] = {}
    if not numbers:
        return fields
    if title := _read_heading(lines, numbers[0]):
        fields["title"] = title
    for position, number in enumerate(numbers[:_MAX_LINES]):
        line = _strip_emphasis(lines[number])
        if len(line) > _MAX_LINE_LENGTH:
            return fields
        if match := _BYLINE.fullmatch(line):
            beside = numbers[max(0, position - 1) : position] + numbers[position + 1 : position + 2]
            neighbours = [_strip_emphasis(lines[other]) for other in beside]
            return {**fields, **_read_byline(match, neighbours, is_tight=number + 1 in beside)}
        is_sentence = position > 0 and line.endswith(_SENTENCE_END) and _parse_day(line) is None
        if is_sentence:
            return fields
    return fields


def _read_heading(lines: Sequence[str], number: int) -> str | None:
    if match := _HEADING.fullmatch(lines[number]):
        return _strip_emphasis(match[1])
    is_underlined = number + 1 < len(lines) and _UNDERLINE.fullmatch(lines[number + 1])
    return _strip_emphasis(lines[number]) if is_underlined and len(lines[number]) <= _MAX_LINE_LENGTH else None


def _read_byline(match: re.Match[str], neighbours: Sequence[str], *, is_tight: bool) -> dict[str, object]:
    """Return the byline and day of a line "By …", if what is around it has the shape of a top.

    `neighbours` are the lines before and after it that are not blank. `is_tight` tells whether the one after follows
    directly: running text does not.
    """
    role, same_line_day = _split_role(match["rest"])
    stated_days = {day for day in (same_line_day, *map(_parse_day, neighbours)) if day}
    is_text_next = is_tight and _parse_day(neighbours[-1]) is None
    # "By Monday" can begin a sentence
    is_name = " " in match["names"] or bool(stated_days)
    byline = clean_byline(match["names"])
    if not byline or not is_name or is_text_next or (role and not _ROLE.fullmatch(role)):
        return {}
    return {"byline": byline, "published": stated_days.pop()} if len(stated_days) == 1 else {"byline": byline}


def _split_role(rest: str) -> tuple[str, date | None]:
    """Return what follows the names on a byline's line: a role, and the day at the end of the line."""
    for separator in _DAY_SEPARATOR.finditer(rest):
        if day := _parse_day(rest[separator.end() :].strip()):
            return rest[: separator.start()].rstrip(), day
    return rest.rstrip(), None


def _parse_day(line: str) -> date | None:
    return parse_day(_DAY_LABEL.sub("", line, count=1))


def _strip_emphasis(line: str) -> str:
    match = _EMPHASIS.fullmatch(line)
    return match[2].strip() if match else line
