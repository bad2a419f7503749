"""Which lines of a briefing make the first answer, the one that fits a phone.

Rule: where it stands, the days that matter, two or three voices, the sharpest difference; about 200 words of sources'
text. The composer has ranked the lines; here the best of each slot are taken in turn until the words are used up, and
shown in the briefing's own order.
"""

from collections import Counter
from datetime import date

from briefings.model import Briefing, Line, Slot, Speaker

#: words of verbatim text in the first answer
WORDS = 200

_TURNS = (
    Slot.STATUS,
    Slot.STATUS,
    Slot.TIMELINE,
    Slot.QUOTES,
    Slot.DIFFERENCES,
    Slot.QUOTES,
    Slot.TIMELINE,
    Slot.TIMELINE,
    Slot.QUOTES,
)


def lines(briefing: Briefing, words: int = WORDS) -> tuple[Line, ...]:
    """The chosen lines, in the briefing's order. The first is taken whatever its length."""
    waiting = {slot: _best(briefing, slot) for slot in Slot}
    chosen: list[Line] = []
    left = words
    for slot in _TURNS:
        queue = waiting[slot]
        if not queue:
            continue
        line = queue.pop(0)
        count = len(line.text.split())
        if not chosen or count <= left:
            chosen.append(line)
            left -= count
    return tuple(line for line in briefing.lines if any(line is one for one in chosen))


def _best(briefing: Briefing, slot: Slot) -> list[Line]:
    found = briefing.slot(slot)
    if slot is Slot.STATUS:  # what has happened and what is to come, before more of either
        firsts = [next((line for line in found if line.expected is expected), None) for expected in (False, True)]
        return [line for line in firsts if line] + [line for line in found if not any(line is one for one in firsts)]
    if slot is Slot.TIMELINE:
        return _days_that_matter(found)
    if slot is Slot.QUOTES:
        return _one_a_voice(found)
    return list(found)


def _one_a_voice(found: tuple[Line, ...]) -> list[Line]:
    first: dict[Speaker | None, Line] = {}
    for line in found:
        first.setdefault(line.speaker, line)
    return list(first.values())


def _days_that_matter(found: tuple[Line, ...]) -> list[Line]:
    """A line a day first; days that most outlets carry, and most is told of, before others; lines without one last."""
    told = Counter(line.day for line in found)
    seen: Counter[date | None] = Counter()
    ranked: list[tuple[tuple[bool, int, int, int, int], Line]] = []
    for line in found:
        newest = -line.day.toordinal() if line.day else 0
        ranked.append(((line.day is None, seen[line.day], -line.outlets, -told[line.day], newest), line))
        seen[line.day] += 1
    return [line for _, line in sorted(ranked, key=lambda one: one[0])]
